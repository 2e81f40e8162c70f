/*
 * path: openat2(2) and what is built on it; path.h tells the rule.
 *
 * A container's root is written by strangers: "/etc" may be a symbolic link to
 * "../../../etc", and may become one while we look. RESOLVE_IN_ROOT makes the
 * kernel treat a directory as if we had chroot'ed there, for one lookup.
 * Lesson 12.
 */
#include "kern/path.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "kern/explain.h"
#include "kern/sys.h"

/* openat2 answers EAGAIN when something was renamed while it walked a "..": it cannot know whether
 * the walk stayed inside. An attacker can do that for ever, so we do not try for ever. */
#define RACE_TRIES 128

/* DOC: resolve-in-root */
static const uint64_t resolve_of[] = {
	[PATH_IN_ROOT] = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	[PATH_NO_LINKS] = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS,
	[PATH_BENEATH] = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
};

static const char *const rule_name[] = {
	[PATH_IN_ROOT] = "IN_ROOT",
	[PATH_NO_LINKS] = "IN_ROOT|NO_SYMLINKS",
	[PATH_BENEATH] = "BENEATH|NO_SYMLINKS",
};

/* One lookup; returns the descriptor or -errno. */
static int lookup(int dir, const char *path, enum path_rule rule, uint64_t flags)
{
	int fd = -EAGAIN;

	for (int i = 0; i < RACE_TRIES && fd == -EAGAIN; i++)
		fd = sys_openat2(dir, path, flags | O_CLOEXEC, 0, resolve_of[rule]);
	return explain_call(fd, "a path in the container's root", 12, "openat2(%d, \"%s\", %#lx, %s)", dir,
			    path, (unsigned long)flags, rule_name[rule]);
}

static int refuse(int code, const char *path, enum path_rule rule, const char *doing, struct err *err)
{
	err_set(err, -code, "%s %s", doing, path);
	if (code == -ELOOP && rule != PATH_IN_ROOT)
		err_hint(err, code, "there is a symbolic link in it, and none is followed here");
	if (code == -EXDEV)
		err_hint(err, code, "it leads out of the directory that it must stay in");
	return code;
}

int path_open(int dir, const char *path, enum path_rule rule, uint64_t flags, struct err *err)
{
	int fd = lookup(dir, path, rule, flags);

	return fd >= 0 ? fd : refuse(fd, path, rule, "open", err);
}

/* Makes the last component of path in parent: 0 also when it is there. */
static int make_one(int parent, const char *name, mode_t type_mode)
{
	/* mknodat and mkdirat never follow a link in the last component */
	int code = S_ISDIR(type_mode) ? mkdirat(parent, name, type_mode & 07777)
				      : mknodat(parent, name, type_mode, 0);

	code = code < 0 ? -errno : 0;
	explain_call(code, "a place to mount onto", 12, "%s(%d, \"%s\", %#o)",
		     S_ISDIR(type_mode) ? "mkdirat" : "mknodat", parent, name, type_mode);
	return code == -EEXIST ? 0 : code;
}

/*
 * Walks path from the left and makes what is missing. Each prefix is looked up
 * from dir again, never from its parent: relative to the parent, an absolute
 * link or ".." would mean another place. Between a lookup and the next the tree
 * may change; all that an attacker gains is a directory inside the root.
 */
static int make_missing(int dir, const char *path, enum path_rule rule, mode_t type_mode)
{
	cleanup_fd int parent = -1;
	char prefix[PATH_MAX];
	size_t end = 0;

	if (strlen(path) >= sizeof(prefix))
		return -ENAMETOOLONG;
	parent = lookup(dir, rule == PATH_BENEATH ? "." : "/", rule, O_PATH | O_DIRECTORY);
	while (parent >= 0) {
		size_t start = end + strspn(path + end, "/");
		bool last;
		int next;

		if (!path[start])
			return take_fd(&parent);
		end = start + strcspn(path + start, "/");
		last = path[end + strspn(path + end, "/")] == '\0';
		memcpy(prefix, path, end);
		prefix[end] = '\0';
		next = lookup(dir, prefix, rule, O_PATH);
		if (next == -ENOENT) {
			next = make_one(parent, prefix + start, last ? type_mode : S_IFDIR | 0755);
			if (next == 0)
				next = lookup(dir, prefix, rule, O_PATH);
		}
		close(parent);
		parent = next;
	}
	return parent;
}

int path_make(int dir, const char *path, enum path_rule rule, mode_t type_mode, struct err *err)
{
	cleanup_fd int fd = lookup(dir, path, rule, O_PATH);
	struct stat found;

	if (fd == -ENOENT) {
		mode_t mask = umask(0);

		fd = make_missing(dir, path, rule, type_mode);
		umask(mask);
	}
	if (fd == -ENOENT) {
		err_set(err, ENOENT, "make %s", path);
		return err_hint(err, -ENOENT, "a symbolic link in it points to nothing");
	}
	if (fd < 0)
		return refuse(fd, path, rule, "make", err);
	if (fstat(fd, &found) < 0)
		return err_set(err, errno, "look at %s", path);
	if (S_ISDIR(found.st_mode) && !S_ISDIR(type_mode))
		return err_set(err, EISDIR, "mount a file onto %s", path);
	if (!S_ISDIR(found.st_mode) && S_ISDIR(type_mode))
		return err_set(err, ENOTDIR, "mount a directory onto %s", path);
	return take_fd(&fd);
}
