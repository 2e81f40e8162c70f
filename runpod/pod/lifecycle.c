/*
 * lifecycle: starting, stopping, ending. A start carries out a plan, an end
 * undoes it, and whatever happens in between is a deadline or an event of the loop.
 * Lessons 16, 19 and 22.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/timerfd.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "kern/cgroup.h"
#include "kern/pidfd.h"
#include "pod/prepare.h"
#include "spec/signals.h"

#define SECOND		     INT64_C(1000000000)
#define DEFAULT_STOP_SECONDS 10

/* Carries out the container's plan. On failure all of it is undone. */
static int start_planned(struct ctr *ctr, struct err *err)
{
	struct pod *pod = ctr->pod;
	int code;

	plan_free(&ctr->plan);
	plan_ctr(&pod->record, &ctr->record, &pod->facts, &ctr->plan);
	text_replace(&ctr->state->error, NULL);
	ctr->kill_at = ctr->restart_at = 0;
	code = run_plan(pod, &ctr->plan, err);
	if (code) {
		ctr_set_status(ctr, ctr->state->finished ? STATE_EXITED : STATE_CREATED);
		text_replace(&ctr->state->error, text_dup(err->text));
		pod_save(pod, NULL);
		return err_context(err, code, "start %s", ctr->record.spec.name);
	}
	ctr->healthy_since = clock_boot();
	ctr->timeout_at = ctr->record.spec.timeout ? clock_boot() + ctr->record.spec.timeout * SECOND : 0;
	hosts_refresh(pod);
	return 0;
}

/* DOC: ground */
int pod_ground(struct pod *pod, struct err *err)
{
	struct ctr *infra = pod->record.infra_id ? pod_load_ctr(pod, pod->record.infra_id, err) : NULL;
	int code;

	if (pod->record.infra_id && !infra)
		return -ENOENT;
	if (!pod->plan.n)
		plan_pod(&pod->record, &pod->facts, &pod->plan);
	code = run_plan(pod, &pod->plan, err);
	if (code || !infra || ctr_running(infra))
		return code;
	return start_planned(infra, err);
}

int ctr_start(struct ctr *ctr, struct err *err)
{
	int code;

	if (ctr_running(ctr))
		return 0;
	ctr->pod->stopping = false;
	ctr->failures = 0;
	ctr->state->stopped_by_user = false;
	code = pod_ground(ctr->pod, err);
	if (code || ctr->record.infra)
		return code;
	return start_planned(ctr, err);
}

/* Ends a container at once and waits: for undoing a pod that started half. */
static void abort_ctr(struct ctr *ctr)
{
	if (!ctr_running(ctr))
		return;
	run_undo(ctr->pod, &ctr->plan);
	ctr_set_status(ctr, ctr->state->finished ? STATE_EXITED : STATE_CREATED);
}

/* DOC: all-or-nothing */
int pod_start(struct pod *pod, struct err *err)
{
	struct ctr *started[256];
	size_t n = 0;
	int code = pod_ground(pod, err);

	for (struct ctr *ctr = pod->ctrs; ctr && !code; ctr = ctr->next) {
		if (ctr_running(ctr))
			continue;
		code = ctr_start(ctr, err);
		if (!code && n < sizeof(started) / sizeof(*started))
			started[n++] = ctr;
	}
	if (!code)
		return 0;
	while (n)
		abort_ctr(started[--n]);
	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		if (!ctr->record.infra && ctr_running(ctr))
			return code; /* others were running before: the ground stays */
	if (pod_infra(pod))
		abort_ctr(pod_infra(pod));
	return code;
}

static int64_t grace(const struct ctr *ctr, int64_t timeout)
{
	if (timeout >= 0)
		return timeout;
	return ctr->record.spec.stop_timeout >= 0 ? ctr->record.spec.stop_timeout : DEFAULT_STOP_SECONDS;
}

