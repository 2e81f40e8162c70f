/*
 * stats_rows: counters to rows; stats_rows.h tells how the CPU's share is made.
 * The fields are those of podman's templates, the columns and JSON's keys a
 * choice of them. Lesson 15.
 */
#include "cli/stats_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "cli/show.h"
#include "cli/usage_text.h"

static struct sample *sample_of(struct samples *samples, const char *ctr_id)
{
	for (size_t i = 0; i < samples->n; i++)
		if (!strcmp(samples->v[i].ctr_id, ctr_id))
			return &samples->v[i];
	samples->v = mem_realloc(samples->v, (samples->n + 1) * sizeof(*samples->v));
	samples->v[samples->n] = (struct sample){ .ctr_id = text_dup(ctr_id), .cpu = USAGE_UNKNOWN };
	return &samples->v[samples->n++];
}

/* CPU time used, and the time in which: since the last look, or since it started (again). */
static void cpu_share(struct stats *stats, const struct ctr_view *ctr, const struct usage *usage,
		      int64_t *ret_part, int64_t *ret_whole)
{
	struct sample *last = sample_of(&stats->samples, ctr->now.id);
	int64_t now = clock_boot();
	bool again = last->cpu != USAGE_UNKNOWN && usage->cpu >= last->cpu;

	*ret_part = again ? usage->cpu - last->cpu : usage->cpu;
	*ret_whole = again ? now - last->when : clock_wall() - ctr->now.started;
	last->cpu = usage->cpu;
	last->when = now;
}

static double in_percent(int64_t part, int64_t whole)
{
	return part < 0 || whole <= 0 ? 0 : 100.0 * (double)part / (double)whole;
}

static void set_number(json_t *row, const char *key, int64_t number)
{
	json_object_set_new(row, key, json_integer(number < 0 ? 0 : number));
}

static void set_text(json_t *row, const char *key, char *text)
{
	json_object_set_new(row, key, show_take(text));
}

/* What stats has beyond pod stats: plain numbers, and the time on the CPU. */
static void add_ctr_fields(json_t *row, const struct ctr_view *ctr, const struct usage *usage)
{
	int64_t life = clock_wall() - ctr->now.started;

	set_text(row, "ContainerID", text_dup(ctr->now.id));
	set_text(row, "CPUPerc", text_dup(json_string_value(json_object_get(row, "CPU"))));
	set_text(row, "AVGCPU", usage_percent(usage->cpu, life));
	json_object_set_new(row, "AvgCPU", json_real(in_percent(usage->cpu, life)));
	set_text(row, "UpTime", usage_duration(usage->cpu));
	set_text(row, "MemPerc", text_dup(json_string_value(json_object_get(row, "Mem"))));
	set_number(row, "MemLimit", usage->memory_limit);
	set_number(row, "NetInput", usage->net_in);
	set_number(row, "NetOutput", usage->net_out);
	set_number(row, "BlockInput", usage->block_in);
	set_number(row, "BlockOutput", usage->block_out);
	set_number(row, "PIDs", usage->pids);
	set_number(row, "CPUNano", usage->cpu);
	set_number(row, "Duration", usage->cpu);
	set_number(row, "CPUSystemNano", usage->cpu_system);
	set_number(row, "SystemNano", clock_wall());
	json_object_del(row, "Mem");
}

/* Which counters are missing where they should be there. */
static void note_missing(struct stats *stats, const struct pod_view *pod, const struct ctr_view *ctr,
			 const struct usage *usage)
{
	if (!ctr_view_alive(ctr) || usage->pids == USAGE_UNKNOWN) /* not there any more */
		return;
	stats->no_memory |= usage->memory == USAGE_UNKNOWN;
	stats->no_io |= usage->block_in == USAGE_UNKNOWN;
	stats->no_cgroup |= !pod->state.cgroup;
}

json_t *stats_row(struct stats *stats, const struct pod_view *pod, const struct ctr_view *ctr)
{
	json_t *row = json_object();
	struct usage usage;
	int64_t part, whole, limit;

	usage_read(pod, ctr, &usage);
	note_missing(stats, pod, ctr, &usage);
	cpu_share(stats, ctr, &usage, &part, &whole);
	limit = usage.memory == USAGE_UNKNOWN ? USAGE_UNKNOWN : usage.memory_limit;
	set_text(row, "CPU", usage_percent(part, whole));
	set_text(row, "MemUsage", usage_pair(usage.memory, limit, usage_size));
	set_text(row, "MemUsageBytes", usage_pair(usage.memory, limit, usage_size_iec));
	set_text(row, "Mem", usage_percent(usage.memory, limit));
	set_text(row, "NetIO", usage_pair(usage.net_in, usage.net_out, usage_size));
	set_text(row, "BlockIO", usage_pair(usage.block_in, usage.block_out, usage_size));
	set_text(row, "PIDS", usage_count(usage.pids));
	if (stats->of_pods) {
		set_text(row, "Pod", show_id(pod->id, stats->whole_ids));
		set_text(row, "CID", show_id(ctr->now.id, stats->whole_ids));
	} else {
		set_text(row, "ID", show_id(ctr->now.id, stats->whole_ids));
		add_ctr_fields(row, ctr, &usage);
		json_object_set_new(row, "CPU", json_real(in_percent(part, whole)));
	}
	set_text(row, "Name", text_dup(ctr->now.name));
	return row;
}

