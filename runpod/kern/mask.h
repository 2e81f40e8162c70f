/*
 * mask: paths of /proc and /sys that a container may not read, or not write.
 *
 * Both file systems show the whole kernel, not the container's part of it. What
 * is not namespaced there is covered: a file by /dev/null, a directory by an
 * empty read-only tmpfs; or bound onto itself read-only. Lesson 18.
 */
#ifndef RUNPOD_KERN_MASK_H
#define RUNPOD_KERN_MASK_H

#include "base/err.h"

/* The baseline's lists, each ended by NULL. A path that is not there needs no mask. */
extern const char *const mask_hidden[];
extern const char *const mask_readonly[];

/*
 * Covers target (an O_PATH descriptor in this mount namespace), so that it reads
 * as empty. null: an O_PATH descriptor of the null device (1:3). where: its path,
 * for errors. Returns 0 or -errno.
 */
int mask_hide(int target, int null, const char *where, struct err *err);

/* Binds target and all mounts below it onto themselves, read-only, nosuid, nodev,
 * noexec. Returns 0 or -errno. */
int mask_make_readonly(int target, const char *where, struct err *err);

#endif
