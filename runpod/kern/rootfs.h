/*
 * rootfs: the container's root: layers put over one another, hung over "/", and
 * made the root of all that follows.
 *
 * Order in a fresh, private mount namespace: rootfs_overlay (or rootfs_host),
 * rootfs_attach, all other mounts below it, rootfs_pivot. overlayfs is told in
 * https://docs.kernel.org/filesystems/overlayfs.html, the last step in
 * pivot_root(2). Lessons 12 and 13.
 */
#ifndef RUNPOD_KERN_ROOTFS_H
#define RUNPOD_KERN_ROOTFS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * Puts upper over lowers (topmost first, ended by NULL). work: an empty directory
 * on the same file system as upper. upper NULL: a root in which nothing can be
 * made, not even a place to mount onto; for --read-only with mounts, give an
 * upper and restrict the mount in the end. userxattr: true in a user namespace,
 * where overlay keeps its marks in user.* attributes. Paths may be relative, and
 * the container reads them in /proc/self/mountinfo just as they were given:
 * change to the layers' directory first and name them shortly. A comma in a path
 * is refused before Linux 6.5. Returns a detached mount's descriptor or -errno.
 */
int rootfs_overlay(const char *const *lowers, const char *upper, const char *work, bool userxattr,
		   struct err *err);

/*
 * This machine's own root, read-only below upper (NULL: read-only altogether).
 * As root of the machine that is one overlay over "/". In a user namespace the
 * kernel refuses that, since "/" carries mounts that must not be uncovered; then
 * it is a tmpfs with the same symbolic links and an overlay for each top-level
 * directory, whose layers are made as subdirectories of upper and work.
 * Directories that other mounts cover (proc, sys, dev, run, tmp, mnt, media) are
 * empty. Returns the descriptor of a root that is ALREADY attached, or -errno.
 */
int rootfs_host(const char *upper, const char *work, bool userxattr, struct err *err);

/* Hangs a detached root over this mount namespace's "/". Our own root stays below it,
 * so the host's paths go on meaning what they did until rootfs_pivot. Returns 0 or -errno. */
int rootfs_attach(int root, struct err *err);

/* Makes the attached root this process's "/", lets go of the old one for good, and stands in "/".
 * Returns 0 or -errno. */
int rootfs_pivot(int root, struct err *err);

/* Of rootfs_mount.c, for rootfs.c: all lowers (ended by NULL) in one string of size bytes, separated by ':'; what would
 * separate is escaped. 0 or -ENAMETOOLONG. */
int rootfs_join(const char *const *lowers, char *ret_joined, size_t size);

/* The overlay of rootfs_overlay(), made with mount(2) on upper, or without one on the first lower, for a moment. Only in a
 * private mount namespace of one's own. Returns a detached mount's descriptor or -errno; -ENAMETOOLONG when the options fill
 * more than a page, with some 50 layers. */
int rootfs_overlay_by_mount(const char *const *lowers, const char *upper, const char *work, bool userxattr);

#endif
