/*
 * actions: what the verbs ask for, as requests to supervisors; actions.h has the
 * list. A pod in which nothing runs has no supervisor, and for what needs none,
 * none is started: then the records are changed here, under the pod's lock.
 */
#include "pod/actions.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "pod/attach.h"
#include "pod/client.h"
#include "pod/depend.h"
#include "pod/merge.h"
#include "pod/pod.h"
#include "spec/fields.h"
#include "store/lock.h"

json_t *client_request(const char *op, const char *ctr_id)
{
	json_t *object = json_pack("{s:s}", "op", op);

	if (ctr_id)
		json_object_set_new(object, "ctr", json_string(ctr_id));
	return object;
}

static json_t *act_request(const struct action *action, const char *ctr_id)
{
	json_t *object = client_request(action->op, ctr_id);

	json_object_set_new(object, "signal", json_integer(action->signal));
	json_object_set_new(object, "timeout", json_integer(action->timeout));
	json_object_set_new(object, "detach", json_boolean(action->detach));
	json_object_set_new(object, "terminating", json_boolean(action->terminating));
	if (action->preserve_fds)
		json_object_set_new(object, "preserve_fds", json_integer(action->preserve_fds));
	return object;
}

int pod_adopt(const struct store *store, const char *pod_id, struct err *err)
{
	return client_call(store, pod_id, client_request("hello", NULL), NULL, NULL, NULL, err);
}

/* Whether nothing runs that the action is for: nothing to stop in a container; to stop, kill or pause in a pod. */
static bool nothing_to_do(const struct store *store, const struct name_ref *ref, const struct action *action)
{
	bool whole = !*ref->ctr_id,
	     begins = text_equal(action->op, "start") || text_equal(action->op, "restart");

	return (whole ? !begins : text_equal(action->op, "stop")) && !pod_alive(store, ref->pod_id);
}

int act_send(const struct store *store, const struct name_ref *ref, const struct action *action,
	     struct act_sent *ret_sent, struct err *err)
{
	cleanup_fd int sock = -1;
	int code;

	*ret_sent = (struct act_sent){ .ref = *ref, .action = action, .sock = -1 };
	if (nothing_to_do(store, ref, action))
		return 0;
	sock = client_connect(store, ref->pod_id, true, err);
	if (sock < 0)
		return sock;
	code = client_send(sock, act_request(action, *ref->ctr_id ? ref->ctr_id : NULL), err);
	if (!code)
		ret_sent->sock = take_fd(&sock);
	return code;
}

int act_finish(const struct store *store, struct act_sent *sent, struct action_notes *notes, struct err *err)
{
	cleanup_fd int sock = take_fd(&sent->sock);
	int code;

	if (sock < 0)
		return 0;
	code = client_receive(sock, notes ? &notes->lines : NULL, NULL, err);
	if (code == -ECONNRESET || code == -EPIPE) /* its supervisor was just leaving: once more */
		code = ctr_act(store, &sent->ref, sent->action, notes, err);
	return code;
}

int pod_act(const struct store *store, const char *pod_id, const struct action *action,
	    struct action_notes *notes, struct err *err)
{
	struct name_ref ref = { .kind = NAME_POD };

	memcpy(ref.pod_id, pod_id, strlen(pod_id) + 1);
	return ctr_act(store, &ref, action, notes, err);
}

int ctr_act(const struct store *store, const struct name_ref *ref, const struct action *action,
	    struct action_notes *notes, struct err *err)
{
	if (nothing_to_do(store, ref, action))
		return 0;
	return client_call(store, ref->pod_id, act_request(action, *ref->ctr_id ? ref->ctr_id : NULL),
			   notes ? &notes->lines : NULL, NULL, NULL, err);
}

/* Podman's words when a pod has containers that run: one line for each. */
static int still_running(const struct store *store, const char *pod_id, struct err *err)
{
	struct pod_state state = { 0 };
	struct buf lines = { 0 };
	int code = 0;

	if (record_read_state(store, pod_id, &state, NULL))
		return 0;
	state_verify(&state);
	for (size_t i = 0; i < state.ctrs.n; i++)
		if (state.ctrs.v[i].pid && !state.ctrs.v[i].infra)
			buf_format(&lines,
				   "\ncannot remove container %s as it is %s - running or paused containers "
				   "cannot be removed without force: container state improper",
				   state.ctrs.v[i].id, state.ctrs.v[i].status);
	if (lines.len) {
		err_set(err, 0, "not all containers could be removed from pod %s: removing pod containers%s",
			pod_id, lines.data);
		code = -EBUSY;
	}
	buf_free(&lines);
	pod_state_free(&state);
	return code;
}

