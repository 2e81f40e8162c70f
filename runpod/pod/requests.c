/*
 * requests: start, stop, kill, attach, exec, wait, remove, as clients ask for them. What takes time
 * is not waited for here: the session notes its goal, and sessions_check (goals.c) answers when
 * it is reached. Lesson 19.
 */
#include <jansson.h>
#include <signal.h>
#include <string.h>

#include "kern/pidfd.h"
#include "pod/control.h"
#include "pod/events.h"

static void aim(struct session *session, enum goal goal, struct ctr *only)
{
	session->goal = goal;
	session->whole = !only;
	session->patient = true;
	for (struct ctr *ctr = session->pod->ctrs; ctr; ctr = ctr->next)
		if (!only || ctr == only)
			strv_add(&session->targets, ctr->record.id);
}

static void attach(struct session *session, struct proc *proc, const json_t *request)
{
	const json_t *wish = json_object_get(request, "attach");

	if (!wish)
		return;
	session->proc = proc;
	session->wants_out = json_is_true(json_object_get(wish, "out"));
	session->wants_err = json_is_true(json_object_get(wish, "err"));
	if (!proc->exec)
		events_ctr(session->pod->store, &proc->ctr->record, "attach");
}

static int start_pod(struct session *session, const json_t *request, struct err *err)
{
	int code;

	aim(session, GOAL_STARTED, NULL);
	session->patient = !json_is_true(json_object_get(request, "detach"));
	code = pod_start(session->pod, err);
	if (code <= 0)
		session->goal = GOAL_NONE; /* it is answered now */
	return code;
}

int do_start(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
{
	int code;

	if (!ctr)
		return start_pod(session, request, err);
	attach(session, &ctr->main, request);
	if (!ctr_running(ctr))
		proc_take_fds(&ctr->main);
	code = ctr_start(ctr, err);
	if (code)
		session->proc = NULL;
	return code;
}

int do_stop(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
{
	const json_t *timeout = json_object_get(request, "timeout");
	int64_t seconds = timeout ? json_integer_value(timeout) : -1;

	(void)err;
	aim(session, GOAL_STOPPED, ctr);
	session->pod->state.terminating = !ctr && json_is_true(json_object_get(request, "terminating"));
	if (ctr)
		ctr_stop(ctr, seconds);
	else
		pod_stop(session->pod, seconds);
	return 1; /* answered later */
}

int do_restart(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
{
	session->start_on_stop = true;
	return do_stop(session, ctr, request, err);
}

static int kill_one(struct ctr *ctr, int signal)
{
	if (!ctr_running(ctr) || ctr->main.ended)
		return 0;
	if (signal == SIGKILL || signal == SIGTERM)
		ctr->state->stopped_by_user = true;
	events_ctr(ctr->pod->store, &ctr->record, "kill");
	return pidfd_kill(ctr->main.exit.fd, signal);
}

int do_kill(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
{
	int signal = (int)json_integer_value(json_object_get(request, "signal"));
	int code = 0;

	if (ctr && (!ctr_running(ctr) || ctr->main.ended))
		return err_set(
			err, 0,
			"can only kill running containers. %s is in state %s: container state improper",
			ctr->record.id, ctr->state->status);
	for (struct ctr *each = session->pod->ctrs; each && !code; each = each->next)
		if (!ctr || each == ctr)
			code = kill_one(each, signal);
	if (!code && !ctr)
		events_pod(session->pod->store, &session->pod->record, "kill");
	return code ? err_set(err, -code, "send signal %d", signal) : 0;
}

int do_attach(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
{
	if (!ctr || !ctr_running(ctr) || ctr->main.ended)
		return err_set(err, 0, "you can only attach to running containers");
	attach(session, &ctr->main, request);
	return 0;
}

int do_exec(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
{
	struct proc *proc;
	int code;

	if (!ctr || !ctr_running(ctr) || ctr->main.ended || !strcmp(ctr->state->status, "paused"))
		return err_set(
			err, 0,
			"can only create exec sessions on running containers: container state improper");
	code = exec_start(ctr, json_object_get(request, "exec"), &proc, err);
	if (code)
		return code;
	attach(session, proc, request);
	pod_save(session->pod, NULL);
	session_reply(session, json_pack("{s:s}", "exec_id", proc->exec_id));
	return 1;
}

int do_wait(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
{
	const json_t *conditions = json_object_get(request, "conditions");

	if (!ctr)
		return err_set(err, 0, "wait needs a container");
	for (size_t i = 0; i < json_array_size(conditions); i++)
		strv_add(&session->conditions, json_string_value(json_array_get(conditions, i)));
	if (!session->conditions.n)
		strv_add(&session->conditions, "stopped");
	aim(session, GOAL_CONDITION, ctr);
	return 1;
}

int do_remove(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
{
	const json_t *timeout = json_object_get(request, "timeout");

	if (!ctr)
		return err_set(err, 0, "remove needs a container");
	if (ctr_running(ctr) && !json_is_true(json_object_get(request, "force")))
		return err_status(
			err,
			err_set(err, 0,
				"cannot remove container %s as it is %s - running or paused containers "
				"cannot be removed without force: container state improper",
				ctr->record.id, ctr->state->status),
			2);
	aim(session, GOAL_REMOVED, ctr);
	ctr->removing = true;
	ctr->remove_volumes = json_is_true(json_object_get(request, "volumes"));
	if (ctr_running(ctr))
		ctr_stop(ctr, timeout ? json_integer_value(timeout) : 0);
	else
		ctr_remove_ended(ctr);
	return 1;
}
