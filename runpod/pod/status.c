/*
 * status: joins the records of a pod into what is shown; status.h tells of which.
 *
 * Rule: records are replaced by rename(2) and pods are removed while we look,
 * so every file may be missing, and a missing one is no error but an answer: no
 * state.json means that nothing runs (a reboot empties /run). A container
 * without an entry there has run once if it left exit.json or an upper layer.
 */
#include "pod/status.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "pod/actions.h"
#include "pod/pod.h"
#include "store/record_shapes.h"

/* Whether file is there in the container's directory. */
static bool has_file(const struct store *store, const struct ctr_view *view, const char *file)
{
	cleanup_free char *path = text_format("pods/%s/ctr/%s/%s", view->pod_id, view->now.id, file);

	return !faccessat(store->root_fd, path, F_OK, 0);
}

/* Makes up the state of a container that has no entry in state.json. */
static void made_up_state(const struct store *store, struct ctr_view *view)
{
	struct exit_record exit;
	int code = record_read_exit(store, view->pod_id, view->now.id, &exit, NULL);

	if (!code) {
		view->now.started = exit.started;
		view->now.finished = exit.finished;
		view->now.exit_code = exit.exit_code;
		view->now.oom_killed = exit.oom_killed;
		view->now.restarts = exit.restarts;
		view->now.log_lost = exit.log_lost;
	} else if (has_file(store, view, "upper")) {
		view->now.exit_code = EXIT_UNKNOWN; /* it ran, and the machine went down under it */
		code = 0;
	}
	text_replace(&view->now.status, text_dup(code ? "created" : "exited"));
}

/* Fills the view of one container. -ENOENT when it has gone meanwhile. */
static int read_ctr(const struct store *store, struct pod_view *pod, const char *ctr_id,
		    struct ctr_view *view, struct err *err)
{
	struct ctr_state *entry = state_find(&pod->state, ctr_id);
	int code;

	view->pod_id = text_dup(pod->id);
	view->pod_name = text_dup(pod->name);
	view->hidden = pod->hidden;
	if (entry) {
		view->now = *entry; /* taken over: the state has it no more */
		*entry = (struct ctr_state){ 0 };
		view->infra = view->now.infra;
		view->order = view->now.created;
		return 0;
	}
	view->now.id = text_dup(ctr_id);
	code = ctr_view_load(store, view, err);
	if (code)
		return code;
	view->now.name = text_dup(view->record.spec.name);
	view->now.role = text_dup(view->record.spec.init_ctr);
	view->now.created = view->record.created;
	view->infra = view->now.infra = view->record.infra;
	view->order = view->record.created;
	made_up_state(store, view);
	return 0;
}

static void free_ctr(struct ctr_view *view)
{
	fields_free(&ctr_state_shape, &view->now);
	if (view->loaded)
		ctr_record_free(&view->record);
	free(view->pod_id);
	free(view->pod_name);
}

static int by_order(const void *a, const void *b)
{
	const struct ctr_view *one = a, *two = b;

	if (one->infra != two->infra)
		return one->infra ? -1 : 1;
	if (one->order != two->order)
		return one->order < two->order ? -1 : 1;
	return strcmp(one->now.id, two->now.id);
}

/* The ids of the pod's containers. Where a supervisor lives and knows of as many as there are, they are those. */
static int list_ctrs(const struct store *store, const struct pod_view *view, struct strv *ret_ids,
		     struct err *err)
{
	const struct ctr_states *known = &view->state.ctrs;

	if (!view->state.supervised || record_count_ctrs(store, view->id) != (int)known->n)
		return record_list_ctrs(store, view->id, ret_ids, err);
	for (size_t i = 0; i < known->n; i++)
		strv_add(ret_ids, known->v[i].id);
	return 0;
}

static int read_ctrs(const struct store *store, struct pod_view *view, struct err *err)
{
	struct strv ids = { 0 };
	int code = list_ctrs(store, view, &ids, err);

	view->ctrs = mem_zalloc(ids.n * sizeof(*view->ctrs));
	for (size_t i = 0; !code && i < ids.n; i++) {
		struct ctr_view *ctr = &view->ctrs[view->n];

		code = read_ctr(store, view, ids.v[i], ctr, err);
		if (!code) {
			view->n++;
			continue;
		}
		free_ctr(ctr);
		memset(ctr, 0, sizeof(*ctr));
		if (code == -ENOENT)
			code = 0; /* being made or removed just now */
	}
	if (view->n)
		qsort(view->ctrs, view->n, sizeof(*view->ctrs), by_order);
	strv_free(&ids);
	return code;
}

