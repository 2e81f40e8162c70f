/*
 * ps: lists containers. One state.json a pod says who runs; only of those that
 * are shown is ctr.json read too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/choose.h"
#include "cli/filter.h"
#include "cli/listing.h"
#include "cli/ps_filter.h"
#include "cli/ps_rows.h"
#include "cli/verbs.h"

struct ps_flags {
	bool all, latest, no_trunc, no_heading, ns, pod, quiet, external, sync;
	int64_t last;
	char *format, *sort;
	struct strv filters;
};

#define ROW(name, letter, type, member, metavar, help)                                                       \
	{                                                                                                    \
		name, letter, type, offsetof(struct ps_flags, member), metavar, help, NULL, NULL             \
	}

static const struct opt options[] = {
	ROW("all", 'a', OPT_BOOL, all, NULL, "Show all the containers, default is only running containers"),
	ROW("external", 0, OPT_BOOL, external, NULL,
	    "Accepted and without effect: there are no external containers"),
	ROW("filter", 'f', OPT_STRV, filters, "filter", "Filter output based on conditions given"),
	ROW("format", 0, OPT_TEXT, format, "string", "Print containers to JSON or using a Go template"),
	ROW("last", 'n', OPT_INT, last, "int", "Print the n last created containers (all states)"),
	ROW("latest", 'l', OPT_BOOL, latest, NULL, "Show the latest container created (all states)"),
	ROW("namespace", 0, OPT_BOOL, ns, NULL, "Display namespace information"),
	ROW("no-trunc", 0, OPT_BOOL, no_trunc, NULL, "Display the extended information"),
	ROW("noheading", 0, OPT_BOOL, no_heading, NULL, "Do not print headers"),
	ROW("ns", 0, OPT_BOOL, ns, NULL, NULL),
	ROW("pod", 'p', OPT_BOOL, pod, NULL,
	    "Print the ID and name of the pod the containers are associated with"),
	ROW("quiet", 'q', OPT_BOOL, quiet, NULL, "Print the numeric IDs of the containers only"),
	{ "size", 's', OPT_REFUSED, 0, "du of the container's directory below the root that info shows", NULL,
	  NULL, NULL },
	ROW("sort", 0, OPT_TEXT, sort, "choice",
	    "Sort output by: command, created, id, image, names, runningfor, status"),
	ROW("sync", 0, OPT_BOOL, sync, NULL, "Accepted and without effect: what is shown is always current"),
	{ "watch", 'w', OPT_REFUSED, 0, "watch(1) does this", NULL, NULL, NULL },
	{ 0 },
};

static const struct heading headings[] = {
	{ "ID", "CONTAINER ID" },
	{ "Pod", "POD ID" },
	{ "PodName", "PODNAME" },
	{ "ImageID", "IMAGE ID" },
	{ "Image", "IMAGE" },
	{ "Pid", "PID" },
	{ "Command", "COMMAND" },
	{ "Created", "CREATED" },
	{ "Status", "STATUS" },
	{ "Ports", "PORTS" },
	{ "Names", "NAMES" },
	{ "CreatedAt", "CREATED AT" },
	{ "State", "STATE" },
	{ "Labels", "LABELS" },
	{ "RunningFor", "CREATED" },
	{ "ExitCode", "EXIT CODE" },
	{ "Mounts", "MOUNTS" },
	{ "Networks", "NETWORKS" },
	{ "Restarts", "RESTARTS" },
	{ "CreatedHuman", "CREATED" },
	{ "CGROUPNS", "CGROUPNS" },
	{ "IPC", "IPC" },
	{ "MNT", "MNT" },
	{ "NET", "NET" },
	{ "PIDNS", "PIDNS" },
	{ "USERNS", "USERNS" },
	{ "UTS", "UTS" },
	{ NULL, NULL },
};

/* The order that --sort names. qsort(3) takes no argument, so one function each. */
#define ORDER(name, expression)                                                                              \
	static int by_##name(const void *left, const void *right)                                            \
	{                                                                                                    \
		const struct ctr_view *a = ((const struct ps_entry *)left)->ctr;                             \
		const struct ctr_view *b = ((const struct ps_entry *)right)->ctr;                            \
		return expression;                                                                           \
	}

static int compare_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

ORDER(created, (a->record.created > b->record.created) - (a->record.created < b->record.created))
ORDER(age, (a->record.created < b->record.created) - (a->record.created > b->record.created))
ORDER(id, compare_text(a->now.id, b->now.id))
ORDER(image, compare_text(a->record.image_name, b->record.image_name))
ORDER(names, compare_text(a->now.name, b->now.name))
ORDER(status, compare_text(a->now.status, b->now.status))
ORDER(command,
      compare_text(a->record.args.n ? a->record.args.v[0] : "", b->record.args.n ? b->record.args.v[0] : ""))

