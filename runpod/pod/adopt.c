/*
 * adopt: after a supervisor was killed. Its containers became children of the
 * machine's init; they still write into named pipes that they themselves hold
 * open. A PID in the record counts only with its start time: numbers are used
 * again, the pair is not (pidfd.h). Lessons 19 and 22.
 *
 * Exit codes of processes that are not our children: the kernel tells since
 * Linux 6.15 while we hold their pidfd; what ended before that is unknown, and is
 * said to be unknown.
 */
#include "pod/adopt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "kern/cgroup.h"
#include "kern/pidfd.h"
#include "pod/kubelet.h"
#include "pod/ops.h"
#include "pod/pod_volumes.h"
#include "pod/probe.h"
#include "pod/testclock.h"

/* The plan of a start that was carried out by our predecessor: all done, so that the end can undo it. */
static void assume_done(struct plan *plan)
{
	plan->done = plan->n;
}

static void reopen_stream(struct pod *pod, struct ctr *ctr, const char *name, int flags, struct watch *watch)
{
	cleanup_free char *path = text_format("ctr/%s/%s", ctr->record.id, name);

	watch->fd = openat(pod->run_dir, path, flags | O_NONBLOCK | O_CLOEXEC);
}

/* The ports: the publisher of before still relays, but its listening sockets are not ours; it is replaced. */
static void reopen_ports(struct pod *pod, struct ctr *ctr)
{
	struct op op = { .object = ctr->record.id };
	int old = pidfd_open_exact((pid_t)pod->state.publisher_pid, pod->state.publisher_ticks);

	if (old >= 0) {
		pidfd_kill(old, SIGKILL);
		pidfd_wait(old, 2000);
		close(old);
	}
	if (!op_listen(pod, &op, NULL))
		op_publish(pod, &op, NULL);
}

static bool plan_has(const struct plan *plan, enum op_kind kind)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->v[i].kind == kind)
			return true;
	return false;
}

/* It has what its time had left. The signal is sent again where nobody knows whether it was. */
static void go_on_stopping(struct ctr *ctr)
{
	int64_t left = ctr->state->stop_by - supervisor_now();

	if (ctr->state->kill_at)
		ctr->stop_step = STOP_SENT;
	else
		ctr_terminate(ctr, !ctr->state->stop_by ? -1 : left > SECOND ? left / SECOND : 1);
}

/* One that lives. */
static void adopt_running(struct pod *pod, struct ctr *ctr, int pidfd)
{
	plan_ctr(&pod->record, &ctr->record, &pod->facts, &ctr->plan);
	assume_done(&ctr->plan);
	ctr->main.pid = (pid_t)ctr->state->pid;
	ctr->main.exit.fd = pidfd;
	ctr->main.tty = ctr->record.spec.tty;
	if (!ctr->record.infra && !ctr->main.tty) { /* a terminal's master died with our predecessor */
		reopen_stream(pod, ctr, "stdout", O_RDONLY, &ctr->main.out);
		reopen_stream(pod, ctr, "stderr", O_RDONLY, &ctr->main.err);
		if (ctr->record.spec.interactive)
			reopen_stream(pod, ctr, "stdin", O_WRONLY, &ctr->main.in);
	}
	if (!ctr->record.infra)
		log_begin(ctr, NULL);
	proc_watch(&ctr->main, NULL);
	oom_begin(ctr, false);
	if (pod->state.ip && plan_has(&ctr->plan, OP_SPAWN) && (ctr->record.infra || !pod->record.infra_id))
		strncpy(ctr->ip, pod->state.ip, sizeof(ctr->ip) - 1);
	if (plan_has(&ctr->plan, OP_LISTEN))
		reopen_ports(pod, ctr);
	if (kubelet_asks(&ctr->record.spec) && strcmp(ctr->state->status, "stopping"))
		probes_begin(ctr); /* what came of a postStart hook is lost: it ran */
	if (!strcmp(ctr->state->status, "stopping"))
		go_on_stopping(ctr);
}

/* One that ended while nobody watched: its plan is undone, its exit code is not known. */
static void adopt_ended(struct pod *pod, struct ctr *ctr)
{
	plan_ctr(&pod->record, &ctr->record, &pod->facts, &ctr->plan);
	assume_done(&ctr->plan);
	if (plan_has(&ctr->plan, OP_LEASE) && pod->state.ip)
		strncpy(ctr->ip, pod->state.ip, sizeof(ctr->ip) - 1);
	ctr->main.exit_code = EXIT_UNKNOWN;
	ctr->state->pid = 0;
	ctr_ended(ctr);
}

/* Deadlines are on the clock of one boot; what a record from another says must not mean waiting for days. */
static void check_deadline(int64_t *deadline, int64_t longest)
{
	if (*deadline > supervisor_now() + longest)
		*deadline = supervisor_now() + longest;
}

/* One that had no process: our predecessor may have died while starting it, with half of its plan done. Undoing
 * what was never done does no harm. */
static void clear_away(struct pod *pod, struct ctr *ctr)
{
	plan_ctr(&pod->record, &ctr->record, &pod->facts, &ctr->plan);
	assume_done(&ctr->plan);
	run_undo(pod, &ctr->plan);
}

static void adopt_one(struct pod *pod, struct ctr *ctr)
{
	int pidfd;

	check_deadline(&ctr->state->restart_at, RESTART_LONGEST);
	strv_free(&ctr->state->execs); /* what still runs of them is nobody's any more */
	if (!ctr->state->pid) {
		clear_away(pod, ctr);
		return;
	}
	pidfd = pidfd_open_exact((pid_t)ctr->state->pid, ctr->state->start_ticks);
	if (pidfd >= 0)
		adopt_running(pod, ctr, pidfd);
	else
		adopt_ended(pod, ctr);
}

int adopt_pod(struct pod *pod, struct err *err)
{
	struct strv ids = { 0 };
	int code = record_read_state(pod->store, pod->record.id, &pod->state, NULL);
	bool crashed = !code && pod->state.supervisor_pid;

	if (code)
		pod->state = (struct pod_state){ 0 };
	text_replace(&pod->state.id, text_dup(pod->record.id));
	text_replace(&pod->state.name, text_dup(pod->record.spec.name));
	pod->state.created = pod->record.created;
	pod->state.hidden = pod->record.spec.hidden;
	testclock_begin(pod);
	text_replace(&pod->state.cgroup, plan_group(&pod->facts, &pod->record, NULL));
	if (!crashed) /* its own end left nothing running */
		return 0;
	code = record_list_ctrs(pod->store, pod->record.id, &ids, err);
	for (size_t i = 0; i < ids.n && !code; i++)
		if (!pod_load_ctr(pod, ids.v[i], err))
			code = -EINVAL;
	strv_free(&ids);
	if (code)
		return code;
	pod->stopping = pod->state.stopping;
	plan_pod(&pod->record, &pod->facts, &pod->plan);
	assume_done(&pod->plan);
	pod_volumes_refresh(pod, NULL); /* objects may have changed while nobody watched */
	for (struct ctr *ctr = pod->ctrs, *next; ctr; ctr = next) {
		next = ctr->next; /* one with --rm goes when it is found ended */
		adopt_one(pod, ctr);
	}
	return 0;
}
