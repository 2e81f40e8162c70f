/*
 * ps_filter: which containers --filter means, in ps, prune and the verbs that act on many.
 */
#ifndef RUNPOD_CLI_PS_FILTER_H
#define RUNPOD_CLI_PS_FILTER_H

#include "cli/cli.h"
#include "pod/status.h"

/* Filters, checked, with the times that they name. */
struct ps_filter {
	const struct strv *asked;
	int64_t before, since, until; /* made before or behind these; nanoseconds since 1970, 0: not asked */
};

/* Checks the filters (known: their keys separated by blanks; NULL: all that there are) and looks up the containers that before= and
 * since= name. Opens the store. The filter borrows asked. */
int ps_filter_read(struct cli *cli, const struct strv *asked, const char *known, struct ps_filter *ret_filter,
		   struct err *err);

/* Whether the container, whose record is loaded, passes. */
bool ps_filter_fits(const struct ps_filter *filter, const struct pod_view *pod, const struct ctr_view *ctr);

/* The same for one whose records are read for it. */
bool ps_filter_fits_ref(struct cli *cli, const struct ps_filter *filter, const struct name_ref *ref);

#endif
