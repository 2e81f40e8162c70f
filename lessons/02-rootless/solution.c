/*
 * rootless: runs a command as root of a user namespace of its own.
 *
 * Build: gcc -I../.. -o rootless lab.c
 *
 *	rootless COMMAND [ARG...]
 *
 * No privilege is needed: whoever makes a user namespace may map one user in
 * it, himself, to any number, and 0 is a number. See user_namespaces(7).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "lesson.h"

/* Writes one text to a file of /proc with one write(2): the kernel takes a map whole or not at all. */
static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		die("open %s", path);
	if (write(fd, text, strlen(text)) < 0)
		die("write \"%s\" to %s", text, path);
	close(fd);
}

/* "0 1000 1": number 0 in here is number 1000 out there, and this holds for 1 number. */
static void write_map(const char *path, unsigned int outside)
{
	char map[32];

	snprintf(map, sizeof(map), "0 %u 1", outside);
	write_file(path, map);
}

int main(int argc, char **argv)
{
	uid_t uid = geteuid(); /* asked before: inside, the answer would be 65534 */
	gid_t gid = getegid();

	if (argc < 2) {
		fprintf(stderr, "usage: rootless COMMAND [ARG...]\n");
		return 2;
	}
	if (unshare(CLONE_NEWUSER) < 0)
		die("make a user namespace");
	fprintf(stderr, "without a map: uid %u gid %u\n", getuid(), getgid());

	write_map("/proc/self/uid_map", uid);
	write_file("/proc/self/setgroups", "deny"); /* the kernel's condition for the next line */
	write_map("/proc/self/gid_map", gid);
	fprintf(stderr, "with a map:    uid %u gid %u\n", getuid(), getgid());

	execvp(argv[1], argv + 1);
	die("run %s", argv[1]);
}
