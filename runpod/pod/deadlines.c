/*
 * deadlines: what the loop does because time has passed: SIGKILL to who would not stop,
 * the next start of who crashed, probes. One timer (timerfd_create(2)) is set to the nearest of
 * all; it counts on CLOCK_BOOTTIME, so a machine that slept does not oversleep. Lessons 19 and 22.
 */
#include <sys/timerfd.h>

#include "pod/kubelet.h"
#include "pod/probe.h"
#include "pod/testclock.h"

#define INFRA_STOP_SECONDS 10

static void nearer(int64_t deadline, int64_t *io_next)
{
	if (deadline && (!*io_next || deadline < *io_next))
		*io_next = deadline;
}

/* What is due for one container. */
static void tick_ctr(struct ctr *ctr, int64_t now)
{
	termination_tick(ctr, now);
	oom_tick(ctr, now);
	if (ctr->state->restart_at && ctr->state->restart_at <= now)
		restart_now(ctr);
}

static void next_of(const struct ctr *ctr, int64_t *io_next)
{
	const struct ctr_state *state = ctr->state;

	nearer(state->kill_at, io_next);
	nearer(state->restart_at, io_next);
	nearer(state->timeout_at, io_next);
	nearer(ctr->oom.ask_at, io_next);
	if (ctr->stop_step == STOP_HOOK || ctr->stop_step == STOP_TURN)
		nearer(state->stop_by, io_next);
}

/* The infra goes when nobody is left who shares anything with it. */
static void end_infra(struct pod *pod)
{
	struct ctr *infra = pod_infra(pod);

	if (pod->stopping && !pod_others_active(pod) && infra && ctr_running(infra) && !infra->state->kill_at)
		ctr_stop(infra, INFRA_STOP_SECONDS);
}

void pod_tick(struct pod *pod)
{
	struct itimerspec at = { 0 };
	int64_t next = 0;

	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		tick_ctr(ctr, supervisor_now());
	bringup_step(pod);
	pod_settle(pod);
	end_infra(pod);
	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		probes_tick(ctr, supervisor_now(), &next);
	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		next_of(ctr, &next);
	if (!pod->stopping)
		nearer(pod->state.deadline_at, &next);
	pod->next_at = next;
	at.it_value = (struct timespec){ next / SECOND, next % SECOND };
	if (!testclock_stands())
		timerfd_settime(pod->timer.fd, TFD_TIMER_ABSTIME, &at, NULL);
}
