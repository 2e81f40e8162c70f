/*
 * enter: the price of an exec: fork, join the namespaces of a process, execute.
 *
 *	enter PID PROGRAM [ARGUMENT…]
 *
 * Uses pidfd_open(2) and one setns(2) for all namespaces, as runpod does; then a
 * fork, for only children enter a PID namespace.
 */
#include <sched.h>
#include <sys/wait.h>

#include "bench.h"

int main(int argc, char **argv)
{
	int fd, status;
	pid_t child;

	if (argc < 3) {
		fputs("usage: enter PID PROGRAM [ARGUMENT...]\n", stderr);
		return 2;
	}
	fd = (int)must(syscall(SYS_pidfd_open, atoi(argv[1]), 0), "pidfd_open");
	must(setns(fd,
		   CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWCGROUP),
	     "setns");
	child = (pid_t)must(fork(), "fork");
	if (!child) {
		execv(argv[2], argv + 2);
		must(-1, argv[2]);
	}
	must(waitpid(child, &status, 0), "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
