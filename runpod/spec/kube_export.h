/*
 * kube_export: the parts of a spec that become parts of a Pod; used by kube_export*.c alone.
 */
#ifndef RUNPOD_SPEC_KUBE_EXPORT_H
#define RUNPOD_SPEC_KUBE_EXPORT_H

#include <jansson.h>

#include "spec/kube.h"

/* What is being written. */
struct kube_writer {
	const struct pod_spec *pod;
	json_t *spec;	    /* of the Pod */
	struct strv *notes; /* what had to be left out */
};

/* text as a label of DNS (RFC 1123): small letters, digits and '-'. The caller owns it. */
char *kube_label_of(const char *text);

/* Bytes as a quantity: "64Mi". The caller owns it. */
char *kube_size_text(int64_t bytes);

/* One container; ports of the pod go to the first. */
json_t *kube_export_ctr(struct kube_writer *writer, const struct ctr_spec *ctr, bool first);

/* Its mounts, and the volumes of the pod that they need. */
void kube_export_mounts(struct kube_writer *writer, const struct ctr_spec *ctr, json_t *to);

/* securityContext and resources, where there is something to say. */
void kube_export_security(struct kube_writer *writer, const struct ctr_spec *ctr, json_t *to);
void kube_export_limits(struct kube_writer *writer, const struct ctr_spec *ctr, json_t *to);

/* Notes that a container's option has no words in Kubernetes, where it was given. */
void kube_export_left_out(struct kube_writer *writer, const struct ctr_spec *ctr);

#endif