static const struct {
	const char *name;
	int (*compare)(const void *, const void *);
} orders[] = { { "created", by_created }, { "runningfor", by_age }, { "id", by_id },
	       { "image", by_image },	  { "names", by_names },    { "status", by_status },
	       { "command", by_command } };

static int sort(struct ps_entries *entries, const char *order, struct err *err)
{
	for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++) {
		if (strcmp(orders[i].name, order))
			continue;
		if (entries->n)
			qsort(entries->v, entries->n, sizeof(*entries->v), orders[i].compare);
		return 0;
	}
	return err_set(err, 0,
		       "invalid argument \"%s\" for \"--sort\" flag: must be one of command, created, id, "
		       "image, names, runningfor, status",
		       order);
}

/* All containers that are to be shown. */
static void collect(struct cli *cli, const struct ps_flags *flags, const struct ps_filter *filter,
		    struct pod_views *pods, struct ps_entries *entries)
{
	bool all = flags->all || flags->latest || flags->last > 0 || filter_has(&flags->filters, "status") ||
		   filter_has(&flags->filters, "exited");

	for (size_t i = 0; i < pods->n; i++) {
		for (size_t j = 0; j < pods->v[i].n; j++) {
			struct ps_entry entry = { &pods->v[i], &pods->v[i].ctrs[j] };

			if ((!all && !ctr_view_alive(entry.ctr)) ||
			    ctr_view_load(&cli->store, entry.ctr, NULL))
				continue; /* not loadable: removed meanwhile */
			if (!ps_filter_fits(filter, entry.pod, entry.ctr))
				continue;
			entries->v = mem_realloc(entries->v, (entries->n + 1) * sizeof(entry));
			entries->v[entries->n++] = entry;
		}
	}
}

/* Keeps only the n containers made last. */
static void keep_last(struct ps_entries *entries, size_t n)
{
	qsort(entries->v, entries->n, sizeof(*entries->v), by_created);
	if (n < entries->n) {
		memmove(entries->v, entries->v + entries->n - n, n * sizeof(*entries->v));
		entries->n = n;
	}
}

static int print(const struct cli *cli, const struct ps_flags *flags, const struct ps_entries *entries,
		 struct err *err)
{
	struct listing listing = {
		.format = flags->format,
		.usual =
			flags->ns
				? "table "
				  "{{.ID}}\t{{.Names}}\t{{.Pid}}\t{{.CGROUPNS}}\t{{.IPC}}\t{{.MNT}}\t{{.NET}}"
				  "\t{{.PIDNS}}\t{{.USERNS}}\t{{.UTS}}"
			: flags->pod
				? "table "
				  "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.Created}}\t{{.Status}}\t{{.Ports}}"
				  "\t{{.Names}}\t{{.Pod}}\t{{.PodName}}"
				: "table "
				  "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.Created}}\t{{.Status}}\t{{.Ports}}"
				  "\t{{.Names}}",
		.headings = headings,
		.no_heading = flags->no_heading,
	};
	bool json = listing_is_json(flags->format);
	enum ps_fields fields = flags->ns || flags->format ? PS_NAMESPACES : PS_USUAL;
	json_t *rows = json_array();
	int code = 0;

	if (flags->quiet && !flags->format)
		listing.format = "{{.ID}}";
	for (size_t i = 0; i < entries->n; i++)
		json_array_append_new(rows, json ? ps_json(cli, &entries->v[i])
						 : ps_row(cli, &entries->v[i], flags->no_trunc, fields));
	if (json)
		json_print(rows, 2);
	else
		code = listing_print(&listing, rows, err);
	json_decref(rows);
	return code;
}

static int ps(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct ps_flags *flags = target;
	struct strv broken = { 0 };
	struct pod_views pods = { 0 };
	struct ps_entries entries = { 0 };
	struct ps_filter filter;
	int code = ps_filter_read(cli, &flags->filters, NULL, &filter, err);

	(void)args;
	if (!code)
		code = pod_views_read(&cli->store, &pods, &broken, err);
	if (!code)
		collect(cli, flags, &filter, &pods, &entries);
	if (!code && (flags->latest || flags->last > 0) && entries.n)
		keep_last(&entries, flags->latest ? 1 : (size_t)flags->last);
	if (!code)
		code = sort(&entries, flags->sort ? flags->sort : "created", err);
	if (!code)
		code = print(cli, flags, &entries, err);
	cli_warn(cli, &broken);
	strv_free(&broken);
	free(entries.v);
	pod_views_free(&pods);
	return code;
}

const struct verb verb_ps = {
	.usage = "[options]",
	.description = "Prints out information about the containers.",
	.examples = "ps -a\nps -a --format \"{{.ID}}  {{.Image}}  {{.Labels}}  {{.Mounts}}\"\nps --pod",
	.options = options,
	.flags_size = sizeof(struct ps_flags),
	.run = ps,
};
