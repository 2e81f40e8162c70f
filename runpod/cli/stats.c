/*
 * stats: what containers use, once or again and again: stats for containers,
 * pod stats for those of pods. On a terminal the table is drawn in place, else
 * one follows the other. Nobody is asked: counters are read (pod/usage.h).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/choose.h"
#include "cli/listing.h"
#include "cli/live.h"
#include "cli/stats_rows.h"
#include "cli/verbs.h"

#define SECOND INT64_C(1000000000)

struct stats_flags {
	bool all, latest, no_stream, no_reset, no_trunc;
	int64_t interval; /* seconds */
	char *format;
};

static const struct stats_flags ctr_defaults = { .interval = 5 }, pod_defaults = { .interval = 1 };

#define ROW(name, letter, type, member, metavar, help)                                                       \
	{                                                                                                    \
		name, letter, type, offsetof(struct stats_flags, member), metavar, help, NULL, NULL          \
	}

static const struct opt options[] = {
	ROW("all", 'a', OPT_BOOL, all, NULL,
	    "Show all containers. Only running containers are shown by default"),
	ROW("format", 0, OPT_TEXT, format, "string", "Print statistics to JSON or using a Go template"),
	ROW("interval", 'i', OPT_INT, interval, "int", "Time in seconds between stats reports"),
	ROW("latest", 'l', OPT_BOOL, latest, NULL, "Show the latest one"),
	ROW("no-reset", 0, OPT_BOOL, no_reset, NULL, "Disable resetting the screen between intervals"),
	ROW("no-stream", 0, OPT_BOOL, no_stream, NULL,
	    "Disable streaming stats and only pull the first result"),
	ROW("no-trunc", 0, OPT_BOOL, no_trunc, NULL, "Do not truncate output"),
	{ 0 },
};

/* Who is meant, and how it is shown. */
struct watching {
	struct cli *cli;
	const struct stats_flags *flags;
	struct stats stats;
	struct chosen chosen; /* those that were named; none: all */
	bool warned;
};

/* Finds those that were named, as podman does: one that is not there ends it. */
static int find_named(struct watching *watching, enum name_kind kind, const struct strv *args,
		      struct err *err)
{
	const char *what = kind == NAME_POD ? "pods" : "containers";
	int code = cli_store(watching->cli, err);

	for (size_t i = 0; !code && i < args->n; i++) {
		struct chosen_one one = { 0 };

		code = name_find(&watching->cli->store, kind, args->v[i], &one.ref, err);
		if (code)
			return err_context(err, code, "unable to get list of %s", what);
		watching->chosen.v = mem_realloc(watching->chosen.v, (watching->chosen.n + 1) * sizeof(one));
		watching->chosen.v[watching->chosen.n++] = one;
	}
	if (!code && watching->flags->latest) {
		struct choice choice = { .latest = true };

		code = kind == NAME_POD
			       ? choose_pods(watching->cli, &choice, args, NULL, 0, &watching->chosen, err)
			       : choose_ctrs(watching->cli, &choice, args, NULL, 0, &watching->chosen, err);
	}
	return code;
}

/* Adds the rows of one pod; ctr_id: only of that container, whatever its state. */
static void add_rows(struct watching *watching, const struct pod_view *pod, const char *ctr_id, json_t *rows)
{
	for (size_t i = 0; i < pod->n; i++) {
		const struct ctr_view *ctr = &pod->ctrs[i];

		if (ctr_id && *ctr_id ? strcmp(ctr_id, ctr->now.id) != 0
				      : !watching->flags->all && !ctr_view_alive(ctr))
			continue;
		json_array_append_new(rows, stats_row(&watching->stats, pod, ctr));
	}
}

/* All rows as they are now. What was removed meanwhile has none. */
static int collect(struct watching *watching, json_t *rows, struct err *err)
{
	const struct store *store = &watching->cli->store;
	struct pod_views pods = { 0 };
	int code;

	for (size_t i = 0; i < watching->chosen.n; i++) {
		const struct name_ref *ref = &watching->chosen.v[i].ref;
		struct pod_view pod;

		if (pod_view_read(store, ref->pod_id, &pod, NULL))
			continue;
		add_rows(watching, &pod, watching->stats.of_pods ? NULL : ref->ctr_id, rows);
		pod_view_free(&pod);
	}
	if (watching->chosen.n)
		return 0;
	code = pod_views_read(store, &pods, NULL, err);
	for (size_t i = 0; !code && i < pods.n; i++)
		if (!watching->stats.of_pods || !pods.v[i].hidden)
			add_rows(watching, &pods.v[i], NULL, rows);
	pod_views_free(&pods);
	return code;
}

