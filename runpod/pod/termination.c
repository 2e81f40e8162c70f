/*
 * termination: how a container is stopped: its preStop hook, the stop signal, and when
 * its time is over SIGKILL. Containers of a pod stop at the same time, but sidecars after the
 * others and in reverse order, and the infra last of all.
 *
 * Kubernetes' rule: one grace period for everything, hook and waiting included; what remains
 * of it for the signal is never under two seconds. Podman's pods have neither hooks nor sidecars:
 * there it comes down to the signal and the time. Lessons 16 and 22.
 */
#include <signal.h>
#include <string.h>

#include "base/cleanup.h"
#include "kern/cgroup.h"
#include "kern/pidfd.h"
#include "pod/handler.h"
#include "pod/kubelet.h"
#include "pod/podevents.h"
#include "pod/probe.h"
#include "spec/signals.h"

#define DEFAULT_STOP_SECONDS 10
#define LEAST		     (2 * SECOND)

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

/* Whether, when the whole pod stops, this sidecar has to wait for somebody. */
static bool must_wait(const struct ctr *ctr)
{
	bool behind = false;

	if (!ctr->pod->stopping || !ctr_has_role(ctr, "sidecar") || supervisor_now() >= ctr->state->stop_by)
		return false;
	for (const struct ctr *other = ctr->pod->ctrs; other; other = other->next) {
		if (other == ctr)
			behind = true;
		else if (!other->record.infra && ctr_running(other) &&
			 (behind || !ctr_has_role(other, "sidecar")))
			return true;
	}
	return false;
}

/* It is its turn, or not yet: then every later event asks again. */
static void take_turn(struct ctr *ctr)
{
	const char *name = ctr->record.stop_signal;
	int64_t now = supervisor_now(), left = ctr->state->stop_by - now;

	if (ctr->stop_step != STOP_SENT)
		ctr->stop_step = STOP_TURN;
	if (ctr->stop_step == STOP_TURN && must_wait(ctr))
		return;
	if (kubelet_pod(ctr->pod) && left < LEAST)
		left = LEAST;
	pidfd_kill(ctr->main.exit.fd, name ? signal_parse(name, NULL) : SIGTERM);
	ctr->state->kill_at = now + left;
	ctr->stop_step = STOP_SENT;
	ctr->pod->changed = true;
}

static void pre_stop_done(struct ctr *ctr, void *context, bool success, const char *message)
{
	(void)context;
	if (!success)
		podevent(ctr->pod, ctr, EVENT_WARNING, "FailedPreStopHook", "PreStopHook failed%s%s",
			 *message ? ": " : "", message);
	if (ctr->stop_step == STOP_HOOK)
		take_turn(ctr);
}

static void call_hook(struct ctr *ctr)
{
	struct err err = { 0 };

	ctr->stop_step = STOP_HOOK;
	if (handler_start(ctr, &ctr->record.spec.pre_stop, ctr->state->stop_by - supervisor_now(),
			  pre_stop_done, NULL, &err))
		pre_stop_done(ctr, NULL, false, err.text);
}

static void kill_now(struct ctr *ctr)
{
	pidfd_kill(ctr->main.exit.fd, SIGKILL);
	ctr->state->kill_at = 0;
	ctr->stop_step = STOP_SENT;
}

void ctr_terminate(struct ctr *ctr, int64_t timeout)
{
	int64_t by;

	if (ctr->state->restart_at)
		text_replace(&ctr->state->waiting, NULL);
	ctr->state->restart_at = 0;
	if (!ctr_running(ctr) || ctr->main.ended)
		return;
	thaw(ctr);
	if (timeout < 0)
		timeout = ctr->record.spec.stop_timeout;
	ctr->stop_seconds = timeout = timeout < 0 ? DEFAULT_STOP_SECONDS : timeout;
	by = supervisor_now() + timeout * SECOND;
	ctr->pod->changed = true;
	if (ctr->stop_step == STOP_NONE) {
		podevent(ctr->pod, ctr, EVENT_NORMAL, "Killing", "Stopping container %s", kubelet_name(ctr));
		handler_cancel_all(ctr);
		probes_end(ctr);
		ctr_ready(ctr, false);
		ctr_set_status(ctr, STATE_STOPPING);
	} else if (by > ctr->state->stop_by) {
		by = ctr->state->stop_by; /* a second stop may only shorten the first */
	}
	ctr->state->stop_by = by;
	if (!timeout)
		kill_now(ctr);
	else if (ctr->stop_step == STOP_NONE && ctr->record.spec.pre_stop.kind)
		call_hook(ctr);
	else if (ctr->stop_step != STOP_HOOK)
		take_turn(ctr);
}

void ctr_stop(struct ctr *ctr, int64_t timeout)
{
	ctr->state->stopped_by_user = true;
	ctr->pod->changed = true;
	ctr_terminate(ctr, timeout);
}

static void begin_end(struct pod *pod)
{
	pod->stopping = true;
	pod->changed = true;
	bringup_cancel(pod);
}

void pod_terminate(struct pod *pod, int64_t timeout)
{
	begin_end(pod);
	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		if (!ctr->record.infra)
			ctr_terminate(ctr, timeout);
}

void pod_stop(struct pod *pod, int64_t timeout)
{
	begin_end(pod);
	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		if (!ctr->record.infra)
			ctr_stop(ctr, timeout);
}

static void tell_killed(struct ctr *ctr)
{
	cleanup_free char *line =
		text_format("StopSignal %s failed to stop container %s in %lld seconds, resorting to SIGKILL",
			    ctr->record.stop_signal ? ctr->record.stop_signal : "SIGTERM",
			    ctr->record.spec.name, (long long)ctr->stop_seconds);

	session_note(ctr->pod, ctr->record.id, line);
}

void termination_tick(struct ctr *ctr, int64_t now)
{
	struct ctr_state *state = ctr->state;

	if (ctr->stop_step == STOP_HOOK && state->stop_by <= now) {
		handler_cancel_all(ctr);
		pre_stop_done(ctr, NULL, false, "it took longer than the grace period");
	} else if (ctr->stop_step == STOP_TURN) {
		take_turn(ctr);
	}
	if (state->timeout_at && state->timeout_at <= now) {
		state->timeout_at = 0;
		ctr->timed_out = true;
		pidfd_kill(ctr->main.exit.fd, SIGKILL);
	}
	if (state->kill_at && state->kill_at <= now) {
		tell_killed(ctr);
		state->kill_at = 0;
		pidfd_kill(ctr->main.exit.fd, SIGKILL);
	}
}
