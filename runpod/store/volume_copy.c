/*
 * volume_copy: what an image has at a volume's place becomes the volume's first
 * content; see volume_copy_up() in volume.h.
 *
 * The path is the image's business and may lead over links: openat2(2) with
 * RESOLVE_IN_ROOT keeps it inside the image. The lock on the data directory makes
 * "is it empty?" and the copy one step for two containers that start at once. Lesson 20.
 */
#include "store/volume.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/path.h"
#include "store/copy_tree.h"

/* 1 when nothing is in the directory, 0 when something is, or -errno. */
static int is_empty(int directory)
{
	int list = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), empty = 1;
	DIR *entries = list < 0 ? NULL : fdopendir(list);
	struct dirent *entry;

	if (!entries) {
		int code = -errno;

		cleanup_fd_func(&list);
		return code;
	}
	while (empty && (entry = readdir(entries)))
		empty = !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..");
	closedir(entries);
	return empty;
}

int volume_copy_up(int data, int rootfs, const char *path, struct err *err)
{
	cleanup_fd int to = io_open(data, ".", O_RDONLY | O_DIRECTORY, err), from = -1;
	int code;

	if (to < 0)
		return to;
	while (flock(to, LOCK_EX) < 0)
		if (errno != EINTR)
			return err_set(err, errno, "lock the volume for %s", path);
	code = is_empty(to);
	if (code <= 0)
		return code ? err_set(err, -code, "read the volume for %s", path) : 0;
	from = path_open(rootfs, path, PATH_IN_ROOT, O_RDONLY | O_DIRECTORY, NULL);
	if (from == -ENOENT || from == -ENOTDIR || from == -ELOOP)
		return 0; /* the image has no directory there */
	code = from < 0 ? err_set(err, -from, "open %s", path) : copy_tree(from, to, err);
	return code ? err_context(err, code, "copy the image's %s to the volume", path) : 0;
}
