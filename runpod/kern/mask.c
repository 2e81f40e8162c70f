/*
 * mask: covering what /proc and /sys show of the whole machine; mask.h tells why.
 *
 * The targets come as descriptors that were looked up without following links,
 * and /dev/null comes as a descriptor whose numbers were checked: an image that
 * brings its own symbolic links at these places gains nothing (CVE-2025-31133).
 * Lesson 18.
 */
#include "kern/mask.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "kern/explain.h"
#include "kern/sys.h"

/* DOC: masked-paths */
const char *const mask_hidden[] = {
	"/proc/acpi",
	"/proc/asound",
	"/proc/interrupts",
	"/proc/kcore",
	"/proc/keys",
	"/proc/latency_stats",
	"/proc/sched_debug",
	"/proc/scsi",
	"/proc/timer_list",
	"/proc/timer_stats",
	"/sys/devices/virtual/powercap",
	"/sys/firmware",
	"/sys/fs/selinux",
	NULL,
};

const char *const mask_readonly[] = {
	"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger", NULL,
};

/* An empty tmpfs that nothing can be written to. Returns a detached mount or -errno. */
static int empty_directory(void)
{
	cleanup_fd int context = sys_fsopen("tmpfs", FSOPEN_CLOEXEC);
	int code;

	if (context < 0)
		return context;
	sys_fsconfig(context, FSCONFIG_SET_STRING, "source", "tmpfs", 0);
	code = sys_fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (code < 0)
		return code;
	return sys_fsmount(context, FSMOUNT_CLOEXEC,
			   MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
}

/* A copy of the mount that dir is in, from dir down. Returns a detached mount or -errno. */
static int copy_of(int dir, unsigned flags)
{
	return sys_open_tree(dir, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | flags);
}

static int cover(int mount, int target, const char *where, const char *purpose)
{
	int code = sys_move_mount(mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);

	return explain_call(code, purpose, 18, "move_mount(%d, %d %s)", mount, target, where);
}

int mask_hide(int target, int null, const char *where, struct err *err)
{
	cleanup_fd int mount = -1;
	struct stat found;
	int code;

	if (fstat(target, &found) < 0)
		return err_set(err, errno, "look at %s", where);
	mount = S_ISDIR(found.st_mode) ? empty_directory() : copy_of(null, 0);
	if (mount < 0)
		return err_set(err, -mount, "make an empty cover for %s", where);
	code = cover(mount, target, where, "reads as empty");
	return code < 0 ? err_set(err, -code, "hide %s", where) : 0;
}

int mask_make_readonly(int target, const char *where, struct err *err)
{
	struct mount_attr change = { .attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
						 MOUNT_ATTR_NOEXEC };
	cleanup_fd int mount = copy_of(target, AT_RECURSIVE);
	int code = mount < 0 ? mount : sys_mount_setattr(mount, "", AT_EMPTY_PATH | AT_RECURSIVE, &change);

	if (code >= 0)
		code = cover(mount, target, where, "can be read, not written");
	return code < 0 ? err_set(err, -code, "make %s read-only", where) : 0;
}
