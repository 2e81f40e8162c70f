/*
 * nstab: the table and its two questions; nstab.h gives the rule behind the order.
 */
#include "kern/nstab.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* DOC: namespace-table */
const struct ns_kind ns_table[] = {
	/* first: it decides whether we may join the others */
	{ "user", "user", CLONE_NEWUSER, "user and group ids, capabilities" },
	/* no order among these: each stands for itself */
	{ "cgroup", "cgroup", CLONE_NEWCGROUP, "the root of /proc/self/cgroup" },
	{ "ipc", "ipc", CLONE_NEWIPC, "System V IPC, POSIX message queues" },
	{ "net", "net", CLONE_NEWNET, "interfaces, addresses, ports, abstract sockets" },
	{ "uts", "uts", CLONE_NEWUTS, "the host name" },
	/* takes effect for children only, so it may come any time before the fork */
	{ "pid", "pid", CLONE_NEWPID, "process numbers" },
	/* last: it takes away the paths by which the others are found */
	{ "mnt", "mnt", CLONE_NEWNS, "mounts" },
	{ NULL, NULL, 0, NULL },
};

const struct ns_kind *ns_find(const char *name)
{
	for (const struct ns_kind *kind = ns_table; kind->name; kind++)
		if (!strcmp(kind->name, name))
			return kind;
	return NULL;
}

int ns_inode(pid_t pid, const struct ns_kind *kind, ino_t *ret_inode, struct err *err)
{
	char path[64];
	struct stat stat_of_ns;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, kind->file);
	if (stat(path, &stat_of_ns) < 0)
		return err_set(err, errno, "look at %s", path);
	*ret_inode = stat_of_ns.st_ino;
	return 0;
}
