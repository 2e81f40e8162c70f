/*
 * child_files: what a pod shares through infra's root: /dev/shm, and the three files
 * that tell a container its name and the way to others. Each container takes a copy of
 * those mounts (donor.h); one that is alone makes its own. Lessons 08 and 12.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/mount.h"
#include "kern/path.h"
#include "pod/child.h"
#include "pod/donor.h"

static int write_file(int dir, const char *path, const char *text, struct err *err)
{
	cleanup_fd int fd = openat(dir, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int code;

	if (fd < 0)
		return err_set(err, errno, "create %s", path);
	code = io_write_all(fd, text, strlen(text));
	return code ? err_set(err, -code, "write %s", path) : 0;
}

/* Writes the three files into dir, whose "etc" is there. */
static int write_name_files(struct child *child, int dir, struct err *err)
{
	cleanup_free char *hostname = text_format("%s\n", child->hostname ? child->hostname : "");
	int code = write_file(dir, "etc/hosts", child->hosts, err);

	if (!code)
		code = write_file(dir, "etc/hostname", hostname, err);
	return code ? code : write_file(dir, "etc/resolv.conf", child->resolv ? child->resolv : "", err);
}

int child_infra_files(struct child *child, struct err *err)
{
	return write_name_files(child, child->root, err);
}

/* One visit to the holder, when it holds all; each file is attached in its own time. */
int child_take_shared(struct child *child, struct err *err)
{
	static const char *const paths[] = { "/dev/shm", "/etc/resolv.conf", "/etc/hosts", "/etc/hostname" };
	int mounts[4] = { -1, -1, -1, -1 };
	int code = 0;

	if (child->shared >= 0 && child->shared == child->names) {
		code = donor_clone(child->shared, paths, NULL, mounts, 4, err);
	} else {
		if (child->shared >= 0)
			code = donor_clone(child->shared, paths, NULL, mounts, 1, err);
		if (!code && child->names >= 0)
			code = donor_clone(child->names, paths + 1, NULL, mounts + 1, 3, err);
	}
	child->shm = mounts[0];
	memcpy(child->name_files, mounts + 1, sizeof(child->name_files));
	return code;
}

/* Puts one of the files over the image's: a copy of our own, or the one taken from the holder. */
static int place_name_file(struct child *child, const char *path, int own, int *taken, struct err *err)
{
	cleanup_fd int target = path_make(child->root, path, PATH_IN_ROOT, S_IFREG | 0644, err);
	cleanup_fd int mount = -1;

	if (target < 0)
		return target;
	mount = own >= 0 ? mount_clone(own, path + 1, false, err) : take_fd(taken);
	return mount < 0 ? mount : mount_attach(mount, target, path, err);
}

/* A small tmpfs of our own that holds the files, hung into our copy of the host's tree: a bind
 * mount's source must hang somewhere. */
static int own_name_files(struct child *child, struct err *err)
{
	cleanup_fd int place = io_open(AT_FDCWD, child->store_root, O_PATH | O_DIRECTORY, err);
	int mount = mount_new("tmpfs", (const char *const[]){ "mode=755", "size=64k", NULL },
			      MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, err);
	int code;

	if (place < 0 || mount < 0)
		return place < 0 ? place : mount;
	code = mount_attach(mount, place, child->store_root, err); /* goes with the old root */
	if (!code && mkdirat(mount, "etc", 0755) < 0)
		code = err_set(err, errno, "make etc");
	if (!code)
		code = write_name_files(child, mount, err);
	if (code) {
		close(mount);
		return code;
	}
	return mount;
}

int child_name_files(struct child *child, struct err *err)
{
	static const char *const files[] = { "/etc/resolv.conf", "/etc/hosts", "/etc/hostname", NULL };
	cleanup_fd int own = -1;

	if (text_equal(child->ctr->builtin, "pause") && child->names < 0)
		return child_infra_files(child,
					 err); /* a donor made by hand: those who join take them from here */
	if (child->names < 0) {
		own = own_name_files(child, err);
		if (own < 0)
			return own;
	}
	for (const char *const *path = files; *path; path++) {
		int code = 0;

		for (size_t i = 0; i < child->mounts->n && !code; i++)
			code = !strcmp(child->mounts->v[i].target, *path); /* the user mounted one there */
		if (!code && child->ctr->spec.names.no_hosts && !strcmp(*path, "/etc/hosts"))
			code = 1;
		if (!code)
			code = place_name_file(child, *path, own, &child->name_files[path - files], err);
		if (code < 0)
			return err_context(err, code, "mount %s", *path);
	}
	return 0;
}
