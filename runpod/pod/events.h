/*
 * events: lines in the journal about pods and containers, for `events` to show. Podman's names:
 * create init start attach exec exec_died pause unpause kill died stop restart remove.
 */
#ifndef RUNPOD_POD_EVENTS_H
#define RUNPOD_POD_EVENTS_H

#include "store/record.h"

/* Notes what happened to a container. */
void events_ctr(const struct store *store, const struct ctr_record *ctr, const char *action);

/* The same for the end of a program of its: died or exec_died. */
void events_died(const struct store *store, const struct ctr_record *ctr, const char *action, int exit_code);

/* Notes what happened to a pod; of a hidden one nothing is told. */
void events_pod(const struct store *store, const struct pod_record *pod, const char *action);

#endif
