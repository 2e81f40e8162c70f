/*
 * kube_rows: what `get` shows of each object: kubectl's columns.
 */
#include "cli/kube_rows.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "cli/filter.h"
#include "cli/kube_objects.h"
#include "cli/kube_pods.h"
#include "cli/kube_status.h"
#include "store/object.h"

void kube_rows_free(struct kube_rows *rows)
{
	strv_free(&rows->lines);
	strv_free(&rows->titles);
	json_decref(rows->objects);
	*rows = (struct kube_rows){ 0 };
}

bool kube_wants(const struct get_flags *flags, const char *form)
{
	return text_equal(flags->output, form);
}

/* key=value, key==value, key, and !key; separated by commas, all must hold. */
static bool selected(const struct get_flags *flags, const struct strv *labels)
{
	struct strv parts = { 0 };
	bool all = true;

	strv_split(&parts, flags->selector ? flags->selector : "", ',');
	for (size_t i = 0; i < parts.n; i++) {
		char *part = parts.v[i], *twice = strstr(part, "==");

		if (twice)
			memmove(twice, twice + 1, strlen(twice));
		all = all && (part[0] == '!' ? !filter_label(part + 1, labels) : filter_label(part, labels));
	}
	strv_free(&parts);
	return all;
}

static void add_labels(const struct get_flags *flags, const struct strv *labels, struct buf *line)
{
	cleanup_free char *text = strv_join(labels, ",");

	if (flags->show_labels)
		buf_format(line, "\t%s", *text ? text : "<none>");
}

static void pod_line(const struct get_flags *flags, const struct pod_view *pod, struct buf *line)
{
	cleanup_free char *age = kube_age(clock_wall() - pod->created);
	struct kube_facts known;
	struct phase_row row;
	const char *ip = kube_status_ip(pod);

	kube_facts_make(pod, &known);
	phase_row(&known.facts, &row);
	buf_format(line, "%s\t%d/%d\t%s\t%" PRId64, pod->name, row.ready, row.total, row.word, row.restarts);
	if (row.restarts && row.last_restart) {
		cleanup_free char *since = kube_age(clock_wall() - row.last_restart);

		buf_format(line, " (%s ago)", since);
	}
	buf_format(line, "\t%s", age);
	if (kube_wants(flags, "wide"))
		buf_format(line, "\t%s\t%s\t<none>\t<none>", ip ? ip : "<none>", kube_node());
	add_labels(flags, &pod->record.spec.labels, line);
	free(row.word);
	kube_facts_free(&known);
}

static int add_pod(struct cli *cli, const struct get_flags *flags, struct pod_view *pod,
		   struct kube_rows *rows, struct err *err)
{
	struct buf line = { 0 };
	json_t *value;

	if (rows->objects) {
		value = kube_status_pod(cli, pod, err);
		if (!value)
			return -EINVAL;
		json_array_append_new(rows->objects, value);
	}
	pod_line(flags, pod, &line);
	strv_take(&rows->lines, line.data);
	strv_take(&rows->titles, kubectl_title("Pod", pod->name));
	return 0;
}

static int get_pods(struct cli *cli, const struct get_flags *flags, const struct strv *names,
		    struct kube_rows *rows, struct err *err)
{
	struct pod_views views = { 0 };
	struct pod_view one;
	int code = names->n ? 0 : pod_views_read(&cli->store, &views, NULL, err);

	for (size_t i = 0; i < views.n && !code; i++) {
		struct pod_view *pod = &views.v[i];

		if (pod->hidden || pod_view_load(&cli->store, pod, NULL))
			continue; /* gone meanwhile */
		if (selected(flags, &pod->record.spec.labels))
			code = add_pod(cli, flags, pod, rows, err);
	}
	for (size_t i = 0; i < names->n && !code; i++) {
		code = kubectl_pod(cli, names->v[i], &one, err);
		if (!code) {
			code = add_pod(cli, flags, &one, rows, err);
			pod_view_free(&one);
		}
	}
	pod_views_free(&views);
	return code;
}

static void add_object(const struct get_flags *flags, const char *kind, const struct object *object,
		       struct kube_rows *rows)
{
	cleanup_free char *age = kube_age(clock_wall() - object->created);
	struct buf line = { 0 };

	if (!selected(flags, &object->labels))
		return;
	if (rows->objects)
		json_array_append_new(rows->objects, object_to_json(object));
	buf_format(&line, "%s\t", object->name);
	if (!strcmp(kind, "Secret"))
		buf_format(&line, "%s\t", object->type ? object->type : "Opaque");
	buf_format(&line, "%zu\t%s", object->n, age);
	add_labels(flags, &object->labels, &line);
	strv_take(&rows->lines, line.data);
	strv_take(&rows->titles, kubectl_title(kind, object->name));
}

static int get_objects(struct cli *cli, const struct get_flags *flags, const char *kind,
		       const struct strv *names, struct kube_rows *rows, struct err *err)
{
	struct objects all = { 0 };
	int code = names->n ? 0 : object_list(&cli->store, object_kind(kind), &all, NULL, err);

	for (size_t i = 0; i < all.n && !code; i++)
		add_object(flags, kind, &all.v[i], rows);
	for (size_t i = 0; i < names->n && !code; i++) {
		struct object one = { 0 };

		code = object_get(&cli->store, object_kind(kind), names->v[i], &one, err);
		if (!code)
			add_object(flags, kind, &one, rows);
		else
			err_status(err, code, 1);
		object_free(&one);
	}
	objects_free(&all);
	return code;
}

int kube_rows_read(struct cli *cli, const struct get_flags *flags, const char *kind, const struct strv *names,
		   struct kube_rows *ret_rows, struct err *err)
{
	if (kube_wants(flags, "yaml") || kube_wants(flags, "json"))
		ret_rows->objects = json_array();
	return strcmp(kind, "Pod") ? get_objects(cli, flags, kind, names, ret_rows, err)
				   : get_pods(cli, flags, names, ret_rows, err);
}
