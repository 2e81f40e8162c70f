/*
 * kube_tree: what the files that read, check and write Kubernetes' objects share:
 * looking into a tree of JSON, and noting what is wrong at a place of the file.
 */
#ifndef RUNPOD_SPEC_KUBE_TREE_H
#define RUNPOD_SPEC_KUBE_TREE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "spec/kube_fields.h"
#include "spec/yaml.h"

/* One object being read. */
struct kube_reader {
	const struct yaml_node *root; /* where it stands in the file */
	struct diags *diags;
	struct strv *warnings;
	struct strv kept; /* "why=path, path": fields without effect, joined to one warning each */
};

/* Notes "PATH: …" at that place. path as Kubernetes prints it: "spec.containers[0].name". */
void kube_note(const struct kube_reader *reader, const char *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The forms of Kubernetes' validation. kube_invalid prints value as Go would; NULL: a text that is not there. */
void kube_invalid(const struct kube_reader *reader, const char *path, const json_t *value, const char *why);
void kube_duplicate(const struct kube_reader *reader, const char *path, const char *value);
void kube_required(const struct kube_reader *reader, const char *path, const char *why);
void kube_forbidden(const struct kube_reader *reader, const char *path, const char *why);

/* node and the table → tree; what cannot be read is noted, and is null in the tree so that nobody complains twice. */
json_t *kube_decode(struct kube_reader *reader, const struct kube_struct *of, const struct yaml_node *node);

/* Any node as JSON, by its looks. */
json_t *kube_decode_any(const struct yaml_node *node);

/* Fills in what was left out, as an API server does. */
void kube_default(const struct kube_kind *kind, json_t *object);
void kube_default_pod(json_t *spec);

/* Checks: single values by the table, then what concerns several. */
void kube_check_values(const struct kube_reader *reader, const struct kube_struct *of, const json_t *object,
		       const char *path);
void kube_check_object(const struct kube_reader *reader, const struct kube_kind *kind, const json_t *object);
void kube_check_metadata(const struct kube_reader *reader, const json_t *metadata, const char *path,
			 bool named);
void kube_check_pod(const struct kube_reader *reader, const json_t *pod, const char *path);
void kube_check_volumes(const struct kube_reader *reader, const json_t *spec, const char *path);
void kube_check_mounts(const struct kube_reader *reader, const json_t *spec, const json_t *ctr,
		       const char *path);
void kube_check_env(const struct kube_reader *reader, const json_t *spec, const json_t *ctr,
		    const char *path);
void kube_check_field_ref(const struct kube_reader *reader, const json_t *ref, bool file, const char *path);
void kube_check_resource_ref(const struct kube_reader *reader, const json_t *spec, const json_t *ref,
			     bool file, const char *path);
void kube_check_probes(const struct kube_reader *reader, const json_t *ctr, bool init, const char *path);
void kube_check_ports(const struct kube_reader *reader, const json_t *spec, const char *path);
void kube_check_security(const struct kube_reader *reader, const json_t *spec, const json_t *ctr,
			 const char *path);
void kube_check_resources(const struct kube_reader *reader, const json_t *resources, bool claim,
			  const char *path);

/* Looking into a tree; object may be NULL, and anything of another type counts as not there. */
const char *kube_text(const json_t *object, const char *key); /* NULL also for "" */
int64_t kube_int(const json_t *object, const char *key, int64_t otherwise);
bool kube_true(const json_t *object, const char *key);
json_t *kube_get(const json_t *object, const char *path); /* "spec.securityContext" */
void kube_set_text(json_t *object, const char *key, const char *text);

/* Whether an init container stays: restartPolicy Always. */
bool kube_is_sidecar(const json_t *ctr);

#endif
