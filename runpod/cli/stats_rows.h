/*
 * stats_rows: what containers use, as rows of `stats` and `pod stats`. A share
 * of the CPU is a difference: between two looks at a counter, or, at the first
 * look, since the container started.
 */
#ifndef RUNPOD_CLI_STATS_ROWS_H
#define RUNPOD_CLI_STATS_ROWS_H

#include "cli/listing.h"
#include "pod/usage.h"

/* What a container's CPU counter read when it was last looked at. */
struct sample {
	char *ctr_id;
	int64_t cpu;  /* nanoseconds */
	int64_t when; /* CLOCK_BOOTTIME, nanoseconds */
};

struct samples {
	struct sample *v;
	size_t n;
};

/* What was asked for, and what was seen on the way. */
struct stats {
	bool of_pods;	/* pod stats: its columns and keys */
	bool whole_ids; /* --no-trunc */
	struct samples samples;
	bool no_memory, no_io, no_cgroup; /* one that runs has no such counter */
};

/* A row of one container: all fields of the templates, whose names are podman's. */
json_t *stats_row(struct stats *stats, const struct pod_view *pod, const struct ctr_view *ctr);

/* The rows as a table, through a template, or as JSON (format: --format, or NULL), appended to ret_text. -EINVAL for a
 * bad template. */
int stats_text(const struct stats *stats, const char *format, json_t *rows, struct buf *ret_text,
	       struct err *err);

void stats_free(struct stats *stats);

#endif
