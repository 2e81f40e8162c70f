/*
 * control: the requests that a supervisor understands, one function each behind
 * a table, and the answers. Those about a container's life are in requests.c.
 */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kern/explain.h"
#include "pod/control.h"
#include "pod/pod_volumes.h"
#include "pod/wire.h"

void session_reply(struct session *session, json_t *answer)
{
	cleanup_free char *text = json_dumps(answer, JSON_COMPACT), *note = take_ptr(session->pod->note);

	if (note)
		session_send(session, WIRE_NOTE, note, strlen(note));
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

static int do_pause(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
{
	(void)request;
	return pod_freeze(session->pod, ctr, true, err);
}

static int do_unpause(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
{
	(void)request;
	return pod_freeze(session->pod, ctr, false, err);
}

/* A ConfigMap or Secret that the pod shows has changed. */
static int do_refresh(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
{
	(void)ctr;
	(void)request;
	return session->pod->plan.done ? pod_volumes_refresh(session->pod, err) : 0;
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

/* What is written on the pod was changed: labels, annotations, its manifest. Files that show them follow. */
static int do_reload(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
{
	struct pod_spec *spec = &session->pod->record.spec;
	struct pod_record fresh = { 0 };
	int code = record_read_pod(session->pod->store, session->pod->record.id, &fresh, err);

	(void)ctr;
	(void)request;
	if (code)
		return code;
	strv_free(&spec->labels);
	strv_free(&spec->annotations);
	strv_copy(&spec->labels, &fresh.spec.labels);
	strv_copy(&spec->annotations, &fresh.spec.annotations);
	text_replace(&spec->manifest, text_dup(fresh.spec.manifest));
	pod_record_free(&fresh);
	return pod_volumes_refresh(session->pod, err);
}

static const struct {
	const char *op;
	int (*run)(struct session *session, struct ctr *ctr, const json_t *request,
		   struct err *err); /* 1: answered later */
} requests[] = {
	{ "hello", do_hello },	   { "start", do_start },     { "stop", do_stop },
	{ "restart", do_restart }, { "kill", do_kill },	      { "pause", do_pause },
	{ "unpause", do_unpause }, { "attach", do_attach },   { "reload", do_reload },
	{ "exec", do_exec },	   { "wait", do_wait },	      { "remove", do_remove },
	{ "clock", do_clock },	   { "refresh", do_refresh },
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

	if (json_is_true(json_object_get(request, "explain")) && n) {
		explain_fd = *fds++;
		n--;
	}
	session->pod->fds = fds;
	session->pod->n_fds = n;
	if (breaking)
		setenv("RUNPOD_FAILPOINT", breaking, 1);
	code = carry_out(session, request, &err);
	if (breaking)
		unsetenv("RUNPOD_FAILPOINT");
	explain_fd = -1;
	session->pod->n_fds = 0;
	if (session->pod->changed)
		pod_save(session->pod, NULL);
	if (!code)
		session_reply_ok(session);
	else if (code < 0)
		session_reply_error(session, code, &err);
	json_decref(request);
}
