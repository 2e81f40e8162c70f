/*
 * child_files: what the user mounts, and the three files that tell a container
 * its name and the way to others.
 *
 * Both ends are descriptors: the source copied by open_tree(2), the target found
 * or made below the container's root by openat2(2); no path is resolved twice,
 * so an image full of symbolic links, or one that changes while we look, leads
 * nowhere (CVE-2021-30465). Lessons 12 and 20.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/mount.h"
#include "kern/path.h"
#include "kern/sys.h"
#include "pod/child.h"
#include "pod/donor.h"

static uint64_t attributes_of(const struct mount_spec *mount)
{
	return (mount->read_only ? MOUNT_ATTR_RDONLY : 0) | (mount->noexec ? MOUNT_ATTR_NOEXEC : 0) |
	       (mount->nosuid ? MOUNT_ATTR_NOSUID : 0) | (mount->nodev ? MOUNT_ATTR_NODEV : 0);
}

/* A fresh tmpfs as --tmpfs and --mount type=tmpfs describe it. */
static int tmpfs_mount(const struct mount_spec *mount, struct err *err)
{
	char size[40], mode[40];
	const char *options[3] = { NULL };
	int n = 0;

	snprintf(mode, sizeof(mode), "mode=%o", mount->mode ? (unsigned)mount->mode : 01777);
	options[n++] = mode;
	snprintf(size, sizeof(size), "size=%lld", (long long)mount->size);
	if (mount->size)
		options[n++] = size;
	return mount_new("tmpfs", options, attributes_of(mount) | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, err);
}

/* The source, or what lies in it at the subpath. Returns an O_PATH descriptor or -errno. */
static int open_source(const struct mount_spec *mount, struct err *err)
{
	cleanup_fd int source = io_open(AT_FDCWD, mount->source, O_PATH, err);

	if (source < 0)
		return err_hint(err, source, "the source of a bind mount must be there");
	return mount->subpath ? path_open(source, mount->subpath, PATH_BENEATH, O_PATH, err)
			      : take_fd(&source);
}

/* A copy of the source's tree; *ret_type says whether it is a directory or a file. */
static int source_mount(const struct mount_spec *mount, mode_t *ret_type, struct err *err)
{
	cleanup_fd int source = open_source(mount, err);
	struct stat stat;
	int copy, code;

	if (source < 0)
		return source;
	if (fstat(source, &stat) < 0)
		return err_set(err, errno, "look at %s", mount->source);
	*ret_type = S_ISDIR(stat.st_mode) ? S_IFDIR | 0755 : S_IFREG | 0644;
	copy = mount_clone(source, "", mount->recursive, err);
	if (copy < 0)
		return copy;
	code = mount_restrict(copy, true, attributes_of(mount), mount->source, err);
	if (code) {
		close(copy);
		return code;
	}
	return copy;
}

/* Mounts come private; what is propagated on request is set on the copy (mount_namespaces(7)). */
static int propagate(int mount, const struct mount_spec *spec, struct err *err)
{
	struct mount_attr attr = { 0 };
	const char *how = spec->propagation;
	int code;

	if (!how || !strcmp(how, "private") || !strcmp(how, "rprivate"))
		return 0;
	attr.propagation = strstr(how, "slave")	   ? MS_SLAVE
			   : strstr(how, "shared") ? MS_SHARED
						   : MS_UNBINDABLE;
	code = sys_mount_setattr(mount, "", AT_EMPTY_PATH | (how[0] == 'r' ? AT_RECURSIVE : 0), &attr);
	return code ? err_set(err, -code, "set propagation %s on %s", how, spec->target) : 0;
}

static int one_volume(struct child *child, const struct mount_spec *spec, struct err *err)
{
	cleanup_fd int mount = -1, target = -1;
	mode_t type = S_IFDIR | 0755;
	int code;

	mount = !strcmp(spec->type, "tmpfs") ? tmpfs_mount(spec, err) : source_mount(spec, &type, err);
	if (mount < 0)
		return mount;
	target = path_make(child->root, spec->target, PATH_IN_ROOT, type, err);
	if (target < 0)
		return target;
	code = propagate(mount, spec, err);
	return code ? code : mount_attach(mount, target, spec->target, err);
}

int child_volumes(struct child *child, struct err *err)
{
	for (size_t i = 0; i < child->mounts->n; i++) {
		const struct mount_spec *spec = &child->mounts->v[i];
		int code = one_volume(child, spec, err);

		if (code)
			return err_context(err, code, "mount %s on %s",
					   spec->source ? spec->source : spec->type, spec->target);
	}
	return 0;
}

/* Gives what is in the directory to the user, links themselves and not what they point to. */
static int own_entries(int directory, const struct credentials *who)
{
	DIR *entries = fdopendir(directory);
	struct dirent *entry;
	int code = 0;

	if (!entries) {
		code = -errno;
		close(directory);
		return code;
	}
	while (!code && (entry = readdir(entries))) {
		int below;

		if (!strcmp(entry->d_name, ".."))
			continue; /* "." is the directory itself, and not walked into again */
		if (fchownat(dirfd(entries), entry->d_name, who->uid, who->gid, AT_SYMLINK_NOFOLLOW) < 0)
			code = -errno;
		if (code || !strcmp(entry->d_name, ".") ||
		    (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN))
			continue;
		below = openat(dirfd(entries), entry->d_name,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (below >= 0)
			code = own_entries(below, who);
		else if (errno != ENOTDIR && errno != ELOOP) /* not every file system tells what is what */
			code = -errno;
	}
	closedir(entries);
	return code;
}

int child_own_volumes(struct child *child, struct err *err)
{
	for (size_t i = 0; i < child->mounts->n; i++) {
		const struct mount_spec *spec = &child->mounts->v[i];
		cleanup_fd int source = spec->own && spec->source ? open_source(spec, err) : -1;
		int directory, code = 0;

		if (!spec->own || !spec->source)
			continue;
		if (source < 0)
			return source;
		directory = openat(source, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (directory >= 0)
			code = own_entries(directory, &child->who);
		else if (errno != ENOTDIR ||
			 fchownat(source, "", child->who.uid, child->who.gid, AT_EMPTY_PATH) < 0)
			code = -errno;
		if (code)
			return err_set(err, -code, "give %s to user %u", spec->source, child->who.uid);
	}
	return 0;
}

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
		code = donor_clone(child->shared, paths, mounts, 4, err);
	} else {
		if (child->shared >= 0)
			code = donor_clone(child->shared, paths, mounts, 1, err);
		if (!code && child->names >= 0)
			code = donor_clone(child->names, paths + 1, mounts + 1, 3, err);
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