/* After a reboot the infra, which has no layer of its own, ran if any of its pod has. */
static void infra_ran_too(struct pod_view *view)
{
	struct ctr_view *infra = pod_view_infra(view);

	if (!infra || view->running || strcmp(infra->now.status, "created"))
		return;
	for (size_t i = 0; i < view->n; i++) {
		if (strcmp(view->ctrs[i].now.status, "exited"))
			continue;
		text_replace(&infra->now.status, text_dup("exited"));
		infra->now.exit_code = EXIT_UNKNOWN;
		infra->now.finished = view->ctrs[i].now.finished;
	}
}

/* The pod's state; when its supervisor was killed, it gets another first, which knows what has become of it. */
static int read_state(const struct store *store, const char *pod_id, struct pod_state *ret_state,
		      struct err *err)
{
	int code = record_read_state(store, pod_id, ret_state, err);

	if (code || !state_orphaned(ret_state) || pod_adopt(store, pod_id, NULL))
		return code;
	pod_state_free(ret_state);
	return record_read_state(store, pod_id, ret_state, err);
}

int pod_view_read(const struct store *store, const char *pod_id, struct pod_view *ret_view, struct err *err)
{
	struct pod_view view = { .id = text_dup(pod_id) };
	int code = read_state(store, pod_id, &view.state, err);

	if (!code) {
		view.running = true;
		state_verify(&view.state);
		view.name = text_dup(view.state.name);
		view.created = view.state.created;
		view.hidden = view.state.hidden;
	} else if (code == -ENOENT) {
		code = pod_view_load(store, &view, err);
		if (!code) {
			view.name = text_dup(view.record.spec.name);
			view.created = view.record.created;
			view.hidden = view.record.spec.hidden;
		}
	}
	if (!code)
		code = read_ctrs(store, &view, err);
	if (code) {
		pod_view_free(&view);
		return code;
	}
	infra_ran_too(&view);
	*ret_view = view;
	return 0;
}

static int by_age(const void *a, const void *b)
{
	const struct pod_view *one = a, *two = b;

	if (one->created != two->created)
		return one->created < two->created ? -1 : 1;
	return strcmp(one->id, two->id);
}

int pod_views_read(const struct store *store, struct pod_views *ret_views, struct strv *ret_broken,
		   struct err *err)
{
	struct pod_views views = { 0 };
	struct strv ids = { 0 };
	int code = record_list_pods(store, &ids, err);

	views.v = mem_zalloc(ids.n * sizeof(*views.v));
	for (size_t i = 0; !code && i < ids.n; i++) {
		struct err why = { 0 };
		struct pod_view *view = &views.v[views.n];
		int read = pod_view_read(store, ids.v[i], view, &why);

		if (read == -ENOENT || (!read && view->hidden && !view->n)) {
			remove_abandoned(store, ids.v[i]);
			if (!read)
				pod_view_free(view);
		} else if (!read) {
			views.n++;
		} else if (ret_broken) {
			strv_add(ret_broken, why.text);
		}
	}
	strv_free(&ids);
	if (views.n)
		qsort(views.v, views.n, sizeof(*views.v), by_age);
	*ret_views = views;
	return code;
}

int pod_view_load(const struct store *store, struct pod_view *view, struct err *err)
{
	int code;

	if (view->loaded)
		return 0;
	code = record_read_pod(store, view->id, &view->record, err);
	if (code == -ENOENT)
		return err_set(err, ENOENT, "read the record of pod %s", view->id);
	view->loaded = !code;
	return code;
}

int ctr_view_load(const struct store *store, struct ctr_view *view, struct err *err)
{
	int code;

	if (view->loaded)
		return 0;
	code = record_read_ctr(store, view->pod_id, view->now.id, &view->record, err);
	if (code == -ENOENT)
		return err_set(err, ENOENT, "read the record of container %s", view->now.id);
	view->loaded = !code;
	return code;
}

void pod_view_free(struct pod_view *view)
{
	for (size_t i = 0; i < view->n; i++)
		free_ctr(&view->ctrs[i]);
	free(view->ctrs);
	free(view->id);
	free(view->name);
	pod_state_free(&view->state);
	if (view->loaded)
		pod_record_free(&view->record);
	*view = (struct pod_view){ 0 };
}

void pod_views_free(struct pod_views *views)
{
	for (size_t i = 0; i < views->n; i++)
		pod_view_free(&views->v[i]);
	free(views->v);
	*views = (struct pod_views){ 0 };
}

struct ctr_view *pod_view_infra(struct pod_view *view)
{
	for (size_t i = 0; i < view->n; i++)
		if (view->ctrs[i].infra)
			return &view->ctrs[i];
	return NULL;
}

struct ctr_view *pod_view_ctr(struct pod_view *view, const char *ctr_id)
{
	for (size_t i = 0; i < view->n; i++)
		if (text_equal(view->ctrs[i].now.id, ctr_id))
			return &view->ctrs[i];
	return NULL;
}
