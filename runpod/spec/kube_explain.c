/*
 * kube_explain: `explain pod.spec.containers`, as kubectl prints it, from the table that
 * the reader itself walks: what is listed is what is read, and what has no effect
 * here says so. Lesson 21.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "spec/kube.h"
#include "spec/kube_fields.h"

#define WIDTH 80

/* Words of text, indented, in lines of at most WIDTH. */
static void add_wrapped(struct buf *out, const char *text, int indent)
{
	int column = 0;

	while (*text) {
		int length = (int)strcspn(text, " ");

		if (column && column + 1 + length > WIDTH) {
			buf_text(out, "\n");
			column = 0;
		}
		buf_format(out, "%*s%.*s", column ? 1 : indent, "", length, text);
		column += (column ? 1 : indent) + length;
		text += length;
		text += strspn(text, " ");
	}
	buf_text(out, "\n");
}

static void add_type(struct buf *out, const struct kube_field *row)
{
	static const char *const names[] = {
		[KUBE_STRING] = "string",
		[KUBE_BOOL] = "boolean",
		[KUBE_INT] = "integer",
		[KUBE_LONG] = "integer",
		[KUBE_QUANTITY] = "Quantity",
		[KUBE_PORT] = "IntOrString",
		[KUBE_BYTES] = "map[string]string",
		[KUBE_STRINGS] = "[]string",
		[KUBE_LONGS] = "[]integer",
		[KUBE_TEXTS] = "map[string]string",
		[KUBE_QUANTITIES] = "map[string]Quantity",
		[KUBE_ANY] = "Object",
	};

	if (row->of)
		buf_format(out, "<%s%s>", row->type == KUBE_LIST ? "[]" : "", row->of->name);
	else
		buf_format(out, "<%s>", names[row->type]);
}

/* The words that are allowed: in a line of a list the first four, else one a line. */
static void add_enum(struct buf *out, const struct kube_field *row, int indent, bool list)
{
	struct strv words = { 0 };

	if (!row->allowed)
		return;
	buf_format(out, list ? "%*senum: " : "%*sENUM:", indent, "");
	strv_split(&words, row->allowed, '|');
	for (size_t i = 0; i < words.n; i++) {
		const char *word = *words.v[i] ? words.v[i] : "\"\"";

		if (list && i == 4) {
			buf_text(out, ", ....");
			break;
		}
		buf_format(out, list ? "%s%s" : "\n    %s%s", list && i ? ", " : "", word);
	}
	buf_text(out, "\n");
	strv_free(&words);
}

static void add_support(struct buf *out, const struct kube_field *row, int indent)
{
	char *text = NULL;

	if (row->support == KUBE_REFUSED)
		text = text_format("Not supported here: %s.", row->why);
	else if (row->support == KUBE_DROPPED)
		text = text_dup("Passed over here.");
	else if (row->support != KUBE_WORKS)
		text = text_format("Accepted and kept, without effect here%s%s.", row->why ? ": " : "",
				   row->why ? row->why : "");
	if (row->fallback && *row->fallback && *row->fallback != '{') {
		char *fallback =
			text_format("Default: %s.%s%s", row->fallback, text ? " " : "", text ? text : "");

		text_replace(&text, fallback);
	}
	if (text)
		add_wrapped(out, text, indent);
	free(text);
}

static int by_name(const void *a, const void *b)
{
	const struct kube_field *const *left = a, *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

static void add_fields(struct buf *out, const struct kube_struct *of, bool recursive, int indent)
{
	const struct kube_field **rows;
	size_t n = 0;

	while (of->fields[n].name)
		n++;
	rows = mem_zalloc(n * sizeof(*rows));
	for (size_t i = 0; i < n; i++)
		rows[i] = &of->fields[i];
	qsort(rows, n, sizeof(*rows), by_name);
	for (size_t i = 0; i < n; i++) {
		buf_format(out, "%*s%s\t", indent, "", rows[i]->name);
		add_type(out, rows[i]);
		buf_text(out, rows[i]->required ? " -required-\n" : "\n");
		add_enum(out, rows[i], indent, true);
		if (recursive && rows[i]->of)
			add_fields(out, rows[i]->of, true, indent + 2);
		if (recursive)
			continue;
		add_wrapped(out, rows[i]->help, indent + 2);
		add_support(out, rows[i], indent + 2);
		buf_text(out, "\n");
	}
	free(rows);
}

/* "pod", "pods", "po", whatever its letters' case. */
static const struct kube_kind *find_kind(const char *word)
{
	for (const struct kube_kind *row = kube_kinds; row->kind; row++)
		if (!strcasecmp(word, row->kind) || !strcasecmp(word, row->plural) ||
		    !strcasecmp(word, row->brief))
			return row;
	return NULL;
}

static void add_head(struct buf *out, const struct kube_kind *kind)
{
	const char *slash = strchr(kind->version, '/');

	if (slash)
		buf_format(out, "GROUP:      %.*s\n", (int)(slash - kind->version), kind->version);
	buf_format(out, "KIND:       %s\nVERSION:    %s\n\n", kind->kind, slash ? slash + 1 : kind->version);
}

static void add_body(struct buf *out, const struct kube_struct *of, const struct kube_field *row,
		     bool recursive)
{
	if (row) {
		buf_format(out, "FIELD: %s ", row->name);
		add_type(out, row);
		buf_text(out, "\n");
		add_enum(out, row, 0, false);
		buf_text(out, row->allowed ? "\n" : "\n\n");
	}
	buf_text(out, "DESCRIPTION:\n");
	if (row) {
		add_wrapped(out, row->help, 4);
		add_support(out, row, 4);
	}
	if (of && (!row || strcmp(row->help, of->help)))
		add_wrapped(out, of->help, 4);
	buf_text(out, "\n");
	if (of) {
		buf_text(out, "FIELDS:\n");
		add_fields(out, of, recursive, 2);
	}
}

int kube_explain(const char *path, bool recursive, struct buf *ret_text, struct err *err)
{
	const struct kube_struct *of = NULL;
	const struct kube_field *row = NULL;
	const struct kube_kind *kind;
	struct strv parts = { 0 };
	int code = 0;

	strv_split(&parts, path, '.');
	kind = parts.n ? find_kind(parts.v[0]) : NULL;
	if (!kind)
		code = err_set(err, 0, "the server doesn't have a resource type \"%s\"",
			       parts.n ? parts.v[0] : "");
	else if (!kind->of)
		code = err_set(err, 0, "kind \"%s\" is not supported here: %s", kind->kind, kind->why);
	else
		of = kind->of;
	for (size_t i = 1; !code && i < parts.n; i++) {
		row = of ? kube_field_find(of, parts.v[i]) : NULL;
		if (row)
			of = row->of;
		else
			code = err_set(err, 0, "field \"%s\" does not exist", parts.v[i]);
	}
	if (!code) {
		add_head(ret_text, kind);
		add_body(ret_text, of, row, recursive);
	}
	strv_free(&parts);
	return code;
}
