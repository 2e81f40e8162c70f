/*
 * joinpid: what `docker run --pid=container:X` does, and no more.
 *
 * Build: gcc -I../.. -o joinpid lab.c
 *
 *	joinpid [-w] PID COMMAND [ARG...]
 *
 * Runs COMMAND in the PID namespace of process PID, waits for it, and ends as
 * it ended: with its exit status, or 128 + the number of the signal that
 * killed it. With -w it waits for a line on standard input after it has
 * joined, before it makes the child. See pid_namespaces(7), setns(2).
 */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lesson.h"

/* Joins the user and the PID namespace of a process. */
static void join(pid_t donor)
{
	int pidfd = pidfd_open(donor, 0);

	if (pidfd < 0)
		die("pidfd_open %d", donor);
	if (setns(pidfd, CLONE_NEWUSER | CLONE_NEWPID) < 0)
		die("join the user and PID namespace of process %d", donor);
	close(pidfd);
}

/* The child: says which numbers it has, and becomes the command. */
static void become(char **command)
{
	printf("I am process %d, my parent is %d\n", getpid(), getppid());
	fflush(stdout);
	execvp(command[0], command);
	complain("run %s", command[0]);
	_exit(127);
}

/* Makes the process that is in the joined namespace, and runs the command in it. */
static pid_t start(char **command)
{
	pid_t child = fork();

	if (child < 0)
		die("fork");
	if (child == 0)
		become(command);
	return child;
}

/* Waits for the child; what a shell would say of its end. */
static int wait_for(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) < 0)
		die("wait for process %d", child);
	if (WIFSIGNALED(status)) {
		fprintf(stderr, "killed by signal %d\n", WTERMSIG(status));
		return 128 + WTERMSIG(status);
	}
	return WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
	int linger = argc > 1 && strcmp(argv[1], "-w") == 0;
	char line[16];

	if (argc < 3 + linger) {
		fprintf(stderr, "usage: joinpid [-w] PID COMMAND [ARG...]\n");
		return 2;
	}
	join(atoi(argv[1 + linger]));
	if (linger) {
		printf("joined; waiting for a line\n");
		fflush(stdout);
		if (!fgets(line, sizeof(line), stdin))
			return 1;
	}
	return wait_for(start(argv + 2 + linger));
}
