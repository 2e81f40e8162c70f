/*
 * shmbox: runs a command with a mount table of its own and the /dev/shm of a process.
 *
 * Build: gcc -I../.. -o shmbox lab.c
 *
 *	shmbox PID COMMAND [ARG...]
 *
 * A mount can be copied only by who is in the mount namespace where it is. So
 * we visit that namespace, pick up a copy as a descriptor, come home, and hang
 * it up here. See mount_namespaces(7), open_tree(2) and move_mount(2).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lesson.h"

#ifndef OPEN_TREE_CLONE
#define OPEN_TREE_CLONE 1
#endif
#ifndef MOVE_MOUNT_F_EMPTY_PATH
#define MOVE_MOUNT_F_EMPTY_PATH 0x4
#endif

/* Newer C libraries have functions for these two; the kernel has had them since 5.2. */
static int sys_open_tree(int dir, const char *path, unsigned int flags)
{
	return syscall(SYS_open_tree, dir, path, flags);
}

static int sys_move_mount(int from, const char *from_path, int to, const char *to_path, unsigned int flags)
{
	return syscall(SYS_move_mount, from, from_path, to, to_path, flags);
}

static int open_namespace(const char *pid, const char *kind)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/ns/%s", pid, kind);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("open %s", path);
	return fd;
}

/* A mount table of our own: a copy of what we had, from which nothing spreads to the original. */
static int own_mounts(void)
{
	if (unshare(CLONE_NEWNS) < 0)
		die("make a mount namespace");
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		die("make all mounts private");
	return open_namespace("self", "mnt");
}

/* A copy of the mount on path, which hangs nowhere yet. */
static int pick_up(const char *path)
{
	/* TODO 2: sys_open_tree with OPEN_TREE_CLONE and O_CLOEXEC; AT_FDCWD when the path is absolute. */
	(void)path;
	(void)sys_open_tree;
	return -1;
}

/* Hangs the copy up over what is on path. */
static void hang_up(int tree, const char *path)
{
	/* TODO 3: sys_move_mount from the descriptor itself: path "", and the flag that allows that. */
	(void)tree;
	(void)path;
	(void)sys_move_mount;
}

int main(int argc, char **argv)
{
	int user, theirs, ours, tree;

	if (argc < 3) {
		fprintf(stderr, "usage: shmbox PID COMMAND [ARG...]\n");
		return 2;
	}
	user = open_namespace(argv[1], "user");
	theirs = open_namespace(argv[1], "mnt");
	if (setns(user, CLONE_NEWUSER) < 0)
		die("join the user namespace of %s", argv[1]);
	ours = own_mounts();

	/* TODO 1: go there with setns(2), pick_up("/dev/shm"), and come back. */
	(void)theirs;
	(void)ours;
	tree = pick_up("/dev/shm");
	hang_up(tree, "/dev/shm");

	execvp(argv[2], argv + 2);
	die("run %s", argv[2]);
}
