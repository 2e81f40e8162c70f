/*
 * ending: a container's program has ended and its output is read: what it leaves
 * is taken away, what must be known of it is written down, and whoever waits for
 * it is told. Lessons 19 and 22.
 */
#include <signal.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "kern/cgroup.h"
#include "kern/pidfd.h"
#include "pod/prepare.h"

bool pod_others_active(struct pod *pod)
{
	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		if (!ctr->record.infra && (ctr_running(ctr) || ctr->restart_at))
			return true;
	return false;
}

/* What memory.events says tells a kill for want of memory from any other SIGKILL; but not from ours, when it was
 * a child that had been killed before. */
static bool was_oom(const struct ctr *ctr)
{
	cleanup_free char *group = plan_group(&ctr->pod->facts, &ctr->pod->record, ctr->record.id);

	return group && !ctr->state->stopped_by_user && ctr->main.exit_code == EXIT_SIGNAL_BASE + SIGKILL &&
	       cgroup_count(group, "memory.events", "oom_kill") > 0;
}

static void save_exit(struct ctr *ctr)
{
	const struct ctr_state *state = ctr->state;
	struct exit_record last = { .started = state->started,
				    .finished = state->finished,
				    .exit_code = state->exit_code,
				    .oom_killed = state->oom_killed,
				    .restarts = state->restarts };

	if (ctr->record.infra || ctr->removing || ctr->record.spec.auto_remove)
		return; /* nobody will ask, or there will be nothing to ask about */
	record_write_exit(ctr->pod->store, ctr->pod->record.id, ctr->record.id, &last, NULL);
}

/* exec's programs end with their container; their clients are told. */
static void end_execs(struct ctr *ctr)
{
	while (ctr->execs) {
		struct proc *proc = ctr->execs;

		if (proc->exit.fd >= 0) {
			pidfd_kill(proc->exit.fd, SIGKILL);
			pidfd_wait(proc->exit.fd, 1000);
			pidfd_exit_code(proc->exit.fd, &proc->exit_code);
		}
		exec_finished(proc);
	}
}

void ctr_ended(struct ctr *ctr)
{
	struct pod *pod = ctr->pod;
	int64_t delay;

	ctr->state->exit_code = ctr->main.exit_code;
	ctr->state->oom_killed = was_oom(ctr);
	ctr->state->finished = clock_wall();
	ctr->kill_at = ctr->timeout_at = 0;
	end_execs(ctr);
	session_exit_code(&ctr->main);
	run_undo(pod, &ctr->plan);
	ctr_set_status(ctr, STATE_EXITED);
	save_exit(ctr);
	hosts_refresh(pod);
	delay = ctr->record.infra ? -1 : restart_delay(ctr);
	ctr->restart_at = delay < 0 ? 0 : clock_boot() + delay;
	if (ctr->restart_at)
		return;
	if (ctr->removing || ctr->record.spec.auto_remove)
		ctr_remove_ended(ctr); /* from here on there is no ctr */
	if (!pod_others_active(pod) && text_equal(pod->record.spec.exit_policy, "stop"))
		pod->stopping = true;
}

void ctr_remove_ended(struct ctr *ctr)
{
	struct pod *pod = ctr->pod;
	struct ctr_record record = ctr->record;
	bool volumes = ctr->remove_volumes || record.spec.auto_remove;

	ctr->record = (struct ctr_record){ .id = text_dup(record.id),
					   .spec = { .name = text_dup(record.spec.name) } };
	remove_ctr_files(pod->store, &record, volumes, NULL);
	if (pod->record.spec.hidden)
		remove_pod_files(pod->store, pod->record.id, NULL);
	ctr_record_free(&record);
	pod_forget_ctr(pod, ctr);
	hosts_refresh(pod); /* its name goes from the pod's /etc/hosts */
}
