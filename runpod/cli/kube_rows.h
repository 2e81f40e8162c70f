/*
 * kube_rows: the lines of `get`, and the objects behind them.
 */
#ifndef RUNPOD_CLI_KUBE_ROWS_H
#define RUNPOD_CLI_KUBE_ROWS_H

#include <jansson.h>

#include "cli/cli.h"

struct get_flags {
	char *output, *selector, *namespace;
	bool watch, no_headers, all_namespaces, show_labels;
};

/* Lines of cells, and the objects behind them. */
struct kube_rows {
	struct strv lines;  /* cells between tabs */
	json_t *objects;    /* an array, for -o yaml and json; NULL where only lines are wanted */
	struct strv titles; /* "pod/web" */
};

/* Whether that form was asked for. */
bool kube_wants(const struct get_flags *flags, const char *form);

/* Reads what is named, or all of the kind. Returns 0 or -errno; free in any case. */
int kube_rows_read(struct cli *cli, const struct get_flags *flags, const char *kind, const struct strv *names,
		   struct kube_rows *ret_rows, struct err *err);
void kube_rows_free(struct kube_rows *rows);

#endif
