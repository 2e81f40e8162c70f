/*
 * entry: one entry of an archive becomes a file, directory, link or FIFO.
 *
 * libarchive only reads. All writing is here, by descriptor: the parent comes
 * from place_parent(), the last part is never followed, an existing file is
 * removed and never opened. So an archive cannot use what it unpacked earlier
 * to reach elsewhere. Directories get mode and time last, since filling them
 * needs the one and changes the other. Lesson 13.
 *
 * Lives by symlink(7), chown(2) (which clears setuid bits and file
 * capabilities: owner first, then mode, then attributes) and user_namespaces(7).
 */
#include "unpack/entry.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "kern/sys.h"
#include "unpack/content.h"
#include "unpack/place.h"
#include "unpack/whiteout.h"

/* A place that an entry goes to. */
struct spot {
	int parent;	  /* descriptor of its directory */
	const char *name; /* one plain name in it */
	const char *path; /* the clean name from the root, for messages */
};

/* "PATH: DOING: why"; code is -errno, errno, or 0 for what is refused without a call having failed. */
static int spot_failed(const struct spot *spot, int code, const char *doing, struct err *err)
{
	char shown[PLACE_SHOWN];

	return err_set(err, code < 0 ? -code : code, "%s: %s", place_show(spot->path, shown), doing);
}

/* Removes a file or link that is in the way. A directory is not removed: EISDIR. */
static int clear_way(const struct spot *spot, struct err *err)
{
	if (!unlinkat(spot->parent, spot->name, 0) || errno == ENOENT)
		return 0;
	return spot_failed(spot, errno, "replace what an earlier entry made", err);
}

/* The owner of a file, and the mode that is right with it. */
static int give_owner(const struct unpack *unpack, const struct spot *spot, struct archive_entry *entry,
		      mode_t *ret_mode, struct err *err)
{
	int64_t uid = archive_entry_uid(entry), gid = archive_entry_gid(entry);

	*ret_mode = archive_entry_mode(entry) & 07777;
	/* -1 means "leave as it is" to chown(2) */
	if (uid < 0 || uid >= UINT32_MAX || gid < 0 || gid >= UINT32_MAX)
		return spot_failed(spot, 0, "its owner is no user or group id", err);
	if (unpack->privileged &&
	    !fchownat(spot->parent, spot->name, (uid_t)uid, (gid_t)gid, AT_SYMLINK_NOFOLLOW))
		return 0;
	if (unpack->privileged && errno != EINVAL) /* EINVAL: no such id in our user namespace */
		return spot_failed(spot, errno, "change owner", err);
	/* it stays ours, which the container sees as root: do not lend root to what was another's */
	if (uid)
		*ret_mode &= ~(mode_t)S_ISUID;
	if (gid)
		*ret_mode &= ~(mode_t)S_ISGID;
	return 0;
}

/* Attributes that mean something to overlayfs would let an image hide and redirect files. */
static bool xattr_kept(const char *name)
{
	return text_equal(name, "security.capability") ||
	       (text_starts(name, "user.") && !text_starts(name, "user.overlay."));
}

static int set_xattrs(const struct spot *spot, int fd, struct archive_entry *entry, struct err *err)
{
	const char *name;
	const void *value;
	size_t size;

	archive_entry_xattr_reset(entry);
	while (archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK)
		if (xattr_kept(name) && fsetxattr(fd, name, value, size, 0) < 0 && errno != EOPNOTSUPP &&
		    errno != EPERM) /* not on this file system, or not for an ordinary user */
			return spot_failed(spot, errno, "set extended attribute", err);
	return 0;
}

static void entry_times(struct archive_entry *entry, struct timespec ret_times[2])
{
	ret_times[0].tv_nsec = UTIME_OMIT;
	ret_times[1].tv_sec = archive_entry_mtime(entry);
	ret_times[1].tv_nsec =
		archive_entry_mtime_is_set(entry) ? archive_entry_mtime_nsec(entry) : UTIME_OMIT;
}

static int write_file(struct unpack *unpack, const struct spot *spot, struct archive_entry *entry,
		      struct err *err)
{
	cleanup_fd int fd = -1;
	struct timespec times[2];
	char shown[PLACE_SHOWN];
	mode_t mode;
	int code = clear_way(spot, err);

	if (code)
		return code;
	fd = sys_openat2(spot->parent, spot->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600,
			 RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
	if (fd < 0)
		return spot_failed(spot, fd, "create", err);
	code = content_write(unpack, fd, entry, err);
	if (code)
		err_context(err, code, "%s", place_show(spot->path, shown));
	if (!code)
		code = give_owner(unpack, spot, entry, &mode, err);
	if (!code)
		code = fchmod(fd, mode) < 0 ? spot_failed(spot, errno, "set mode", err)
					    : set_xattrs(spot, fd, entry, err);
	entry_times(entry, times);
	if (!code && futimens(fd, times) < 0)
		code = spot_failed(spot, errno, "set time", err);
	return code;
}

static int write_directory(struct unpack *unpack, const struct spot *spot, struct archive_entry *entry,
			   struct err *err)
{
	cleanup_fd int fd = -1;
	struct timespec times[2];
	mode_t mode;
	bool opaque = unpack->layer && whiteout_lift(spot->parent, spot->name);
	int code;

