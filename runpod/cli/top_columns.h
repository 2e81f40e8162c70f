/*
 * top_columns: what top can show of a process: the descriptors of ps(1) in
 * their AIX form that podman knows, and podman's own.
 */
#ifndef RUNPOD_CLI_TOP_COLUMNS_H
#define RUNPOD_CLI_TOP_COLUMNS_H

#include "pod/processes.h"

struct top_column {
	const char *code;			      /* %C; NULL: it has none */
	const char *name;			      /* pcpu */
	const char *header;			      /* %CPU */
	char *(*text)(const struct process_row *row); /* what stands in a row; owned by the caller */
};

/* All of them, sorted by name; ends with name NULL. */
extern const struct top_column top_columns[];

/* The column of that name or code, or NULL. */
const struct top_column *top_column_find(const char *word);

#endif
