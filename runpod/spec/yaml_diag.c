/*
 * yaml_diag: what is wrong with a text, and where: noted as it is found, shown by
 * line, with the place marked.
 *
 *	pod.yaml:7:5: strict decoding error: unknown field "spec.foo"
 *	    foo: 1
 *	    ^
 */
#include "spec/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(struct diags *diags, int line, int column, const char *format, va_list args)
{
	struct buf text = { 0 };

	buf_vformat(&text, format, args);
	diags->v = mem_realloc(diags->v, (diags->n + 1) * sizeof(*diags->v));
	diags->v[diags->n++] = (struct diag){ line, column, text.data };
}

void diag_add(struct diags *diags, const struct yaml_node *node, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(diags, node ? node->line : 0, node ? node->column : 0, format, args);
	va_end(args);
}

void diag_add_at(struct diags *diags, int line, int column, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(diags, line, column, format, args);
	va_end(args);
}

void diags_free(struct diags *diags)
{
	for (size_t i = 0; i < diags->n; i++)
		free(diags->v[i].text);
	free(diags->v);
	*diags = (struct diags){ 0 };
}

/* By place, and at one place in the order they were noted in. */
static int by_place(const void *left, const void *right)
{
	const struct diag *a = *(struct diag *const *)left, *b = *(struct diag *const *)right;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->column != b->column)
		return a->column < b->column ? -1 : 1;
	return (a > b) - (a < b);
}

/* Where one is in the source: lines are only ever looked for further on. */
struct cursor {
	const char *at; /* the beginning of a line */
	int line;	/* its number, from 1 */
};

/* Goes on to the line of that number. Returns its length, without its end. */
static size_t go_to_line(struct cursor *cursor, int line)
{
	for (; cursor->line < line && *cursor->at; cursor->line++) {
		cursor->at += strcspn(cursor->at, "\n");
		cursor->at += *cursor->at == '\n';
	}
	return cursor->line == line ? strcspn(cursor->at, "\r\n") : 0;
}

/* The line, and below it a `^`: blanks up to the column, with the tabs that the line has. Characters are counted, and
 * a byte 10xxxxxx continues one (utf-8(7)). What a terminal would obey is not sent to it. */
static void print_line(const char *line, size_t length, int column, struct buf *ret_text)
{
	for (size_t i = 0; i < length; i++)
		buf_add(ret_text, (unsigned char)line[i] < ' ' && line[i] != '\t' ? "?" : line + i, 1);
	buf_text(ret_text, "\n");
	for (size_t i = 0; column > 1; i++) {
		if (i < length && (line[i] & 0xc0) == 0x80)
			continue;
		buf_text(ret_text, i < length && line[i] == '\t' ? "\t" : " ");
		column--;
	}
	buf_text(ret_text, "^\n");
}

void diags_print(const struct diags *diags, const char *file, const char *source, struct buf *ret_text)
{
	struct diag **sorted = mem_zalloc(diags->n * sizeof(*sorted));
	struct cursor cursor = { source ? source : "", 1 };

	for (size_t i = 0; i < diags->n; i++)
		sorted[i] = &diags->v[i];
	qsort(sorted, diags->n, sizeof(*sorted), by_place);
	for (size_t i = 0; i < diags->n; i++) {
		const struct diag *diag = sorted[i];
		size_t length = go_to_line(&cursor, diag->line);

		if (diag->line)
			buf_format(ret_text, "%s:%d:%d: %s\n", file, diag->line, diag->column, diag->text);
		else
			buf_format(ret_text, "%s: %s\n", file, diag->text);
		if (length)
			print_line(cursor.at, length, diag->column, ret_text);
	}
	free(sorted);
}
