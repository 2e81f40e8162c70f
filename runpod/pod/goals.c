/*
 * goals: what clients wait for. A request that takes time (stop, restart, wait,
 * remove) leaves a goal with its session; after each event the supervisor looks
 * whose goal is reached, and answers.
 */
#include <jansson.h>
#include <string.h>

#include "pod/control.h"

static bool condition_holds(const struct ctr *ctr, const char *condition)
{
	if (!strcmp(condition, "stopped") || !strcmp(condition, "exited"))
		return !ctr_running(ctr) && !ctr->restart_at && strcmp(ctr->state->status, "created");
	return !strcmp(ctr->state->status, condition);
}

static bool reached(struct session *session, int *ret_exit_code)
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
		*ret_exit_code = ctr ? (int)ctr->state->exit_code : session->exit_code;
	}
	return true;
}

/* What `restart` was waiting for has happened: start again what was stopped. */
static int start_targets(struct session *session, struct err *err)
{
	int code = 0;

	session->pod->stopping = false;
	for (size_t i = 0; i < session->targets.n && !code; i++) {
		struct ctr *ctr = pod_find(session->pod, session->targets.v[i]);

		if (ctr)
			code = ctr_start(ctr, err);
	}
	return code;
}

void sessions_check(struct pod *pod)
{
	for (struct session *session = pod->sessions; session; session = session->next) {
		struct err err = { 0 };
		int exit_code = 0, code = 0;

		if (session->goal == GOAL_NONE || !reached(session, &exit_code))
			continue;
		session->goal = GOAL_NONE;
		if (session->start_on_stop)
			code = start_targets(session, &err);
		if (pod->changed)
			pod_save(pod, NULL);
		if (code)
			session_reply_error(session, code, &err);
		else
			session_reply(session, json_pack("{s:i}", "exit_code", exit_code));
	}
}
