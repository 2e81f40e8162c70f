/*
 * kube_sync: making one object of a manifest so: for apply, and for the kubelet that watches a
 * directory. In kube_apply.c.
 */
#ifndef RUNPOD_CLI_KUBE_SYNC_H
#define RUNPOD_CLI_KUBE_SYNC_H

#include "cli/cli.h"
#include "spec/kube.h"

/* Annotation of a pod in our record (not of its manifest): the file that the kubelet made it from. */
#define KUBE_SOURCE "kubernetes.io/config.file"

struct kube_synced {
	const char *done;     /* "created", "configured", "unchanged" */
	struct strv changes;  /* what differs from before: "spec.containers[0].image: a -> b" */
	struct strv replaced; /* "container web", "pod web" */
};

/* source: the file to remember, or NULL. Returns 0 or -errno. Free *synced in any case. */
int kube_sync(struct cli *cli, const struct kube_object *object, const char *source,
	      struct kube_synced *synced, struct err *err);
void kube_synced_free(struct kube_synced *synced);

#endif
