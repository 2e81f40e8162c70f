/*
 * top: the processes of a container, or of all containers of a pod, read from
 * /proc. Words in the manner of ps(1)'s own options (-ef) are for the ps of the
 * container's image, which is executed there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "cli/choose.h"
#include "cli/table.h"
#include "cli/top_columns.h"
#include "cli/verbs.h"
#include "pod/actions.h"

#define OUTPUT_MAX (64 << 20) /* bytes of ps's output */

struct top_flags {
	bool latest, list;
};

static const struct opt options[] = {
	{ "latest", 'l', OPT_BOOL, offsetof(struct top_flags, latest), NULL, "The latest one", NULL, NULL },
	{ "list-descriptors", 0, OPT_BOOL, offsetof(struct top_flags, list), NULL,
	  "List the format descriptors", NULL, NULL },
	{ 0 },
};

static const char *const usual[] = { "user", "pid", "ppid", "pcpu", "etime", "tty", "time", "args" };

/* The words behind the name, each cut at its commas; the usual ones without any. */
static void words_of(const struct strv *args, size_t first, struct strv *ret_words)
{
	for (size_t i = first; i < args->n; i++) {
		struct strv parts = { 0 };

		strv_split(&parts, args->v[i], ',');
		for (size_t j = 0; j < parts.n; j++)
			if (*parts.v[j])
				strv_add(ret_words, parts.v[j]);
		strv_free(&parts);
	}
	for (size_t i = 0; !ret_words->n && i < sizeof(usual) / sizeof(*usual); i++)
		for (; i < sizeof(usual) / sizeof(*usual); i++)
			strv_add(ret_words, usual[i]);
}

static int check_words(const struct strv *words, struct err *err)
{
	for (size_t i = 0; i < words->n; i++)
		if (!top_column_find(words->v[i]))
			return err_hint(
				err, err_set(err, 0, "'%s': unknown descriptor", words->v[i]),
				"top --list-descriptors lists them; options of ps begin with a dash: -ef");
	return 0;
}

static void print(const struct strv *words, const struct processes *processes)
{
	struct table table = { 0 };
	struct buf line = { 0 };

	for (size_t c = 0; c < words->n; c++)
		buf_format(&line, "%s%s", c ? "\t" : "", top_column_find(words->v[c])->header);
	table_add(&table, line.data);
	for (size_t i = 0; i < processes->n; i++) {
		line.len = 0;
		for (size_t c = 0; c < words->n; c++) {
			cleanup_free char *text = top_column_find(words->v[c])->text(&processes->v[i]);

			buf_format(&line, "%s%s", c ? "\t" : "", text);
		}
		table_add(&table, line.data);
	}
	table_print(&table);
	table_free(&table);
	buf_free(&line);
}

static int list_descriptors(void)
{
	for (const struct top_column *column = top_columns; column->name; column++)
		puts(column->name);
	return 0;
}

/* Executes ps in the container with its standard output in a file of ours. Returns its exit status or -errno. */
static int exec_ps(const struct store *store, const struct name_ref *ref, const struct strv *words, int file,
		   struct err *err)
{
	struct exec_spec spec = { .attach = { .out = true, .err = true } };
	cleanup_fd int out = dup(STDOUT_FILENO);
	int status = 0, code;

	strv_add(&spec.args, "ps");
	strv_copy(&spec.args, words);
	fflush(stdout);
	dup2(file, STDOUT_FILENO);
	code = ctr_exec(store, ref, &spec, &status, err);
	dup2(out, STDOUT_FILENO);
	strv_free(&spec.args);
	return code ? code : status;
}

/* Prints what ps says, without the line of ps itself. */
static int print_ps(const struct store *store, const struct name_ref *ref, const struct strv *words,
		    struct err *err)
{
	cleanup_free char *joined = strv_join(words, " "), *own = text_format("ps %s", joined);
	cleanup_fd int file = memfd_create("ps", MFD_CLOEXEC);
	struct buf text = { 0 };
	char *line, *rest;
	int status = exec_ps(store, ref, words, file, err);

	if (status < 0)
		return err_context(err, status, "executing ps(1) in the container");
	if (status)
		return err_hint(err, err_set(err, 0, "ps(1) failed with exit code %d", status),
				"it is the ps of the container's image that reads these options");
	if (lseek(file, 0, SEEK_SET) < 0 || io_read_all(file, OUTPUT_MAX, &text))
		return err_set(err, 0, "read what ps(1) said: it is too much");
	for (rest = text.data; rest && *rest && (line = strsep(&rest, "\n"));)
		if (!strstr(line, own))
			puts(line);
	buf_free(&text);
	return 0;
}

