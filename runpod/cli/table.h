/*
 * table: rows in aligned columns.
 */
#ifndef RUNPOD_CLI_TABLE_H
#define RUNPOD_CLI_TABLE_H

#include <stddef.h>

#include "base/text.h"

struct table {
	struct strv *rows; /* the cells of each */
	size_t n;
};

/* Adds a row: its cells stand between tabs in line. */
void table_add(struct table *table, const char *line);

/* Appends the rows to ret_text. A column is as wide as its widest cell and two blanks, at least 12; the last has
 * no blanks behind it. */
void table_text(const struct table *table, struct buf *ret_text);

/* The same on stdout. */
void table_print(const struct table *table);

void table_free(struct table *table);

#endif
