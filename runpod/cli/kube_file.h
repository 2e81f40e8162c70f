/*
 * kube_file: manifests as the verbs name them: a file, a directory of files, or "-".
 */
#ifndef RUNPOD_CLI_KUBE_FILE_H
#define RUNPOD_CLI_KUBE_FILE_H

#include "cli/cli.h"
#include "spec/kube.h"

/*
 * Reads the manifests at path: a file, "-" for standard input, or a directory, of which every .yaml, .yml and .json is
 * read, in the order of their names. What is wrong in them is noted with cli_fail, each with its place, and -EINVAL is returned:
 * then nothing of them may be carried out. Warnings are printed. ret_objects: all documents in one list.
 */
int kube_file_read(struct cli *cli, const char *path, const struct kube_options *options,
		   struct kube_objects *ret_objects, struct err *err);

/* The same for several paths. */
int kube_files_read(struct cli *cli, const struct strv *paths, const struct kube_options *options,
		    struct kube_objects *ret_objects, struct err *err);

/* Whether a file of that name is read from a directory: .yaml, .yml or .json, and not hidden. */
bool kube_is_manifest(const char *name);

/* The names of the manifests in a directory, sorted. */
int kube_directory(const char *path, struct strv *ret_names, struct err *err);

/* A Pod's specs, with warnings printed. Their images are fetched where imagePullPolicy says so. */
int kube_file_specs(struct cli *cli, const json_t *pod, struct pod_spec *ret_pod, struct ctr_specs *ret_ctrs,
		    struct err *err);

/* The Pod of an object: itself, or that of a Deployment or Job; a new reference. NULL for another kind. */
json_t *kube_file_pod(const struct kube_object *object);

#endif