int pod_remove(const struct store *store, const char *pod_id, bool force, int64_t timeout, struct err *err)
{
	struct action stop = { .op = "stop", .timeout = timeout < 0 ? 0 : timeout };
	int code = force ? 0 : still_running(store, pod_id, err);

	for (int attempt = 0; !code && attempt < 10; attempt++) {
		cleanup_fd int lock = -1;

		code = pod_act(store, pod_id, &stop, NULL, err);
		if (!code)
			code = lock = lock_pod(store, pod_id, 30000, err);
		if (code < 0)
			return code;
		if (!pod_has_process(store, pod_id)) /* with the lock in hand: nobody can start it now */
			return remove_pod_files(store, pod_id, err);
		code = 0;
	}
	return code ? code : err_set(err, EBUSY, "remove pod %s: it is started again and again", pod_id);
}

/* Those who joined this one's namespaces go first, with depend; else they are why it stays. */
static int handle_dependents(const struct store *store, const struct name_ref *ctr, bool force, bool depend,
			     int64_t timeout, struct err *err)
{
	struct strv ids = { 0 };
	int code = 0;

	depend_list(store, ctr, &ids);
	if (ids.n && !depend) {
		cleanup_free char *all = strv_join(&ids, ", ");

		err_set(err, 0,
			"container %s has dependent containers which must be removed before it: %s: "
			"container already exists",
			ctr->ctr_id, all);
		code = -EBUSY;
	}
	for (size_t i = 0; i < ids.n && !code; i++) {
		struct name_ref joined;

		if (!name_find(store, NAME_CTR, ids.v[i], &joined, NULL))
			code = ctr_remove(store, &joined, force, true, true, timeout, err);
	}
	strv_free(&ids);
	return code;
}

/* Nothing of its pod lives; -ESTALE when somebody has started it before we had the lock. */
static int remove_at_rest(const struct store *store, const struct ctr_record *ctr, bool volumes,
			  struct err *err)
{
	cleanup_fd int lock = lock_pod(store, ctr->pod_id, 30000, err);
	int code = lock < 0 ? lock : 0;

	if (!code && ctr->spec.name && pod_alive(store, ctr->pod_id))
		return -ESTALE;
	if (!code)
		code = remove_ctr_files(store, ctr, volumes, err);
	return !code && ctr->hidden_pod ? remove_pod_files(store, ctr->pod_id, err) : code;
}

static bool pod_is_hidden(const struct store *store, const char *pod_id)
{
	struct pod_record pod = { 0 };
	bool hidden = !record_read_pod(store, pod_id, &pod, NULL) && pod.spec.hidden;

	pod_record_free(&pod);
	return hidden;
}

int ctr_remove(const struct store *store, const struct name_ref *ref, bool force, bool depend, bool volumes,
	       int64_t timeout, struct err *err)
{
	struct ctr_record ctr = { 0 };
	int code = record_read_ctr(store, ref->pod_id, ref->ctr_id, &ctr, err);

	if (code) { /* a command was killed while making it, or the record is torn: what there is goes */
		ctr = (struct ctr_record){ .id = text_dup(ref->ctr_id),
					   .pod_id = text_dup(ref->pod_id),
					   .hidden_pod = pod_is_hidden(store, ref->pod_id) };
		code = remove_at_rest(store, &ctr, volumes, err);
	} else if (ctr.infra) {
		err_set(err, 0,
			"container %s is the infra container of pod %s and cannot be removed without "
			"removing the pod",
			ctr.id, ctr.pod_id);
		code = -EBUSY;
	} else {
		code = handle_dependents(store, ref, force, depend, timeout, err);
	}
	if (!code && ctr.spec.name && pod_alive(store, ref->pod_id)) {
		json_t *remove = client_request("remove", ref->ctr_id);

		json_object_set_new(remove, "force", json_boolean(force));
		json_object_set_new(remove, "volumes", json_boolean(volumes));
		json_object_set_new(remove, "timeout", json_integer(timeout < 0 ? 0 : timeout));
		code = client_call(store, ref->pod_id, remove, NULL, NULL, NULL, err);
	} else if (!code && ctr.spec.name) {
		code = remove_at_rest(store, &ctr, volumes, err);
	}
	ctr_record_free(&ctr);
	return code == -ESTALE ? ctr_remove(store, ref, force, depend, volumes, timeout, err) : code;
}
