/*
 * pasta: the way out of a rootless pod. pasta(1), when installed, puts a tap
 * device into the pod's network namespace and answers on it with ordinary
 * sockets of the user on the host, so no privilege on the host is needed.
 */
#ifndef RUNPOD_POD_PASTA_H
#define RUNPOD_POD_PASTA_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "store/lease.h"

/* Where pasta is installed: a path, or NULL. */
const char *pasta_tool(void);

/* Whether pasta can work here: it is installed and may open /dev/net/tun. If not, *ret_why says why. */
bool pasta_usable(const char **ret_why);

/*
 * Starts pasta for the network namespace of infra_pidfd and waits (at most 5 s) until the pod's interface
 * has its address, which is copied from the host: *ret_ip. pasta stays in the foreground as the caller's
 * child, outlives it, and ends only by a signal: keep its pid. cgroup_fd: the cgroup it is born in, or -1.
 * Returns its pid and *ret_pidfd; or -errno with pasta's own words in the error, and nothing left behind.
 */
pid_t pasta_spawn(int infra_pidfd, int cgroup_fd, char ret_ip[LEASE_IP_MAX], int *ret_pidfd, struct err *err);

#endif
