/*
 * volumes_from: --volumes-from.
 */
#ifndef RUNPOD_CLI_VOLUMES_FROM_H
#define RUNPOD_CLI_VOLUMES_FROM_H

#include "spec/pod_spec.h"
#include "store/paths.h"

/*
 * Adds what the containers have mounted, and what their pods mount in all, to the list; a target that is in it already stays as it is.
 * Each text is CONTAINER, or CONTAINER:ro for all of it read-only. Returns 0 or -errno.
 */
int volumes_from(const struct store *store, const struct strv *ctrs, struct mount_list *mounts,
		 struct err *err);

#endif
