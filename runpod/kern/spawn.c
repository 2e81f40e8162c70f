/*
 * spawn: clone3(2) with the flags that a pod needs; spawn.h tells the rules.
 */
#include "kern/spawn.h"

#include <sched.h>

#include "kern/explain.h"
#include "kern/sys.h"

pid_t spawn(const struct spawn *how, int (*fn)(void *arg), void *arg, int *ret_pidfd, struct err *err)
{
	int pidfd = -1;
	struct clone_args args = {
		.flags = how->flags | CLONE_PIDFD | (how->sister ? CLONE_PARENT : 0),
		.pidfd = (uintptr_t)&pidfd,
		.exit_signal = how->sister ? 0 : SIGCHLD, /* a sister takes the helper's */
	};
	char flags[128];
	pid_t pid;

	if (how->cgroup_fd >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)how->cgroup_fd;
	}
	/* DOC: birth */
	pid = sys_clone3(&args);
	if (!pid)
		_exit(fn(arg));
	explain_call(pid, how->purpose, how->lesson, "clone3(%s)",
		     explain_flags(args.flags, flags, sizeof(flags)));
	if (pid < 0)
		return err_set(err, -pid, "clone a process");
	*ret_pidfd = pidfd;
	return pid;
}
