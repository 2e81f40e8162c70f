/*
 * status: how a pod and its containers are now, joined from the records: what
 * was asked for (pod.json, ctr.json), what runs (state.json) and what is known
 * of containers that ended (exit.json). It only reads, but for a pod whose
 * supervisor was killed: that one gets another first.
 */
#ifndef RUNPOD_POD_STATUS_H
#define RUNPOD_POD_STATUS_H

#include <stdbool.h>

#include "store/names.h"
#include "store/record.h"

/* A container as it is shown. */
struct ctr_view {
	struct ctr_state now;	  /* id, name, status, … : always filled */
	struct ctr_record record; /* valid after ctr_view_load() */
	bool loaded;
	bool infra;
	bool hidden;   /* its pod exists only for it */
	int64_t order; /* of their making: its time */
	char *pod_id;
	char *pod_name;
};

struct pod_view {
	char *id;
	char *name;
	int64_t created; /* nanoseconds since 1970 */
	bool hidden;
	struct ctr_view *ctrs; /* all, the infra first, then in the order of their making */
	size_t n;
	struct pod_state state;	  /* zeroed where nothing runs; its entries are checked against /proc */
	bool running;		  /* a state was there */
	struct pod_record record; /* valid after pod_view_load() */
	bool loaded;
};

struct pod_views {
	struct pod_view *v;
	size_t n;
};

/*
 * Reads what a listing needs of a pod: state.json, or pod.json and ctr.json where nothing runs.
 * Returns 0, -ENOENT when the pod is not there or has gone meanwhile, or -errno.
 */
int pod_view_read(const struct store *store, const char *pod_id, struct pod_view *ret_view, struct err *err);

/* All pods, oldest first, hidden ones too. What cannot be read is passed over; ret_broken gets why. */
int pod_views_read(const struct store *store, struct pod_views *ret_views, struct strv *ret_broken,
		   struct err *err);

/* Reads pod.json or ctr.json as well, unless that was done. Returns 0 or -errno, -ENOENT with text. */
int pod_view_load(const struct store *store, struct pod_view *view, struct err *err);
int ctr_view_load(const struct store *store, struct ctr_view *view, struct err *err);

void pod_view_free(struct pod_view *view);
void pod_views_free(struct pod_views *views);

/* Created Running Degraded Paused Exited Stopped Error, of the containers' states. */
const char *pod_view_status(const struct pod_view *view);

/* The infra container, or NULL. */
struct ctr_view *pod_view_infra(struct pod_view *view);
/* The container of that id, or NULL. */
struct ctr_view *pod_view_ctr(struct pod_view *view, const char *ctr_id);

/* Whether the container has processes: running, stopping or paused. */
bool ctr_view_alive(const struct ctr_view *view);

#endif
