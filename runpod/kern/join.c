/*
 * join: setns for good, and setns for the length of one function; join.h tells the idea.
 *
 * Lives by setns(2) (only the calling thread moves) and clone(2) (what a child
 * shares with its parent is chosen bit by bit). Lessons 03, 05 and 17.
 */
#include "kern/join.h"

#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

#include "kern/explain.h"
#include "kern/sys.h"

#define JOIN_STACK_SIZE (64 * 1024)

struct join {
	int fd;		   /* pidfd or namespace file */
	int flags;	   /* which namespaces */
	int (*fn)(void *); /* what to do there */
	void *arg;	   /* its argument */
	struct err *err;   /* for the join itself */
	int result;	   /* what the caller of join_call gets */
};

int join_self(int fd, int flags, const char *purpose, struct err *err)
{
	char text[96];
	int code = setns(fd, flags) < 0 ? -errno : 0;

	explain_flags((unsigned long)flags, text, sizeof(text));
	explain_call(code, purpose, 5, "setns(%d, %s)", fd, text);
	if (!code)
		return 0;
	err_set(err, -code, "join namespaces %s through descriptor %d", text, fd);
	if (code == -ESRCH)
		return err_hint(err, code, "that process has ended");
	if (code == -EPERM)
		return err_hint(err, code,
				"the namespace belongs to a user namespace in which we have no power");
	return code;
}

/* In the child: its own task, but the caller's memory and descriptors. */
static int join_child(void *arg)
{
	struct join *join = arg;

	join->result = join_self(join->fd, join->flags, "visit the pod, then come back", join->err);
	if (!join->result)
		join->result = join->fn(join->arg);
	return 0;
}

/*
 * The child is born without an exit signal: no SIGCHLD reaches the caller's own
 * bookkeeping, and wait(2) finds such a child only when asked with __WALL. All
 * signals are blocked meanwhile, for a handler that ran in the child would run
 * in the caller's memory. The threads' errno is shared too, which is why results
 * are passed by value.
 */
int join_call(int fd, int flags, int (*fn)(void *), void *arg, struct err *err)
{
	char stack[JOIN_STACK_SIZE] __attribute__((aligned(16)));
	struct join join = { .fd = fd, .flags = flags, .fn = fn, .arg = arg, .err = err, .result = -EINTR };
	sigset_t all, before;
	int status, code = 0;
	pid_t child;

	if (flags & CLONE_NEWUSER)
		return err_set(err, EINVAL, "visit a user namespace");
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	/* DOC: join-visit */
	child = clone(join_child, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | CLONE_FILES, &join);
	if (child < 0)
		code = err_set(err, errno, "start a process to visit the pod's namespaces");
	else
		while (waitpid(child, &status, __WALL) < 0 && errno == EINTR)
			;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return code ? code : join.result;
}
