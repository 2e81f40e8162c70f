/*
 * kube_get: get: what is there, in kubectl's columns, or as the objects themselves.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/kube_objects.h"
#include "cli/kube_rows.h"
#include "cli/listing.h"
#include "cli/verbs.h"
#include "spec/yaml.h"

#define LOOK_AGAIN 200 /* ms, with -w */

#define ROW(name, letter, type, member, metavar, help)                                                       \
	{                                                                                                    \
		name, letter, type, offsetof(struct get_flags, member), metavar, help, NULL, NULL            \
	}

static const struct opt options[] = {
	ROW("all-namespaces", 'A', OPT_BOOL, all_namespaces, NULL, "The same: there is one namespace here"),
	ROW("namespace", 'n', OPT_TEXT, namespace, "name", "Accepted: there is one namespace here"),
	ROW("no-headers", 0, OPT_BOOL, no_headers, NULL, "No line of headings"),
	ROW("output", 'o', OPT_TEXT, output, "wide|yaml|json|name", "How to show them"),
	ROW("selector", 'l', OPT_TEXT, selector, "key=value", "Only those with that label"),
	ROW("show-labels", 0, OPT_BOOL, show_labels, NULL, "A column with the labels"),
	ROW("watch", 'w', OPT_BOOL, watch, NULL, "Go on, with a line for each change"),
	{ 0 },
};

static const char *headings(const struct get_flags *flags, const char *kind)
{
	if (!strcmp(kind, "ConfigMap"))
		return "NAME\tDATA\tAGE";
	if (!strcmp(kind, "Secret"))
		return "NAME\tTYPE\tDATA\tAGE";
	return kube_wants(flags, "wide")
		       ? "NAME\tREADY\tSTATUS\tRESTARTS\tAGE\tIP\tNODE\tNOMINATED NODE\tREADINESS GATES"
		       : "NAME\tREADY\tSTATUS\tRESTARTS\tAGE";
}

/* How wide the columns are so far: with -w what comes later stands below the headings too. */
struct widths {
	size_t of[16];
};

/* The cells of a line, padded as kubectl does: the widest and three blanks. */
static void print_lines(const struct strv *lines, struct widths *widths)
{
	for (int printing = 0; printing < 2; printing++)
		for (size_t i = 0; i < lines->n; i++) {
			struct strv cells = { 0 };

			strv_split(&cells, lines->v[i], '\t');
			for (size_t j = 0; j < cells.n && j < sizeof(widths->of) / sizeof(*widths->of); j++) {
				size_t length = strlen(cells.v[j]);

				if (printing)
					printf("%-*s", j + 1 < cells.n ? (int)widths->of[j] + 3 : 0,
					       cells.v[j]);
				else if (length > widths->of[j])
					widths->of[j] = length;
			}
			if (printing)
				putchar('\n');
			strv_free(&cells);
		}
	fflush(stdout);
}

/* One object by itself, several as a List. */
static void print_objects(const struct get_flags *flags, const struct kube_rows *rows, bool single)
{
	json_t *value = single ? json_incref(json_array_get(rows->objects, 0))
			       : json_pack("{s:s, s:s, s:{s:s}, s:O}", "apiVersion", "v1", "kind", "List",
					   "metadata", "resourceVersion", "", "items", rows->objects);
	struct buf text = { 0 };

	if (kube_wants(flags, "json")) {
		json_print(value, 4);
	} else {
		yaml_write(value, &text);
		fputs(text.data, stdout);
	}
	buf_free(&text);
	json_decref(value);
}

static void print_table(const struct get_flags *flags, const char *kind, const struct strv *lines,
			struct widths *widths)
{
	struct strv all = { 0 };

	if (!flags->no_headers)
		strv_addf(&all, "%s%s", headings(flags, kind), flags->show_labels ? "\tLABELS" : "");
	strv_copy(&all, lines);
	print_lines(&all, widths);
	strv_free(&all);
}

/* The line without what changes by itself: its age, and how long ago the last restart was. */
static char *without_age(const char *kind, const char *line)
{
	size_t age = !strcmp(kind, "ConfigMap") ? 2 : !strcmp(kind, "Secret") ? 3 : 4;
	struct strv cells = { 0 };
	char *text;

	strv_split(&cells, line, '\t');
	if (age < cells.n)
		cells.v[age][0] = '\0';
	if (age == 4 && cells.n > 3) /* RESTARTS of a pod: "3 (2m ago)" */
		cells.v[3][strcspn(cells.v[3], " ")] = '\0';
	text = strv_join(&cells, "\t");
	strv_free(&cells);
	return text;
}

