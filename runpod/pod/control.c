/*
 * control: the requests that a supervisor understands, one function each behind
 * a table. What takes time (stop, wait) is not waited for here: the session notes
 * its goal, and sessions_check answers when it is reached.
 */
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kern/cgroup.h"
#include "kern/explain.h"
#include "kern/pidfd.h"
#include "pod/control.h"
#include "pod/wire.h"

void session_reply(struct session *session, json_t *answer)
{
	cleanup_free char *text = json_dumps(answer, JSON_COMPACT);

	session_send(session, WIRE_REPLY, text, strlen(text));
	json_decref(answer);
}

void session_reply_ok(struct session *session)
{
	session_reply(session, json_object());
}

void session_reply_error(struct session *session, int code, const struct err *err)
{
	session_reply(session,
		      json_pack("{s:s, s:i, s:i}", "error", err->text, "status", err->status, "code", code));
}

/* All containers of the pod that are on disk, also those made since we started. */
static int load_all(struct pod *pod, struct err *err)
{
	struct strv ids = { 0 };
	int code = record_list_ctrs(pod->store, pod->record.id, &ids, err);

	for (size_t i = 0; i < ids.n && !code; i++)
		if (!pod_load_ctr(pod, ids.v[i], err))
			code = -EINVAL;
	strv_free(&ids);
	return code;
}

static void aim(struct session *session, enum goal goal, struct ctr *only)
{
	session->goal = goal;
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
}

static int do_start(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
{
	int code;

	if (!ctr) {
		code = pod_start(session->pod, err);
	} else {
		attach(session, &ctr->main, request);
		code = ctr_start(ctr, err);
		if (code)
			session->proc = NULL;
	}
	return code;
}

static int do_stop(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
{
	const json_t *timeout = json_object_get(request, "timeout");
	int64_t seconds = timeout ? json_integer_value(timeout) : -1;

	(void)err;
	aim(session, GOAL_STOPPED, ctr);
	if (ctr)
		ctr_stop(ctr, seconds);
	else
		pod_stop(session->pod, seconds);
	return 1; /* answered later */
}

static int do_restart(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
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
	return pidfd_kill(ctr->main.exit.fd, signal);
}

static int do_kill(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
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
	return code ? err_set(err, -code, "send signal %d", signal) : 0;
}

/* Freezes or thaws one container, or all of them. */
static int freeze(struct session *session, struct ctr *only, bool frozen, struct err *err)
{
	struct pod *pod = session->pod;

	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next) {
		cleanup_free char *group = plan_group(&pod->facts, &pod->record, ctr->record.id);
		const char *from = frozen ? "running" : "paused";
		int code;

		if (only && ctr != only)
			continue;
		if (only && strcmp(ctr->state->status, from))
			return err_set(err, 0, "\"%s\" is not %s, can't %s: container state improper",
				       ctr->record.id, from, frozen ? "pause" : "unpause");
		if (strcmp(ctr->state->status, from))
			continue;
		if (!group)
			return err_hint(err,
					err_set(err, 0, "%s %s: there is no cgroup for us",
						frozen ? "pause" : "unpause", ctr->record.spec.name),
					"an ordinary user needs a delegated cgroup");
		code = cgroup_freeze(group, frozen, err);
		if (code)
			return code;
		ctr_set_status(ctr, frozen ? STATE_PAUSED : STATE_RUNNING);
	}
	return 0;
}

static int do_pause(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
{
	(void)request;
	return freeze(session, ctr, true, err);
}

static int do_unpause(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
{
	(void)request;
	return freeze(session, ctr, false, err);
}

static int do_attach(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
{
	if (!ctr || !ctr_running(ctr) || ctr->main.ended)
		return err_set(err, 0, "you can only attach to running containers");
	attach(session, &ctr->main, request);
	return 0;
}

static int do_exec(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
{
	struct proc *proc;
	int code;

	if (!ctr || !ctr_running(ctr) || ctr->main.ended || !strcmp(ctr->state->status, "paused"))
		return err_set(
			err, 0,
			"can only create exec sessions on running containers: container state improper");
	code = exec_start(ctr, json_object_get(request, "exec"), &proc, err);
	if (!code)
		attach(session, proc, request);
	return code;
}

static int do_wait(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
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

static int do_remove(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
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

/* Asked by who reads the records and finds that our predecessor was killed: that we are here is the answer. */
static int do_hello(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
{
	(void)session;
	(void)ctr;
	(void)request;
	(void)err;
	return 0;
}

static const struct {
	const char *op;
	int (*run)(struct session *session, struct ctr *ctr, const json_t *request,
		   struct err *err); /* 1: answered later */
} requests[] = {
	{ "hello", do_hello }, { "start", do_start }, { "stop", do_stop },	 { "restart", do_restart },
	{ "kill", do_kill },   { "pause", do_pause }, { "unpause", do_unpause }, { "attach", do_attach },
	{ "exec", do_exec },   { "wait", do_wait },   { "remove", do_remove },
};

/* Carries out one request. Returns 1 when the answer comes later. */
static int carry_out(struct session *session, const json_t *request, struct err *err)
{
	const char *op = json_string_value(json_object_get(request, "op"));
	const char *id = json_string_value(json_object_get(request, "ctr"));
	struct ctr *ctr = NULL;
	int code = 0;

	if (id) {
		ctr = pod_load_ctr(session->pod, id, err);
		code = ctr ? 0 : -ENOENT;
	} else {
		code = load_all(session->pod, err);
	}
	if (code)
		return code;
	for (size_t i = 0; op && i < sizeof(requests) / sizeof(*requests); i++)
		if (!strcmp(requests[i].op, op))
			return requests[i].run(session, ctr, request, err);
	return err_set(err, 0, "unknown request %s", op ? op : "(none)");
}

void session_request(struct session *session, const char *bytes, size_t len, int *fds, size_t n)
{
	json_t *request = json_loadb(bytes, len, 0, NULL);
	const char *breaking = json_string_value(json_object_get(request, "failpoint"));
	struct err err = { 0 };
	int code;

	if (json_is_true(json_object_get(request, "explain")) && n)
		explain_fd = fds[0];
	if (breaking)
		setenv("RUNPOD_FAILPOINT", breaking, 1);
	code = carry_out(session, request, &err);
	if (breaking)
		unsetenv("RUNPOD_FAILPOINT");
	explain_fd = -1;
	if (session->pod->changed)
		pod_save(session->pod, NULL);
	if (!code)
		session_reply_ok(session);
	else if (code < 0)
		session_reply_error(session, code, &err);
	json_decref(request);
}
