/*
 * usage: what a container has used so far, from the counters of its cgroup
 * (cgroups(7)) and of its network namespace. Where there is no cgroup for us,
 * /proc tells what it can. It only reads, and never asks the supervisor.
 */
#ifndef RUNPOD_POD_USAGE_H
#define RUNPOD_POD_USAGE_H

#include "pod/status.h"

#define USAGE_UNKNOWN (-1) /* nothing counts that here, or it does not run */

struct usage {
	int64_t cpu, cpu_system; /* nanoseconds, of which in the kernel */
	int64_t memory,
		memory_limit; /* bytes; the limit is the nearest one above: its own, its pod's, the machine's */
	int64_t net_in, net_out;     /* bytes through its network namespace's interfaces, lo left out */
	int64_t block_in, block_out; /* bytes read from and written to block devices */
	int64_t pids;		     /* processes and threads */
};

/* Reads all that can be known; the rest is USAGE_UNKNOWN. A container in the host's own network has no traffic of
 * its own. */
void usage_read(const struct pod_view *pod, const struct ctr_view *ctr, struct usage *ret_usage);

#endif
