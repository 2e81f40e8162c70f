/*
 * io: reading and writing whole things; io.h tells what each call promises.
 *
 * Lives by open(2)'s rule that a path is resolved anew at every call: hence
 * directory descriptors everywhere, and O_NOFOLLOW where a link would be a trap.
 */
#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/cleanup.h"

int io_write_all(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

int io_read_all(int fd, size_t max, struct buf *ret_bytes)
{
	char chunk[4096];

	for (;;) {
		ssize_t n = read(fd, chunk, sizeof(chunk));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		if (ret_bytes->len + (size_t)n > max)
			return -EFBIG;
		buf_add(ret_bytes, chunk, (size_t)n);
	}
	if (!ret_bytes->data)
		buf_text(ret_bytes, ""); /* an empty file is an empty string, not NULL */
	return 0;
}

int io_open(int dir, const char *path, int flags, struct err *err)
{
	int fd = openat(dir, path, flags | O_CLOEXEC, 0600);

	return fd < 0 ? err_set(err, errno, "open %s", path) : fd;
}

int io_read_file(int dir, const char *path, size_t max, struct buf *ret_bytes, struct err *err)
{
	cleanup_fd int fd = io_open(dir, path, O_RDONLY, err);
	int code;

	if (fd < 0)
		return fd;
	code = io_read_all(fd, max, ret_bytes);
	return code ? err_set(err, -code, "read %s", path) : 0;
}

int io_write_kernel(int dir, const char *path, const char *text, struct err *err)
{
	cleanup_fd int fd = io_open(dir, path, O_WRONLY | O_NOFOLLOW, err);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = write(fd, text, strlen(text));
	if (n < 0)
		return err_set(err, errno, "write \"%s\" to %s", text, path);
	return 0;
}

int io_replace_open(int dir, const char *path, const void *bytes, size_t len, mode_t mode, struct err *err)
{
	cleanup_free char *temporary = text_format("%s.%d.new", path, (int)getpid());
	cleanup_fd int fd =
		openat(dir, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode);
	int code;

	if (fd < 0)
		return err_set(err, errno, "create %s", temporary);
	code = io_write_all(fd, bytes, len);
	if (!code && renameat(dir, temporary, dir, path) < 0)
		code = -errno;
	if (!code)
		return take_fd(&fd);
	unlinkat(dir, temporary, 0);
	return err_set(err, -code, "write %s", path);
}

int io_replace_file(int dir, const char *path, const void *bytes, size_t len, mode_t mode, struct err *err)
{
	cleanup_fd int fd = io_replace_open(dir, path, bytes, len, mode, err);

	return fd < 0 ? fd : 0;
}

int io_make_dirs(int dir, const char *path, mode_t mode, struct err *err)
{
	cleanup_free char *copy = text_dup(path);

	if (!mkdirat(dir, path, mode) || errno == EEXIST)
		return 0;
	for (char *slash = copy + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
		*slash = '\0';
		if (mkdirat(dir, copy, mode) < 0 && errno != EEXIST)
			return err_set(err, errno, "make directory %s", copy);
	}
	if (mkdirat(dir, path, mode) < 0 && errno != EEXIST)
		return err_set(err, errno, "make directory %s", path);
	return 0;
}

#define DEPTH_MAX 32 /* directories open at once while removing */

/* A removal under way. */
struct removal {
	int top;	/* the directory that the removed tree lies in */
	unsigned moved; /* directories found too deep: moved up, to be removed from there */
};

static int remove_below(struct removal *removal, int parent, const char *name, dev_t device, int depth,
			struct err *err);

/* Empties the open directory (which it closes). */
static int remove_entries(struct removal *removal, int fd, dev_t device, int depth, struct err *err)
{
	DIR *entries = fdopendir(fd);
	struct dirent *entry;
	int code = 0;

	if (!entries) {
		code = err_set(err, errno, "read directory");
		close(fd);
		return code;
	}
	while (!code && (entry = readdir(entries)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			code = remove_below(removal, dirfd(entries), entry->d_name, device, depth, err);
	closedir(entries);
	return code;
}

/* A container may nest directories deeper than we may open files: such a one is moved up beside the tree. */
static int move_up(struct removal *removal, int parent, const char *name, struct err *err)
{
	char aside[64];

	snprintf(aside, sizeof(aside), ".removing-%d-%u", (int)getpid(), removal->moved);
	if (renameat(parent, name, removal->top, aside) < 0)
		return err_set(err, errno, "remove %s", name);
	removal->moved++;
	return 0;
}

static int open_to_empty(int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 && errno == EACCES && !fchmodat(parent, name, 0700, 0)) /* a directory of mode 0 */
		fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd;
}

static int remove_below(struct removal *removal, int parent, const char *name, dev_t device, int depth,
			struct err *err)
{
	struct stat stat;
	int fd, code;

	if (!unlinkat(parent, name, 0) || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return err_set(err, errno, "remove %s", name);
	if (depth == DEPTH_MAX)
		return move_up(removal, parent, name, err);
	fd = open_to_empty(parent, name);
	if (fd < 0)
		return err_set(err, errno, "remove %s", name);
	if (fstat(fd, &stat) < 0 || (device && stat.st_dev != device)) {
		close(fd);
		return err_set(err, EXDEV, "remove %s: something is mounted there", name);
	}
	code = remove_entries(removal, fd, stat.st_dev, depth + 1, err);
	if (!code && unlinkat(parent, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
		code = err_set(err, errno, "remove %s", name);
	return code;
}

int io_remove_tree(int dir, const char *path, struct err *err)
{
	struct removal removal = { .top = dir };
	int code = remove_below(&removal, dir, path, 0, 0, err);

	for (unsigned i = 0; !code && i < removal.moved; i++) {
		char aside[64];

		snprintf(aside, sizeof(aside), ".removing-%d-%u", (int)getpid(), i);
		code = remove_below(&removal, dir, aside, 0, 0, err);
	}
	return code;
}

int io_send(int sock, const void *bytes, size_t len, const int *fds, size_t n)
{
	char control[CMSG_SPACE(IO_MAX_FDS * sizeof(int))] = { 0 };
	struct iovec part = { .iov_base = (void *)bytes, .iov_len = len };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (n > IO_MAX_FDS)
		return -E2BIG;
	if (n) {
		struct cmsghdr *header;

		message.msg_control = control;
		message.msg_controllen = CMSG_SPACE(n * sizeof(int));
		header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(n * sizeof(int));
		memcpy(CMSG_DATA(header), fds, n * sizeof(int));
	}
	while (sendmsg(sock, &message, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

ssize_t io_receive(int sock, void *bytes, size_t len, int *ret_fds, size_t *n)
{
	char control[CMSG_SPACE(IO_MAX_FDS * sizeof(int))] = { 0 };
	struct iovec part = { .iov_base = bytes, .iov_len = len };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)
	};
	size_t room = n ? *n : 0, came = 0;
	ssize_t got;

	do
		got = recvmsg(sock, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header;
	     header = CMSG_NXTHDR(&message, header)) {
		size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
			if (came < room)
				ret_fds[came++] = fd;
			else
				close(fd);
		}
	}
	if (n)
		*n = came;
	return message.msg_flags & MSG_TRUNC ? -EMSGSIZE : got;
}
