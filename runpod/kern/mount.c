/*
 * mount: mounts as descriptors, and the table of those that each container has;
 * mount.h tells the idea.
 *
 * A mount made by fsmount(2) or open_tree(2) hangs nowhere until move_mount(2)
 * attaches it, and dies with its descriptor if that never happens: an error on
 * the way leaves nothing behind. Lesson 12.
 */
#include "kern/mount.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

#include "base/cleanup.h"
#include "kern/explain.h"
#include "kern/sys.h"

#define LOCKED_DOWN (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)

/* DOC: mount-table */
const struct mount_row mount_table[] = {
	/* shows the processes of the pid namespace of whoever mounts it, so it is mounted inside */
	{ .target = "/proc",
	  .fstype = "proc",
	  .attributes = LOCKED_DOWN,
	  .instead = "/proc",
	  .purpose = "the processes of this pid namespace" },
	/* without nodev: the six devices are to work */
	{ .target = "/dev",
	  .fstype = "tmpfs",
	  .options = { "mode=755", "size=65536k" },
	  .attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC,
	  .purpose = "a /dev of its own" },
	/* group 5 is tty, which grantpt(3) expects; a one-id user namespace has no 5 */
	{ .target = "/dev/pts",
	  .fstype = "devpts",
	  .options = { "newinstance", "ptmxmode=0666", "mode=0620" },
	  .optional = "gid=5",
	  .attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC,
	  .purpose = "terminals of its own" },
	{ .target = "/dev/mqueue",
	  .fstype = "mqueue",
	  .attributes = LOCKED_DOWN,
	  .instead = "/dev/mqueue",
	  .purpose = "the message queues of its ipc namespace" },
	{ .target = "/dev/shm",
	  .fstype = "tmpfs",
	  .options = { "mode=1777", "size=65536k" },
	  .attributes = LOCKED_DOWN,
	  .purpose = "POSIX shared memory" },
	/* refused unless the user namespace owns the network namespace: sysfs shows its interfaces */
	{ .target = "/sys",
	  .fstype = "sysfs",
	  .attributes = LOCKED_DOWN | MOUNT_ATTR_RDONLY,
	  .instead = "/sys",
	  .purpose = "the kernel's objects, to read" },
	{ .target = "/sys/fs/cgroup",
	  .fstype = "cgroup2",
	  .attributes = LOCKED_DOWN | MOUNT_ATTR_RDONLY,
	  .instead = "/sys/fs/cgroup",
	  .purpose = "its own cgroup, to read" },
	{ .target = NULL },
};

const struct mount_row *mount_find(const char *target)
{
	for (const struct mount_row *row = mount_table; row->target; row++)
		if (!strcmp(row->target, target))
			return row;
	return NULL;
}

/* MOUNT_ATTR_… bits in words, for --explain. */
static const char *attribute_names(uint64_t attributes, char *text, size_t size)
{
	snprintf(text, size, "%s%s%s%s", attributes & MOUNT_ATTR_RDONLY ? "RDONLY|" : "",
		 attributes & MOUNT_ATTR_NOSUID ? "NOSUID|" : "",
		 attributes & MOUNT_ATTR_NODEV ? "NODEV|" : "",
		 attributes & MOUNT_ATTR_NOEXEC ? "NOEXEC|" : "");
	if (text[0])
		text[strlen(text) - 1] = '\0';
	return text[0] ? text : "0";
}

int mount_private_tree(struct err *err)
{
	int code = mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ? -errno : 0;

	/* DOC: private-tree */
	explain_call(code, "our mounts stay ours", 12, "mount(NULL, \"/\", NULL, MS_REC|MS_PRIVATE)");
	return code < 0 ? err_set(err, -code, "make all mounts private") : 0;
}

/* Hands "key=value" or "key" to a file system context. Returns 0 or -errno. */
static int set_option(int context, const char *option)
{
	const char *equal = strchr(option, '=');
	char key[64];
	int code;

	if (!equal) {
		code = sys_fsconfig(context, FSCONFIG_SET_FLAG, option, NULL, 0);
		return explain_call(code, "", -1, "fsconfig(%d, SET_FLAG, \"%s\")", context, option);
	}
	if (equal - option >= (int)sizeof(key))
		return -EINVAL;
	memcpy(key, option, (size_t)(equal - option));
	key[equal - option] = '\0';
	code = sys_fsconfig(context, FSCONFIG_SET_STRING, key, equal + 1, 0);
	return explain_call(code, "", -1, "fsconfig(%d, SET_STRING, \"%s\", \"%s\")", context, key,
			    equal + 1);
}

