/*
 * spawn: a process is born. clone3(2) makes it in its namespaces and in its
 * cgroup from the first instant (CLONE_INTO_CGROUP), and hands back a pidfd,
 * which names this process for ever: a number may be reused, a pidfd never is.
 *
 * Rule: CLONE_NEWPID makes the child number 1 of a new pid namespace; to be born
 * into an existing one, the parent calls setns(2) first, for children only, and may
 * be unable to come back (pid_namespaces(7)). So a helper goes there and gives birth
 * with CLONE_PARENT: the child is its sister, and ours. Lessons 09, 11 and 14.
 */
#ifndef RUNPOD_KERN_SPAWN_H
#define RUNPOD_KERN_SPAWN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct spawn {
	uint64_t flags;	     /* CLONE_NEW… */
	int cgroup_fd;	     /* directory of the cgroup to be born in; -1: the caller's */
	bool sister;	     /* the caller is a helper: the child becomes its parent's (CLONE_PARENT) */
	const char *purpose; /* for --explain: "infra is born holding the namespaces" */
	int lesson;	     /* for --explain */
};

/*
 * Starts a child that runs fn(arg) on a copy of our memory and ends with what fn
 * returns as its exit status. Returns its PID (as the caller's pid namespace
 * counts) and *ret_pidfd, or -errno: EPERM without privilege, EBUSY or EACCES for the cgroup, ENOMEM for a
 * pid namespace whose init has gone.
 */
pid_t spawn(const struct spawn *how, int (*fn)(void *arg), void *arg, int *ret_pidfd, struct err *err);

#endif
