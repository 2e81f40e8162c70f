/*
 * image_tree: reads an image whole, as a container will see it. Only overlayfs
 * knows what several layers make together, so one is made for it: a mount that is attached nowhere
 * (see fsmount(2)) and lives as long as its descriptor.
 *
 * An ordinary user may make one in a user namespace of its own; so a child goes into such a one, and sends the
 * descriptor back (see unix(7), user_namespaces(7)). Lesson 13.
 */
#include "store/image.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/rootfs.h"

/* The child: makes the mount and sends it, or the error's text. */
static void make_tree(const struct store *store, const struct strv *paths, int sock)
{
	const char **lowers = mem_zalloc((paths->n + 1) * sizeof(*lowers));
	struct err err = { 0 };
	int tree = 0;

	for (size_t i = 0; i < paths->n; i++) /* from ROOT on: an option is at most 255 bytes long */
		lowers[i] = paths->v[i] + strlen(store->root) + 1;
	if (chdir(store->root) < 0)
		tree = err_set(&err, errno, "enter %s", store->root);
	/* a mount namespace too: older kernels need a place for a while (rootfs.c) */
	if (!tree && unshare(CLONE_NEWNS | (store->rootless ? CLONE_NEWUSER : 0)) < 0)
		tree = err_set(&err, errno, "make a namespace to read the image in");
	if (!tree && !store->rootless && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		tree = err_set(&err, errno, "make mounts private");
	if (!tree)
		tree = rootfs_overlay(lowers, NULL, NULL, store->rootless, &err);
	if (tree < 0)
		io_send(sock, err.text, strlen(err.text) + 1, NULL, 0);
	else
		io_send(sock, "", 1, &tree, 1);
	_exit(0);
}

int image_open_tree(const struct store *store, const struct strv *paths, struct err *err)
{
	cleanup_fd int ours = -1, theirs = -1;
	char text[ERR_TEXT_MAX] = "its helper ended";
	int pair[2], tree = -1;
	size_t n = 1;
	pid_t child;

	if (paths->n == 1)
		return io_open(AT_FDCWD, paths->v[0], O_RDONLY | O_DIRECTORY, err);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set(err, errno, "make a socket pair");
	ours = pair[0];
	theirs = pair[1];
	child = fork();
	if (child < 0)
		return err_set(err, errno, "fork");
	if (!child)
		make_tree(store, paths, theirs);
	cleanup_fd_func(&theirs);
	theirs = -1;
	if (io_receive(ours, text, sizeof(text) - 1, &tree, &n) <= 0)
		n = 0;
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	if (n != 1)
		return err_set(err, 0, "read the image: %s", text);
	return tree;
}
