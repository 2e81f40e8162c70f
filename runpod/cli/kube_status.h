/*
 * kube_status: a pod as Kubernetes' API would show it: its manifest with a status. What
 * get, describe and -o yaml print are parts of this one tree.
 */
#ifndef RUNPOD_CLI_KUBE_STATUS_H
#define RUNPOD_CLI_KUBE_STATUS_H

#include <jansson.h>

#include "cli/cli.h"
#include "pod/phase.h"
#include "pod/status.h"

/* What phase.h wants to know of a pod; views borrow from the pod. */
struct kube_facts {
	struct phase_facts facts;
	const struct ctr_state **ctrs; /* owned */
};

void kube_facts_make(const struct pod_view *pod, struct kube_facts *ret_facts);
void kube_facts_free(struct kube_facts *facts);

/* The whole Pod, a new reference; NULL with err set. The pod's record is read. */
json_t *kube_status_pod(struct cli *cli, struct pod_view *pod, struct err *err);

/* The address that the pod has, or NULL; owned by the pod. */
const char *kube_status_ip(const struct pod_view *pod);

/* The name of this machine as a node. */
const char *kube_node(void);

/* A length of time as kubectl prints it: 119s, 2m5s, 3h4m, 47h, 2d1h. Nanoseconds in; owned by the caller. */
char *kube_age(int64_t nanoseconds);

/* 2006-01-02T15:04:05Z, owned by the caller; NULL for 0. */
char *kube_time(int64_t when);

#endif
