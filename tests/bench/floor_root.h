/*
 * floor_root: filesystems of the floor's containers, made as runpod makes them
 * (open_tree(2), fsopen(2), move_mount(2)), by their names and without checks.
 */
#pragma once

#include <sys/mount.h>
#include <sys/stat.h>

#include "bench.h"

/* Writes TEXT into an existing or new file. */
static void put(int dir, const char *path, const char *text)
{
	int fd = (int)must(openat(dir, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644), path);

	must(write(fd, text, strlen(text)), path);
	close(fd);
}

/* A new filesystem, not yet attached. OPTIONS are key, value, key, value … NULL; an empty value is a flag. */
static int new_mount(const char *type, unsigned attributes, const char *const *options)
{
	int context = (int)must(syscall(SYS_fsopen, type, FSOPEN_CLOEXEC), type), mount;

	for (; options && *options; options += 2)
		must(syscall(SYS_fsconfig, context, *options[1] ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG,
			     options[0], *options[1] ? options[1] : NULL, 0),
		     options[0]);
	must(syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0), type);
	mount = (int)must(syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, attributes), type);
	close(context);
	return mount;
}

static void attach(int mount, int root, const char *path)
{
	must(syscall(SYS_move_mount, mount, "", root, path, MOVE_MOUNT_F_EMPTY_PATH), path);
	close(mount);
}

static int copy_mount(int dir, const char *path, unsigned flags)
{
	return (int)syscall(SYS_open_tree, dir, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags);
}

#define OPTIONS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NO_EXEC	     (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)

/* A tmpfs with etc/, for the three files that name things. */
static int name_files(void)
{
	int root = new_mount("tmpfs", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV,
			     OPTIONS("source", "tmpfs", "mode", "755", "size", "1m"));

	must(mkdirat(root, "etc", 0755), "mkdir etc");
	return root;
}

static int new_shm(void)
{
	return new_mount("tmpfs", NO_EXEC, OPTIONS("source", "shm", "mode", "1777", "size", "67108864"));
}

static void devices(int dev)
{
	static const struct {
		const char *name;
		int major, minor;
	} nodes[] = { { "null", 1, 3 }, { "zero", 1, 5 },   { "full", 1, 7 },
		      { "tty", 5, 0 },	{ "random", 1, 8 }, { "urandom", 1, 9 } };
	static const char *const links[] = { "pts/ptmx",	"ptmx",	 "/proc/self/fd",   "fd",
					     "/proc/self/fd/0", "stdin", "/proc/self/fd/1", "stdout",
					     "/proc/self/fd/2", "stderr" };

	umask(0);
	for (int i = 0; i < 6; i++)
		must(mknodat(dev, nodes[i].name, S_IFCHR | 0666,
			     (dev_t)(nodes[i].major << 8 | nodes[i].minor)),
		     nodes[i].name);
	for (int i = 0; i < 10; i += 2)
		must(symlinkat(links[i], dev, links[i + 1]), links[i + 1]);
	must(mkdirat(dev, "pts", 0755), "mkdir");
	must(mkdirat(dev, "shm", 0755), "mkdir");
	must(mkdirat(dev, "mqueue", 0755), "mkdir");
	umask(022);
}

static void masks(int root)
{
	static const char *const hidden[] = { "proc/acpi",
					      "proc/asound",
					      "proc/interrupts",
					      "proc/kcore",
					      "proc/keys",
					      "proc/latency_stats",
					      "proc/sched_debug",
					      "proc/scsi",
					      "proc/timer_list",
					      "proc/timer_stats",
					      "sys/devices/virtual/powercap",
					      "sys/firmware",
					      "sys/fs/selinux" };
	static const char *const readonly[] = { "proc/bus", "proc/fs", "proc/irq", "proc/sys",
						"proc/sysrq-trigger" };
	struct mount_attr change = { .attr_set = MOUNT_ATTR_RDONLY | NO_EXEC };
	struct stat found;

	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++) {
		if (fstatat(root, hidden[i], &found, 0) < 0)
			continue;
		attach(S_ISDIR(found.st_mode) ? new_mount("tmpfs", MOUNT_ATTR_RDONLY | NO_EXEC, NULL)
					      : (int)must(copy_mount(AT_FDCWD, "/dev/null", 0), "/dev/null"),
		       root, hidden[i]);
	}
	for (size_t i = 0; i < sizeof(readonly) / sizeof(*readonly); i++) {
		int mount = copy_mount(root, readonly[i], AT_RECURSIVE);

		if (mount < 0)
			continue;
		must(syscall(SYS_mount_setattr, mount, "", AT_EMPTY_PATH | AT_RECURSIVE, &change,
			     sizeof(change)),
		     readonly[i]);
		attach(mount, root, readonly[i]);
	}
}
