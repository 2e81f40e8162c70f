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
	/*
	 * TODO 1: Open a descriptor of the process with pidfd_open(2), and hand it to setns(2) with
	 * the flags CLONE_NEWUSER and CLONE_NEWPID together. Without the user namespace we would
	 * have no right to the other (lesson 03).
	 */
	(void)donor;
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
	/*
	 * TODO 2: setns(2) did not move *this* process: a process keeps its PID namespace for life.
	 * Only children that are made from now on are born in the other one. So fork, and call
	 * become() in the child. When the fork fails, say so with die("fork").
	 */
	become(command);
	return -1;
}

/* Waits for the child; what a shell would say of its end. */
static int wait_for(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) < 0)
		die("wait for process %d", child);
	/*
	 * TODO 3: When a signal has killed the child (WIFSIGNALED), print "killed by signal N" on
	 * standard error and return 128 + N. Otherwise return its exit status.
	 */
	return 0;
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
