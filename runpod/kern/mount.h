/*
 * mount: file systems and copies of trees as descriptors, put in place at the end.
 *
 * The mount calls of Linux 5.2 and later split the old mount(2) in three: make a
 * mount that hangs nowhere (a descriptor), change it there, attach it. Nobody
 * sees it half configured, and both ends are descriptors, so no path is
 * resolved twice. See fsopen(2), open_tree(2), mount_setattr(2), move_mount(2)
 * and mount_namespaces(7). Lesson 12.
 *
 *	int made = mount_new("tmpfs", (const char *const[]){ "mode=1777", NULL }, MOUNT_ATTR_NOSUID, &err);
 *	int target = path_make(root, "/tmp", PATH_IN_ROOT, S_IFDIR | 0755, &err);
 *	mount_attach(made, target, "/tmp", &err);
 */
#ifndef RUNPOD_KERN_MOUNT_H
#define RUNPOD_KERN_MOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* One mount that every container has; see mount_table. */
struct mount_row {
	const char *target;	/* where, in the container */
	const char *fstype;	/* of which type */
	const char *options[4]; /* its options, ended by NULL */
	const char *optional;	/* one more, left out where the kernel refuses it; or NULL */
	uint64_t attributes;	/* MOUNT_ATTR_… */
	const char *instead;	/* the host's tree to copy where the kernel refuses a fresh one; or NULL */
	const char *purpose;	/* what it shows, for errors */
};

/*
 * The standard mounts in the order in which they must be attached: /proc, /dev,
 * /dev/pts, /dev/mqueue, /dev/shm, /sys, /sys/fs/cgroup. Ends with target NULL.
 */
extern const struct mount_row mount_table[];

/* The row of that target, or NULL. */
const struct mount_row *mount_find(const char *target);

/*
 * Makes what row says. may_copy: take row->instead (recursively, with the same
 * attributes) when the kernel answers EPERM: right when the namespace shown is
 * the host's or another container's, wrong for /proc in a pid namespace of
 * one's own. instead NULL means row->instead, another path overrides it (the
 * host's cgroup2 mount on a hybrid host). Returns a detached mount's descriptor
 * or -errno.
 */
int mount_standard(const struct mount_row *row, bool may_copy, const char *instead, struct err *err);

/*
 * From here on, nothing mounted in this mount namespace shows in another, nor
 * the other way round (MS_REC | MS_PRIVATE on "/"). First call in a new mount
 * namespace: a child of a shared tree is shared, and systemd shares all.
 */
int mount_private_tree(struct err *err);

/*
 * Makes a file system of that type. options: "key=value" or "key", ended by
 * NULL (options itself may be NULL). attributes: MOUNT_ATTR_RDONLY, _NOSUID,
 * _NODEV, _NOEXEC. Returns a detached mount's descriptor or -errno: -ENODEV for
 * a type the kernel lacks, -EPERM, -EINVAL for an option.
 */
int mount_new(const char *fstype, const char *const *options, uint64_t attributes, struct err *err);

/*
 * Copies the mount (recursive: and all mounts below) at path under dir; path ""
 * is dir itself, which may be O_PATH. What a bind mount's first half is.
 * Returns a detached mount's descriptor or -errno.
 */
int mount_clone(int dir, const char *path, bool recursive, struct err *err);

/*
 * Adds attributes (MOUNT_ATTR_…) to a mount, recursive: to all below it in one
 * step, so that "read-only" is true for every mount of the tree. Only ever adds:
 * what is locked in a user namespace stays, and the call is never refused for
 * it. what: its name for errors. Returns 0 or -errno.
 */
int mount_restrict(int mount, bool recursive, uint64_t attributes, const char *what, struct err *err);

/*
 * Hangs a detached mount onto target, a descriptor in this mount namespace;
 * where: its path in the container, for errors. mount then refers to the
 * attached one. Returns 0 or -errno.
 */
int mount_attach(int mount, int target, const char *where, struct err *err);

#endif
