/*
 * logs_print: prints what containers have written, and when following what they
 * write until they end. It looks at the files and at the state four times a
 * second: a log is a plain file, and its end is told by the state of its container.
 */
#include "cli/logs_print.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "cli/show.h"
#include "pod/logread.h"

#define FOLLOW_PAUSE 250000000 /* nanoseconds */
#define TAIL_MAX     100000    /* lines of --tail that are kept in memory */

/* One log on its way to the terminal. */
struct source {
	struct logread reader;
	char *pod_id, *ctr_id;
	char *prefix; /* printed before each line */
	bool ended;
};

/* What is printed. */
struct printing {
	struct cli *cli;
	const struct logs_flags *flags;
	int64_t since, until; /* nanoseconds since 1970; 0: no limit */
	struct source *v;
	size_t n;
};

/* A time that is absolute (RFC 3339, a date, seconds since 1970) or a length before now. */
static int parse_time(const char *text, const char *option, int64_t *ret_when, struct err *err)
{
	cleanup_free char *whole = text ? text_format("%sT00:00:00Z", text) : NULL;
	int64_t length;
	uint64_t seconds;

	*ret_when = 0;
	if (!text || !logread_time(text, ret_when) || !logread_time(whole, ret_when))
		return 0;
	if (!num_u64(text, INT64_MAX / 1000000000, &seconds)) {
		*ret_when = (int64_t)seconds * 1000000000;
		return 0;
	}
	if (num_duration(text, &length))
		return err_set(err, 0, "parsing %s \"%s\": no time and no duration", option, text);
	*ret_when = clock_wall() - length;
	return 0;
}

static void print_line(const struct printing *printing, const struct source *source,
		       const struct log_line *line)
{
	FILE *to = line->is_err ? stderr : stdout;

	if ((printing->since && line->when < printing->since) ||
	    (printing->until && line->when > printing->until))
		return;
	if (source->prefix)
		fprintf(to, "%s ", source->prefix);
	if (printing->flags->timestamps)
		fprintf(to, "%s ", line->when_text);
	fwrite(line->text.data, 1, line->text.len, to);
	if (!line->partial)
		putc('\n', to);
}

/* Prints all lines that are there now. final: also the one without a newline. */
static int print_present(const struct printing *printing, struct source *source, bool final, struct err *err)
{
	struct log_line line = { 0 };
	int got;

	while ((got = logread_next(&source->reader, &line, err)) > 0)
		print_line(printing, source, &line);
	while (!got && final && logread_rest(&source->reader, &line))
		print_line(printing, source, &line);
	buf_free(&line.text);
	return got;
}

/* Prints the last lines: keeps as many as are wanted while reading to the end. */
static int print_tail(const struct printing *printing, struct source *source, bool final, struct err *err)
{
	size_t wanted = (size_t)printing->flags->tail, n = 0;
	struct log_line *kept = NULL, line = { 0 };
	size_t room = wanted < TAIL_MAX ? wanted : TAIL_MAX; /* a ring: line n is kept[n % room] */
	int got;

	kept = mem_zalloc((room + 1) * sizeof(*kept));
	while ((got = logread_next(&source->reader, &line, err)) > 0 ||
	       (!got && final && logread_rest(&source->reader, &line))) {
		if (!room)
			continue;
		buf_free(&kept[n % room].text);
		kept[n++ % room] = line;
		line = (struct log_line){ 0 };
	}
	for (size_t i = n > room ? n - room : 0; i < n; i++) {
		print_line(printing, source, &kept[i % room]);
		buf_free(&kept[i % room].text);
	}
	buf_free(&line.text);
	free(kept);
	return got < 0 ? got : 0;
}

static bool is_alive(const struct store *store, const struct source *source)
{
	struct pod_view pod;
	struct ctr_view *ctr;
	bool alive;

	if (pod_view_read(store, source->pod_id, &pod, NULL))
		return false;
	ctr = pod_view_ctr(&pod, source->ctr_id);
	alive = ctr && ctr_view_alive(ctr);
	pod_view_free(&pod);
	return alive;
}

/* Prints what comes until all containers have ended. The state is asked before the log is read: what
 * was written before the end is then in the file. */
static int follow(const struct printing *printing, struct err *err)
{
	size_t left = printing->n;
	int code = 0;

	while (!code && left && (!printing->until || clock_wall() < printing->until)) {
		struct timespec pause = { .tv_nsec = FOLLOW_PAUSE };

		for (size_t i = 0; !code && i < printing->n; i++) {
			struct source *source = &printing->v[i];
			bool alive = !source->ended && is_alive(&printing->cli->store, source);

			if (source->ended)
				continue;
			code = print_present(printing, source, !alive, err);
			source->ended = !alive;
			left -= !alive;
		}
		fflush(stdout);
		if (ferror(stdout))
			return 0; /* nobody reads on; main says so */
		if (left)
			nanosleep(&pause, NULL);
	}
	return code;
}

static int print_all(const struct printing *printing, struct err *err)
{
	int code = 0;

	for (size_t i = 0; !code && i < printing->n; i++) {
		struct source *source = &printing->v[i];
		bool final = !printing->flags->follow || !is_alive(&printing->cli->store, source);

		code = printing->flags->tail >= 0 ? print_tail(printing, source, final, err)
						  : print_present(printing, source, final, err);
		fflush(stdout);
	}
	return code || !printing->flags->follow ? code : follow(printing, err);
}

/* Opens the log of one container. */
static int add_source(struct printing *printing, const struct name_ref *ref, bool several, struct err *err)
{
	struct source source = { .pod_id = text_dup(ref->pod_id), .ctr_id = text_dup(ref->ctr_id) };
	struct ctr_record record;
	int code = record_read_ctr(&printing->cli->store, ref->pod_id, ref->ctr_id, &record, err);

	if (!code) {
		code = logread_open(&printing->cli->store, &record, &source.reader, err);
		if (printing->flags->names)
			source.prefix = text_dup(record.spec.name);
		else if (several)
			source.prefix = show_id(record.id, false);
		ctr_record_free(&record);
	}
	printing->v = mem_realloc(printing->v, (printing->n + 1) * sizeof(source));
	printing->v[printing->n++] = source;
	return code;
}

static void free_sources(struct printing *printing)
{
	for (size_t i = 0; i < printing->n; i++) {
		logread_close(&printing->v[i].reader);
		free(printing->v[i].pod_id);
		free(printing->v[i].ctr_id);
		free(printing->v[i].prefix);
	}
	free(printing->v);
}

/* Reads the options into printing and adds the chosen containers' logs. */
int logs_print(struct cli *cli, const struct logs_flags *flags, const struct chosen *chosen, bool several,
	       struct err *err)
{
	struct printing printing = { .cli = cli, .flags = flags };
	int code = parse_time(flags->since, "since", &printing.since, err);

	if (!code)
		code = parse_time(flags->until, "until", &printing.until, err);
	for (size_t i = 0; !code && i < chosen->n; i++)
		code = add_source(&printing, &chosen->v[i].ref, several, err);
	if (!code)
		code = print_all(&printing, err);
	free_sources(&printing);
	return code;
}
