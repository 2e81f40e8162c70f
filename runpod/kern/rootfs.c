/*
 * rootfs: overlayfs by fsopen(2), the host's root as an image, and pivot_root(2);
 * rootfs.h tells the order.
 *
 * Rule: in a user namespace, mounts that came from outside are locked together
 * (mount_namespaces(7)): none may be taken without those that cover parts of it,
 * else what they hide would come to light. Lessons 12 and 13.
 */
#include "kern/rootfs.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "kern/explain.h"
#include "kern/sys.h"

#define STRING_MAX 256 /* bytes that fsconfig(2) takes for one, with its NUL */

static int set_string(int context, const char *key, const char *value)
{
	int code = sys_fsconfig(context, FSCONFIG_SET_STRING, key, value, 0);

	return explain_call(code, "", -1, "fsconfig(%d, SET_STRING, \"%s\", \"%s\")", context, key, value);
}

/* Each lower as a parameter of its own: no separator, so no escaping (Linux 6.8). */
static int set_lowers_singly(int context, const char *const *lowers)
{
	int code = 0;

	for (size_t i = 0; lowers[i] && code == 0; i++)
		code = set_string(context, "lowerdir+", lowers[i]);
	return code;
}

/* All lowers in one string, as kernels before that take them. */
static int set_lowers_joined(int context, const char *const *lowers)
{
	char joined[STRING_MAX];
	int code = rootfs_join(lowers, joined, sizeof(joined));

	return code < 0 ? code : set_string(context, "lowerdir", joined);
}

/* One try at an overlay. Returns a detached mount or -errno. */
static int overlay(int (*set_lowers)(int, const char *const *), const char *const *lowers, const char *upper,
		   const char *work, bool userxattr)
{
	cleanup_fd int context = sys_fsopen("overlay", FSOPEN_CLOEXEC);
	int code;

	if (explain_call(context, "", -1, "fsopen(\"overlay\")") < 0)
		return context;
	sys_fsconfig(context, FSCONFIG_SET_STRING, "source", "overlay", 0); /* a name to read in mountinfo */
	code = set_lowers(context, lowers);
	if (code == 0 && upper)
		code = set_string(context, "upperdir", upper);
	if (code == 0 && upper)
		code = set_string(context, "workdir", work);
	if (code == 0 && userxattr)
		code = sys_fsconfig(context, FSCONFIG_SET_FLAG, "userxattr", NULL, 0);
	if (code < 0)
		return code;
	code = sys_fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (explain_call(code, "", -1, "fsconfig(%d, CMD_CREATE)", context) < 0)
		return code;
	code = sys_fsmount(context, FSMOUNT_CLOEXEC, 0);
	return explain_call(code, "layers over one another", 13, "fsmount(%d, 0)", context);
}

/* A read-only copy of the tree at dir. Returns a detached mount or -errno. */
static int readonly_copy(const char *dir, bool recursive)
{
	struct mount_attr change = { .attr_set = MOUNT_ATTR_RDONLY };
	unsigned below = recursive ? AT_RECURSIVE : 0;
	cleanup_fd int mount = sys_open_tree(AT_FDCWD, dir, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | below);
	int code;

	if (explain_call(mount, "a copy, to be read-only", 12, "open_tree(AT_FDCWD, \"%s\", CLONE%s)", dir,
			 recursive ? "|RECURSIVE" : "") < 0)
		return mount;
	code = sys_mount_setattr(mount, "", AT_EMPTY_PATH | below, &change);
	explain_call(code, "", -1, "mount_setattr(%d, set RDONLY)", mount);
	return code < 0 ? code : take_fd(&mount);
}

int rootfs_overlay(const char *const *lowers, const char *upper, const char *work, bool userxattr,
		   struct err *err)
{
	int fd;

	/* DOC: overlay-root */
	if (!upper && lowers[0] && !lowers[1]) {
		fd = readonly_copy(lowers[0], false); /* one layer is no overlay, says the kernel */
		if (fd == -EINVAL)
			fd = readonly_copy(lowers[0], true);
	} else {
		fd = overlay(set_lowers_singly, lowers, upper, work, userxattr);
		if (fd == -EINVAL) /* an older kernel, or truly wrong: the second answer decides */
			fd = overlay(set_lowers_joined, lowers, upper, work, userxattr);
		if (fd == -ENAMETOOLONG)
			fd = rootfs_overlay_by_mount(lowers, upper, work, userxattr);
	}
	if (fd >= 0)
		return fd;
	err_set(err, -fd, "put %s over %s", upper ? upper : "nothing", lowers[0] ? lowers[0] : "nothing");
	if (fd == -ENAMETOOLONG)
		err_hint(err, fd,
			 "before Linux 6.8 the names of all layers must fit into 4096 bytes: some 50");
	if (fd == -ENODEV)
		err_hint(err, fd, "the kernel has no overlayfs: modprobe overlay");
	if (fd == -EINVAL)
		err_hint(err, fd,
			 "overlayfs takes no upper layer on overlayfs, NFS or FAT: move --root to another "
			 "file system");
	return fd;
}

int rootfs_attach(int root, struct err *err)
{
	int code = sys_move_mount(root, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH);

	explain_call(code, "the new root, over the old", 12, "move_mount(%d, AT_FDCWD, \"/\")", root);
	return code < 0 ? err_set(err, -code, "mount the container's root") : 0;
}

/* Top-level directories that are places to mount onto: empty in the container. */
static bool is_mount_place(const char *name)
{
	static const char *const places[] = { "proc", "sys", "dev", "run", "tmp", "mnt", "media" };

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (!strcmp(name, places[i]))
			return true;
	return false;
}

