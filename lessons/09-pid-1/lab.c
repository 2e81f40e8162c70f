/*
 * pidbox: runs a command as PID 1 of a new PID namespace.
 *
 * Build: gcc -I../.. -o pidbox lab.c
 *
 *	pidbox COMMAND [ARG...]		ends as the command ended: its status, or 128 + signal
 *
 * See pid_namespaces(7).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#include "lesson.h"

/* Writes one text to a file of /proc, with one write(2). */
static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die("write \"%s\" to %s", text, path);
	close(fd);
}

/* New namespaces, in a new user namespace in which we are root (lesson 02). */
static void new_namespaces(int flags)
{
	char uid_map[32], gid_map[32];

	snprintf(uid_map, sizeof(uid_map), "0 %u 1", geteuid());
	snprintf(gid_map, sizeof(gid_map), "0 %u 1", getegid());
	if (unshare(CLONE_NEWUSER | flags) < 0)
		die("make namespaces");
	write_file("/proc/self/uid_map", uid_map);
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/gid_map", gid_map);
}

/* Waits for the end of a child, and says it as a shell would. */
static int status_of(pid_t child)
{
	/*
	 * TODO 3: waitpid(2). Its status says either that a signal ended the child (WIFSIGNALED: return
	 * 128 + the signal), or with which status it exited.
	 */
	(void)child;
	return 0;
}

int main(int argc, char **argv)
{
	pid_t child;

	if (argc < 2) {
		fprintf(stderr, "usage: pidbox COMMAND [ARG...]\n");
		return 2;
	}
	/*
	 * TODO 1: a new PID namespace. Then say "after unshare I am still %d" on standard error.
	 * TODO 2: unshare(2) did not move you: only your children will be in there. So fork(2).
	 */
	(void)new_namespaces;
	child = 0;
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* when pidbox is killed, so is PID 1, and so are all */
		execvp(argv[1], argv + 1);
		die("run %s", argv[1]);
	}
	return status_of(child);
}
