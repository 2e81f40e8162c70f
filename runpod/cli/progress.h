/*
 * progress: a bar on standard error, for what takes long. Only on a terminal.
 */
#ifndef RUNPOD_CLI_PROGRESS_H
#define RUNPOD_CLI_PROGRESS_H

#include <stdbool.h>

#include "store/unpack.h"

struct bar {
	struct progress progress; /* the first member: what the store calls */
	const char *what;	  /* what is being done; NULL: nothing yet */
	int64_t done, total;	  /* bytes; total 0: nobody knows */
	int64_t drawn;		  /* when, in nanoseconds since boot */
};

/* Whether there is somebody who watches. */
bool bar_wanted(bool quiet);

/* Prepares the bar. Returns what to hand to the store: NULL when nobody watches. */
struct progress *bar_begin(struct bar *bar, bool quiet);

/* Wipes the line. */
void bar_end(struct bar *bar);

#endif
