/*
 * kubelet: what the supervisor's files share when they treat a pod as Kubernetes would.
 */
#ifndef RUNPOD_POD_KUBELET_H
#define RUNPOD_POD_KUBELET_H

#include "pod/phase.h"
#include "pod/pod.h"

#define SECOND		INT64_C(1000000000)
#define RESTART_LONGEST (300 * SECOND) /* the longest back-off */

/* What phase.h decides from, collected from the supervisor's memory. Free with kubelet_facts_free. */
void kubelet_facts(const struct pod *pod, struct phase_facts *ret_facts);
void kubelet_facts_free(struct phase_facts *facts);

/* The container of that index in the facts. */
struct ctr *kubelet_member(struct pod *pod, size_t index);

/* Whether the pod was made from a manifest: then Kubernetes' rules apply where podman's differ. */
bool kubelet_pod(const struct pod *pod);

/* "app": the container's name within its pod. */
const char *kubelet_name(const struct ctr *ctr);

/* The role of a container: an app has none (NULL). */
bool ctr_has_role(const struct ctr *ctr, const char *role);

/* Whether somebody has to find out if it is up: it has a hook or a probe. */
bool kubelet_asks(const struct ctr_spec *spec);

#endif
