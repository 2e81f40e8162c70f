/*
 * downward: what a pod may be told about itself: Kubernetes' downward API. The answers come from its manifest, its
 * record, and this machine.
 */
#ifndef RUNPOD_POD_DOWNWARD_H
#define RUNPOD_POD_DOWNWARD_H

#include <jansson.h>

#include "store/record.h"

struct downward {
	const struct pod_record *pod;
	const char *ip;	  /* the pod's address; NULL: it has none of its own, or not yet */
	json_t *manifest; /* the Pod */
};

/* Reads the pod's manifest (a pod made with flags has an empty one). Returns 0 or -EINVAL. */
int downward_open(const struct pod_record *pod, const char *ip, struct downward *ret_about, struct err *err);
void downward_close(struct downward *about);

/* Its namespace, for texts: "default" where the manifest is silent. */
const char *downward_namespace(const struct downward *about);

/*
 * The value of a field: metadata.name, .namespace, .uid, .labels, .annotations (or one of them: metadata.labels['app']), spec.nodeName,
 * .serviceAccountName, status.podIP, .podIPs, .hostIP, .hostIPs. The caller owns *ret_text. Returns 0, or -EINVAL for another field.
 */
int downward_field(const struct downward *about, const char *field, char **ret_text, struct err *err);

/*
 * An amount that container ctr asked for: limits.cpu, requests.memory, … in units of divisor (NULL or "0": cores or bytes), rounded up. A limit
 * that was not set is the machine's capacity. The caller owns *ret_text.
 */
int downward_resource(const struct downward *about, const char *ctr, const char *resource,
		      const char *divisor, char **ret_text, struct err *err);

/* The pod's uid: a UUID (version 4) made of its id. The caller owns it. */
char *pod_uid(const char *pod_id);

#endif
