/*
 * listing: rows through a template; listing.h tells the forms. Headings are made
 * by filling the same template with titles instead of values.
 */
#include "cli/listing.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/table.h"
#include "cli/template.h"

bool listing_is_json(const char *format)
{
	return format &&
	       (!strcmp(format, "json") || !strcmp(format, "{{json .}}") || !strcmp(format, "{{ json . }}"));
}

void json_print(const json_t *value, int width)
{
	char *text = json_dumps(value, JSON_INDENT(width) | JSON_ENCODE_ANY);

	puts(text ? text : "null");
	free(text);
}

int template_print(const char *format, json_t *value, struct err *err)
{
	struct template template = { 0 };
	struct buf text = { 0 };
	int code = template_parse(format, &template, err);

	if (!code)
		code = template_render(&template, value, &text, err);
	if (!code)
		puts(text.data ? text.data : "");
	template_free(&template);
	buf_free(&text);
	return code;
}

/* RunningFor → RUNNING FOR */
static void title_of(const struct listing *listing, const char *field, struct buf *ret_title)
{
	buf_text(ret_title, "");
	for (const struct heading *h = listing->headings; h && h->field; h++) {
		if (!strcmp(h->field, field)) {
			buf_text(ret_title, h->title);
			return;
		}
	}
	for (const char *p = field; *p; p++) {
		if (p > field && isupper((unsigned char)*p) && !isupper((unsigned char)p[-1]))
			buf_text(ret_title, " ");
		buf_format(ret_title, "%c", toupper((unsigned char)*p));
	}
}

/* An object with a title for each field that the rows can have. */
static json_t *titles(const struct listing *listing, const json_t *rows)
{
	json_t *object = json_object(), *value, *row = json_array_get(rows, 0);
	const char *field;

	for (const struct heading *h = listing->headings; h && h->field; h++)
		json_object_set_new(object, h->field, json_string(h->title));
	json_object_foreach(row, field, value)
	{
		struct buf title = { 0 };

		title_of(listing, field, &title);
		json_object_set_new(object, field, json_string(title.data));
		buf_free(&title);
	}
	return object;
}

/* Fills the template with one object and adds the result as one row. */
static int add_row(const struct template *template, json_t *object, struct table *table, struct err *err)
{
	struct buf text = { 0 };
	int code;

	buf_text(&text, "");
	code = template_render(template, object, &text, err);
	if (!code)
		table_add(table, text.data);
	buf_free(&text);
	return code;
}

static int add_table(const struct listing *listing, const struct template *template, const json_t *rows,
		     struct buf *ret_text, struct err *err)
{
	struct table table = { 0 };
	json_t *row;
	size_t i;
	int code = 0;

	if (!listing->no_heading) {
		json_t *heading = titles(listing, rows);

		code = add_row(template, heading, &table, err);
		json_decref(heading);
	}
	json_array_foreach(rows, i, row)
	{
		if (!code)
			code = add_row(template, row, &table, err);
	}
	if (!code)
		table_text(&table, ret_text);
	table_free(&table);
	return code;
}

static int add_lines(const struct template *template, const json_t *rows, struct buf *ret_text,
		     struct err *err)
{
	json_t *row;
	size_t i;
	int code = 0;

	json_array_foreach(rows, i, row)
	{
		if (!code)
			code = template_render(template, row, ret_text, err);
		buf_text(ret_text, "\n");
	}
	return code;
}

/* In a table podman takes a blank between two fields for a tab. */
static char *tabbed(const char *format)
{
	char *copy = text_dup(format);
	bool field = false;

	for (char *at = copy; *at; at++) {
		if (!strncmp(at, "{{", 2) || !strncmp(at, "}}", 2))
			field = *at == '{';
		if (*at == ' ' && !field)
			*at = '\t';
	}
	return copy;
}

int listing_text(const struct listing *listing, const json_t *rows, struct buf *ret_text, struct err *err)
{
	const char *format = listing->format ? listing->format : listing->usual;
	bool table = text_starts(format, "table");
	cleanup_free char *columns = NULL;
	struct template template = { 0 };
	int code;

	if (table) {
		format += strlen("table");
		while (isspace((unsigned char)*format))
			format++;
		format = columns = tabbed(format);
	}
	code = template_parse(format, &template, err);
	if (!code && table)
		code = add_table(listing, &template, rows, ret_text, err);
	else if (!code)
		code = add_lines(&template, rows, ret_text, err);
	template_free(&template);
	return code;
}

int listing_print(const struct listing *listing, const json_t *rows, struct err *err)
{
	struct buf text = { 0 };
	int code = listing_text(listing, rows, &text, err);

	if (!code && text.len)
		fwrite(text.data, 1, text.len, stdout);
	buf_free(&text);
	return code;
}
