/*
 * handle: a cgroup as the handle of a pod: everything in it is stopped, or
 * ended, at once.
 *
 * Build: gcc -I../.. -o handle lab.c
 *
 *	handle run DIRECTORY COMMAND [ARG...]   makes the cgroup, starts COMMAND in it, prints its PID
 *	handle freeze DIRECTORY | handle thaw DIRECTORY
 *	handle kill DIRECTORY                   ends all that is in it, and removes it
 *
 * DIRECTORY is a cgroup: a directory below the cgroup v2 mount. See
 * cgroups(7), clone(2), and Documentation/admin-guide/cgroup-v2.rst.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lesson.h"

/* Makes a child that is in the cgroup from its first moment on. Returns as fork does. */
static pid_t fork_into(int cgroup)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP,
		.cgroup = cgroup,
		.exit_signal = SIGCHLD,
	};

	return syscall(SYS_clone3, &args, sizeof(args));
}

static int run(const char *directory, char **command)
{
	int cgroup;
	pid_t child;

	if (mkdir(directory, 0755) < 0 && errno != EEXIST)
		die("make cgroup %s", directory);
	cgroup = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (cgroup < 0)
		die("open %s", directory);
	child = fork_into(cgroup);
	if (child < 0)
		die("clone3 into %s", directory);
	if (child == 0) {
		setsid(); /* ctrl-c in our terminal is not for it */
		execvp(command[0], command);
		complain("run %s", command[0]);
		_exit(127);
	}
	printf("%d\n", child);
	return 0;
}

/* Writes a word into one of the cgroup's files. */
static void set(const char *directory, const char *file, const char *word)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, word, strlen(word)) < 0)
		die("write %s to %s", word, path);
	close(fd);
}

/* Waits until cgroup.events has this line ("frozen 1"): the kernel says when the file changes. */
static void await(const char *directory, const char *line)
{
	char path[4096], text[256];
	struct pollfd events = { .events = POLLPRI };

	snprintf(path, sizeof(path), "%s/cgroup.events", directory);
	events.fd = open(path, O_RDONLY | O_CLOEXEC);
	if (events.fd < 0)
		die("open %s", path);
	for (;;) {
		ssize_t size = pread(events.fd, text, sizeof(text) - 1, 0);

		if (size < 0)
			die("read %s", path);
		text[size] = '\0';
		if (strstr(text, line))
			break;
		if (poll(&events, 1, -1) < 0)
			die("wait for %s", path);
	}
	close(events.fd);
}

static int kill_all(const char *directory)
{
	set(directory, "cgroup.kill", "1");
	await(directory, "populated 0");
	if (rmdir(directory) < 0)
		die("remove cgroup %s", directory);
	return 0;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 2 ? argv[1] : "";

	if (argc > 3 && strcmp(verb, "run") == 0)
		return run(argv[2], argv + 3);
	if (argc == 3 && strcmp(verb, "kill") == 0)
		return kill_all(argv[2]);
	if (argc != 3 || (strcmp(verb, "freeze") != 0 && strcmp(verb, "thaw") != 0)) {
		fprintf(stderr,
			"usage: handle run DIRECTORY COMMAND... | handle freeze|thaw|kill DIRECTORY\n");
		return 2;
	}
	set(argv[2], "cgroup.freeze", verb[0] == 'f' ? "1" : "0");
	await(argv[2], verb[0] == 'f' ? "frozen 1" : "frozen 0");
	return 0;
}
