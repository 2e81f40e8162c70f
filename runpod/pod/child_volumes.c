/*
 * child_volumes: what the user mounts: paths of the machine, volumes, the pod's own.
 *
 * Both ends are descriptors: the source copied by open_tree(2), the target found
 * or made below the container's root by openat2(2); no path is resolved twice,
 * so an image full of symbolic links, or one that changes while we look, leads
 * nowhere (CVE-2021-30465). Lessons 12, 20 and 21.
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
#include "pod/subpath.h"

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
	if (mount->subpath && !strcmp(mount->type, "pod"))
		return subpath_open(source, mount->subpath, err);
	return mount->subpath ? path_open(source, mount->subpath, PATH_BENEATH, O_PATH, err)
			      : take_fd(&source);
}

/* A copy of the source's tree as it is. */
static int source_copy(const struct mount_spec *mount, struct err *err)
{
	cleanup_fd int source = open_source(mount, err);

	return source < 0 ? source : mount_clone(source, "", mount->recursive, err);
}

static bool is_propagated(const struct mount_spec *mount)
{
	return mount->propagation &&
	       (strstr(mount->propagation, "slave") || strstr(mount->propagation, "shared"));
}

/* Before our tree becomes private: only a copy of a mount that is still a peer of the host's hears of what is mounted there
 * later (mount_namespaces(7)). In a user namespace no mount is, and there is nothing to hear. */
int child_propagated(struct child *child, struct err *err)
{
	for (size_t i = 0; i < child->mounts->n; i++) {
		const struct mount_spec *mount = &child->mounts->v[i];

		if (!is_propagated(mount) || !strcmp(mount->type, "tmpfs") || !strcmp(mount->type, "infra"))
			continue;
		if (!child->propagated) {
			child->propagated = mem_zalloc(child->mounts->n * sizeof(int));
			memset(child->propagated, -1, child->mounts->n * sizeof(int));
		}
		child->propagated[i] = source_copy(mount, err);
		if (child->propagated[i] < 0)
			return err_context(err, child->propagated[i], "mount %s on %s", mount->source,
					   mount->target);
	}
	return 0;
}

/* The copy with its restrictions; *ret_type says whether it is a directory or a file. */
static int source_mount(struct child *child, size_t i, mode_t *ret_type, struct err *err)
{
	const struct mount_spec *mount = &child->mounts->v[i];
	const char *const path[] = { mount->source };
	cleanup_fd int copy = -1;
	struct stat stat;
	int code = 0;

	if (!strcmp(mount->type, "infra"))
		code = donor_clone(child->infra, path, mount->subpath, &copy, 1, err);
	else if (child->propagated && child->propagated[i] >= 0)
		copy = take_fd(&child->propagated[i]);
	else
		code = copy = source_copy(mount, err);
	if (code < 0)
		return code;
	if (fstat(copy, &stat) < 0)
		return err_set(err, errno, "look at %s", mount->source);
	*ret_type = S_ISDIR(stat.st_mode) ? S_IFDIR | 0755 : S_IFREG | 0644;
	code = mount_restrict(copy, true, attributes_of(mount), mount->source, err);
	return code ? code : take_fd(&copy);
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

static int one_volume(struct child *child, size_t i, struct err *err)
{
	const struct mount_spec *spec = &child->mounts->v[i];
	cleanup_fd int mount = -1, target = -1;
	mode_t type = S_IFDIR | 0755;
	int code;

	mount = !strcmp(spec->type, "tmpfs") ? tmpfs_mount(spec, err) : source_mount(child, i, &type, err);
	if (mount < 0)
		return mount;
	target = path_make(child->root, spec->target, PATH_IN_ROOT, type, err);
	if (target < 0)
		return target;
	code = propagate(mount, spec, err);
	return code ? code : mount_attach(mount, target, spec->target, err);
}

/* In infra's root, the pod's volumes that are memory. Containers take them from there (donor.c). */
static int memory_volume(struct child *child, const struct pod_volume *volume, struct err *err)
{
	cleanup_free char *path = text_format("/volumes/%s", volume->name);
	int64_t group = child->pod->spec.fs_group;
	char mode[16], size[40], gid[40];
	const char *options[4] = { mode };
	int n = 1;
	cleanup_fd int mount = -1, target = -1;

	snprintf(mode, sizeof(mode), "mode=%o", group > 0 ? 02777 : 0777);
	if (volume->size > 0 && snprintf(size, sizeof(size), "size=%lld", (long long)volume->size))
		options[n++] = size;
	if (group > 0 && snprintf(gid, sizeof(gid), "gid=%lld", (long long)group))
		options[n++] = gid;
	mount = mount_new("tmpfs", options, MOUNT_ATTR_NODEV, err);
	if (mount < 0)
		return mount;
	target = path_make(child->root, path, PATH_NO_LINKS, S_IFDIR | 0755, err);
	return target < 0 ? target : mount_attach(mount, target, path, err);
}

int child_memory_volumes(struct child *child, struct err *err)
{
	const struct pod_volume_list *volumes = &child->pod->spec.volumes;

	for (size_t i = 0; i < volumes->n; i++) {
		int code =
			strcmp(volumes->v[i].kind, "memory") ? 0 : memory_volume(child, &volumes->v[i], err);

		if (code)
			return err_context(err, code, "make volume %s", volumes->v[i].name);
	}
	return 0;
}

int child_volumes(struct child *child, struct err *err)
{
	for (size_t i = 0; i < child->mounts->n; i++) {
		const struct mount_spec *spec = &child->mounts->v[i];
		int code = one_volume(child, i, err);

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
