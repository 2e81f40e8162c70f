/*
 * userns: the user namespace in which an ordinary user is root. All pods of a
 * user share one, so that one pod's container can join another's namespaces:
 * the kernel asks for power over the user namespace that owns them.
 *
 * Rules (user_namespaces(7)): in a new user namespace a process has all
 * capabilities, but ids mean nothing until uid_map and gid_map are written: by
 * newuidmap(1) for the ranges that /etc/subuid gives the user, else just one id,
 * after setgroups was denied. Nothing keeps it but its members: the first pod
 * makes it, the last one lets it go. Lessons 02 and 16.
 */
#ifndef RUNPOD_POD_USERNS_H
#define RUNPOD_POD_USERNS_H

#include <sys/types.h>

#include "store/paths.h"

/*
 * Moves the caller (one thread, not yet root) into the user's namespace, and into a mount namespace of its own in it,
 * making the user namespace when no pod of the user lives. Holds the lock "userns" from the look to the
 * end of this process's becoming visible: until ret_lock (a descriptor) is closed. Returns 0 or -errno with what to do.
 */
int userns_enter(const struct store *store, int *ret_lock, struct err *err);

/* Runs fn(arg) in a child inside that namespace and returns what it returned: for removing files that belong to a
 * container's users. For root it just calls fn. */
int userns_call(const struct store *store, int (*fn)(void *arg, struct err *err), void *arg, struct err *err);

#endif