/* An overlay for one top-level directory, with its layers below upper and work. */
static int overlay_directory(const char *path, mode_t mode, const char *upper, const char *work,
			     bool userxattr)
{
	char upper_dir[PATH_MAX], work_dir[PATH_MAX];

	if (snprintf(upper_dir, PATH_MAX, "%s%s", upper, path) >= PATH_MAX ||
	    snprintf(work_dir, PATH_MAX, "%s%s", work, path) >= PATH_MAX)
		return -ENAMETOOLONG;
	/* the mode of the directory that is seen is the upper one's */
	if ((mkdir(upper_dir, mode & 07777) < 0 && errno != EEXIST) ||
	    (mkdir(work_dir, 0755) < 0 && errno != EEXIST))
		return -errno;
	return rootfs_overlay((const char *const[]){ path, NULL }, upper_dir, work_dir, userxattr, NULL);
}

/* Puts one entry of the host's "/" into root. Returns 0 or -errno. */
static int copy_entry(int root, const char *name, const char *upper, const char *work, bool userxattr)
{
	cleanup_fd int mount = -1;
	char path[NAME_MAX + 2], link[PATH_MAX];
	struct stat found;
	ssize_t length;

	snprintf(path, sizeof(path), "/%s", name);
	if (lstat(path, &found) < 0)
		return -errno;
	if (S_ISLNK(found.st_mode)) {
		length = readlink(path, link, sizeof(link) - 1);
		link[length < 0 ? 0 : length] = '\0';
		return symlinkat(link, root, name) < 0 ? -errno : 0;
	}
	if (!S_ISDIR(found.st_mode) || !strcmp(name, "lost+found"))
		return 0;
	if (mkdirat(root, name, strcmp(name, "tmp") ? 0755 : 01777) < 0)
		return -errno;
	if (is_mount_place(name))
		return 0;
	if (upper)
		mount = overlay_directory(path, found.st_mode, upper, work, userxattr);
	if (mount < 0) /* covered by other mounts, perhaps: then with them, to read only */
		mount = readonly_copy(path, true);
	if (mount < 0)
		return mount;
	return sys_move_mount(mount, "", root, name, MOVE_MOUNT_F_EMPTY_PATH);
}

/* A tmpfs, attached over "/". Returns its descriptor or -errno. */
static int attach_empty_root(struct err *err)
{
	cleanup_fd int context = sys_fsopen("tmpfs", FSOPEN_CLOEXEC);
	cleanup_fd int root = -1;
	int code = context < 0 ? context : set_string(context, "source", "tmpfs");

	if (code == 0)
		code = set_string(context, "mode", "755");
	if (code == 0)
		code = sys_fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (code == 0)
		code = root = sys_fsmount(context, FSMOUNT_CLOEXEC, 0);
	explain_call(code, "the host's root, put together", 13, "fsmount(%d, 0)", context);
	if (code < 0)
		return err_set(err, -code, "make an empty root");
	code = rootfs_attach(root, err);
	return code < 0 ? code : take_fd(&root);
}

/* The host's root piece by piece: see rootfs.h. */
static int assemble_host(const char *upper, const char *work, bool userxattr, struct err *err)
{
	cleanup_fd int root = attach_empty_root(err);
	DIR *host = opendir("/"); /* the old root still: "/" does not step up into what was hung over it */
	mode_t mask = umask(0);
	struct dirent *entry;
	int code = host ? 0 : err_set(err, errno, "read /");

	while (root >= 0 && code == 0 && (entry = readdir(host))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		code = copy_entry(root, entry->d_name, upper, work, userxattr);
		if (code < 0)
			err_set(err, -code, "bring the host's /%s into the container", entry->d_name);
	}
	umask(mask);
	if (host)
		closedir(host);
	return code < 0 ? code : take_fd(&root);
}

/* Whether /usr is mounted by itself, so that an overlay over "/" would not show it. */
static bool usr_is_apart(void)
{
	struct stat root, usr;

	return stat("/", &root) == 0 && stat("/usr", &usr) == 0 && root.st_dev != usr.st_dev;
}

int rootfs_host(const char *upper, const char *work, bool userxattr, struct err *err)
{
	cleanup_fd int root = -1;
	int code;

	/* DOC: host-image */
	if (userxattr || usr_is_apart())
		return assemble_host(upper, work, userxattr, err);
	root = rootfs_overlay((const char *const[]){ "/", NULL }, upper, work, false, err);
	if (root == -EINVAL)
		return assemble_host(upper, work, false, err);
	code = root < 0 ? root : rootfs_attach(root, err);
	return code < 0 ? code : take_fd(&root);
}

int rootfs_pivot(int root, struct err *err)
{
	int code = fchdir(root) < 0 ? -errno : 0;

	/* DOC: pivot */
	if (code == 0) /* old root and new one change places; "." twice: the old lands on top of the new */
		code = explain_call(sys_pivot_root(".", "."), "the new root is /", 12,
				    "pivot_root(\".\", \".\")");
	if (code == 0) { /* DETACH: we still stand on it, so it goes as soon as nobody does */
		code = umount2(".", MNT_DETACH) < 0 ? -errno : 0;
		explain_call(code, "the old one is gone for good", 12, "umount2(\".\", MNT_DETACH)");
	}
	if (code == 0 && chdir("/") < 0)
		code = -errno;
	return code < 0 ? err_set(err, -code, "change to the container's root") : 0;
}
