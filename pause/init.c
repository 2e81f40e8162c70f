/*
 * init: PID 1 for a container whose command was not written to be one
 * (`runpod run --init`). It is pause.c with a child: read that first, it says
 * why signals are blocked and waited for instead of handled.
 *
 *	init -- COMMAND ARG…      COMMAND is a path; there is no search through $PATH
 *
 * A PID 1 that is an ordinary program ignores SIGTERM, since the kernel drops
 * what PID 1 has no handler for, and never reaps orphans, since it does not
 * know that it has any (see pid_namespaces(7)). So the command becomes a child,
 * and this stays above it: signals are passed down, the dead are reaped, and
 * the exit code of the command is ours. Lesson 10 builds it.
 */
#include "sys.h"

#define EXIT_USAGE	 2
#define EXIT_CANNOT_RUN	 126 /* the shell's words: it is there, but cannot be run */
#define EXIT_NOT_FOUND	 127
#define EXIT_SIGNAL_BASE 128

#define USAGE	   "usage: init -- COMMAND [ARG...]\n"
#define NOT_FOUND  ": No such file or directory (or interpreter)\n"
#define NO_PROGRAM ": not executable (chmod +x?)\n"

/* Writes to standard error; there is nobody to tell if that fails. */
static void complain(const char *text)
{
	long size = 0;

	while (text[size])
		size++;
	sys_write(2, text, size);
}

/* The child's half: become the command, with the signal mask that we were given. Returns only when that
 * failed, the exit code that says why. */
static int become(char **command, char **envp, const sigset *mask)
{
	int result;

	sys_sigprocmask(SIG_SETMASK, mask, NULL);
	result = sys_execve(command[0], command, envp);
	complain("init: run ");
	complain(command[0]);
	complain(result == -ENOENT ? NOT_FOUND : NO_PROGRAM);
	return result == -ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN;
}

/*
 * Whether the child should be sent a signal that we got. SIGCHLD is for us. A
 * positive code is the kernel's own: Ctrl-C, Ctrl-Z or a resized window, which
 * went to the whole foreground process group, and so to the child already.
 * SIGHUP is the exception: when the terminal goes away, the kernel tells only
 * the leader of the session, which may be us (see setsid(2)).
 */
inlined int is_for_child(const struct siginfo *info)
{
	return info->signal != SIGCHLD && (info->code <= 0 || info->signal == SIGHUP);
}

/* What a shell would call this end: the exit code, or 128 + the signal that killed it (see wait(2)). */
inlined int exit_code(int status)
{
	int signal = status & 0x7f;

	return signal ? EXIT_SIGNAL_BASE + signal : (status >> 8) & 0xff;
}

/*
 * DOC: init-loop
 * Be init for one command: pass signals on, reap whatever dies, and end as the
 * command ended. When we are PID 1, the kernel then kills all that is left of
 * the namespace. When we are not, orphans would go to somebody else's init: a
 * subreaper gets those of its descendants (see PR_SET_CHILD_SUBREAPER in
 * prctl(2)). An ignored SIGCHLD is inherited through execve and would make
 * the kernel reap, and forget the exit code: hence the sigaction.
 * Returns the exit code.
 */
static int init(char **command, char **envp, const sigset *mask)
{
	struct sigaction default_action = { .handler = SIG_DFL };
	struct siginfo info;
	int child, pid, status, code = -1;

	sys_prctl(PR_SET_CHILD_SUBREAPER, 1);
	sys_sigaction(SIGCHLD, &default_action);
	child = sys_fork();
	if (child == 0)
		return become(command, envp, mask);
	if (child < 0) {
		complain("init: fork: no process left (pids limit?)\n");
		return EXIT_CANNOT_RUN;
	}
	for (;;) {
		while ((pid = sys_reap(&status)) > 0)
			if (pid == child)
				code = exit_code(status);
		if (code >= 0)
			return code;
		if (sys_sigwait(&all_signals, &info) > 0 && is_for_child(&info))
			sys_kill(child, info.signal);
	}
}

static int main(int argc, char **argv, char **envp)
{
	sigset mask;

	/* The dashes keep a mistyped option from being taken for a command. */
	if (argc < 3 || argv[1][0] != '-' || argv[1][1] != '-' || argv[1][2] != '\0') {
		complain(USAGE);
		return EXIT_USAGE;
	}
	sys_sigprocmask(SIG_SETMASK, &all_signals, &mask);
	return init(argv + 2, envp, &mask);
}
