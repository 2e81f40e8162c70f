/*
 * devices: filling a fresh /dev; devices.h tells the rule.
 *
 * The numbers of the six devices are the kernel's own (see null(4), random(4),
 * tty(4)). Nothing but a device with these very numbers is ever bound in, so a
 * host path that was tampered with is noticed. Lesson 18.
 */
#include "kern/devices.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/cleanup.h"
#include "kern/explain.h"
#include "kern/sys.h"

/* DOC: six-devices */
static const struct device {
	const char *name;      /* under /dev, here and on the host */
	unsigned major, minor; /* which device it is */
} devices[] = {
	{ "null", 1, 3 }, { "zero", 1, 5 },   { "full", 1, 7 },
	{ "tty", 5, 0 },  { "random", 1, 8 }, { "urandom", 1, 9 },
};

static const struct device_link {
	const char *name, *target;
} links[] = {
	/* a ptmx of another devpts instance would open terminals that are not here */
	{ "ptmx", "pts/ptmx" },		 { "fd", "/proc/self/fd" },	  { "stdin", "/proc/self/fd/0" },
	{ "stdout", "/proc/self/fd/1" }, { "stderr", "/proc/self/fd/2" },
};

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

int devices_open(const char *path, unsigned major, unsigned minor, struct err *err)
{
	cleanup_fd int fd = open(path, O_PATH | O_CLOEXEC | O_NOFOLLOW);
	struct stat found;

	if (fd < 0 || fstat(fd, &found) < 0)
		return err_set(err, errno, "open device %s", path);
	if (!S_ISCHR(found.st_mode) || found.st_rdev != makedev(major, minor)) {
		err_set(err, ENODEV, "open device %s", path);
		return err_hint(err, -ENODEV, "it is not the character device %u:%u", major, minor);
	}
	return take_fd(&fd);
}

/* The directories that name has in front. */
static int make_parents(int dev, const char *name)
{
	for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
		char parent[64];

		if (slash - name >= (int)sizeof(parent))
			return -ENAMETOOLONG;
		memcpy(parent, name, (size_t)(slash - name));
		parent[slash - name] = '\0';
		if (mkdirat(dev, parent, 0755) < 0 && errno != EEXIST)
			return -errno;
	}
	return 0;
}

/* An empty file to mount onto, in dev itself or in a directory below. */
static int make_target(int dev, const char *name)
{
	int code = make_parents(dev, name);

	if (code)
		return code;
	if (mknodat(dev, name, S_IFREG | 0644, 0) < 0 && errno != EEXIST)
		return -errno;
	/* /dev is ours and fresh, but the name may be the user's: it stays beneath */
	return sys_openat2(dev, name, O_PATH | O_CLOEXEC, 0, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
}

int devices_bind(int dev, const char *name, int source, struct err *err)
{
	cleanup_fd int target = -1, mount = -1;
	int code;

	if (name[0] == '/' || strstr(name, ".."))
		return err_set(err, 0, "/dev/%s cannot be the name of a device", name);
	target = make_target(dev, name);
	if (target < 0)
		return err_set(err, -target, "make /dev/%s", name);
	mount = sys_open_tree(source, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
	code = mount < 0 ? mount
			 : sys_move_mount(mount, "", target, "",
					  MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
	explain_call(code, "the host's device, bound in", 18, "move_mount(%d, %d /dev/%s)", mount, target,
		     name);
	return code < 0 ? err_set(err, -code, "bind the host's device to /dev/%s", name) : 0;
}

int devices_copy(int dev, const char *name, int source, struct err *err)
{
	struct stat found;
	mode_t mask;
	int code;

	if (fstat(source, &found) < 0)
		return err_set(err, errno, "look at device %s", name);
	if (!S_ISCHR(found.st_mode) && !S_ISBLK(found.st_mode))
		return err_set(err, ENODEV, "%s is no device", name);
	if (name[0] == '/' || strstr(name, ".."))
		return err_set(err, 0, "/dev/%s cannot be the name of a device", name);
	mask = umask(0);
	code = make_parents(dev, name);
	if (!code && mknodat(dev, name, found.st_mode, found.st_rdev) < 0)
		code = -errno;
	umask(mask);
	explain_call(code, "the host's device", 18, "mknodat(%d, \"%s\", …%o, %u:%u)", dev, name,
		     found.st_mode & 07777, major(found.st_rdev), minor(found.st_rdev));
	if (code == -EEXIST)
		return 0;
	if (code == -EPERM)
		return devices_bind(dev, name, source, err);
	if (!code && fchownat(dev, name, found.st_uid, found.st_gid, AT_SYMLINK_NOFOLLOW) < 0)
		code = -errno;
	return code ? err_set(err, -code, "make /dev/%s", name) : 0;
}

/* One device: made where we may, else the host's. */
static int fill_one(int dev, const struct device *device, struct err *err)
{
	cleanup_fd int source = -1;
	char host[64];
	int code = mknodat(dev, device->name, S_IFCHR | 0666, makedev(device->major, device->minor));

	code = code < 0 ? -errno : 0;
	explain_call(code, "a device", 18, "mknodat(%d, \"%s\", S_IFCHR|0666, %u:%u)", dev, device->name,
		     device->major, device->minor);
	if (code == 0)
		return 0;
	if (code != -EPERM)
		return err_set(err, -code, "make /dev/%s", device->name);
	snprintf(host, sizeof(host), "/dev/%s", device->name);
	source = devices_open(host, device->major, device->minor, err);
	return source < 0 ? source : devices_bind(dev, device->name, source, err);
}

int devices_fill(int dev, struct err *err)
{
	static const char *const directories[] = { "pts", "shm", "mqueue" };
	mode_t mask = umask(0); /* devices are for everybody: 0666 */
	int code = 0;

	for (size_t i = 0; i < COUNT_OF(devices) && code == 0; i++)
		code = fill_one(dev, &devices[i], err);
	for (size_t i = 0; i < COUNT_OF(links) && code == 0; i++)
		if (symlinkat(links[i].target, dev, links[i].name) < 0)
			code = err_set(err, errno, "link /dev/%s", links[i].name);
	for (size_t i = 0; i < COUNT_OF(directories) && code == 0; i++)
		if (mkdirat(dev, directories[i], 0755) < 0)
			code = err_set(err, errno, "make /dev/%s", directories[i]);
	umask(mask);
	return code;
}
