/*
 * whiteout: the marks that overlayfs knows; whiteout.h tells how an archive
 * writes them. Lesson 13.
 *
 * Kernel rules: a character device 0:0 is a whiteout, and since Linux 5.8 anybody
 * may make one (it opens nothing; see mknod(2)). A directory is opaque by the
 * attribute trusted.overlay.opaque, which only root of the machine can set, or user.overlay.opaque
 * for overlays mounted with "userxattr", as in a user namespace (see the kernel's overlayfs document).
 * This process has no capability for the former: it only lists those directories for its caller.
 */
#include "unpack/whiteout.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "kern/sys.h"
#include "unpack/place.h"

#define OPAQUE ".wh..wh..opq"

static bool is_whiteout(const struct stat *stat)
{
	return S_ISCHR(stat->st_mode) && stat->st_rdev == makedev(0, 0);
}

int whiteout_opaque(struct unpack *unpack, int fd, const char *path, struct err *err)
{
	char shown[PLACE_SHOWN];

	if (!text_equal(unpack->layer, "user")) {
		strv_add(&unpack->opaque, path);
		return 0;
	}
	if (fsetxattr(fd, "user.overlay.opaque", "y", 1, 0) < 0)
		return err_set(err, errno, "%s: mark as opaque", place_show(path, shown));
	return 0;
}

/* The same for the directory name below parent, an O_PATH descriptor. */
static int opaque_at(struct unpack *unpack, int parent, const char *name, const char *path, struct err *err)
{
	cleanup_fd int fd = sys_openat2(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0,
					RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
	char shown[PLACE_SHOWN];

	if (fd < 0)
		return err_set(err, -fd, "%s: open directory", place_show(path, shown));
	return whiteout_opaque(unpack, fd, path, err);
}

/* The clean name of the directory that path lies in. */
static char *directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? text_ndup(path, (size_t)(slash - path)) : text_dup(".");
}

/* What the layer itself has of that name stays: only what is below it is meant. */
static int hide(struct unpack *unpack, int parent, const char *name, const char *path, struct err *err)
{
	cleanup_free char *directory = directory_of(path), *hidden = NULL;
	char shown[PLACE_SHOWN];
	struct stat stat;

	if (!fstatat(parent, name, &stat, AT_SYMLINK_NOFOLLOW)) {
		hidden = text_equal(directory, ".") ? text_dup(name) : text_format("%s/%s", directory, name);
		return S_ISDIR(stat.st_mode) ? opaque_at(unpack, parent, name, hidden, err) : 0;
	}
	if (mknodat(parent, name, S_IFCHR, makedev(0, 0)) < 0)
		return err_set(err, errno, "%s: make whiteout", place_show(path, shown));
	return 0;
}

int whiteout_write(struct unpack *unpack, int parent, const char *name, const char *path, struct err *err)
{
	const char *hidden = name + strlen(WHITEOUT_PREFIX);
	char shown[PLACE_SHOWN];

	if (text_equal(name, OPAQUE)) {
		cleanup_free char *directory = directory_of(path);

		return opaque_at(unpack, parent, ".", directory, err);
	}
	if (!*hidden || text_equal(hidden, ".") || text_equal(hidden, "..") ||
	    text_starts(hidden, WHITEOUT_PREFIX))
		return err_set(err, 0, "%s: a whiteout of nothing that a layer can have",
			       place_show(path, shown));
	return hide(unpack, parent, hidden, path, err);
}

bool whiteout_lift(int parent, const char *name)
{
	struct stat stat;

	return !fstatat(parent, name, &stat, AT_SYMLINK_NOFOLLOW) && is_whiteout(&stat) &&
	       !unlinkat(parent, name, 0);
}