/* What is frozen hears no signal but SIGKILL; it may be by somebody else, and with the whole pod. */
static void thaw(struct ctr *ctr)
{
	const struct pod *pod = ctr->pod;
	cleanup_free char *group = plan_group(&pod->facts, &pod->record, ctr->record.id);
	cleanup_free char *above = plan_group(&pod->facts, &pod->record, NULL);

	if (!group || cgroup_count(group, "cgroup.events", "frozen") != 1)
		return;
	cgroup_freeze(above, false, NULL);
	cgroup_freeze(group, false, NULL);
}

void ctr_stop(struct ctr *ctr, int64_t timeout)
{
	int signal = SIGTERM;

	ctr->restart_at = 0;
	ctr->state->stopped_by_user = true;
	ctr->pod->changed = true;
	if (!ctr_running(ctr) || ctr->main.ended)
		return;
	thaw(ctr);
	ctr->stop_seconds = timeout;
	timeout = grace(ctr, timeout);
	if (ctr->record.stop_signal)
		signal = signal_parse(ctr->record.stop_signal, NULL);
	pidfd_kill(ctr->main.exit.fd, timeout ? signal : SIGKILL);
	ctr->kill_at = timeout ? clock_boot() + timeout * SECOND : 0;
	ctr_set_status(ctr, STATE_STOPPING);
}

void pod_stop(struct pod *pod, int64_t timeout)
{
	pod->stopping = true;
	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		if (!ctr->record.infra)
			ctr_stop(ctr, timeout);
}

static void start_again(struct ctr *ctr)
{
	struct err err = { 0 };

	ctr->failures++;
	ctr->restart_at = 0;
	if (pod_ground(ctr->pod, &err) || start_planned(ctr, &err)) {
		int64_t delay = restart_delay(ctr);

		ctr->state->exit_code = EXIT_NOT_INVOKED;
		ctr->restart_at = delay < 0 ? 0 : clock_boot() + delay;
		return;
	}
	ctr->state->restarts++;
	ctr->pod->changed = true;
}

static void tell_killed(struct ctr *ctr, int64_t seconds)
{
	cleanup_free char *line =
		text_format("StopSignal %s failed to stop container %s in %lld seconds, resorting to SIGKILL",
			    ctr->record.stop_signal ? ctr->record.stop_signal : "SIGTERM",
			    ctr->record.spec.name, (long long)seconds);

	session_note(ctr->pod, ctr->record.id, line);
}

/* What is due for one container; *ret_next becomes the nearest of its later deadlines. */
static void tick_ctr(struct ctr *ctr, int64_t now, int64_t *ret_next)
{
	int64_t *const deadlines[] = { &ctr->kill_at, &ctr->restart_at, &ctr->timeout_at };

	if (ctr->timeout_at && ctr->timeout_at <= now) {
		ctr->timeout_at = 0;
		pidfd_kill(ctr->main.exit.fd, SIGKILL);
	}
	if (ctr->kill_at && ctr->kill_at <= now) {
		tell_killed(ctr, grace(ctr, ctr->stop_seconds));
		ctr->kill_at = 0;
		pidfd_kill(ctr->main.exit.fd, SIGKILL);
	}
	if (ctr->restart_at && ctr->restart_at <= now)
		start_again(ctr);
	for (size_t i = 0; i < sizeof(deadlines) / sizeof(*deadlines); i++)
		if (*deadlines[i] && (!*ret_next || *deadlines[i] < *ret_next))
			*ret_next = *deadlines[i];
}

void pod_tick(struct pod *pod)
{
	struct ctr *infra = pod_infra(pod);
	struct itimerspec at = { 0 };
	int64_t next = 0;

	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		tick_ctr(ctr, clock_boot(), &next);
	if (pod->stopping && !pod_others_active(pod) && infra && ctr_running(infra) && !infra->kill_at) {
		ctr_stop(infra, DEFAULT_STOP_SECONDS);
		next = next && next < infra->kill_at ? next : infra->kill_at;
	}
	at.it_value = (struct timespec){ next / SECOND, next % SECOND };
	timerfd_settime(pod->timer.fd, TFD_TIMER_ABSTIME, &at, NULL);
}

bool pod_idle(const struct pod *pod)
{
	for (const struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		if (ctr_running(ctr) || ctr->restart_at)
			return false;
	return true;
}
