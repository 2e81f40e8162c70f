/*
 * pod_filter: which pods `pod ps --filter` shows.
 */
#ifndef RUNPOD_CLI_POD_FILTER_H
#define RUNPOD_CLI_POD_FILTER_H

#include "pod/status.h"

/* The keys, for filter_check(). */
extern const char pod_filters[];

/* Whether the pod passes the filters. Reads pod.json where one is about labels. */
bool pod_wanted(const struct store *store, struct pod_view *pod, const struct strv *asked);

#endif