	if (mkdirat(spot->parent, spot->name, 0700) < 0 && errno != EEXIST)
		return spot_failed(spot, errno, "make directory", err);
	/* one that is there may be a link, which must not lend its target our mode and owner */
	fd = sys_openat2(spot->parent, spot->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0,
			 RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
	if (fd == -ELOOP || fd == -ENOTDIR)
		return spot_failed(spot, 0, "a directory where an earlier entry made something else", err);
	if (fd < 0)
		return spot_failed(spot, fd, "open directory", err);
	code = give_owner(unpack, spot, entry, &mode, err);
	if (!code)
		code = set_xattrs(spot, fd, entry, err);
	if (!code && opaque)
		code = whiteout_opaque(unpack, fd, spot->path, err);
	entry_times(entry, times);
	if (!code)
		dirs_add(&unpack->dirs, spot->path, mode, times);
	return code;
}

/* A symbolic link may say what it likes: it is only text until someone follows it. */
static int write_symlink(struct unpack *unpack, const struct spot *spot, struct archive_entry *entry,
			 struct err *err)
{
	const char *target = archive_entry_symlink(entry);
	struct timespec times[2];
	mode_t mode;
	int code = clear_way(spot, err);

	if (code)
		return code;
	if (!target || symlinkat(target, spot->parent, spot->name) < 0)
		return spot_failed(spot, target ? errno : 0, "make symbolic link", err);
	code = give_owner(unpack, spot, entry, &mode, err);
	entry_times(entry, times);
	if (!code && utimensat(spot->parent, spot->name, times, AT_SYMLINK_NOFOLLOW) < 0)
		code = spot_failed(spot, errno, "set time", err);
	return code;
}

/* A hard link names a file that the archive brought itself, never one behind a symbolic link. */
static int write_hardlink(struct unpack *unpack, const struct spot *spot, const char *target, struct err *err)
{
	cleanup_free char *clean = NULL;
	cleanup_fd int directory = -1;
	const char *name;
	struct stat stat;
	int code = place_check(target, false, &clean, err);

	if (code)
		return err_context(err, code, "hard link to");
	directory = place_target(unpack->root, clean, &name, err);
	if (directory < 0)
		return directory;
	if (fstatat(directory, name, &stat, AT_SYMLINK_NOFOLLOW) < 0)
		return spot_failed(spot, errno, "find what it is a hard link to", err);
	if (!S_ISREG(stat.st_mode) && !S_ISFIFO(stat.st_mode))
		return spot_failed(spot, 0, "a hard link to what is no file", err);
	code = clear_way(spot, err);
	if (!code && linkat(directory, name, spot->parent, spot->name, 0) < 0)
		code = spot_failed(spot, errno, "make hard link", err);
	return code;
}

static int write_fifo(struct unpack *unpack, const struct spot *spot, struct archive_entry *entry,
		      struct err *err)
{
	mode_t mode;
	int code = clear_way(spot, err);

	if (code)
		return code;
	if (mknodat(spot->parent, spot->name, S_IFIFO | (archive_entry_mode(entry) & 0777), 0) < 0)
		return spot_failed(spot, errno, "make FIFO", err);
	return give_owner(unpack, spot, entry, &mode, err);
}

static int write_kind(struct unpack *unpack, const struct spot *spot, struct archive_entry *entry,
		      struct err *err)
{
	switch (archive_entry_filetype(entry)) {
	case AE_IFREG:
		return write_file(unpack, spot, entry, err);
	case AE_IFDIR:
		return write_directory(unpack, spot, entry, err);
	case AE_IFLNK:
		return write_symlink(unpack, spot, entry, err);
	case AE_IFIFO:
		return write_fifo(unpack, spot, entry, err);
	case AE_IFCHR:
		if (!archive_entry_rdevmajor(entry) && !archive_entry_rdevminor(entry))
			return spot_failed(spot, 0, "device 0:0 is overlayfs's whiteout", err);
		return 0; /* devices come from runpod, never from an image */
	case AE_IFBLK:
		return 0;
	default:
		return spot_failed(spot, 0, "unknown kind of entry", err);
	}
}

int entry_write(struct unpack *unpack, struct archive_entry *entry, struct err *err)
{
	cleanup_free char *path = NULL;
	cleanup_fd int parent = -1;
	struct spot spot = { .parent = -1 };
	const char *target = archive_entry_hardlink(entry);
	int code = place_check(archive_entry_pathname(entry), unpack->layer, &path, err);

	if (code)
		return code;
	if (text_equal(path, ".") && (target || archive_entry_filetype(entry) != AE_IFDIR))
		return err_set(err, 0, "the root itself is no directory in this archive");
	parent = place_parent(unpack->root, path, &spot.name, err);
	if (parent < 0)
		return parent;
	spot.parent = parent;
	spot.path = path;
	if (unpack->layer && text_starts(spot.name, WHITEOUT_PREFIX))
		return whiteout_write(unpack, parent, spot.name, path, err);
	return target ? write_hardlink(unpack, &spot, target, err) : write_kind(unpack, &spot, entry, err);
}
