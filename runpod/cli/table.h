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

/* Prints the rows on stdout. A column is as wide as its widest cell and two blanks, at least 12; the last has
 * no blanks behind it. */
void table_print(const struct table *table);

void table_free(struct table *table);

#endif
