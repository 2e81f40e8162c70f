/*
 * qos: how much a pod asks for in all, which class that puts it into, and what
 * the kernel is told of it: the kubelet's own arithmetic.
 */
#ifndef RUNPOD_SPEC_QOS_H
#define RUNPOD_SPEC_QOS_H

#include <stdbool.h>
#include <stdint.h>

/* Of one container: what it requests and may use; -1: not set. An unset request is the limit. */
struct qos_ctr {
	int64_t cpu_request, cpu_limit;	      /* thousandths of a processor */
	int64_t memory_request, memory_limit; /* bytes */
	bool init;			      /* an init container; with sidecar: one that stays */
	bool sidecar;
};

struct qos_sum {
	int64_t cpu,
		memory; /* effective: max(apps + sidecars, max over init(i) of init(i) + sidecars before it); 0: none */
};

/* requests: of the requests, else of the limits (only containers that have one count). */
void qos_effective(const struct qos_ctr *ctrs, int n, bool requests, struct qos_sum *ret_sum);

/* "BestEffort", "Burstable" or "Guaranteed". */
const char *qos_class(const struct qos_ctr *ctrs, int n);

/* oom_score_adj of a container of a pod of that class; capacity: the machine's memory in bytes. For a sidecar memory_request is
 * its own or the least of the apps', whichever is more: it shall not be killed before the apps that need it. */
int qos_oom_score_adj(const char *class, int64_t memory_request, int64_t capacity);

/* From thousandths of a processor: cgroup v1's shares (limits_cpu_weight() makes cpu.weight of them), and the quota in microseconds
 * of a period of 100000 (0: no limit). */
int64_t qos_cpu_shares(int64_t milli);
int64_t qos_cpu_quota(int64_t milli);

#endif
