/*
 * donor: takes a mount out of another container's mount namespace: the pod's
 * /dev/shm and /etc/hosts, which infra holds.
 *
 * Rule: a bind mount's source must lie in the caller's own mount namespace
 * (EINVAL, mount(2)). So we go there, copy the mount to a descriptor that hangs
 * nowhere, come back, and attach it here. Lesson 08.
 */
#ifndef RUNPOD_POD_DONOR_H
#define RUNPOD_POD_DONOR_H

#include <stddef.h>

#include "base/err.h"

/*
 * Detached copies of what is mounted at (or lies under) each of paths in the mount namespace of the process behind pidfd, in one visit: ret_mounts
 * gets n descriptors. below (may be NULL): what lies there below each path, made when missing (subpath.h). The caller must be alone in its file system context (no threads, no CLONE_FS).
 * Returns 0 or -errno, and then no descriptor is left open.
 */
int donor_clone(int pidfd, const char *const *paths, const char *below, int *ret_mounts, size_t n,
		struct err *err);

#endif
