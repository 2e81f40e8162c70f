/*
 * restart: whether a container that ended starts again, and how long it waits:
 * 0, 10, 20, 40, 80, 160, 300, 300 … seconds between attempts, counted from its
 * end, and from the beginning again after ten healthy minutes. These are the
 * kubelet's times; the policies are podman's. Lesson 22.
 *
 * Of the containers with a role, a manifest's init container that failed is tried again unless
 * the policy is never to, a sidecar always is, and podman's init containers never are.
 */
#include <string.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "pod/downward.h"
#include "pod/environ.h"
#include "pod/events.h"
#include "pod/kubelet.h"
#include "pod/podevents.h"

#define HEALTHY		   (600 * SECOND)
#define FIRST		   (10 * SECOND)
#define EXIT_NEVER_STARTED 128 /* Kubernetes' exit code of a container whose program could not be started */

static const struct restart_policy *policy_of(const struct ctr *ctr)
{
	return ctr->record.spec.restart.name ? &ctr->record.spec.restart : &ctr->pod->record.spec.restart;
}

static bool wanted_by_policy(const struct ctr *ctr)
{
	const struct restart_policy *policy = policy_of(ctr);
	bool never = !policy->name || !strcmp(policy->name, "no");

	if (ctr_has_role(ctr, "sidecar"))
		return true;
	if (ctr_has_role(ctr, "init"))
		return !never && ctr->state->exit_code;
	if (never || ctr->record.spec.init_ctr)
		return false;
	if (!strcmp(policy->name, "always") || !strcmp(policy->name, "unless-stopped"))
		return true;
	if (strcmp(policy->name, "on-failure") || !ctr->state->exit_code)
		return false;
	return !policy->tries || ctr->state->restarts < policy->tries;
}

/* While the infra of a pod is being replaced, everything starts when that is done. */
static bool wanted(const struct ctr *ctr)
{
	const struct pod *pod = ctr->pod;

	if (ctr->record.infra || ctr->state->stopped_by_user || ctr->removing || pod->stopping ||
	    (pod->state.bring_up && !pod->state.grounded))
		return false;
	return wanted_by_policy(ctr);
}

/* DOC: back-off - nanoseconds to wait after an end */
static int64_t delay_of(struct ctr_state *state)
{
	int64_t failures, delay = FIRST;

	if (state->healthy_since && supervisor_now() - state->healthy_since >= HEALTHY)
		state->failures = 0;
	failures = state->failures;
	if (!failures)
		return 0;
	while (--failures && delay < RESTART_LONGEST)
		delay *= 2;
	return delay < RESTART_LONGEST ? delay : RESTART_LONGEST;
}

/* The words that Kubernetes has for a container that waits: in its state, to whoever waits for the start, as an event. */
static void tell_waiting(struct ctr *ctr, int64_t delay)
{
	const struct pod *pod = ctr->pod;
	cleanup_free char *uid = pod_uid(pod->record.id);
	long long seconds = delay / SECOND;
	cleanup_free char *wait = seconds < 60 ? text_format("%llds", seconds)
					       : text_format("%lldm%llds", seconds / 60, seconds % 60);
	cleanup_free char *line = text_format("back-off %s restarting failed container=%s pod=%s_default(%s)",
					      wait, kubelet_name(ctr), pod->state.name, uid);

	text_replace(&ctr->state->waiting, text_dup("CrashLoopBackOff"));
	podevent(ctr->pod, ctr, EVENT_WARNING, "BackOff",
		 "Back-off restarting failed container %s in pod %s_default(%s)", kubelet_name(ctr),
		 pod->state.name, uid);
	if (ctr->record.spec.init_ctr)
		session_note(ctr->pod, ctr->record.id, line);
	text_replace(&ctr->state->last_message, take_ptr(ctr->state->message));
	text_replace(&ctr->state->message, take_ptr(line));
}

void restart_consider(struct ctr *ctr)
{
	int64_t delay;

	ctr->state->restart_at = 0;
	if (!wanted(ctr))
		return;
	delay = delay_of(ctr->state);
	ctr->state->restart_at = supervisor_now() + delay;
	if (delay)
		tell_waiting(ctr, delay);
}

/* What could not even be started has, as far as anybody can see, ended at once. */
void restart_failed(struct ctr *ctr, int code, const struct err *err)
{
	struct ctr_state *state = ctr->state;
	bool podmans = !kubelet_pod(ctr->pod);

	podevent(ctr->pod, ctr, EVENT_WARNING, "Failed", "Error: %s", err->text);
	state->exit_code = podmans ? EXIT_NOT_INVOKED : EXIT_NEVER_STARTED;
	if (!podmans) {
		state->ran = true;
		state->started = state->finished = clock_wall();
		ctr_set_status(ctr, STATE_EXITED);
	}
	restart_consider(ctr);
	text_replace(&state->message, text_dup(err->text));
	if (state->restart_at)
		text_replace(&state->waiting,
			     text_dup(environ_config_error(code) ? "CreateContainerConfigError"
								 : "RunContainerError"));
	ctr->pod->changed = true;
}

void restart_now(struct ctr *ctr)
{
	struct err err = { 0 };
	int code;

	ctr->state->failures++;
	ctr->state->restart_at = 0;
	ctr->state->restarts += kubelet_pod(ctr->pod); /* there an attempt counts */
	code = pod_ground(ctr->pod, &err);
	if (!code)
		code = ctr_launch(ctr, &err);
	if (code) {
		restart_failed(ctr, code, &err);
		return;
	}
	ctr->state->restarts += !kubelet_pod(ctr->pod);
	ctr->pod->changed = true;
	events_ctr(ctr->pod->store, &ctr->record, "restart");
}
