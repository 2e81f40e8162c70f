/*
 * keeper: keeps a pod going: starts again what ends, and waits longer each time.
 *
 * Build: gcc -I../.. -o keeper lab.c
 *
 *	keeper POLICY PID COMMAND [ARG...] [-- COMMAND [ARG...]]...
 *
 * POLICY is Always, OnFailure or Never. PID is pause, which holds the pod's net, ipc and
 * uts; each COMMAND is a container that joins them. Ends when no container runs or waits.
 * SECOND in the environment says how many milliseconds make a second, so that nobody need
 * wait. See pidfd_open(2), poll(2), setns(2).
 */
#define _GNU_SOURCE
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lesson.h"

#define SHARED	(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS)
#define MAX	20
#define HEALTHY 600 /* after so many seconds a failure is the first again */

struct container {
	char **command;
	pid_t pid;
	int pidfd;	   /* -1: it does not run */
	int code;	   /* how it ended last, as a shell says it */
	int failures;	   /* ends since it was healthy */
	long long started; /* when, in milliseconds */
	long long again;   /* when it will be started again; 0: it will not */
};

static int pausefd;
static int second = 1000; /* milliseconds */

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_BOOTTIME, &time);
	return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

/* How many seconds to wait before the next start: 0, 10, 20, 40, 80, 160, 300, 300... */
static int delay_after(int failures)
{
	/*
	 * TODO 2: failures is how often it has ended before, since it was healthy. After the first end
	 * there is no wait. Then 10 seconds, and each time twice as many, but never more than 300.
	 */
	(void)failures;
	return 0;
}

/* Whether a container that ended with that code shall run again. */
static int wanted(const char *policy, int code)
{
	/*
	 * TODO 1: Always, OnFailure (a code that is not 0), or Never.
	 */
	(void)policy;
	(void)code;
	return 0;
}

static void start(struct container *ctr)
{
	ctr->pid = fork();
	if (ctr->pid < 0)
		die("fork");
	if (ctr->pid == 0) {
		if (setns(pausefd, SHARED) < 0)
			die("join pause");
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* no container without a keeper */
		execvp(ctr->command[0], ctr->command);
		die("run %s", ctr->command[0]);
	}
	ctr->pidfd = pidfd_open(ctr->pid, 0);
	ctr->started = now();
	ctr->again = 0;
	printf("%d %s\n", ctr->pid, ctr->command[0]);
}

/* A container has ended: collects it, and decides what becomes of it. */
static void ended(struct container *ctr, const char *policy)
{
	int status = 0, delay;

	close(ctr->pidfd);
	ctr->pidfd = -1;
	waitpid(ctr->pid, &status, 0);
	ctr->code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	/*
	 * TODO 2: When it has run for HEALTHY seconds (of `second` milliseconds each), the failures before
	 * are forgotten.
	 */
	delay = delay_after(ctr->failures++);
	if (wanted(policy, ctr->code))
		ctr->again = now() + (long long)delay * second;
	printf("%s ended: %d", ctr->command[0], ctr->code);
	printf(ctr->again ? ", again in %d s\n" : "\n", delay);
}

/* Sleeps until a container ends, or is to be started. Returns 0 when none will do either. */
static int wait_for_any(struct container *ctrs, int n, struct pollfd *ends)
{
	long long left = -1;
	int living = 0;

	for (int i = 0; i < n; i++) {
		ends[i] = (struct pollfd){ .fd = ctrs[i].pidfd, .events = POLLIN };
		living += ctrs[i].pidfd >= 0 || ctrs[i].again;
		/*
		 * TODO 3: poll(2) wakes up when somebody ends, or when `left` milliseconds are over; -1
		 * is: never. A container that is to be started again must not be overslept, and the
		 * one whose turn is first counts. A time that has passed already is 0, not less.
		 */
	}
	return living && poll(ends, n, left) >= 0;
}

int main(int argc, char **argv)
{
	struct container ctrs[MAX] = { 0 };
	struct pollfd ends[MAX];
	int n = 0, failed = 0;

	errno = EINVAL;
	pausefd = argc > 3 ? pidfd_open(atoi(argv[2]), 0) : -1;
	if (pausefd < 0)
		die("keeper POLICY PID COMMAND...: find pause");
	second = getenv("SECOND") ? atoi(getenv("SECOND")) : second;
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (char **word = argv + 3; n < MAX && word < argv + argc; word++) {
		ctrs[n].command = word;
		while (*word && strcmp(*word, "--") != 0)
			word++;
		*word = NULL;
		start(&ctrs[n++]);
	}
	while (wait_for_any(ctrs, n, ends))
		for (int i = 0; i < n; i++)
			if (ends[i].revents)
				ended(&ctrs[i], argv[1]);
			else if (ctrs[i].again && ctrs[i].again <= now())
				start(&ctrs[i]);
	for (int i = 0; i < n; i++)
		failed |= ctrs[i].code;
	printf(failed ? "Failed\n" : "Succeeded\n");
	return failed != 0;
}