/* The whole of fsopen to fsmount. *ret_option: the option that was refused, or NULL. */
static int make(const char *fstype, const char *const *options, const char *optional, uint64_t attributes,
		const char **ret_option)
{
	cleanup_fd int context = -1;
	int code = 0;
	char text[64];

	*ret_option = NULL;
	/* DOC: detached-mount */
	context = explain_call(sys_fsopen(fstype, FSOPEN_CLOEXEC), "", -1, "fsopen(\"%s\")", fstype);
	if (context < 0)
		return context;
	sys_fsconfig(context, FSCONFIG_SET_STRING, "source", fstype, 0); /* a name to read in mountinfo */
	for (size_t i = 0; options && options[i]; i++)
		if ((code = set_option(context, *ret_option = options[i])) < 0)
			return code;
	if (optional && (code = set_option(context, *ret_option = optional)) < 0)
		return code;
	*ret_option = NULL;
	code = sys_fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (explain_call(code, "", -1, "fsconfig(%d, CMD_CREATE)", context) < 0)
		return code;
	code = sys_fsmount(context, FSMOUNT_CLOEXEC, (unsigned)attributes);
	return explain_call(code, "a mount that hangs nowhere yet", 12, "fsmount(%d, %s)", context,
			    attribute_names(attributes, text, sizeof(text)));
}

int mount_new(const char *fstype, const char *const *options, uint64_t attributes, struct err *err)
{
	const char *refused;
	int fd = make(fstype, options, NULL, attributes, &refused);

	if (fd >= 0)
		return fd;
	return err_set(err, -fd, "make a %s%s%s", fstype, refused ? " with option " : "",
		       refused ? refused : "");
}

int mount_clone(int dir, const char *path, bool recursive, struct err *err)
{
	unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (recursive ? AT_RECURSIVE : 0) |
			 (path[0] ? 0 : AT_EMPTY_PATH);
	int fd = sys_open_tree(dir, path, flags);

	explain_call(fd, "a copy that hangs nowhere yet", 12, "open_tree(%d, \"%s\", CLONE%s)", dir, path,
		     recursive ? "|RECURSIVE" : "");
	if (fd >= 0)
		return fd;
	err_set(err, -fd, "copy the mount at %s", path[0] ? path : "a descriptor");
	if (fd == -EINVAL && !recursive)
		err_hint(err, fd,
			 "in a user namespace, a mount that others cover is copied with them or not at all");
	return fd;
}

int mount_restrict(int mount, bool recursive, uint64_t attributes, const char *what, struct err *err)
{
	struct mount_attr change = { .attr_set = attributes };
	char text[64];
	int code = sys_mount_setattr(mount, "", AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), &change);

	/* DOC: recursive-readonly */
	explain_call(code, recursive ? "and on all mounts below" : "", 12, "mount_setattr(%d, %s, set %s)",
		     mount, recursive ? "RECURSIVE" : "0", attribute_names(attributes, text, sizeof(text)));
	if (code == 0)
		return 0;
	return err_set(err, -code, "set %s on the mount of %s", text, what);
}

int mount_attach(int mount, int target, const char *where, struct err *err)
{
	int code = sys_move_mount(mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);

	/* DOC: attach-by-descriptor */
	explain_call(code, where, 12, "move_mount(%d, %d)", mount, target);
	return code < 0 ? err_set(err, -code, "mount onto %s", where) : 0;
}

/* The host's tree in place of a fresh mount, under the same restrictions. */
static int copy_instead(const struct mount_row *row, const char *instead, struct err *err)
{
	/* recursive, for a user namespace copies a covered mount only with what covers it */
	cleanup_fd int fd = mount_clone(AT_FDCWD, instead, true, err);
	int code;

	if (fd < 0)
		return err_context(err, fd, "mount %s", row->target);
	code = mount_restrict(fd, true, row->attributes, row->target, err);
	return code < 0 ? code : take_fd(&fd);
}

int mount_standard(const struct mount_row *row, bool may_copy, const char *instead, struct err *err)
{
	const char *refused;
	int fd = make(row->fstype, row->options, row->optional, row->attributes, &refused);

	if (fd == -EINVAL && row->optional)
		fd = make(row->fstype, row->options, NULL, row->attributes, &refused);
	if (fd == -EPERM && may_copy && (instead || row->instead))
		return copy_instead(row, instead ? instead : row->instead, err);
	if (fd >= 0)
		return fd;
	err_set(err, -fd, "make a %s for %s (%s)", row->fstype, row->target, row->purpose);
	if (fd == -EPERM)
		err_hint(err, fd,
			 "the kernel gives it only to the owner of the namespace that it shows, and /proc "
			 "and /sys "
			 "only where the ones outside are whole");
	return fd;
}
