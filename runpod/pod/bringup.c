/*
 * bringup: starting a whole pod. Init containers run one after the other, each to its end;
 * a sidecar once it is up lets the next one go on; then all the others start at once. So a start
 * takes time, and is a state of the pod: after each event bringup_step looks what can be done now.
 *
 * A pod made with flags starts whole or not at all, and its init containers are podman's: each
 * must exit 0, one of kind `once` is removed then. In a pod of a manifest a container that fails is tried
 * again as the restart policy says, and the others do not wait for it. Lesson 22.
 */
#include <string.h>

#include "base/num.h"
#include "pod/events.h"
#include "pod/kubelet.h"
#include "pod/podevents.h"

/* Whether there is an order to be kept, or a failure to be lived with: else all start at once. */
static bool in_steps(const struct pod *pod)
{
	for (const struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		if (ctr->record.spec.init_ctr)
			return true;
	return kubelet_pod(pod);
}

static void finish(struct pod *pod, int code, const struct err *err)
{
	pod->state.bring_up = false;
	pod->start_code = code;
	if (code)
		pod->start_err = *err;
	else
		events_pod(pod->store, &pod->record, "start");
	pod->changed = true;
}

void bringup_cancel(struct pod *pod)
{
	struct err err = { 0 };

	if (pod->state.bring_up)
		finish(pod,
		       err_set(&err, 0, "pod %s was stopped while it was being started", pod->state.name),
		       &err);
}

void bringup_forget(struct pod *pod)
{
	bool init = false;

	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		init = init || ctr->record.spec.init_ctr;
	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next) {
		struct ctr_state *state = ctr->state;

		state->ran = state->up = state->ready = state->stopped_by_user = false;
		state->failures = state->restart_at = 0;
		text_replace(&state->message, NULL);
		text_replace(&state->waiting,
			     ctr->record.infra || !pod->state.bring_up
				     ? NULL
				     : text_dup(init ? "PodInitializing" : "ContainerCreating"));
	}
	text_replace(&pod->state.phase, NULL);
	text_replace(&pod->state.reason, NULL);
	pod->state.initialized = pod->state.all_ready = pod->state.deadline_at = 0;
	pod->state.terminating = false;
}

/* A new infra, and with it everything begins anew. */
static int lay_ground(struct pod *pod, struct err *err)
{
	int code;

	bringup_forget(pod);
	code = pod_ground(pod, err);
	if (code) {
		podevent(pod, NULL, EVENT_WARNING, "FailedCreatePodSandBox",
			 "Failed to create pod sandbox: %s", err->text);
		return code;
	}
	pod->state.grounded = true;
	if (pod->record.spec.active_deadline)
		pod->state.deadline_at = supervisor_now() + pod->record.spec.active_deadline * SECOND;
	return 0;
}

/* Nothing is left of a start that failed, unless others were running before. */
static void give_up(struct pod *pod, int code, const struct err *err)
{
	finish(pod, code, err);
	if (kubelet_pod(pod)) {
		pod_terminate(pod, -1);
		return;
	}
	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		if (!ctr->record.infra && ctr_running(ctr))
			return;
	if (pod_infra(pod))
		ctr_abort(pod_infra(pod));
}

static int start_init(struct ctr *ctr, struct err *err)
{
	int code = ctr_launch(ctr, err);

	if (!code || !kubelet_pod(ctr->pod))
		return code;
	restart_failed(ctr, code, err);
	return 0; /* it is tried again, or its failure is found in its state */
}

static void init_failed(struct pod *pod, struct ctr *ctr)
{
	struct err err = { 0 };
	int code = err_set(&err, 0, "init container %s exited with code %lld",
			   kubelet_pod(pod) ? kubelet_name(ctr) : ctr->record.id,
			   (long long)ctr->state->exit_code);

	give_up(pod, code, &err);
}

/* All apps of a manifest, whatever becomes of each. The first error is the start's answer. */
static void start_apps(struct pod *pod)
{
	struct err first = { 0 };
	int code = 0;

	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next) {
		struct err err = { 0 };
		int one;

		if (ctr->record.infra || ctr->record.spec.init_ctr || ctr_running(ctr) ||
		    ctr->state->restart_at)
			continue;
		one = ctr_launch(ctr, &err);
		if (!one)
			continue;
		if (!code)
			first = err;
		code = code ? code : one;
		restart_failed(ctr, one, &err);
	}
	finish(pod, code, &first);
}

static void start_others(struct pod *pod)
{
	struct err err = { 0 };
	int code;

	pod->state.initialized = clock_wall();
	if (kubelet_pod(pod)) {
		start_apps(pod);
		return;
	}
	code = pod_launch(pod, &err);
	if (code)
		give_up(pod, code, &err);
	else
		finish(pod, 0, NULL);
}

/* One decision, carried out. Returns whether another can be made at once. */
static bool go_on(struct pod *pod)
{
	struct phase_facts facts;
	struct err err = { 0 };
	size_t index = 0;
	enum phase_step step;
	int code;

	kubelet_facts(pod, &facts);
	step = phase_next(&facts, &index);
	kubelet_facts_free(&facts);
	if (step == STEP_WAIT)
		return false;
	if (step == STEP_START) {
		code = start_init(kubelet_member(pod, index), &err);
		if (code)
			give_up(pod, code, &err);
	} else if (step == STEP_FAIL) {
		init_failed(pod, kubelet_member(pod, index));
	} else {
		start_others(pod);
	}
	return pod->state.bring_up;
}

void bringup_step(struct pod *pod)
{
	struct err err = { 0 };
	int code = 0;

	if (!pod->state.bring_up)
		return;
	if (!pod->state.grounded) {
		if (pod_others_active(pod))
			return; /* those of the life before are being stopped */
		code = lay_ground(pod, &err);
	}
	if (code)
		finish(pod, code, &err);
	while (!code && go_on(pod))
		;
}

/* What failed for good, or was stopped, in the life that goes on is to be tried again. */
static void try_again(struct pod *pod)
{
	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next) {
		if (ctr_running(ctr))
			continue;
		ctr->state->failures = ctr->state->restart_at = 0;
		ctr->state->stopped_by_user = false;
		if (!ctr->record.spec.init_ctr || ctr->state->exit_code)
			ctr->state->ran = false;
	}
}

int pod_start(struct pod *pod, struct err *err)
{
	const struct ctr *infra = pod_infra(pod);

	pod->stopping = false;
	if (!in_steps(pod)) {
		int code = pod_launch(pod, err);

		if (!code)
			events_pod(pod->store, &pod->record, "start");
		return code;
	}
	if (!pod->state.bring_up) {
		pod->state.grounded = infra ? ctr_running(infra) : pod_others_active(pod);
		pod->state.bring_up = true;
		try_again(pod);
	}
	bringup_step(pod);
	if (pod->state.bring_up)
		return 1;
	*err = pod->start_err;
	return pod->start_code;
}

/* DOC: sandbox-changed - infra is dead: all stop, and everything begins anew */
void bringup_again(struct pod *pod)
{
	podevent(pod, NULL, EVENT_NORMAL, "SandboxChanged",
		 "Pod sandbox changed, it will be killed and re-created.");
	pod->state.bring_up = true;
	pod->state.grounded = false;
	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		ctr_terminate(ctr, -1);
}
