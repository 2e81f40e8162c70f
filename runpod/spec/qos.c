/*
 * qos: sums over the containers of a pod; qos.h says which.
 *
 * Rule: apps and sidecars run at the same time, init containers one after the other, each beside the sidecars
 * before it. The pod needs the largest that is ever needed at once. The kernel kills by oom_score_adj
 * (proc_pid_oom_score_adj(5)): first who asked for nothing, last who asked for all that it may use.
 * The formulas are those of kubernetes.io (node-pressure eviction, init containers, pod QoS).
 *
 * Lesson 21 reads a manifest.
 */
#include "spec/qos.h"

#include <string.h>

#include "spec/limits.h"

/* Above this shares are at their most, and nothing below overflows. */
#define MOST_MILLI (INT64_MAX / CPU_PERIOD)

/* One of the four numbers of a container; 0 when it is not set. */
static int64_t amount(const struct qos_ctr *ctr, bool requests, bool memory)
{
	int64_t limit = memory ? ctr->memory_limit : ctr->cpu_limit;
	int64_t request = memory ? ctr->memory_request : ctr->cpu_request;

	if (requests && request >= 0)
		return request;
	return limit > 0 ? limit : 0;
}

static int64_t add(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

/* DOC: effective-request */
static int64_t effective(const struct qos_ctr *ctrs, int n, bool requests, bool memory)
{
	int64_t together = 0, sidecars = 0, most = 0;

	for (int i = 0; i < n; i++) {
		int64_t own = amount(&ctrs[i], requests, memory);

		if (!ctrs[i].init || ctrs[i].sidecar)
			together = add(together, own);
		else if (add(own, sidecars) > most)
			most = add(own, sidecars);
		if (ctrs[i].sidecar)
			sidecars = add(sidecars, own);
	}
	return together > most ? together : most;
}

void qos_effective(const struct qos_ctr *ctrs, int n, bool requests, struct qos_sum *ret_sum)
{
	ret_sum->cpu = effective(ctrs, n, requests, false);
	ret_sum->memory = effective(ctrs, n, requests, true);
}

const char *qos_class(const struct qos_ctr *ctrs, int n)
{
	bool any = false, all = true;

	for (int i = 0; i < n; i++) {
		for (int memory = 0; memory <= 1; memory++) {
			int64_t request = amount(&ctrs[i], true, memory);
			int64_t limit = amount(&ctrs[i], false, memory);

			any |= request > 0 || limit > 0;
			all &= limit > 0 && request == limit;
		}
	}
	if (!any)
		return "BestEffort";
	return all ? "Guaranteed" : "Burstable";
}

int qos_oom_score_adj(const char *class, int64_t memory_request, int64_t capacity)
{
	__int128 part; /* of the machine, in thousandths */

	if (!strcmp(class, "Guaranteed"))
		return -997;
	if (!strcmp(class, "BestEffort"))
		return 1000;
	if (memory_request <= 0 || capacity <= 0)
		return 999;
	part = (__int128)memory_request * 1000 / capacity;
	if (part < 1)
		return 999;
	return part > 998 ? 2 : 1000 - (int)part;
}

int64_t qos_cpu_shares(int64_t milli)
{
	int64_t bounded = milli < 0 ? 0 : milli < MOST_MILLI ? milli : MOST_MILLI;
	int64_t shares = limits_milli_shares(bounded);

	return shares < 262144 ? shares : 262144; /* cgroup v1 took no more */
}

int64_t qos_cpu_quota(int64_t milli)
{
	if (milli <= 0)
		return 0;
	return limits_milli_quota(milli < MOST_MILLI ? milli : MOST_MILLI);
}