/* Says once on stderr why columns are empty. */
static void warn(struct watching *watching)
{
	const struct stats *stats = &watching->stats;

	if (watching->warned || (!stats->no_memory && !stats->no_io))
		return;
	watching->warned = true;
	if (stats->no_cgroup)
		fprintf(stderr, "Memory and block IO are not counted: there is no cgroup for us (an ordinary "
				"user needs "
				"a delegated one: systemd-run --user --scope -p Delegate=yes)\n");
	else
		fprintf(stderr,
			"%s not counted: cgroup v2 has no controller for it here (on a hybrid host it "
			"belongs to "
			"cgroup v1)\n",
			!stats->no_io	    ? "Memory is"
			: !stats->no_memory ? "Block IO is"
					    : "Memory and block IO are");
}

/* Looks once. */
static int look(struct watching *watching, struct buf *ret_text, struct err *err)
{
	json_t *rows = json_array();
	int code = collect(watching, rows, err);

	if (!code)
		code = stats_text(&watching->stats, watching->flags->format, rows, ret_text, err);
	json_decref(rows);
	return code;
}

/* One report behind the other, until nobody reads them. */
static int stream_plain(struct watching *watching, struct err *err)
{
	struct timespec pause = { .tv_sec = watching->flags->interval };
	int code = 0;

	while (!code && !ferror(stdout)) {
		struct buf text = { 0 };

		code = look(watching, &text, err);
		if (!code) {
			fwrite(text.data, 1, text.len, stdout);
			fflush(stdout);
			warn(watching);
		}
		buf_free(&text);
		if (watching->flags->no_stream)
			break;
		nanosleep(&pause, NULL);
	}
	return code;
}

/* Drawn in place. The first look is before the terminal is taken: its errors and warnings stay readable. */
static int stream_live(struct watching *watching, struct err *err)
{
	struct buf text = { 0 };
	struct live live;
	int code = look(watching, &text, err);

	if (!code) {
		warn(watching);
		code = live_begin(&live, err);
	}
	if (code)
		goto out;
	do {
		live_draw(&live, text.data);
		if (!live_wait(&live, watching->flags->interval * SECOND))
			break;
		text.len = 0;
		code = look(watching, &text, err);
	} while (!code);
	live_end(&live);
out:
	buf_free(&text);
	return code;
}

static int watch(struct cli *cli, const struct stats_flags *flags, bool of_pods, const struct strv *args,
		 struct err *err)
{
	struct watching watching = { .cli = cli,
				     .flags = flags,
				     .stats = { .of_pods = of_pods, .whole_ids = flags->no_trunc } };
	int code = 0;

	if (flags->all + flags->latest + (args->n > 0) > 1)
		return err_set(err, 0, "--all, --latest and %s cannot be used together",
			       of_pods ? "arguments" : "containers");
	if (flags->interval < 1)
		return err_set(err, 0, "invalid interval, must be a positive number greater zero");
	code = find_named(&watching, of_pods ? NAME_POD : NAME_CTR, args, err);
	if (!code && isatty(STDOUT_FILENO) && !flags->no_stream && !flags->no_reset &&
	    !listing_is_json(flags->format))
		code = stream_live(&watching, err);
	else if (!code)
		code = stream_plain(&watching, err);
	chosen_free(&watching.chosen);
	stats_free(&watching.stats);
	return code;
}

static int stats(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	return watch(cli, flags, false, args, err);
}

static int pod_stats(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	return watch(cli, flags, true, args, err);
}

const struct verb verb_stats = {
	.usage = "[options] [CONTAINER...]",
	.description = "Display percentage of CPU, memory, network I/O, block I/O and PIDs for one or more "
		       "containers.",
	.examples = "stats --all --no-stream\nstats ctrID\n"
		    "stats --no-stream --format \"table {{.ID}} {{.Name}} {{.MemUsage}}\" ctrID",
	.options = options,
	.flags_size = sizeof(struct stats_flags),
	.defaults = &ctr_defaults,
	.max_args = -1,
	.run = stats,
};

const struct verb verb_pod_stats = {
	.usage = "[options] [POD...]",
	.description = "Display the containers' resource-usage statistics of one or more running pods.",
	.examples = "pod stats\npod stats a69b23034235 named-pod\npod stats --all",
	.options = options,
	.flags_size = sizeof(struct stats_flags),
	.defaults = &pod_defaults,
	.max_args = -1,
	.run = pod_stats,
};
