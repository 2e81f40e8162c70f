/*
 * path: finding and making things below a directory that an attacker may have
 * filled, and may be changing while we look.
 *
 * Rule: a path is resolved once, by the kernel, with openat2(2) and a promise
 * about where it may lead; from then on only the descriptor is used. Checking a
 * path first and using it later is how containers were left (CVE-2021-30465).
 * Lesson 12.
 */
#ifndef RUNPOD_KERN_PATH_H
#define RUNPOD_KERN_PATH_H

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/* Where a path under a directory may lead. */
enum path_rule {
	PATH_IN_ROOT, /* as after a chroot: "/" and ".." stop at the directory, links are followed inside it */
	PATH_NO_LINKS, /* the same, and a symbolic link anywhere on the way is an error: for /proc, /dev, /sys */
	PATH_BENEATH, /* no links, no "..", no absolute path: for a subPath inside a volume */
};

/*
 * Opens path below dir with the flags of open(2) (O_CLOEXEC is added; O_PATH
 * for a mount's source or target). Returns the descriptor or -errno: -ENOENT,
 * -ELOOP for a link where none may be, -EXDEV for a way out of a PATH_BENEATH.
 */
int path_open(int dir, const char *path, enum path_rule rule, uint64_t flags, struct err *err);

/*
 * Makes path and its missing parents (mode 0755) below dir, unless it is there,
 * and returns an O_PATH descriptor of it. type_mode is as for mknod(2):
 * S_IFDIR | 0755 for a directory, S_IFREG | 0644 for an empty file; the umask
 * does not count. Returns the descriptor or -errno; -ENOTDIR or -EISDIR when
 * something of the other kind is there already.
 */
int path_make(int dir, const char *path, enum path_rule rule, mode_t type_mode, struct err *err);

#endif