static int top_ctr(struct cli *cli, const struct name_ref *ref, const struct strv *words, bool ps,
		   struct err *err)
{
	struct processes processes = { 0 };
	struct pod_view pod;
	struct ctr_view *ctr;
	int code = pod_view_read(&cli->store, ref->pod_id, &pod, err);

	if (code)
		return code;
	ctr = pod_view_ctr(&pod, ref->ctr_id);
	if (!ctr || !text_equal(ctr->now.status, "running"))
		code = err_set(err, 0, "top can only be used on running containers");
	else if (ps)
		code = print_ps(&cli->store, ref, words, err);
	else
		code = processes_of(ctr, &processes, err);
	if (!code && !ps)
		print(words, &processes);
	processes_free(&processes);
	pod_view_free(&pod);
	return code;
}

/* Whether one before it in the pod has the same processes: --share pid. */
static bool shown_already(const struct pod_view *pod, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_equal(pod->ctrs[i].now.status, "running") &&
		    processes_shared(&pod->ctrs[i], &pod->ctrs[n]))
			return true;
	return false;
}

static int top_pod(struct cli *cli, const struct name_ref *ref, const struct strv *words, struct err *err)
{
	struct processes processes = { 0 };
	struct pod_view pod;
	int code = pod_view_read(&cli->store, ref->pod_id, &pod, err);

	if (code)
		return code;
	for (size_t i = 0; i < pod.n; i++)
		if (text_equal(pod.ctrs[i].now.status, "running") && !shown_already(&pod, i))
			processes_of(&pod.ctrs[i], &processes, NULL); /* one that ends meanwhile has none */
	if (processes.n)
		print(words, &processes);
	else
		code = err_set(err, 0,
			       "pod top can only be used on pods with at least one running container");
	processes_free(&processes);
	pod_view_free(&pod);
	return code;
}

/* The pod or container, what to show of it, and off it goes. */
static int top_of(struct cli *cli, const struct top_flags *flags, enum name_kind kind,
		  const struct strv *args, struct err *err)
{
	const char *what = kind == NAME_POD ? "pod" : "container";
	size_t first = flags->latest ? 0 : 1;
	bool ps = kind == NAME_CTR && args->n > first && args->v[first][0] == '-';
	struct strv named = { 0 }, words = { 0 };
	struct name_ref ref;
	int code;

	if (flags->list)
		return list_descriptors();
	if (!args->n && !flags->latest)
		return err_set(err, 0, "you must provide the name or id of a running %s", what);
	if (!flags->latest)
		strv_add(&named, args->v[0]);
	code = kind == NAME_POD ? choose_pod(cli, flags->latest, &named, &ref, err)
				: choose_ctr(cli, flags->latest, &named, &ref, err);
	if (code)
		code = err_context(err, code, "unable to look up requested %s", what);
	if (ps && args->n == first + 1)
		strv_split(&words, args->v[first], ' '); /* "-o pid,comm" may come as one word */
	for (size_t i = first; ps && args->n > first + 1 && i < args->n; i++) {
		strv_add(&words, args->v[i]);
		for (char *at = words.v[words.n - 1]; *at; at++)
			if (*at ==
			    ' ') /* -o "pid comm": not every ps knows this form, and each knows commas */
				*at = ',';
	}
	if (!code && !ps) {
		words_of(args, first, &words);
		code = check_words(&words, err);
	}
	if (!code)
		code = kind == NAME_POD ? top_pod(cli, &ref, &words, err)
					: top_ctr(cli, &ref, &words, ps, err);
	strv_free(&named);
	strv_free(&words);
	return code;
}

static int top(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	return top_of(cli, flags, NAME_CTR, args, err);
}

static int pod_top(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	return top_of(cli, flags, NAME_POD, args, err);
}

const struct verb verb_top = {
	.usage = "[options] CONTAINER [FORMAT-DESCRIPTORS|ARGS...]",
	.description = "Display the running processes of a container.\n\n"
		       "  The descriptors are those of ps(1) and some more for containers: top "
		       "--list-descriptors.\n"
		       "  Options of ps(1) (e.g. -eo) are for the ps of the container's image.",
	.examples = "top ctrID\ntop --latest\ntop ctrID pid seccomp args %C\ntop ctrID -eo user,pid,comm",
	.options = options,
	.flags_size = sizeof(struct top_flags),
	.max_args = -1,
	.first_ends_options = true,
	.run = top,
};

const struct verb verb_pod_top = {
	.usage = "[options] POD [FORMAT-DESCRIPTORS...]",
	.description = "Display the running processes of the containers of a pod.\n\n"
		       "  Its containers share one list of processes when the pod shares the pid namespace.",
	.examples = "pod top podID\npod top --latest\npod top podID pid seccomp args %C",
	.options = options,
	.flags_size = sizeof(struct top_flags),
	.max_args = -1,
	.first_ends_options = true,
	.run = pod_top,
};
