/*
 * rlimit: the limits that each process carries and hands on (see getrlimit(2)).
 *
 * Rule: a hard limit may be lowered by anyone, and raised only with
 * CAP_SYS_RESOURCE in the first user namespace: never in a rootless container.
 */
#ifndef RUNPOD_KERN_RLIMIT_H
#define RUNPOD_KERN_RLIMIT_H

#include <sys/resource.h>
#include <sys/types.h>

#include "base/err.h"

/* One limit, as asked for. */
struct rlimit_setting {
	int resource; /* RLIMIT_…; -1 for "host": leave all as they are */
	rlim_t soft;  /* RLIM_INFINITY for -1 and "unlimited" */
	rlim_t hard;
};

/* Reads podman's --ulimit: "nofile=1024:2048", "nofile=1024" (both), "core=-1", "host". The names are
 * those of limits.conf(5): as core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime
 * sigpending stack. Returns 0 or -EINVAL. */
int rlimit_parse(const char *text, struct rlimit_setting *ret_setting, struct err *err);

/* The name of a resource ("nofile"), or NULL. */
const char *rlimit_name(int resource);

/* Sets it for the process pid (0: the caller) with prlimit(2). Returns 0 or -errno, -EPERM with a hint. */
int rlimit_apply(pid_t pid, const struct rlimit_setting *setting, struct err *err);

#endif
