/*
 * actions_attach: the actions that show a program's output or wait for its end:
 * start attached, attach, exec, wait. actions.h has the list.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "pod/actions.h"
#include "pod/attach.h"
#include "pod/client.h"
#include "spec/fields.h"

static json_t *attach_wish(const struct attach_options *options)
{
	return json_pack("{s:b, s:b}", "out", options->out, "err", options->err);
}

/* Sends a request that answers with a stream, and streams. */
static int call_and_stream(const struct store *store, const struct name_ref *ctr, json_t *wish,
			   const struct attach_options *options, struct action_notes *notes, int *ret_exit,
			   bool *ret_detached, struct err *err)
{
	cleanup_fd int sock = -1;
	int code;

	json_object_set_new(wish, "attach", attach_wish(options));
	json_object_set_new(wish, "preserve_fds", json_integer(options->preserve_fds));
	code = client_call(store, ctr->pod_id, wish, notes ? &notes->lines : NULL, NULL, &sock, err);
	return code ? code : attach_stream(sock, options, ret_exit, ret_detached, err);
}

int ctr_start_attached(const struct store *store, const struct name_ref *ctr,
		       const struct attach_options *options, struct action_notes *notes, int *ret_exit,
		       bool *ret_detached, struct err *err)
{
	return call_and_stream(store, ctr, client_request("start", ctr->ctr_id), options, notes, ret_exit,
			       ret_detached, err);
}

int ctr_attach(const struct store *store, const struct name_ref *ctr, const struct attach_options *options,
	       int *ret_exit, bool *ret_detached, struct err *err)
{
	if (!pod_alive(store, ctr->pod_id))
		return err_set(err, 0, "you can only attach to running containers");
	return call_and_stream(store, ctr, client_request("attach", ctr->ctr_id), options, NULL, ret_exit,
			       ret_detached, err);
}

static int exec_detached(const struct store *store, const struct name_ref *ctr, json_t *wish, char *ret_id,
			 struct err *err)
{
	json_t *answer = NULL;
	int code = client_call(store, ctr->pod_id, wish, NULL, &answer, NULL, err);
	const char *id = json_string_value(json_object_get(answer, "exec_id"));

	if (!code && ret_id)
		snprintf(ret_id, ID_LENGTH + 1, "%s", id ? id : "");
	json_decref(answer);
	return code;
}

int ctr_exec(const struct store *store, const struct name_ref *ctr, const struct exec_spec *exec,
	     int *ret_exit, struct err *err)
{
	json_t *wish = client_request("exec", ctr->ctr_id);
	bool detached;

	*ret_exit = 0;
	if (!pod_alive(store, ctr->pod_id)) {
		json_decref(wish);
		return err_set(
			err, 0,
			"can only create exec sessions on running containers: container state improper");
	}
	json_object_set_new(wish, "exec", fields_encode(&exec_spec_shape, exec));
	json_object_set_new(wish, "preserve_fds", json_integer(exec->attach.preserve_fds));
	if (exec->detach)
		return exec_detached(store, ctr, wish, exec->ret_id, err);
	return call_and_stream(store, ctr, wish, &exec->attach, NULL, ret_exit, &detached, err);
}

/* Of a container whose pod has no supervisor: what the records say. */
static int exit_code_at_rest(const struct store *store, const struct name_ref *ctr, int *ret_exit)
{
	struct exit_record last = { 0 };

	*ret_exit = record_read_exit(store, ctr->pod_id, ctr->ctr_id, &last, NULL) ? 0 : (int)last.exit_code;
	return 0;
}

int ctr_wait(const struct store *store, const struct name_ref *ctr, const struct strv *conditions,
	     int *ret_exit, struct err *err)
{
	bool only_end = !conditions || !conditions->n || strv_has(conditions, "stopped") ||
			strv_has(conditions, "exited");
	json_t *wish, *answer = NULL;
	int code;

	if (!pod_alive(store, ctr->pod_id) && only_end &&
	    !record_read_exit(store, ctr->pod_id, ctr->ctr_id, &(struct exit_record){ 0 }, NULL))
		return exit_code_at_rest(store, ctr, ret_exit);
	wish = client_request("wait", ctr->ctr_id);
	json_object_set_new(wish, "conditions", json_array());
	for (size_t i = 0; conditions && i < conditions->n; i++)
		json_array_append_new(json_object_get(wish, "conditions"), json_string(conditions->v[i]));
	code = client_call(store, ctr->pod_id, wish, NULL, &answer, NULL, err);
	if (!code)
		*ret_exit = (int)json_integer_value(json_object_get(answer, "exit_code"));
	json_decref(answer);
	return code;
}
