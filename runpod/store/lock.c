/*
 * lock: flock(2) on an empty file; lock.h tells what for.
 *
 * Kernel rule: the lock belongs to the open file, not to the process, and goes
 * with the last descriptor of it. Descriptors here are close-on-exec, so no
 * container ever inherits one and keeps its pod locked. Lesson 19.
 */
#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"
#include "base/text.h"

#define MILLISECOND INT64_C(1000000)
#define LONGEST_NAP (50 * MILLISECOND)

/* Waits until end (nanoseconds since boot) for the lock: flock(2) knows no time limit, so it is asked
 * again, at growing intervals. Returns 0 or -errno. */
static int lock_until(int fd, int64_t end)
{
	int64_t nap = MILLISECOND;

	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		struct timespec wait = { .tv_nsec = nap };

		if (errno != EWOULDBLOCK)
			return -errno;
		if (clock_boot() >= end)
			return -EWOULDBLOCK;
		nanosleep(&wait, NULL);
		nap = nap * 2 < LONGEST_NAP ? nap * 2 : LONGEST_NAP;
	}
	return 0;
}

static int lock_forever(int fd)
{
	while (flock(fd, LOCK_EX) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

/* Opens and locks the file path under the run directory. */
static int lock_file(const struct store *store, const char *path, int timeout_ms, struct err *err)
{
	cleanup_fd int fd = io_open(store->run_fd, path, O_RDWR | O_CREAT | O_NOFOLLOW, err);
	int code;

	if (fd < 0)
		return fd;
	code = timeout_ms < 0 ? lock_forever(fd) : lock_until(fd, clock_boot() + timeout_ms * MILLISECOND);
	if (code == -EWOULDBLOCK) {
		err_set(err, EWOULDBLOCK, "lock %s", path);
		return err_hint(err, code, "another command is changing it");
	}
	return code ? err_set(err, -code, "lock %s", path) : take_fd(&fd);
}

int lock_pod(const struct store *store, const char *pod_id, int timeout_ms, struct err *err)
{
	cleanup_free char *directory = text_format("pods/%s", pod_id);
	cleanup_free char *path = text_format("%s/lock", directory);
	int code = -ENOENT;

	/* whoever removes the pod at this moment may take the directory away between the two */
	for (int attempt = 0; attempt < 10 && code == -ENOENT; attempt++) {
		code = io_make_dirs(store->run_fd, directory, 0700, err);
		if (!code)
			code = lock_file(store, path, timeout_ms, err);
	}
	return code;
}

int lock_open(int run_dir)
{
	int fd = openat(run_dir, "lock", O_RDWR | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int lock_try(int fd)
{
	return flock(fd, LOCK_EX | LOCK_NB) < 0 ? -errno : 0;
}

int lock_named(const struct store *store, const char *name, struct err *err)
{
	cleanup_free char *path = text_format("%s.lock", name);

	return lock_file(store, path, -1, err);
}
