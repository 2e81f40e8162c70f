/*
 * nsview: the picture that every lesson comes back to: the containers of a pod
 * against the kinds of namespaces, with the inode number that identifies each
 * (see namespaces(7)). Two equal numbers are one namespace.
 */
#ifndef RUNPOD_POD_NSVIEW_H
#define RUNPOD_POD_NSVIEW_H

#include "pod/status.h"

#define NSVIEW_KINDS 7

/* The kinds in the order of the columns: net ipc uts pid mnt cgroup user. */
extern const char *const nsview_kinds[NSVIEW_KINDS];

struct nsview_row {
	const struct ctr_view *ctr;
	ino_t inode[NSVIEW_KINDS]; /* 0: it does not run, or we may not look */
	bool shared[NSVIEW_KINDS]; /* the infra is in the same one (without infra: some other container) */
	bool host[NSVIEW_KINDS];   /* it is the one that we ourselves are in */
};

struct nsview {
	struct nsview_row *v; /* the infra first, then the others in the order of the pod's */
	size_t n;
};

/* Reads /proc/PID/ns of each container of the pod. The view borrows from pod. */
void nsview_read(const struct pod_view *pod, struct nsview *ret_view);
void nsview_free(struct nsview *view);

#endif
