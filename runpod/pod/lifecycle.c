/*
 * lifecycle: starting. A start carries out a plan; an end undoes it (ending.c), a stop
 * asks for the end (termination.c), and a whole pod comes up in steps (bringup.c).
 * Lessons 16, 19 and 22.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "pod/events.h"
#include "pod/handler.h"
#include "pod/kubelet.h"
#include "pod/podevents.h"
#include "pod/prepare.h"
#include "pod/probe.h"

/* The run that is over becomes the one before. */
static void remember_last(struct ctr_state *state)
{
	if (!state->started || strcmp(state->status, "exited"))
		return;
	state->last_started = state->started;
	state->last_finished = state->finished;
	state->last_exit_code = state->exit_code;
	state->last_oom_killed = state->oom_killed;
	if (!state->waiting) /* else the message is about that, and this one in its place already */
		text_replace(&state->last_message, take_ptr(state->message));
}

/* What the record must say from the first instruction on, and what it says if there never was one. */
static void expect_run(struct ctr *ctr, bool runs)
{
	struct ctr_state *state = ctr->state;
	int64_t timeout = ctr->record.spec.timeout, now = supervisor_now();

	state->ran = runs;
	state->up = state->ready = runs && !kubelet_asks(&ctr->record.spec);
	state->healthy_since = runs ? now : 0;
	state->timeout_at = runs && timeout ? now + timeout * SECOND : 0;
	state->kill_at = state->stop_by = state->restart_at = 0;
	ctr->stop_step = STOP_NONE;
}

static void tell_started(struct ctr *ctr)
{
	struct pod *pod = ctr->pod;

	events_ctr(pod->store, &ctr->record, "init");
	events_ctr(pod->store, &ctr->record, "start");
	podevent(pod, ctr, EVENT_NORMAL, "Pulled", "Container image \"%s\" already present on machine",
		 ctr->record.spec.image ? ctr->record.spec.image : "");
	podevent(pod, ctr, EVENT_NORMAL, "Created", "Created container: %s", kubelet_name(ctr));
	podevent(pod, ctr, EVENT_NORMAL, "Started", "Started container %s", kubelet_name(ctr));
}

/* Carries out the container's plan. On failure all of it is undone. */
int ctr_launch(struct ctr *ctr, struct err *err)
{
	struct pod *pod = ctr->pod;
	struct ctr_state *state = ctr->state;
	int code;

	remember_last(state);
	plan_free(&ctr->plan);
	plan_ctr(&pod->record, &ctr->record, &pod->facts, &ctr->plan);
	text_replace(&state->error, NULL);
	text_replace(&state->waiting, NULL);
	text_replace(&state->message, NULL);
	expect_run(ctr, true);
	code = run_plan(pod, &ctr->plan, err);
	if (code) {
		expect_run(ctr, false);
		ctr_set_status(ctr, state->finished ? STATE_EXITED : STATE_CREATED);
		text_replace(&state->error, text_dup(err->text));
		pod_save(pod, NULL);
		return err_context(err, code, "start %s", ctr->record.spec.name);
	}
	hosts_refresh(pod);
	oom_begin(ctr, true);
	tell_started(ctr);
	ctr_born(ctr);
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
	if (kubelet_pod(pod))
		bringup_forget(pod);
	return ctr_launch(infra, err);
}

int ctr_start(struct ctr *ctr, struct err *err)
{
	int code;

	if (ctr_running(ctr))
		return 0;
	ctr->pod->stopping = false;
	ctr->state->failures = 0;
	ctr->state->stopped_by_user = false;
	code = pod_ground(ctr->pod, err);
	if (code || ctr->record.infra)
		return code;
	return ctr_launch(ctr, err);
}

/* And waits: for undoing a pod that started half. */
void ctr_abort(struct ctr *ctr)
{
	if (!ctr_running(ctr))
		return;
	probes_end(ctr);
	handler_cancel_all(ctr);
	oom_end(ctr);
	run_undo(ctr->pod, &ctr->plan);
	expect_run(ctr, false);
	ctr_set_status(ctr, ctr->state->finished ? STATE_EXITED : STATE_CREATED);
}

/* DOC: all-or-nothing */
int pod_launch(struct pod *pod, struct err *err)
{
	struct ctr *started[256];
	size_t n = 0;
	int code = pod_ground(pod, err);

	for (struct ctr *ctr = pod->ctrs; ctr && !code; ctr = ctr->next) {
		if (ctr_running(ctr) || ctr->record.spec.init_ctr)
			continue;
		code = ctr_start(ctr, err);
		if (!code && n < sizeof(started) / sizeof(*started))
			started[n++] = ctr;
	}
	if (!code)
		return 0;
	while (n)
		ctr_abort(started[--n]);
	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		if (!ctr->record.infra && ctr_running(ctr))
			return code; /* others were running before: the ground stays */
	if (pod_infra(pod))
		ctr_abort(pod_infra(pod));
	return code;
}
