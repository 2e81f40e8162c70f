/*
 * io: whole reads and writes, small files, and descriptors sent to others.
 *
 * read(2) and write(2) may move less than asked and may be interrupted; these
 * carry on until done. Files are named by a directory descriptor and a path
 * under it, as openat(2) does, so that one lookup decides once.
 */
#ifndef RUNPOD_BASE_IO_H
#define RUNPOD_BASE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/text.h"

/* Writes all len bytes. Returns 0 or -errno. */
int io_write_all(int fd, const void *bytes, size_t len);

/* Reads until end of file, at most max bytes (-EFBIG beyond). Returns 0 or -errno. */
int io_read_all(int fd, size_t max, struct buf *ret_bytes);

/* Reads the file path under dir (AT_FDCWD for a plain path) whole. */
int io_read_file(int dir, const char *path, size_t max, struct buf *ret_bytes, struct err *err);

/* Writes text in one write(2) to an existing file: for files of /proc and cgroupfs,
 * where one write is one request. O_NOFOLLOW, no creation. */
int io_write_kernel(int dir, const char *path, const char *text, struct err *err);

/* Puts bytes in place of path in one step: a temporary file beside it, then
 * rename(2). A reader sees the old or the new file, never half of one. */
int io_replace_file(int dir, const char *path, const void *bytes, size_t len, mode_t mode, struct err *err);
/* The same; returns a descriptor of the new file, for writing, or -errno. */
int io_replace_open(int dir, const char *path, const void *bytes, size_t len, mode_t mode, struct err *err);

/* Makes path and its missing parents under dir. Returns 0 also when it is there. */
int io_make_dirs(int dir, const char *path, mode_t mode, struct err *err);

/* Removes path under dir and all below it, never following a symbolic link nor
 * crossing into another file system. Returns 0 also when nothing was there. */
int io_remove_tree(int dir, const char *path, struct err *err);

/* Opens path under dir with O_CLOEXEC | flags. Returns the descriptor or -errno. */
int io_open(int dir, const char *path, int flags, struct err *err);

#define IO_MAX_FDS 64 /* in one message; the kernel allows 253 (SCM_MAX_FD) */

/* One message with n descriptors over a unix socket (see unix(7), SCM_RIGHTS).
 * io_send returns 0 or -errno. io_receive returns the bytes received, 0 at end of file, or -errno;
 * *n is how many fds fit, then how many came; they are close-on-exec. */
int io_send(int sock, const void *bytes, size_t len, const int *fds, size_t n);
ssize_t io_receive(int sock, void *bytes, size_t len, int *ret_fds, size_t *n);

#endif
