/*
 * kube: Kubernetes' objects as data. A manifest is read by one table of fields
 * (kube_fields.c), which also drives `explain`, the defaults, the export and the error
 * messages. A decoded object is a JSON tree with Kubernetes' own names in it; what a
 * pod needs of it in order to run is then put into pod_spec and ctr_spec.
 */
#ifndef RUNPOD_SPEC_KUBE_H
#define RUNPOD_SPEC_KUBE_H

#include <jansson.h>

#include "spec/pod_spec.h"
#include "spec/yaml.h"

/* One document of a file. */
struct kube_object {
	char *kind;		      /* Pod, ConfigMap, Secret, PersistentVolumeClaim, Deployment, Job */
	char *name;		      /* metadata.name */
	json_t *value;		      /* apiVersion, kind, metadata, …, with defaults filled in */
	const struct yaml_node *node; /* where it stands in the file */
};

struct kube_objects {
	struct kube_object *v;
	size_t n;
	struct yaml_docs docs; /* what the nodes belong to */
	struct strv warnings;  /* fields that are kept but have no effect here: one line each */
};

struct kube_options {
	bool skip_unsupported; /* pass over kinds that we do not know, with a warning */
};

/*
 * Reads a file's text: YAML or JSON, several documents, a List too. Everything wrong in it is noted in diags at once. Returns
 * 0, or -EINVAL when something was noted (ret_objects is then not to be used; free it all the same). options may be NULL.
 */
int kube_read(const char *text, size_t length, const struct kube_options *options,
	      struct kube_objects *ret_objects, struct diags *diags);
void kube_objects_free(struct kube_objects *objects);

struct ctr_specs {
	struct ctr_spec *v; /* init containers and sidecars first, in order, then the apps */
	size_t n;
};

/*
 * What a Pod (one that kube_read has checked) asks for, for pod_make() and ctr_make(). Mounts, env and probes refer to volumes
 * and objects by name: they are looked up when the pod starts. capacity: this machine's memory in bytes, for oom_score_adj.
 * ret_notes (may be NULL) gets what is done otherwise than in a cluster, a line each. Container names are POD-NAME as podman has them; the
 * short name is in the label io.kubernetes.container.name. Returns 0 or -EINVAL.
 */
int kube_pod_specs(const json_t *pod, int64_t capacity, struct pod_spec *ret_pod, struct ctr_specs *ret_ctrs,
		   struct strv *ret_notes, struct err *err);
void ctr_specs_free(struct ctr_specs *ctrs);

/* The Pod that a Deployment or Job stands for: its template, called NAME-pod as podman does; a new reference. */
json_t *kube_template_pod(const struct kube_object *workload);

/*
 * The other way: a Pod made with flags as Kubernetes would write it (a new reference), without anything of this runtime. What
 * has no words in Kubernetes is left out, with a line in ret_notes. A pod that was made from a manifest is that manifest with
 * its defaults. A hidden pod is the one container in it, and is called NAME-pod. ctrs: without infra.
 */
json_t *kube_export(const struct pod_spec *pod, const struct ctr_specs *ctrs, struct strv *ret_notes);

/* A Service for the Pod's ports (kube generate --service), without a node port; NULL when it has none. It selects by all labels
 * of the Pod: one that has none must be given app=NAME. */
json_t *kube_export_service(const json_t *pod);

/* `explain pod.spec.containers`: what is supported, from the table; also pods, po. -EINVAL with kubectl's words for an unknown
 * path. */
int kube_explain(const char *path, bool recursive, struct buf *ret_text, struct err *err);

/* The QoS class of a Pod: "BestEffort", "Burstable" or "Guaranteed". */
const char *kube_qos(const json_t *pod);

/* Where two objects differ: "spec.containers[0].image: a -> b", one line each (<none> for what is not there); none when they say
 * the same. Elements with a name are compared by it. */
void kube_diff(const json_t *from, const json_t *to, struct strv *ret_lines);

#endif
