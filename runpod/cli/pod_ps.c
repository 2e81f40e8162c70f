/*
 * pod_ps: lists pods. A pod that goes while we look is passed over; the list
 * never fails because of one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/filter.h"
#include "cli/listing.h"
#include "cli/pod_filter.h"
#include "cli/show.h"
#include "cli/verbs.h"
#include "cli/when.h"

struct pod_ps_flags {
	bool ctr_ids, ctr_names, ctr_status, latest, no_trunc, no_heading, ns, quiet;
	char *format, *sort;
	struct strv filters;
};

#define ROW(name, letter, type, member, metavar, help)                                                       \
	{                                                                                                    \
		name, letter, type, offsetof(struct pod_ps_flags, member), metavar, help, NULL, NULL         \
	}

static const struct opt options[] = {
	ROW("ctr-ids", 0, OPT_BOOL, ctr_ids, NULL, "Display the container UUIDs"),
	ROW("ctr-names", 0, OPT_BOOL, ctr_names, NULL, "Display the container names"),
	ROW("ctr-status", 0, OPT_BOOL, ctr_status, NULL, "Display the container status"),
	ROW("filter", 'f', OPT_STRV, filters, "filter", "Filter output based on conditions given"),
	ROW("format", 0, OPT_TEXT, format, "string", "Print pods to JSON or using a Go template"),
	ROW("latest", 'l', OPT_BOOL, latest, NULL, "Show the latest pod created"),
	ROW("no-trunc", 0, OPT_BOOL, no_trunc, NULL, "Do not truncate pod and container IDs"),
	ROW("noheading", 'n', OPT_BOOL, no_heading, NULL, "Do not print headers"),
	ROW("namespace", 0, OPT_BOOL, ns, NULL, "Display namespace information of the pod"),
	ROW("ns", 0, OPT_BOOL, ns, NULL, NULL),
	ROW("quiet", 'q', OPT_BOOL, quiet, NULL, "Print the numeric IDs of the pods only"),
	ROW("sort", 0, OPT_TEXT, sort, "choice", "Sort output by: created, id, name, number, status"),
	{ 0 },
};

static const struct heading headings[] = {
	{ "ID", "POD ID" },
	{ "Name", "NAME" },
	{ "Status", "STATUS" },
	{ "Created", "CREATED" },
	{ "InfraID", "INFRA ID" },
	{ "NumberOfContainers", "# OF CONTAINERS" },
	{ "ContainerIds", "IDS" },
	{ "ContainerNames", "NAMES" },
	{ "ContainerStatuses", "STATUS" },
	{ "Cgroup", "CGROUP" },
	{ "Namespace", "NAMESPACES" },
	{ "Labels", "LABELS" },
	{ "Networks", "NETWORKS" },
	{ NULL, NULL },
};

static int compare_id(const void *a, const void *b)
{
	return strcmp(((const struct pod_view *)a)->id, ((const struct pod_view *)b)->id);
}

static int compare_name(const void *a, const void *b)
{
	return strcmp(((const struct pod_view *)a)->name, ((const struct pod_view *)b)->name);
}

static int compare_number(const void *a, const void *b)
{
	size_t one = ((const struct pod_view *)a)->n, two = ((const struct pod_view *)b)->n;

	return (one > two) - (one < two);
}

static int compare_status(const void *a, const void *b)
{
	return strcmp(pod_view_status(a), pod_view_status(b));
}

static int sort(struct pod_views *pods, const char *order, struct err *err)
{
	static const struct {
		const char *name;
		int (*compare)(const void *, const void *);
	} orders[] = { { "created", NULL }, /* they come so */
		       { "id", compare_id },
		       { "name", compare_name },
		       { "number", compare_number },
		       { "status", compare_status } };

	for (size_t i = 0; order && i < sizeof(orders) / sizeof(*orders); i++) {
		if (strcmp(orders[i].name, order))
			continue;
		if (orders[i].compare && pods->n)
			qsort(pods->v, pods->n, sizeof(*pods->v), orders[i].compare);
		return 0;
	}
	return order ? err_set(err, 0,
			       "invalid argument \"%s\" for \"--sort\" flag: must be one of created, id, "
			       "name, "
			       "number, status",
			       order)
		     : 0;
}

/* One fact of each container, joined by commas. */
static void add_ctrs(json_t *row, const struct pod_view *pod, bool whole)
{
	struct strv ids = { 0 }, names = { 0 }, statuses = { 0 };
	json_t *list = json_array();
	json_int_t restarts = 0;

	for (size_t i = 0; i < pod->n; i++) {
		const struct ctr_state *now = &pod->ctrs[i].now;

		strv_take(&ids, show_id(now->id, whole));
		strv_add(&names, now->name);
		strv_add(&statuses, now->status);
		restarts += now->restarts;
		json_array_append_new(list,
				      json_pack("{s:o, s:o, s:o}", "Id", show_text(now->id), "Names",
						show_text(now->name), "Status", show_text(now->status)));
	}
	json_object_set_new(row, "ContainerIds", show_take(strv_join(&ids, ",")));
	json_object_set_new(row, "ContainerNames", show_take(strv_join(&names, ",")));
	json_object_set_new(row, "ContainerStatuses", show_take(strv_join(&statuses, ",")));
	json_object_set_new(row, "Containers", list);
	json_object_set_new(row, "Restarts", json_integer(restarts));
	strv_free(&ids);
	strv_free(&names);
	strv_free(&statuses);
}

