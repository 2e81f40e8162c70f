/*
 * nstab: the one table of namespaces. Name, file under /proc/PID/ns, clone
 * flag, and the order in which a process must join them, with the reason.
 *
 * Kernel rule: setns(2) asks for CAP_SYS_ADMIN in the user namespace that owns
 * the target, so the user namespace comes first; and the mount namespace comes
 * last, because it takes /proc, and with it every path, away. Lesson 03.
 */
#ifndef RUNPOD_KERN_NSTAB_H
#define RUNPOD_KERN_NSTAB_H

#include <sys/types.h>

#include "base/err.h"

struct ns_kind {
	const char *name;  /* as --share and docker write it: "net" */
	const char *file;  /* under /proc/PID/ns */
	int flag;	   /* CLONE_NEW… */
	const char *holds; /* what a process in it sees of its own, for people */
};

extern const struct ns_kind ns_table[]; /* in join order; ends with name NULL */

/* The row of that name ("net", "ipc", …), or NULL. */
const struct ns_kind *ns_find(const char *name);

/* The inode number that identifies the namespace that process pid is in (see namespaces(7)); *ret_inode.
 * Returns 0 or -errno. */
int ns_inode(pid_t pid, const struct ns_kind *kind, ino_t *ret_inode, struct err *err);

#endif