/* What is now, and then the lines that were not there a moment ago, until ^C. */
static int watch(struct cli *cli, const struct get_flags *flags, const char *kind, const struct strv *names,
		 struct err *err)
{
	struct strv known = { 0 };
	struct widths widths = { 0 };
	int code = 0;

	for (bool first = true; !code && !ferror(stdout); first = false) {
		struct strv now = { 0 }, fresh = { 0 };
		struct kube_rows rows = { 0 };

		code = kube_rows_read(cli, flags, kind, names, &rows, err);
		if (code == -ENOENT && !first)
			code = 0; /* it was deleted: it may come again */
		for (size_t i = 0; i < rows.lines.n && !code; i++) {
			char *text = without_age(kind, rows.lines.v[i]);

			if (!strv_has(&known, text))
				strv_add(&fresh, rows.lines.v[i]);
			strv_take(&now, text);
		}
		if (first && !code)
			print_table(flags, kind, &rows.lines, &widths);
		else
			print_lines(&fresh, &widths);
		strv_free(&known);
		strv_free(&fresh);
		kube_rows_free(&rows);
		known = now;
		poll(NULL, 0, LOOK_AGAIN);
	}
	strv_free(&known);
	return code;
}

static int show(struct cli *cli, const struct get_flags *flags, const char *kind, const struct strv *names,
		struct err *err)
{
	struct kube_rows rows = { 0 };
	struct widths widths = { 0 };
	int code = kube_rows_read(cli, flags, kind, names, &rows, err);

	if (!code && rows.objects)
		print_objects(flags, &rows, names->n == 1);
	else if (!code && kube_wants(flags, "name"))
		for (size_t i = 0; i < rows.titles.n; i++)
			puts(rows.titles.v[i]);
	else if (!code && rows.lines.n)
		print_table(flags, kind, &rows.lines, &widths);
	else if (!code)
		fputs("No resources found in default namespace.\n", stderr);
	kube_rows_free(&rows);
	return code;
}

/* pods, pods NAME..., pod/NAME. */
static int parse(const struct strv *args, const char **ret_kind, struct strv *ret_names, struct err *err)
{
	const char *slash = args->n ? strchr(args->v[0], '/') : NULL;
	cleanup_free char *word =
		args->n ? text_ndup(args->v[0], slash ? (size_t)(slash - args->v[0]) : strlen(args->v[0]))
			: NULL;

	*ret_kind = word ? kubectl_kind(word) : NULL;
	if (!word)
		return err_hint(err, err_set(err, 0, "You must specify the type of resource to get"),
				"pods, configmaps or secrets");
	if (!*ret_kind || !strcmp(*ret_kind, "PersistentVolumeClaim"))
		return err_status(err,
				  err_set(err, 0, "the server doesn't have a resource type \"%s\"", word), 1);
	if (slash)
		strv_add(ret_names, slash + 1);
	for (size_t i = 1; i < args->n; i++)
		strv_add(ret_names, args->v[i]);
	return 0;
}

static int get(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	static const char *const forms[] = { "wide", "yaml", "json", "name" };
	struct get_flags *flags = target;
	struct strv names = { 0 };
	const char *kind;
	bool known = !flags->output;
	int code = cli_store(cli, err);

	for (size_t i = 0; i < 4; i++)
		known = known || kube_wants(flags, forms[i]);
	if (!code && !known)
		code = err_set(err, 0,
			       "unable to match a printer suitable for the output format \"%s\", allowed "
			       "formats are: json,name,wide,yaml",
			       flags->output);
	if (!code)
		code = parse(args, &kind, &names, err);
	if (!code)
		code = flags->watch ? watch(cli, flags, kind, &names, err)
				    : show(cli, flags, kind, &names, err);
	strv_free(&names);
	return code;
}

const struct verb verb_kube_get = {
	.usage = "[options] KIND [NAME...]",
	.description = "Shows objects: a line each, or with -o yaml and json the objects with their status. "
		       "KIND is\n"
		       "  pods, configmaps or secrets.",
	.examples = "get pods\nget pods -o wide -w\nget pod web -o yaml\nget configmaps",
	.options = options,
	.flags_size = sizeof(struct get_flags),
	.max_args = -1,
	.run = get,
};
