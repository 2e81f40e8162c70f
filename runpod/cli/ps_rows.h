/*
 * ps_rows: containers as rows of `ps`: which ones, in which order, with which fields.
 */
#ifndef RUNPOD_CLI_PS_ROWS_H
#define RUNPOD_CLI_PS_ROWS_H

#include <jansson.h>

#include "cli/cli.h"
#include "pod/status.h"

/* A container together with its pod. */
struct ps_entry {
	struct pod_view *pod;
	struct ctr_view *ctr; /* loaded */
};

struct ps_entries {
	struct ps_entry *v;
	size_t n;
};

/* What a row is made of: what the table shows unasked, all that --format json has, or the numbers of its namespaces too. */
enum ps_fields { PS_USUAL, PS_ALL, PS_NAMESPACES };

/* The fields that --format can name. whole: ids and commands are not cut short. */
json_t *ps_row(const struct cli *cli, const struct ps_entry *entry, bool whole, enum ps_fields fields);

/* The same container as `ps --format json` shows it. */
json_t *ps_json(const struct cli *cli, const struct ps_entry *entry);

#endif
