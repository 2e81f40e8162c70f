/*
 * copy_tree: a walk over two directories at once, by descriptor: every name is
 * one plain part under an open directory, and no link is followed, so what
 * is copied lies below from and what is made below to. Lesson 20.
 *
 * Lives by openat(2) with O_NOFOLLOW, copy_file_range(2) and chown(2) (which
 * clears setuid bits: owner first, then mode).
 */
#include "store/copy_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"

/* Whether giving a file away failed only because we are no root, or the id is not in our user namespace. */
static bool may_not(int number)
{
	return number == EPERM || number == EINVAL;
}

/* Gives an open file or directory owner, mode and times. A file that stays ours is no longer setuid. */
static int set_inode(int fd, const struct stat *stat)
{
	struct timespec times[2] = { stat->st_atim, stat->st_mtim };
	mode_t mode = stat->st_mode & 07777;

	if (fchown(fd, stat->st_uid, stat->st_gid) < 0) {
		if (!may_not(errno))
			return -errno;
		mode &= ~(mode_t)(S_ISUID | S_ISGID);
	}
	return fchmod(fd, mode) < 0 || futimens(fd, times) < 0 ? -errno : 0;
}

/* copy_file_range(2) shares the blocks where the file system can; where it cannot at all, through a buffer. */
static int copy_bytes(int in, int out)
{
	char chunk[65536];
	ssize_t n;
	int code;

	do
		n = copy_file_range(in, NULL, out, NULL, SSIZE_MAX & ~0xfffL, 0);
	while (n > 0);
	/* what is left, or all of it: both descriptors stand where it stopped */
	while ((n = read(in, chunk, sizeof(chunk))) > 0) {
		code = io_write_all(out, chunk, (size_t)n);
		if (code)
			return code;
	}
	return n < 0 ? -errno : 0;
}

static int copy_file(int from, int to, const char *name)
{
	cleanup_fd int in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	cleanup_fd int out = -1;
	struct stat stat;
	int code;

	if (in < 0 || fstat(in, &stat) < 0)
		return -errno;
	out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (out < 0)
		return -errno;
	code = copy_bytes(in, out);
	return code ? code : set_inode(out, &stat);
}

static int copy_link(int from, int to, const char *name, const struct stat *stat)
{
	struct timespec times[2] = { stat->st_atim, stat->st_mtim };
	char target[PATH_MAX];
	ssize_t length = readlinkat(from, name, target, sizeof(target) - 1);

	if (length < 0)
		return -errno;
	target[length] = '\0';
	if (symlinkat(target, to, name) < 0)
		return -errno;
	if (fchownat(to, name, stat->st_uid, stat->st_gid, AT_SYMLINK_NOFOLLOW) < 0 && !may_not(errno))
		return -errno;
	return utimensat(to, name, times, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

static int copy_fifo(int to, const char *name, const struct stat *stat)
{
	if (mkfifoat(to, name, stat->st_mode & 0777) < 0 ||
	    (fchownat(to, name, stat->st_uid, stat->st_gid, AT_SYMLINK_NOFOLLOW) < 0 && !may_not(errno)))
		return -errno;
	return 0;
}

static int copy_directory(int from, int to, const char *name, struct err *err)
{
	cleanup_fd int in = io_open(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, err);
	cleanup_fd int out = -1;

	if (in < 0)
		return in;
	if (mkdirat(to, name, 0700) < 0)
		return err_set(err, errno, "make directory %s", name);
	out = io_open(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, err);
	return out < 0 ? out : copy_tree(in, out, err);
}

static int copy_entry(int from, int to, const char *name, struct err *err)
{
	struct stat stat;
	int code = fstatat(from, name, &stat, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;

	if (!code && S_ISDIR(stat.st_mode)) {
		code = copy_directory(from, to, name, err);
		return code ? err_context(err, code, "%s", name) : 0;
	}
	if (!code && S_ISREG(stat.st_mode))
		code = copy_file(from, to, name);
	else if (!code && S_ISLNK(stat.st_mode))
		code = copy_link(from, to, name, &stat);
	else if (!code && S_ISFIFO(stat.st_mode))
		code = copy_fifo(to, name, &stat);
	return code ? err_set(err, -code, "copy %s", name) : 0;
}

int copy_tree(int from, int to, struct err *err)
{
	int list = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), code = 0;
	DIR *entries = list < 0 ? NULL : fdopendir(list);
	struct dirent *entry;
	struct stat stat;

	if (!entries) {
		code = err_set(err, errno, "read directory");
		cleanup_fd_func(&list);
		return code;
	}
	while (!code && (entry = readdir(entries)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			code = copy_entry(from, to, entry->d_name, err);
	closedir(entries);
	if (code)
		return code;
	code = fstat(from, &stat) < 0 ? -errno : set_inode(to, &stat);
	return code ? err_set(err, -code, "set owner and mode of directory") : 0;
}
