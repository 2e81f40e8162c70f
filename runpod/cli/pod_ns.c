/*
 * pod_ns: draws the containers of a pod against their namespaces, and tells
 * whether a pod is there.
 *
 *	CONTAINER     PID   net          ipc          uts          pid …
 *	shop-infra    4711  4026532993*  4026532992*  4026532991*  4026532994
 *	web           4725  4026532993*  4026532992*  4026532991*  4026533001
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/choose.h"
#include "cli/listing.h"
#include "cli/show.h"
#include "cli/table.h"
#include "cli/verbs.h"
#include "pod/nsview.h"

struct ns_flags {
	bool latest;
	char *format;
};

static const struct opt options[] = {
	{ "format", 0, OPT_TEXT, offsetof(struct ns_flags, format), "string",
	  "json, or a Go template for each container", NULL, NULL },
	{ "latest", 'l', OPT_BOOL, offsetof(struct ns_flags, latest), NULL, "The latest pod", NULL, NULL },
	{ 0 },
};

static json_t *json_of(const struct nsview *view)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < view->n; i++) {
		const struct nsview_row *row = &view->v[i];
		json_t *kinds = json_object();

		for (size_t kind = 0; kind < NSVIEW_KINDS; kind++)
			json_object_set_new(kinds, nsview_kinds[kind],
					    json_pack("{s:I, s:b, s:b}", "Inode",
						      (json_int_t)row->inode[kind], "Shared",
						      row->shared[kind], "Host", row->host[kind]));
		json_array_append_new(rows, json_pack("{s:o, s:o, s:I, s:b, s:o}", "Id",
						      show_text(row->ctr->now.id), "Name",
						      show_text(row->ctr->now.name), "Pid",
						      (json_int_t)row->ctr->now.pid, "IsInfra",
						      row->ctr->infra, "Namespaces", kinds));
	}
	return rows;
}

static void draw(const struct nsview *view)
{
	struct table table = { 0 };
	struct buf line = { 0 };

	buf_text(&line, "CONTAINER\tPID");
	for (size_t kind = 0; kind < NSVIEW_KINDS; kind++)
		buf_format(&line, "\t%s", nsview_kinds[kind]);
	table_add(&table, line.data);
	for (size_t i = 0; i < view->n; i++) {
		const struct nsview_row *row = &view->v[i];

		buf_drop(&line, line.len);
		buf_format(&line, "%s\t%" PRId64, row->ctr->now.name, row->ctr->now.pid);
		for (size_t kind = 0; kind < NSVIEW_KINDS; kind++) {
			if (!row->inode[kind])
				buf_text(&line, "\t-");
			else
				buf_format(&line, "\t%ju%s%s", (uintmax_t)row->inode[kind],
					   row->shared[kind] ? "*" : "", row->host[kind] ? "h" : "");
		}
		table_add(&table, line.data);
	}
	table_print(&table);
	printf("* the same namespace as the infra's   h the host's   - not running\n");
	table_free(&table);
	buf_free(&line);
}

static int ns(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct ns_flags *flags = target;
	struct nsview view;
	struct pod_view pod;
	struct name_ref ref;
	int code = choose_pod(cli, flags->latest, args, &ref, err);

	if (!code)
		code = pod_view_read(&cli->store, ref.pod_id, &pod, err);
	if (code)
		return code;
	nsview_read(&pod, &view);
	if (flags->format) {
		struct listing listing = { .format = flags->format };
		json_t *rows = json_of(&view);

		if (listing_is_json(flags->format))
			json_print(rows, 5);
		else
			code = listing_print(&listing, rows, err);
		json_decref(rows);
	} else {
		draw(&view);
	}
	nsview_free(&view);
	pod_view_free(&pod);
	return code;
}

const struct verb verb_pod_ns = {
	.usage = "[options] POD",
	.description = "Draws the containers of a pod against their namespaces: the inode number of each, "
		       "and which\n"
		       "  are shared with the infra container.",
	.examples = "pod ns web\npod ns --latest\npod ns --format json web",
	.options = options,
	.flags_size = sizeof(struct ns_flags),
	.max_args = 1,
	.run = ns,
};

static int exists(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	struct name_ref ref;
	int code = cli_store(cli, err);

	(void)flags;
	return code ? code : name_find(&cli->store, NAME_POD, args->v[0], &ref, NULL) != 0;
}

const struct verb verb_pod_exists = {
	.usage = "POD",
	.description = "Ends with 0 when the pod is there, with 1 when it is not.",
	.examples = "pod exists podID",
	.min_args = 1,
	.max_args = 1,
	.run = exists,
};
