/*
 * usage: reads counters; usage.h tells which.
 *
 * Kernel rule: cpu.stat is there in every cgroup, whoever has the controllers;
 * memory.current, io.stat and pids.current only where cgroup v2 has theirs
 * (cgroups(7)). Threads can be counted without: cgroup.threads lists them. A
 * container without a cgroup is who lives in its mount namespace, which no two
 * containers share. Lesson 15.
 */
#include "pod/usage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "kern/cgroup.h"
#include "kern/netdev.h"
#include "kern/nstab.h"
#include "kern/process.h"

#define SECOND INT64_C(1000000000)

/* The one number in a file of the group; USAGE_UNKNOWN for "max", and where there is no such file. */
static int64_t number_in(const char *group, const char *file)
{
	struct buf text = { 0 };
	int64_t number = USAGE_UNKNOWN;

	if (!cgroup_get(group, file, &text, NULL) && text.len) {
		text.data[strcspn(text.data, "\n")] = '\0';
		num_i64(text.data, 0, INT64_MAX, &number);
	}
	buf_free(&text);
	return number;
}

/* The smaller limit of the group's and of ours. */
static void lower_limit(const char *group, int64_t *limit)
{
	int64_t own = number_in(group, "memory.max");

	if (own != USAGE_UNKNOWN && own < *limit)
		*limit = own;
}

/* Adds up all devices: "8:0 rbytes=1 wbytes=2 rios=…" */
static void read_io(const char *group, struct usage *usage)
{
	struct buf text = { 0 };
	char *word, *rest;

	if (!cgroup_get(group, "io.stat", &text, NULL)) {
		usage->block_in = usage->block_out = 0;
		for (rest = text.data; (word = strsep(&rest, " \n"));) {
			if (text_starts(word, "rbytes="))
				usage->block_in += strtoll(word + strlen("rbytes="), NULL, 10);
			else if (text_starts(word, "wbytes="))
				usage->block_out += strtoll(word + strlen("wbytes="), NULL, 10);
		}
	}
	buf_free(&text);
}

static int64_t count_threads(const char *group)
{
	struct buf text = { 0 };
	int64_t n = USAGE_UNKNOWN;

	if (!cgroup_get(group, "cgroup.threads", &text, NULL)) {
		n = 0;
		for (size_t i = 0; i < text.len; i++)
			n += text.data[i] == '\n';
	}
	buf_free(&text);
	return n;
}

static void read_group(const char *pod_group, const char *group, struct usage *usage)
{
	int64_t microseconds = cgroup_count(group, "cpu.stat", "usage_usec");

	if (microseconds >= 0) {
		usage->cpu = microseconds * 1000;
		usage->cpu_system = cgroup_count(group, "cpu.stat", "system_usec") * 1000;
	}
	usage->memory = number_in(group, "memory.current");
	if (usage->memory != USAGE_UNKNOWN) {
		lower_limit(group, &usage->memory_limit);
		lower_limit(pod_group, &usage->memory_limit);
	}
	read_io(group, usage);
	usage->pids = number_in(group, "pids.current");
	if (usage->pids == USAGE_UNKNOWN)
		usage->pids = count_threads(group);
}

/* Without a cgroup: the processes in the container's mount namespace. */
static void read_processes(pid_t first, struct usage *usage)
{
	const struct ns_kind *mount = ns_find("mnt");
	int64_t tick = SECOND / sysconf(_SC_CLK_TCK);
	ino_t wanted, inode;
	pid_t *pids;
	size_t n;

	if (ns_inode(first, mount, &wanted, NULL))
		return;
	n = process_list(&pids);
	usage->cpu = usage->cpu_system = usage->pids = 0;
	for (size_t i = 0; i < n; i++) {
		struct process process;

		if (ns_inode(pids[i], mount, &inode, NULL) || inode != wanted ||
		    process_read(pids[i], &process))
			continue;
		usage->cpu += (process.user_ticks + process.system_ticks + process.children_ticks) * tick;
		usage->cpu_system += process.system_ticks * tick;
		usage->pids += process.threads;
		process_free(&process);
	}
	free(pids);
}

static void read_network(pid_t first, struct usage *usage)
{
	const struct ns_kind *net = ns_find("net");
	ino_t its, ours;

	if (!ns_inode(first, net, &its, NULL) && !ns_inode(getpid(), net, &ours, NULL) && its == ours)
		return; /* what the host's interfaces carry is not its doing */
	netdev_read(first, &usage->net_in, &usage->net_out);
}

void usage_read(const struct pod_view *pod, const struct ctr_view *ctr, struct usage *ret_usage)
{
	struct usage usage = { USAGE_UNKNOWN, USAGE_UNKNOWN, USAGE_UNKNOWN, USAGE_UNKNOWN, USAGE_UNKNOWN,
			       USAGE_UNKNOWN, USAGE_UNKNOWN, USAGE_UNKNOWN, USAGE_UNKNOWN };
	struct sysinfo machine;

	if (ctr_view_alive(ctr) && ctr->now.pid) {
		if (!sysinfo(&machine))
			usage.memory_limit = (int64_t)machine.totalram * machine.mem_unit;
		if (pod->state.cgroup) {
			cleanup_free char *group = text_format("%s/%s", pod->state.cgroup, ctr->now.id);

			read_group(pod->state.cgroup, group, &usage);
		} else {
			read_processes((pid_t)ctr->now.pid, &usage);
		}
		read_network((pid_t)ctr->now.pid, &usage);
	}
	*ret_usage = usage;
}