/* The rows with the keys that podman's JSON has. */
static json_t *stats_json(const struct stats *stats, const json_t *rows)
{
	static const char *const keys[][2] = {
		{ "id", "ID" },
		{ "name", "Name" },
		{ "cpu_time", "UpTime" },
		{ "cpu_percent", "CPUPerc" },
		{ "avg_cpu", "AVGCPU" },
		{ "mem_usage", "MemUsage" },
		{ "mem_percent", "MemPerc" },
		{ "net_io", "NetIO" },
		{ "block_io", "BlockIO" },
		{ "pids", "PIDS" },
	};
	json_t *list = json_array(), *row;
	size_t i;

	if (stats->of_pods) { /* there the names of the templates are the keys */
		json_array_extend(list, (json_t *)rows);
		return list;
	}
	json_array_foreach(rows, i, row)
	{
		json_t *object = json_object();

		for (size_t key = 0; key < sizeof(keys) / sizeof(*keys); key++)
			json_object_set(object, keys[key][0], json_object_get(row, keys[key][1]));
		json_array_append_new(list, object);
	}
	return list;
}

static const struct heading headings[] = {
	{ "CPU", "CPU %" },
	{ "CPUPerc", "CPU %" },
	{ "AVGCPU", "AVG CPU %" },
	{ "UpTime", "CPU TIME" },
	{ "MemUsage", "MEM USAGE / LIMIT" },
	{ "MemUsageBytes", "MEM USAGE / LIMIT" },
	{ "Mem", "MEM %" },
	{ "MemPerc", "MEM %" },
	{ "NetIO", "NET IO" },
	{ "BlockIO", "BLOCK IO" },
	{ "ID", "ID" },
	{ "Name", "NAME" },
	{ "PIDS", "PIDS" },
	{ NULL, NULL },
};

static const struct heading pod_headings[] = {
	{ "Pod", "POD" },
	{ "CID", "CID" },
	{ "Name", "NAME" },
	{ "CPU", "CPU %" },
	{ "MemUsage", "MEM USAGE/ LIMIT" },
	{ "MemUsageBytes", "MEM USAGE/ LIMIT" },
	{ "Mem", "MEM %" },
	{ "NetIO", "NET IO" },
	{ "BlockIO", "BLOCK IO" },
	{ "PIDS", "PIDS" },
	{ NULL, NULL },
};

/* The usual table. */
static int add_table(const struct stats *stats, const char *format, const json_t *rows, struct buf *ret_text,
		     struct err *err)
{
	struct listing listing = {
		.format = format,
		.usual = stats->of_pods ? "table "
					  "{{.Pod}}\t{{.CID}}\t{{.Name}}\t{{.CPU}}\t{{.MemUsage}}\t{{.Mem}}"
					  "\t{{.NetIO}}\t"
					  "{{.BlockIO}}\t{{.PIDS}}"
					: "table "
					  "{{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{."
					  "NetIO}}\t"
					  "{{.BlockIO}}\t{{.PIDS}}\t{{.UpTime}}\t{{.AVGCPU}}",
		.headings = stats->of_pods ? pod_headings : headings,
	};

	return listing_text(&listing, rows, ret_text, err);
}

int stats_text(const struct stats *stats, const char *format, json_t *rows, struct buf *ret_text,
	       struct err *err)
{
	buf_text(ret_text, "");
	if (listing_is_json(format)) {
		json_t *list = stats_json(stats, rows);
		char *text = json_dumps(list, JSON_INDENT(stats->of_pods ? 5 : 1));

		buf_format(ret_text, "%s\n", text);
		free(text);
		json_decref(list);
		return 0;
	}
	if (stats->of_pods && !json_array_size(rows) &&
	    !format) { /* nothing runs: a row of dashes, as podman's */
		json_t *none = json_object();

		for (const struct heading *h = pod_headings; h->field; h++)
			json_object_set_new(none, h->field, json_string("--"));
		json_array_append_new(rows, none);
	}
	return add_table(stats, format, rows, ret_text, err);
}

void stats_free(struct stats *stats)
{
	for (size_t i = 0; i < stats->samples.n; i++)
		free(stats->samples.v[i].ctr_id);
	free(stats->samples.v);
}
