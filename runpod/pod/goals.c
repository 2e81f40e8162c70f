/*
 * goals: what clients wait for. A request that takes time (stop, restart, wait,
 * remove) leaves a goal with its session; after each event the supervisor looks
 * whose goal is reached, and answers.
 */
#include <jansson.h>
#include <string.h>

#include "pod/control.h"
#include "pod/events.h"
#include "pod/kubelet.h"

/* Whether it will be started again, but not for ever: then the end is yet to come. */
static bool more_to_come(const struct ctr *ctr)
{
	return ctr->state->restart_at && ctr->record.spec.restart.tries;
}

static bool condition_holds(const struct ctr *ctr, const char *condition)
{
	if (!strcmp(condition, "stopped") || !strcmp(condition, "exited"))
		return !ctr_running(ctr) && !more_to_come(ctr) && strcmp(ctr->state->status, "created");
	return !strcmp(ctr->state->status, condition);
}

static bool reached(struct session *session)
{
	for (size_t i = 0; i < session->targets.n; i++) {
		struct ctr *ctr = pod_find(session->pod, session->targets.v[i]);
		bool holds = !ctr;

		if (ctr && session->goal == GOAL_STOPPED)
			holds = !ctr_running(ctr);
		for (size_t j = 0; ctr && j < session->conditions.n && !holds; j++)
			holds = condition_holds(ctr, session->conditions.v[j]);
		if (!holds)
			return false;
		session->answer = ctr ? (int)ctr->state->exit_code : session->exit_code;
	}
	return true;
}

/* An init container that waits for its next attempt: nobody should wait with it. */
static bool backs_off(const struct pod *pod)
{
	for (const struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		if (ctr->record.spec.init_ctr && ctr->state->restart_at)
			return true;
	return false;
}

/* Whether the start of the whole pod is over, as far as the session is concerned. */
static bool start_over(const struct session *session)
{
	const struct pod *pod = session->pod;

	return !pod->state.bring_up || (pod->state.grounded && (!session->patient || backs_off(pod)));
}

/* What `restart` was waiting for has happened: start again what was stopped. Podman's init containers are for the
 * start of a pod only. Returns 1 when that takes time. */
static int start_targets(struct session *session, struct err *err)
{
	struct pod *pod = session->pod;
	int code = 0;

	pod->stopping = false;
	if (session->whole && kubelet_pod(pod))
		return pod_start(pod, err);
	for (size_t i = 0; i < session->targets.n && !code; i++) {
		struct ctr *ctr = pod_find(pod, session->targets.v[i]);

		if (!ctr || (session->whole && ctr->record.spec.init_ctr))
			continue;
		code = ctr_start(ctr, err);
		if (!code)
			events_ctr(pod->store, &ctr->record, "restart");
	}
	return code;
}

static void answer(struct session *session)
{
	struct pod *pod = session->pod;
	struct err err = { 0 };
	int code = 0;

	if (session->goal == GOAL_STARTED && !pod->state.bring_up) {
		code = pod->start_code;
		err = pod->start_err;
	} else if (session->start_on_stop) {
		session->start_on_stop = false;
		code = start_targets(session, &err);
		session->goal = GOAL_STARTED;
		if (code > 0)
			return;
	}
	session->goal = GOAL_NONE;
	if (pod->changed)
		pod_save(pod, NULL);
	if (code)
		session_reply_error(session, code, &err);
	else
		session_reply(session, json_pack("{s:i}", "exit_code", session->answer));
}

/* First all are asked, then they are answered: the answer to `restart` starts what the others wait to see stopped. */
void sessions_check(struct pod *pod)
{
	for (struct session *session = pod->sessions; session; session = session->next)
		session->due = session->goal == GOAL_STARTED ? start_over(session)
							     : session->goal != GOAL_NONE && reached(session);
	for (struct session *session = pod->sessions; session; session = session->next)
		if (session->due)
			answer(session);
}
