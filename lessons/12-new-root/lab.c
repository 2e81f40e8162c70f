/*
 * newroot: gives a command a root directory of its own, with no way back.
 *
 * Build: gcc -I../.. -o newroot lab.c
 *
 *	newroot DIRECTORY COMMAND [ARG...]
 *
 * DIRECTORY becomes "/". It must have a directory proc, on which a fresh proc
 * is mounted. The command is PID 1 of a new PID namespace, and root of a new
 * user namespace. See pivot_root(2), mount_namespaces(7), proc(5).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lesson.h"

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die("write %s", path);
	close(fd);
}

/* New namespaces, and in the user namespace we are root (lesson 02). */
static void make_namespaces(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	char map[64];

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID) < 0)
		die("unshare");
	write_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", gid);
	write_file("/proc/self/gid_map", map);
	snprintf(map, sizeof(map), "0 %u 1", uid);
	write_file("/proc/self/uid_map", map);
}

/* Makes DIRECTORY a mount of its own, in a tree that tells nobody what we mount. */
static void make_mount_point(const char *directory)
{
	/*
	 * TODO 1: First make the whole tree private: mount(2) on "/" with MS_REC | MS_PRIVATE and
	 * nothing else. Then bind DIRECTORY onto itself (MS_BIND | MS_REC): a directory is no
	 * mount point, a bind mount of it is one, and pivot_root wants one.
	 */
	(void)directory;
	if (chdir(directory) < 0)
		die("go to %s", directory);
}

/* A proc that shows the processes of our PID namespace. We are in the new root directory. */
static void mount_proc(void)
{
	/*
	 * TODO 2: Mount a file system of type "proc" on the directory "proc" (no leading slash),
	 * with MS_NOSUID, MS_NOEXEC and MS_NODEV.
	 */
}

/* The current directory becomes "/", and what was "/" goes. */
static void change_root(void)
{
	/*
	 * TODO 3: pivot_root(2) has no wrapper in the C library: syscall(SYS_pivot_root, ".", ".").
	 * It puts the old root on top of the new one; take it away with umount2(2) of "." and
	 * MNT_DETACH. Then go to "/".
	 */
}

static int wait_for(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) < 0)
		die("wait");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
	pid_t child;

	if (argc < 3) {
		fprintf(stderr, "usage: newroot DIRECTORY COMMAND [ARG...]\n");
		return 2;
	}
	make_namespaces();
	child = fork(); /* the first child is PID 1 (lesson 09) */
	if (child < 0)
		die("fork");
	if (child > 0)
		return wait_for(child);
	make_mount_point(argv[1]);
	mount_proc();
	change_root();
	execvp(argv[2], argv + 2);
	die("run %s", argv[2]);
}
