/*
 * logs_print: prints what containers have written, the earliest line first, and
 * when following what they write until they end. It looks at the files and at the
 * state four times a second: a log is a plain file, and its end is told by the
 * state of its container.
 */
#include "cli/logs_print.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/num.h"
#include "cli/show.h"
#include "cli/when.h"
#include "pod/logread.h"

#define FOLLOW_PAUSE 250000000 /* nanoseconds */
#define TAIL_MAX     100000    /* lines of --tail that are kept in memory */
#define RESET	     "\033[0m"

/* One log on its way to the terminal. */
struct source {
	struct logread reader;
	char *pod_id, *ctr_id, *name;
	char *prefix;	       /* printed before each line */
	const char *color;     /* --color: switches to the container's; NULL */
	struct log_line *kept; /* --tail: the last lines, a ring: line i is kept[i % room] */
	size_t room, next, n;  /* of the ring: its size; lines from next to n - 1 are to be printed */
	struct log_line line;  /* the earliest that is not printed yet */
	bool waiting;	       /* line holds one */
	bool final;	       /* its container has ended: what is there is all that comes */
	bool ended;	       /* and it was printed */
	int64_t lost;	       /* writes that the log had no room for */
};

/* What is printed. */
struct printing {
	struct cli *cli;
	const struct logs_flags *flags;
	int64_t since, until; /* nanoseconds since 1970; 0: no limit */
	struct source *v;
	size_t n;
};

static void print_line(const struct printing *printing, const struct source *source)
{
	const struct log_line *line = &source->line;
	FILE *to = line->is_err ? stderr : stdout;
	bool colored = source->color && isatty(fileno(to));

	if ((printing->since && line->when < printing->since) ||
	    (printing->until && line->when > printing->until))
		return;
	if (colored)
		fputs(source->color, to);
	if (source->prefix)
		fprintf(to, "%s ", source->prefix);
	if (printing->flags->timestamps)
		fprintf(to, "%s ", line->when_text);
	fwrite(line->text.data, 1, line->text.len, to);
	if (colored)
		fputs(RESET, to);
	if (!line->partial)
		putc('\n', to);
}

/* The next line of its log into line. Returns 1, 0 when there is none for now, or -errno. */
static int read_line(struct source *source, struct log_line *line, struct err *err)
{
	int got = logread_next(&source->reader, line, err);

	return !got && source->final ? logread_rest(&source->reader, line) : got;
}

/* Reads to the end and keeps only the last lines. */
static int keep_tail(struct source *source, size_t wanted, struct err *err)
{
	struct log_line line = { 0 };
	int got;

	source->room = wanted < TAIL_MAX ? wanted : TAIL_MAX;
	source->kept = mem_zalloc((source->room + 1) * sizeof(*source->kept));
	while ((got = read_line(source, &line, err)) > 0) {
		if (!source->room)
			continue;
		buf_free(&source->kept[source->n % source->room].text);
		source->kept[source->n++ % source->room] = line;
		line = (struct log_line){ 0 };
	}
	source->next = source->n > source->room ? source->n - source->room : 0;
	buf_free(&line.text);
	return got;
}

/* Sees to it that line holds the next one: of those that were kept, else of the log. */
static int fill(struct source *source, struct err *err)
{
	int got = 1;

	if (source->waiting || source->ended)
		return 0;
	if (source->next < source->n) {
		struct log_line *kept = &source->kept[source->next++ % source->room];

		buf_free(&source->line.text);
		source->line = *kept;
		*kept = (struct log_line){ 0 };
	} else {
		got = read_line(source, &source->line, err);
	}
	source->waiting = got > 0;
	return got < 0 ? got : 0;
}

/* Prints all lines that are there now, in the order of their times. */
static int print_present(struct printing *printing, struct err *err)
{
	for (;;) {
		struct source *first = NULL;

		for (size_t i = 0; i < printing->n; i++) {
			struct source *source = &printing->v[i];
			int code = fill(source, err);

			if (code)
				return code;
			if (source->waiting && (!first || source->line.when < first->line.when))
				first = source;
		}
		if (!first)
			return 0;
		print_line(printing, first);
		first->waiting = false;
	}
}

/* Looks which containers have ended. That is asked before the logs are read: what was written before the end is then
 * in the file. */
