/*
 * table: columns as Go's text/tabwriter lays them out with podman's numbers (at
 * least 12 wide, two blanks between), so that output compares line by line.
 */
#include "cli/table.h"

#include <stdio.h>
#include <stdlib.h>

#define MIN_WIDTH 12
#define PADDING	  2

/* How many characters of UTF-8 text: the bytes that do not continue one. */
static size_t characters(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

void table_add(struct table *table, const char *line)
{
	table->rows = mem_realloc(table->rows, (table->n + 1) * sizeof(*table->rows));
	table->rows[table->n] = (struct strv){ 0 };
	strv_split(&table->rows[table->n], line, '\t');
	if (text_ends(line, "\t"))
		strv_add(&table->rows[table->n], "");
	table->n++;
}

/* The width of a column over all rows in which it is not the last one. */
static size_t width_of(const struct table *table, size_t column)
{
	size_t width = MIN_WIDTH;

	for (size_t i = 0; i < table->n; i++)
		if (column + 1 < table->rows[i].n && characters(table->rows[i].v[column]) + PADDING > width)
			width = characters(table->rows[i].v[column]) + PADDING;
	return width;
}

void table_text(const struct table *table, struct buf *ret_text)
{
	size_t columns = 0, *widths;

	for (size_t i = 0; i < table->n; i++)
		columns = table->rows[i].n > columns ? table->rows[i].n : columns;
	widths = mem_zalloc(columns * sizeof(*widths));
	for (size_t c = 0; c < columns; c++)
		widths[c] = width_of(table, c);
	for (size_t i = 0; i < table->n; i++) {
		const struct strv *row = &table->rows[i];

		for (size_t c = 0; c < row->n; c++) {
			size_t fill = c + 1 < row->n ? widths[c] - characters(row->v[c]) : 0;

			buf_text(ret_text, row->v[c]);
			while (fill--)
				buf_add(ret_text, " ", 1);
		}
		buf_text(ret_text, "\n");
	}
	free(widths);
}

void table_print(const struct table *table)
{
	struct buf text = { 0 };

	table_text(table, &text);
	if (text.len)
		fwrite(text.data, 1, text.len, stdout);
	buf_free(&text);
}

void table_free(struct table *table)
{
	for (size_t i = 0; i < table->n; i++)
		strv_free(&table->rows[i]);
	free(table->rows);
	*table = (struct table){ 0 };
}
