/*
 * limited: runs a command in a container's cgroup, below a pod's, with limits
 * on both levels, and tells how it ended.
 *
 * Build: gcc -I../.. -o limited lab.c
 *
 *	limited POD CONTAINER [SETTING...] -- COMMAND [ARG...]
 *
 * POD is a cgroup, a directory below the cgroup v2 mount, and is made when it
 * is missing; CONTAINER is the name of the cgroup in it. A SETTING is
 * "pids.max=20" for the container, or "pod:memory.max=64M" for the pod. See
 * cgroups(7), and Documentation/admin-guide/cgroup-v2.rst.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lesson.h"

static void set(const char *cgroup, const char *file, const char *value)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", cgroup, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		die("write %s to %s", value, path);
	close(fd);
}

/* Makes the cgroups, and lets the container's have controllers. */
static void make_cgroups(const char *pod, const char *container)
{
	if (mkdir(pod, 0755) < 0 && errno != EEXIST)
		die("make cgroup %s", pod);
	set(pod, "cgroup.subtree_control", "+cpu +memory +pids");
	if (mkdir(container, 0755) < 0 && errno != EEXIST)
		die("make cgroup %s", container);
}

/* "pod:memory.max=64M" or "pids.max=20": the value into the file. Keeps the text as it is. */
static void apply(const char *pod, const char *container, const char *setting)
{
	const char *cgroup = container;
	char file[64];
	const char *value;

	if (strncmp(setting, "pod:", 4) == 0) {
		cgroup = pod;
		setting += 4;
	}
	value = strchr(setting, '=');
	if (!value || value - setting >= (int)sizeof(file)) {
		fprintf(stderr, "%s: not of the form FILE=VALUE\n", setting);
		exit(2);
	}
	snprintf(file, sizeof(file), "%.*s", (int)(value - setting), setting);
	set(cgroup, file, value + 1);
}

static int run(const char *container, char **command)
{
	struct clone_args args = { .flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD };
	int status, cgroup = open(container, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	pid_t child;

	if (cgroup < 0)
		die("open %s", container);
	args.cgroup = cgroup;
	child = syscall(SYS_clone3, &args, sizeof(args));
	if (child < 0)
		die("clone3 into %s", container);
	if (child == 0) {
		execvp(command[0], command);
		complain("run %s", command[0]);
		_exit(127);
	}
	if (waitpid(child, &status, 0) < 0)
		die("wait");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* How many processes of the container the kernel has killed for want of memory. */
static long oom_kills(const char *container)
{
	char path[4096], word[64];
	long number = 0, kills = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/memory.events", container);
	file = fopen(path, "re");
	if (!file)
		die("open %s", path);
	while (fscanf(file, "%63s %ld", word, &number) == 2)
		if (strcmp(word, "oom_kill") == 0)
			kills = number;
	fclose(file);
	return kills;
}

int main(int argc, char **argv)
{
	char container[2048];
	int i = 3, status;
	long before;

	while (i < argc && strcmp(argv[i], "--") != 0)
		i++;
	if (i + 1 >= argc) {
		fprintf(stderr, "usage: limited POD CONTAINER [SETTING...] -- COMMAND [ARG...]\n");
		return 2;
	}
	snprintf(container, sizeof(container), "%s/%s", argv[1], argv[2]);
	make_cgroups(argv[1], container);
	for (int setting = 3; setting < i; setting++)
		apply(argv[1], container, argv[setting]);
	before = oom_kills(container);
	status = run(container, argv + i + 1);
	printf("%s: exit status %d%s\n", argv[2], status,
	       oom_kills(container) > before ? ", out of memory" : "");
	return status;
}
