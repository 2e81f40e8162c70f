/*
 * devices: what a container finds in /dev: six devices, and the links that
 * programs expect.
 *
 * Rule: mknod(2) of a device needs CAP_MKNOD in the first user namespace; a
 * container without it gets the host's own nodes bound in, after a look at
 * their numbers. /dev is always a fresh tmpfs: what an image has there does not
 * count. Lesson 18.
 */
#ifndef RUNPOD_KERN_DEVICES_H
#define RUNPOD_KERN_DEVICES_H

#include "base/err.h"

/*
 * Fills dev, the descriptor of an attached, empty tmpfs: null zero full random
 * urandom tty; ptmx → pts/ptmx, fd stdin stdout stderr → /proc/self/fd…; the
 * directories pts, shm and mqueue for the mounts to come. Returns 0 or -errno.
 */
int devices_fill(int dev, struct err *err);

/*
 * Binds source (a descriptor of a device node, O_PATH will do) to name in dev:
 * /dev/console for a terminal, or a device that the user asked for. name may have
 * directories ("net/tun"), which are made. Returns 0 or -errno.
 */
int devices_bind(int dev, const char *name, int source, struct err *err);

/*
 * Makes the device node behind source once more under name in dev, with its mode and owner, or binds it where
 * making is not allowed. name may have directories, which are made; what is there already stays. -ENODEV for
 * what is no device.
 */
int devices_copy(int dev, const char *name, int source, struct err *err);

/* Opens (O_PATH) the host's device node path and checks that it is the character device
 * major:minor. Returns the descriptor or -errno. */
int devices_open(const char *path, unsigned major, unsigned minor, struct err *err);

#endif
