/*
 * kube_objects: what the verbs do to the objects of a manifest that are no pods: ConfigMaps, Secrets
 * and claims of volumes; and small questions about any object.
 */
#ifndef RUNPOD_CLI_KUBE_OBJECTS_H
#define RUNPOD_CLI_KUBE_OBJECTS_H

#include <jansson.h>

#include "cli/cli.h"
#include "spec/kube.h"

/* metadata.name; "" without one. */
const char *kubectl_name(const json_t *object);

/* "configmap/x" as kubectl names an object; the caller owns it. */
char *kubectl_title(const char *kind, const char *name);

/* Puts a ConfigMap, Secret or claim where pods find it; pods that use it see the new one. *ret_done (may be NULL)
 * becomes "created", "configured" or "unchanged", or NULL for what is no such object. Returns 0 or -errno. */
int kube_object_put(struct cli *cli, const struct kube_object *object, const char **ret_done,
		    struct err *err);

/* Takes such an object away; what is not there is no error. A claim's volume only with volumes set. */
int kube_object_drop(struct cli *cli, const struct kube_object *object, bool volumes,
		     struct strv *ret_secrets, struct strv *ret_volumes);

/* The kind that a word names: pod po pods, configmap cm, secret, pvc, … in kubectl's spellings: "Pod"; NULL: none. */
const char *kubectl_kind(const char *word);

#endif
