/*
 * place: names from an archive, checked as text first, then resolved by the
 * kernel; place.h tells what each call promises. Text alone cannot decide (a
 * link of the archive itself may lead anywhere), the kernel alone would accept
 * what only an attack needs. Lesson 13.
 *
 * Lives by openat2(2): RESOLVE_IN_ROOT, RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS.
 */
#include "unpack/place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "kern/sys.h"

#define DEPTH_MAX 256 /* nothing real is deeper; removing it again costs a descriptor a level */

const char *place_show(const char *path, char text[PLACE_SHOWN])
{
	size_t n = 0;

	/* a newline or an escape sequence would let the archive write the user's terminal */
	for (; n < PLACE_SHOWN - 4 && path[n]; n++)
		text[n] = (unsigned char)path[n] < ' ' || path[n] == 0x7f ? '?' : path[n];
	snprintf(text + n, PLACE_SHOWN - n, "%s", path[n] ? "..." : "");
	return text;
}

/* Why one part of a name is refused, or NULL. whiteout: it may be one. */
static const char *part_refused(const char *part, size_t len, bool whiteout)
{
	if (len == 2 && !memcmp(part, "..", 2))
		return "the name leads upward (..)";
	if (len >= 4 && !memcmp(part, ".wh.", 4) && !whiteout)
		return "a whiteout where none can be: in a whole root file system, or with something below "
		       "it";
	if (len > NAME_MAX)
		return "a part of the name is longer than 255 bytes";
	return NULL;
}

int place_check(const char *path, bool layer, char **ret_clean, struct err *err)
{
	char shown[PLACE_SHOWN];
	struct buf clean = { 0 };
	const char *why = NULL;
	int depth = 0;

	if (!path || !*path)
		return err_set(err, 0, "an entry without a name");
	if (*path == '/')
		why = "the name is absolute";
	for (const char *part = path; !why && *part; part += strspn(part, "/")) {
		size_t len = strcspn(part, "/");

		/* a whiteout is the last part of a name */
		why = part_refused(part, len, layer && !part[len + strspn(part + len, "/")]);
		if (len != 1 || *part != '.') {
			if (depth++)
				buf_text(&clean, "/");
			buf_add(&clean, part, len);
		}
		if (depth > DEPTH_MAX || clean.len >= PATH_MAX)
			why = "the name is too deep";
		part += len;
	}
	if (why) {
		buf_free(&clean);
		return err_set(err, 0, "%s: %s", place_show(path, shown), why);
	}
	if (!depth)
		buf_text(&clean, ".");
	*ret_clean = clean.data;
	return 0;
}

/* Opens a directory below root as the container would see it. */
static int open_in_root(int root, const char *path)
{
	int fd;

	do /* EAGAIN: something on the machine was renamed meanwhile, so that ".." in a link was not certain */
		fd = sys_openat2(root, path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0,
				 RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
	while (fd == -EAGAIN);
	return fd;
}

/* Opens the directory path, making the parts of it that are missing. path is cut and mended meanwhile. */
static int open_making(int root, char *path, struct err *err)
{
	cleanup_fd int above = fcntl(root, F_DUPFD_CLOEXEC, 0);
	char shown[PLACE_SHOWN];
	char *part = path;

	for (;;) {
		char *slash = strchr(part, '/');
		int fd;

		if (slash)
			*slash = '\0';
		fd = open_in_root(root, path);
		/* mkdirat(2) makes no directory through a dangling link: that is EEXIST */
		if (fd == -ENOENT && !mkdirat(above, part, 0755))
			fd = open_in_root(root, path);
		if (fd < 0)
			return err_set(err, -fd, "%s: find this directory beneath the root",
				       place_show(path, shown));
		cleanup_fd_func(&above);
		above = fd;
		if (!slash)
			return take_fd(&above);
		*slash = '/';
		part = slash + 1;
	}
}

/* Cuts a clean name into directory ("." for none; owned by the caller) and last part. */
static char *split(const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');

	*ret_name = slash ? slash + 1 : path;
	return slash ? text_ndup(path, (size_t)(slash - path)) : text_dup(".");
}

/* DOC: unpack-in-root */
int place_parent(int root, const char *path, const char **ret_name, struct err *err)
{
	cleanup_free char *directory = split(path, ret_name);
	char shown[PLACE_SHOWN];
	int fd = open_in_root(root, directory);

	return fd == -ENOENT ? open_making(root, directory, err)
	       : fd < 0
		       ? err_set(err, -fd, "%s: find its directory beneath the root", place_show(path, shown))
		       : fd;
}

int place_target(int root, const char *path, const char **ret_name, struct err *err)
{
	cleanup_free char *directory = split(path, ret_name);
	char shown[PLACE_SHOWN];
	int fd = sys_openat2(root, directory, O_PATH | O_DIRECTORY | O_CLOEXEC, 0,
			     RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);

	return fd < 0 ? err_set(err, -fd, "hard link to %s: open its directory", place_show(path, shown))
		      : fd;
}
