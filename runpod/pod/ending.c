/*
 * ending: a container's program has ended and its output is read: what it leaves
 * is taken away, what must be known of it is written down, and whoever waits for
 * it is told. Lessons 19 and 22.
 */
#include <signal.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "kern/pidfd.h"
#include "pod/events.h"
#include "pod/handler.h"
#include "pod/kubelet.h"
#include "pod/prepare.h"
#include "pod/probe.h"
#include "pod/termination_log.h"

bool pod_others_active(struct pod *pod)
{
	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		if (!ctr->record.infra && (ctr_running(ctr) || ctr->state->restart_at))
			return true;
	return false;
}

bool pod_idle(const struct pod *pod)
{
	for (const struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		if (ctr_running(ctr) || ctr->state->restart_at)
			return false;
	return !pod->state.bring_up;
}

static void save_exit(struct ctr *ctr)
{
	const struct ctr_state *state = ctr->state;
	struct exit_record last = { .started = state->started,
				    .finished = state->finished,
				    .exit_code = state->exit_code,
				    .oom_killed = state->oom_killed,
				    .restarts = state->restarts,
				    .log_lost = state->log_lost };

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

/* What the journal hears of it: that it ended, and whether it had been asked to. */
static void tell_ended(const struct ctr *ctr)
{
	events_died(ctr->pod->store, &ctr->record, "died", (int)ctr->state->exit_code);
	if (!strcmp(ctr->state->status, "stopping"))
		events_ctr(ctr->pod->store, &ctr->record, "stop");
}

/* What the state says of a program that has ended. */
static void note_end(struct ctr *ctr)
{
	struct ctr_state *state = ctr->state;

	if (ctr->timed_out)
		ctr->main.exit_code = EXIT_TIMED_OUT;
	ctr->timed_out = false;
	state->exit_code = ctr->main.exit_code;
	state->oom_killed = oom_end(ctr);
	state->finished = clock_wall();
	state->kill_at = state->stop_by = state->timeout_at = 0;
	state->up = state->ready = false;
	ctr->stop_step = STOP_NONE;
}

/* The infra of a pod of a manifest has ended and nobody wanted it: Kubernetes makes another, and all runs again. */
static void infra_ended(struct ctr *infra)
{
	struct pod *pod = infra->pod;
	const char *policy = pod->record.spec.restart.name;

	if (!infra->record.infra || !kubelet_pod(pod) || pod->stopping)
		return;
	if (infra->state->stopped_by_user || !policy || !strcmp(policy, "no"))
		pod_terminate(pod, -1);
	else
		bringup_again(pod);
}

/* Nobody will ask for it any more: --rm, `rm -f`, and podman's init containers of kind once. */
static bool is_to_go(const struct ctr *ctr)
{
	return ctr->removing || ctr->record.spec.auto_remove ||
	       (ctr_has_role(ctr, "once") && ctr->pod->state.bring_up && !ctr->state->exit_code);
}

void ctr_ended(struct ctr *ctr)
{
	struct pod *pod = ctr->pod;

	probes_end(ctr);
	handler_cancel_all(ctr);
	note_end(ctr);
	termination_message(ctr);
	end_execs(ctr);
	session_exit_code(&ctr->main);
	run_undo(pod, &ctr->plan);
	tell_ended(ctr);
	ctr_set_status(ctr, STATE_EXITED);
	save_exit(ctr);
	hosts_refresh(pod);
	infra_ended(ctr);
	restart_consider(ctr);
	if (ctr->state->restart_at)
		return;
	if (is_to_go(ctr))
		ctr_remove_ended(ctr); /* from here on there is no ctr */
	if (!pod_others_active(pod) && !pod->state.bring_up &&
	    text_equal(pod->record.spec.exit_policy, "stop"))
		pod->stopping = true;
	if (pod->stopping && pod_idle(pod))
		events_pod(pod->store, &pod->record, "stop");
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
