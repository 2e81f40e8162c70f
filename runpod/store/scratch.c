/*
 * scratch: directories under ROOT/tmp that vanish with their maker; scratch.h
 * tells the idea.
 *
 * Kernel rule: flock(2) belongs to the open file and goes when its last
 * descriptor is closed, by whatever death. Between mkdir(2) and flock(2) a fresh
 * directory looks abandoned; so makers do both, and sweepers try their lock, while
 * they hold the lock of ROOT/tmp itself. Lesson 13.
 */
#include "store/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/text.h"
#include "store/names.h"

static int lock_file(int fd, int how)
{
	while (flock(fd, how) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

/* Opens ROOT/tmp, which is made when missing. */
static int open_tmp(const struct store *store, struct err *err)
{
	int code = io_make_dirs(store->root_fd, "tmp", 0700, err);

	return code ? code : io_open(store->root_fd, "tmp", O_RDONLY | O_DIRECTORY | O_NOFOLLOW, err);
}

/* Takes over the directory of that name when its maker is dead. Returns a locked descriptor or -errno. */
static int take_over(int tmp, const char *name)
{
	cleanup_fd int fd = -1;
	int code = lock_file(tmp, LOCK_EX);

	if (code)
		return code;
	fd = openat(tmp, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	code = fd < 0 ? -errno : lock_file(fd, LOCK_EX | LOCK_NB);
	lock_file(tmp, LOCK_UN);
	return code ? code : take_fd(&fd);
}

/* Removes what the dead have left in tmp, a descriptor of its own (it is closed). */
static void sweep(int tmp)
{
	DIR *entries = fdopendir(tmp);
	struct dirent *entry;

	if (!entries) {
		close(tmp);
		return;
	}
	while ((entry = readdir(entries))) {
		cleanup_fd int fd = entry->d_name[0] == '.' ? -1 : take_over(dirfd(entries), entry->d_name);

		if (fd >= 0)
			io_remove_tree(dirfd(entries), entry->d_name, NULL);
	}
	closedir(entries);
}

void scratch_sweep(const struct store *store)
{
	int tmp = open_tmp(store, NULL);

	if (tmp >= 0)
		sweep(tmp);
}

/* DOC: scratch-make */
int scratch_make(const struct store *store, struct scratch *ret_scratch, struct err *err)
{
	cleanup_fd int tmp = -1, fd = -1;
	int code;

	scratch_sweep(store);
	tmp = open_tmp(store, err);
	if (tmp < 0)
		return tmp;
	id_random(ret_scratch->name);
	code = lock_file(tmp, LOCK_EX);
	if (!code && mkdirat(tmp, ret_scratch->name, 0700) < 0)
		code = -errno;
	if (!code) {
		fd = openat(tmp, ret_scratch->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		code = fd < 0 ? -errno : lock_file(fd, LOCK_EX);
	}
	lock_file(tmp, LOCK_UN);
	if (code)
		return err_set(err, -code, "make a directory in %s/tmp", store->root);
	ret_scratch->tmp_fd = take_fd(&tmp);
	ret_scratch->fd = take_fd(&fd);
	return 0;
}

int scratch_take(const struct scratch *scratch, int dir, const char *path, struct err *err)
{
	if (renameat(dir, path, scratch->fd, "gone") < 0)
		return err_set(err, errno, "remove %s", path);
	return 0;
}

int scratch_place(const struct scratch *scratch, int dir, const char *path, struct err *err)
{
	if (renameat(scratch->tmp_fd, scratch->name, dir, path) < 0)
		return err_set(err, errno == ENOTEMPTY ? EEXIST : errno, "put %s in place", path);
	return 0;
}

void scratch_end(struct scratch *scratch)
{
	io_remove_tree(scratch->tmp_fd, scratch->name, NULL);
	cleanup_fd_func(&scratch->fd);
	cleanup_fd_func(&scratch->tmp_fd);
}