/* Labels and shared namespaces stand in pod.json, which is read only when something shows them. */
static bool needs_record(const struct pod_ps_flags *flags)
{
	const char *format = flags->format;

	return flags->ns || (format && (listing_is_json(format) || strstr(format, "Label") ||
					strstr(format, "Namespace")));
}

/* What the table shows that one gets without asking for more. */
static json_t *row_of(struct pod_view *pod, bool whole)
{
	const struct ctr_view *infra = pod_view_infra(pod);
	json_t *row = json_object();

	json_object_set_new(row, "ID", show_take(show_id(pod->id, whole)));
	json_object_set_new(row, "Name", show_text(pod->name));
	json_object_set_new(row, "Status", show_text(pod_view_status(pod)));
	json_object_set_new(row, "Created", show_take(when_ago(pod->created)));
	json_object_set_new(row, "InfraID", show_take(show_id(infra ? infra->now.id : NULL, whole)));
	json_object_set_new(row, "NumberOfContainers", json_integer((json_int_t)pod->n));
	return row;
}

static void add_rest(json_t *row, struct pod_view *pod, bool whole)
{
	const struct ctr_view *infra = pod_view_infra(pod);

	json_object_set_new(row, "Id", show_text(pod->id));
	json_object_set_new(row, "InfraId", show_text(infra ? infra->now.id : NULL));
	json_object_set_new(row, "Cgroup", show_text(pod->state.cgroup));
	json_object_set_new(row, "Namespace", show_take(strv_join(&pod->record.spec.share, ",")));
	json_object_set_new(row, "Networks",
			    pod->state.network ? json_pack("[s]", pod->state.network) : json_array());
	json_object_set_new(row, "Labels", show_map(&pod->record.spec.labels));
	json_object_set_new(row, "_labels", show_map(&pod->record.spec.labels));
	add_ctrs(row, pod, whole);
}

/* --format json has the whole facts under podman's names only. */
static void make_json(json_t *row, const struct pod_view *pod)
{
	static const char *const unwanted[] = { "ID",
						"InfraID",
						"ContainerIds",
						"ContainerNames",
						"ContainerStatuses",
						"NumberOfContainers",
						"_labels" };

	for (size_t i = 0; i < sizeof(unwanted) / sizeof(*unwanted); i++)
		json_object_del(row, unwanted[i]);
	json_object_set_new(row, "Created", show_time(pod->created));
}

static char *usual_format(const struct pod_ps_flags *flags)
{
	struct buf text = { 0 };

	buf_text(&text, "table {{.ID}}\t{{.Name}}\t{{.Status}}\t{{.Created}}\t{{.InfraID}}");
	if (flags->ctr_ids)
		buf_text(&text, "\t{{.ContainerIds}}");
	if (flags->ctr_names)
		buf_text(&text, "\t{{.ContainerNames}}");
	if (flags->ctr_status)
		buf_text(&text, "\t{{.ContainerStatuses}}");
	if (flags->ns)
		buf_text(&text, "\t{{.Cgroup}}\t{{.Namespace}}");
	if (!flags->ctr_ids && !flags->ctr_names && !flags->ctr_status)
		buf_text(&text, "\t{{.NumberOfContainers}}");
	return text.data;
}

static int print(struct cli *cli, const struct pod_ps_flags *flags, struct pod_views *pods, struct err *err)
{
	char *usual = usual_format(flags);
	struct listing listing = { .format = flags->quiet && !flags->format ? "{{.ID}}" : flags->format,
				   .usual = usual,
				   .headings = headings,
				   .no_heading = flags->no_heading };
	bool json = listing_is_json(flags->format);
	json_t *rows = json_array();
	int code = 0;

	for (size_t i = pods->n; i-- > 0;) { /* newest first */
		struct pod_view *pod = &pods->v[flags->sort ? pods->n - 1 - i : i];
		json_t *row;

		if (pod->hidden || !pod_wanted(&cli->store, pod, &flags->filters) ||
		    (flags->latest && json_array_size(rows)))
			continue;
		if (needs_record(flags) && pod_view_load(&cli->store, pod, NULL))
			continue; /* removed meanwhile */
		row = row_of(pod, flags->no_trunc);
		if (flags->format || flags->ctr_ids || flags->ctr_names || flags->ctr_status || flags->ns)
			add_rest(row, pod, flags->no_trunc);
		if (json)
			make_json(row, pod);
		json_array_append_new(rows, row);
	}
	if (json)
		json_print(rows, 5);
	else
		code = listing_print(&listing, rows, err);
	json_decref(rows);
	free(usual);
	return code;
}

static int pod_ps(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct pod_ps_flags *flags = target;
	struct strv broken = { 0 };
	struct pod_views pods = { 0 };
	int64_t until;
	int code = filter_check(&flags->filters, pod_filters, err);

	(void)args;
	if (!code)
		code = filter_time(&flags->filters, "until", &until, err); /* so that a bad one is told */
	if (!code)
		code = cli_store(cli, err);
	if (!code)
		code = pod_views_read(&cli->store, &pods, &broken, err);
	if (!code)
		code = sort(&pods, flags->sort, err);
	if (!code)
		code = print(cli, flags, &pods, err);
	cli_warn(cli, &broken);
	strv_free(&broken);
	pod_views_free(&pods);
	return code;
}

const struct verb verb_pod_ps = {
	.usage = "[options]",
	.description = "Lists all pods with their containers.",
	.examples = "pod ps\npod ps --ctr-names\npod ps --format \"{{.ID}}  {{.Name}}  {{.Status}}\"",
	.options = options,
	.flags_size = sizeof(struct pod_ps_flags),
	.run = pod_ps,
};