static void look_who_lives(struct printing *printing)
{
	for (size_t i = 0; i < printing->n; i++) {
		struct source *source = &printing->v[i];
		struct pod_view pod;
		struct ctr_view *ctr;

		if (source->final)
			continue;
		source->final = true;
		if (pod_view_read(&printing->cli->store, source->pod_id, &pod, NULL))
			continue; /* removed */
		ctr = pod_view_ctr(&pod, source->ctr_id);
		if (ctr) {
			source->final = !ctr_view_alive(ctr);
			source->lost = ctr->now.log_lost;
		}
		pod_view_free(&pod);
	}
}

/* How many logs can still grow. */
static size_t note_ended(struct printing *printing)
{
	size_t left = 0;

	for (size_t i = 0; i < printing->n; i++) {
		printing->v[i].ended = printing->v[i].final;
		left += !printing->v[i].ended;
	}
	return left;
}

static int print_all(struct printing *printing, struct err *err)
{
	const struct logs_flags *flags = printing->flags;
	struct timespec pause = { .tv_nsec = FOLLOW_PAUSE };
	int code = 0;

	look_who_lives(printing);
	for (size_t i = 0; !code && i < printing->n; i++) {
		printing->v[i].final |= !flags->follow; /* then nobody waits for the rest of a line */
		if (flags->tail >= 0)
			code = keep_tail(&printing->v[i], (size_t)flags->tail, err);
	}
	for (;;) {
		if (!code)
			code = print_present(printing, err);
		fflush(stdout);
		if (code || ferror(stdout) || !note_ended(printing) ||
		    (printing->until && clock_wall() >= printing->until))
			return code; /* nothing more will come; or nobody reads on: main says so */
		nanosleep(&pause, NULL);
		look_who_lives(printing);
	}
}

/* Opens the log of one container. */
static int add_source(struct printing *printing, const struct name_ref *ref, bool several, struct err *err)
{
	static const char *const colors[] = { "\033[37m", "\033[31m", "\033[33m", "\033[34m",
					      "\033[35m", "\033[36m", "\033[32m" };
	struct source source = { .pod_id = text_dup(ref->pod_id), .ctr_id = text_dup(ref->ctr_id) };
	struct ctr_record record;
	int code = record_read_ctr(&printing->cli->store, ref->pod_id, ref->ctr_id, &record, err);

	if (!code) {
		code = logread_open(&printing->cli->store, &record, &source.reader, err);
		source.name = text_dup(record.spec.name);
		if (printing->flags->names)
			source.prefix = text_dup(record.spec.name);
		else if (several)
			source.prefix = show_id(record.id, false);
		if (printing->flags->color)
			source.color = colors[printing->n % (sizeof(colors) / sizeof(*colors))];
		ctr_record_free(&record);
	}
	printing->v = mem_realloc(printing->v, (printing->n + 1) * sizeof(source));
	printing->v[printing->n++] = source;
	return code;
}

/* What is not in a log because the disk was full is not passed over in silence. */
static void tell_lost(const struct printing *printing)
{
	struct strv lines = { 0 };

	for (size_t i = 0; i < printing->n; i++)
		if (printing->v[i].lost)
			strv_addf(&lines,
				  "The log of %s is not whole: %" PRId64
				  " %s to it failed, was the disk full?",
				  printing->v[i].name, printing->v[i].lost,
				  printing->v[i].lost == 1 ? "write" : "writes");
	cli_warn(printing->cli, &lines);
	strv_free(&lines);
}

static void free_sources(struct printing *printing)
{
	for (size_t i = 0; i < printing->n; i++) {
		struct source *source = &printing->v[i];

		logread_close(&source->reader);
		for (size_t line = 0; line < source->room; line++)
			buf_free(&source->kept[line].text);
		free(source->kept);
		buf_free(&source->line.text);
		free(source->pod_id);
		free(source->ctr_id);
		free(source->name);
		free(source->prefix);
	}
	free(printing->v);
}

/* Reads the options into printing and adds the chosen containers' logs. */
int logs_print(struct cli *cli, const struct logs_flags *flags, const struct chosen *chosen, bool several,
	       struct err *err)
{
	struct printing printing = { .cli = cli, .flags = flags };
	int code = when_parse(flags->since, "since", false, &printing.since, err);

	if (!code)
		code = when_parse(flags->until, "until", false, &printing.until, err);
	if (flags->from > printing.since)
		printing.since = flags->from;
	if (flags->to && (!printing.until || flags->to < printing.until))
		printing.until = flags->to;
	for (size_t i = 0; !code && i < chosen->n; i++)
		code = add_source(&printing, &chosen->v[i].ref, several, err);
	if (!code)
		code = print_all(&printing, err);
	if (!code)
		tell_lost(&printing);
	free_sources(&printing);
	return code;
}
