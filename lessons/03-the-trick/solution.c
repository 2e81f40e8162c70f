/*
 * join: enters namespaces of another process and runs a command there.
 *
 * Build: gcc -I../.. -o join lab.c
 *
 *	join KIND[,KIND...] PID COMMAND [ARG...]
 *	join user,uts 4711 hostname
 *
 * The kinds are joined in the order given. See setns(2).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "lesson.h"

static const struct kind {
	const char *name; /* of the file in /proc/PID/ns */
	int flag;	  /* what unshare(2), clone(2) and setns(2) call it */
} kinds[] = {
	{ "user", CLONE_NEWUSER }, { "cgroup", CLONE_NEWCGROUP }, { "ipc", CLONE_NEWIPC },
	{ "net", CLONE_NEWNET },   { "uts", CLONE_NEWUTS },	  { "pid", CLONE_NEWPID },
	{ "mnt", CLONE_NEWNS },
};
#define KINDS 7

static const struct kind *find_kind(const char *name)
{
	for (int i = 0; i < KINDS; i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	fprintf(stderr, "there is no kind of namespace called %s\n", name);
	exit(2);
}

/* A descriptor that stands for that namespace; as long as it is open, the namespace lives. */
static int open_namespace(const char *pid, const struct kind *kind)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/ns/%s", pid, kind->name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("open %s", path);
	return fd;
}

/* Moves this process into the namespace. The kernel compares kind with what fd is. */
static void enter(int fd, const struct kind *kind)
{
	if (setns(fd, kind->flag) < 0)
		die("join %s namespace", kind->name);
	close(fd);
}

int main(int argc, char **argv)
{
	const struct kind *wanted[KINDS];
	int fds[KINDS], count = 0;

	if (argc < 4) {
		fprintf(stderr, "usage: join KIND[,KIND...] PID COMMAND [ARG...]\n");
		return 2;
	}
	for (char *name = strtok(argv[1], ","); name && count < KINDS; name = strtok(NULL, ","))
		wanted[count++] = find_kind(name);

	/* All are opened before the first is entered: behind a mount or PID namespace, /proc is another. */
	for (int i = 0; i < count; i++)
		fds[i] = open_namespace(argv[2], wanted[i]);
	for (int i = 0; i < count; i++)
		enter(fds[i], wanted[i]);

	execvp(argv[3], argv + 3);
	die("run %s", argv[3]);
}
