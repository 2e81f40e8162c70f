/*
 * pause: the process that holds a pod's namespaces open. A namespace lives as
 * long as something is in it (see namespaces(7)); containers come and go, so
 * the pod needs one process that stays and does nothing. Doing nothing well is
 * all there is here:
 *
 *	pause                    sleep; reap orphans; exit 0 on SIGTERM or SIGINT
 *	pause -v                 say what this is
 *
 * As PID 1 of a PID namespace it has two duties more than other processes (see
 * pid_namespaces(7)). Orphans become its children, and stay zombies until it
 * waits for them. And the kernel drops signals sent to PID 1 that it did not
 * ask for: SIGTERM without a handler does nothing at all. But a *blocked*
 * signal is kept, whoever it is sent to, and can then be waited for. So
 * instead of handlers, which run at any moment, all signals are blocked and
 * taken one by one, in a loop.
 *
 * There is no C library, and nothing writable: one page of code, one of stack.
 * It is the first file that you read (lesson 01 builds it, lesson 10 makes it PID 1).
 */
#include "sys.h"

#define PAGE	  4096UL
#define STACK_MAX (8UL << 20) /* more than arguments and environment can take, see execve(2) */

#define EXIT_USAGE 2

#define VERSION "pause 1.0: holds the namespaces of a pod open\n"
#define USAGE	"usage: pause [-v]\n"

/*
 * The kernel wrote arguments, environment and auxiliary vector to the stack,
 * three pages or more; what is not needed again is given back. The page that
 * holds our name stays, since ps(1) reads it through /proc/PID/cmdline.
 * MADV_DONTNEED passes over what is not mapped, so there is no need to know
 * where the stack begins and ends (see madvise(2), "Linux notes").
 *
 * DOC: give-back
 * The page that this very function runs on goes too, and reads as zeros from
 * then on: hence inlined, into a function that never returns, the lower part
 * (where we are) last, and no variable that is needed afterwards. Where the
 * pages are larger than 4 KiB (some ARM kernels) the call may fail, and a page
 * or two stay.
 */
inlined void give_back_stack(const char *name)
{
	unsigned long kept = (unsigned long)name & ~(PAGE - 1);

	sys_madvise(kept + PAGE, STACK_MAX, MADV_DONTNEED);
	sys_madvise(kept - STACK_MAX, STACK_MAX, MADV_DONTNEED);
}

/*
 * DOC: pause-loop
 * Hold the namespaces. Reaping comes before waiting, for orphans that died
 * before the signals were blocked; and it loops, because a signal that is
 * already pending is not queued again: a thousand deaths may be one SIGCHLD
 * (see signal(7)). All other signals are taken and forgotten.
 */
static _Noreturn void hold(const char *name)
{
	int signal;

	give_back_stack(name);
	for (;;) {
		while (sys_reap(NULL) > 0)
			;
		signal = sys_sigwait(&all_signals, NULL);
		if (signal == SIGTERM || signal == SIGINT)
			sys_exit(0);
	}
}

static int main(int argc, char **argv, char **envp)
{
	(void)envp; /* whatever we were given, we have no use for it */
	if (argc > 1) {
		const char *option = argv[1];

		if (argc == 2 && option[0] == '-' && option[1] == 'v' && option[2] == '\0') {
			sys_write(1, VERSION, sizeof(VERSION) - 1);
			return 0;
		}
		sys_write(2, USAGE, sizeof(USAGE) - 1);
		return EXIT_USAGE;
	}
	/* Run from a descriptor (see execveat(2)), we would be called by its number in ps and top. */
	sys_prctl(PR_SET_NAME, (long)"pause");
	sys_sigprocmask(SIG_SETMASK, &all_signals, NULL);
	hold(argv[0]);
}
