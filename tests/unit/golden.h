/*
 * golden: tables made by others' code, which lie beside the source and not in it. One row a line, columns
 * between tabs, `#` before a comment; a column in quotes is JSON's text.
 */
#ifndef RUNPOD_TESTS_GOLDEN_H
#define RUNPOD_TESTS_GOLDEN_H

#include <fcntl.h>
#include <jansson.h>
#include <string.h>

#include "base/io.h"

/* The rows of a table, each a list of columns; NULL, and the reason printed, when it is not there. */
static inline json_t *golden_rows(const char *name)
{
	char *path = text_format("../shared/golden/%s", name);
	struct strv lines = { 0 };
	struct buf text = { 0 };
	json_t *rows = NULL;

	if (io_read_file(AT_FDCWD, path, 1 << 20, &text, NULL))
		print_message("skipped: data: there is no %s\n", path);
	else
		rows = json_array();
	strv_split(&lines, text.data ? text.data : "", '\n');
	for (size_t i = 0; i < lines.n; i++) {
		struct strv columns = { 0 };
		json_t *row = json_array();

		strv_split(&columns, lines.v[i], '\t');
		for (size_t k = 0; k < columns.n; k++)
			json_array_append_new(row, *columns.v[k] == '"'
							   ? json_loads(columns.v[k], JSON_DECODE_ANY, NULL)
							   : json_string(columns.v[k]));
		if (*lines.v[i] != '#')
			json_array_append(rows, row);
		json_decref(row);
		strv_free(&columns);
	}
	strv_free(&lines);
	buf_free(&text);
	free(path);
	return rows;
}

/* A column as text; "" when the row is shorter. */
static inline const char *golden_column(const json_t *row, size_t column)
{
	const char *text = json_string_value(json_array_get(row, column));

	return text ? text : "";
}

#endif
