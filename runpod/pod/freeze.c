/*
 * freeze: pause and unpause. A cgroup's processes are stopped and let go all at once, and no program
 * can tell (cgroup.freeze, see cgroups(7)); it works on the groups of single containers, so that one that was paused
 * by itself stays so when others are let go. Lesson 19.
 */
#include <string.h>

#include "base/cleanup.h"
#include "kern/cgroup.h"
#include "pod/events.h"
#include "pod/pod.h"

int pod_freeze(struct pod *pod, struct ctr *only, bool frozen, struct err *err)
{
	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next) {
		cleanup_free char *group = plan_group(&pod->facts, &pod->record, ctr->record.id);
		const char *from = frozen ? "running" : "paused";
		int code;

		if (only && ctr != only)
			continue;
		if (only && strcmp(ctr->state->status, from))
			return err_set(err, 0, "\"%s\" is not %s, can't %s: container state improper",
				       ctr->record.id, from, frozen ? "pause" : "unpause");
		if (strcmp(ctr->state->status, from))
			continue;
		if (!group)
			return err_hint(err,
					err_set(err, 0, "%s %s: there is no cgroup for us",
						frozen ? "pause" : "unpause", ctr->record.spec.name),
					"an ordinary user needs a delegated cgroup");
		code = cgroup_freeze(group, frozen, err);
		if (code)
			return code;
		ctr_set_status(ctr, frozen ? STATE_PAUSED : STATE_RUNNING);
		events_ctr(pod->store, &ctr->record, frozen ? "pause" : "unpause");
	}
	if (!only)
		events_pod(pod->store, &pod->record, frozen ? "pause" : "unpause");
	return 0;
}
