/*
 * restart: whether a container that ended starts again, and how long it waits:
 * 0, 10, 20, 40, 80, 160, 300, 300 … seconds between attempts, counted from its
 * end, and from the beginning again after ten healthy minutes. These are the
 * kubelet's times; the policies are podman's. Lesson 22.
 */
#include <string.h>

#include "base/num.h"
#include "pod/pod.h"

#define SECOND	INT64_C(1000000000)
#define HEALTHY (600 * SECOND)
#define LONGEST (300 * SECOND)

static const struct restart_policy *policy_of(const struct ctr *ctr)
{
	return ctr->record.spec.restart.name ? &ctr->record.spec.restart : &ctr->pod->record.spec.restart;
}

static bool wanted(const struct ctr *ctr, const struct restart_policy *policy)
{
	if (!policy->name || ctr->state->stopped_by_user || ctr->removing || ctr->pod->stopping)
		return false;
	if (!strcmp(policy->name, "always") || !strcmp(policy->name, "unless-stopped"))
		return true;
	if (strcmp(policy->name, "on-failure") || !ctr->state->exit_code)
		return false;
	return !policy->tries || ctr->state->restarts < policy->tries;
}

int64_t restart_delay(struct ctr *ctr)
{
	int failures;
	int64_t delay = 10 * SECOND;

	if (!wanted(ctr, policy_of(ctr)))
		return -1;
	if (clock_boot() - ctr->healthy_since >= HEALTHY)
		ctr->failures = 0;
	failures = ctr->failures;
	if (!failures)
		return 0;
	while (--failures && delay < LONGEST)
		delay *= 2;
	return delay < LONGEST ? delay : LONGEST;
}
