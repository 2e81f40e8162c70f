/*
 * deploy: a Pod of a manifest, from data to running. Everything that it needs is made
 * ready before its first container starts; when a step fails, all that was made is
 * taken away again and the error says which step it was.
 */
#ifndef RUNPOD_POD_DEPLOY_H
#define RUNPOD_POD_DEPLOY_H

#include <stdbool.h>

#include "spec/kube.h"
#include "store/paths.h"

struct deploy_options {
	bool replace; /* a pod of that name goes first, once the new one is known to be good */
	bool start;   /* else it is only made */
	bool detach;  /* with init containers: do not wait for them, once infra stands */
	const struct strv *create_command; /* for inspect; NULL: none */
};

/* What was made. */
struct deployed {
	char pod_id[65];
	struct strv ctrs; /* full ids, in the order of the manifest: init containers first */
};

/* Whether all that they name is there: images (pulled if need be), volumes, ConfigMaps, Secrets. 0 or -errno. */
int deploy_ready(const struct store *store, const struct pod_spec *pod, const struct ctr_specs *ctrs,
		 struct err *err);

/* Makes the pod and starts it. Returns 0 or -errno; then nothing of it is left. */
int deploy_pod(const struct store *store, const struct pod_spec *pod, const struct ctr_specs *ctrs,
	       const struct deploy_options *options, struct deployed *ret_deployed, struct err *err);
void deployed_free(struct deployed *deployed);

/*
 * Brings a pod that was deployed to what the specs say now. Labels and annotations are changed in place, containers
 * that changed are replaced alone, and what concerns the whole pod replaces it. from: the specs of its present manifest.
 * ret_replaced gets "container web" or "pod web" for each thing that was replaced; none: only what is written was changed.
 */
int deploy_update(const struct store *store, const char *pod_id, const struct pod_spec *from,
		  const struct ctr_specs *from_ctrs, const struct pod_spec *to,
		  const struct ctr_specs *to_ctrs, const struct deploy_options *options,
		  struct strv *ret_replaced, struct err *err);

/* This machine's memory in bytes, for kube_pod_specs(). See sysinfo(2). */
int64_t deploy_capacity(void);

#endif
