/*
 * hostinfo: what this machine can do, for `info`: kernel, cgroups, memory, tools.
 */
#ifndef RUNPOD_POD_HOSTINFO_H
#define RUNPOD_POD_HOSTINFO_H

#include <stdint.h>
#include <sys/utsname.h>

#include "base/text.h"

struct hostinfo {
	struct utsname names;	    /* machine, nodename, release */
	char *distribution;	    /* "debian"; "unknown" */
	char *distribution_version; /* "12" */
	const char *cgroup_version; /* "v2", "hybrid", "none" */
	const char *cgroup_mount;   /* where cgroup v2 is mounted, or "" */
	struct strv controllers;    /* that can limit a pod here */
	struct strv programs;	    /* "skopeo=/usr/bin/skopeo"; nothing behind = when it is not installed */
	int64_t cpus;
	int64_t memory_free, memory_total; /* bytes */
	int64_t swap_free, swap_total;
	int64_t uptime; /* seconds */
};

/* Never fails: what cannot be found reads as missing. */
void hostinfo_read(struct hostinfo *ret_info);
void hostinfo_free(struct hostinfo *info);

#endif
