/*
 * atomic_dir: a directory whose files change all at once; projection.h draws it.
 *
 * Kernel rule: many files cannot be replaced in one step, but one symbolic link can, by
 * rename(2). So all that programs open leads through the link ..data. What a process has open
 * or stands in stays what it was. Lesson 21.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"
#include "kern/path.h"
#include "pod/projection.h"

#define DATA	 "..data"
#define DATA_NEW "..data_tmp"

/* Readable for the group, whatever the modes say: that is what fsGroup promises. */
static int give_to_group(int fd, mode_t mode, int64_t group, const char *path, struct err *err)
{
	mode_t readable = S_ISDIR(mode) ? 02550 : 0440;

	if (group > 0 && fchown(fd, (uid_t)-1, (gid_t)group) < 0)
		return err_hint(err, err_set(err, errno, "give %s to group %lld", path, (long long)group),
				"fsGroup must be an id that this user namespace maps");
	if (fchmod(fd, (mode & 07777) | (group > 0 ? readable : 0)) < 0)
		return err_set(err, errno, "set the mode of %s", path);
	return 0;
}

static int write_one(int dir, const struct projected_file *file, int64_t group, struct err *err)
{
	cleanup_free char *parent = text_dup(file->path);
	cleanup_fd int fd = -1, above = -1;
	char *slash = strrchr(parent, '/');
	int code = 0;

	if (slash) {
		*slash = '\0';
		above = path_make(dir, parent, PATH_BENEATH, S_IFDIR | 0755, err);
		if (above < 0)
			return above;
	}
	fd = openat(slash ? above : dir, slash ? slash + 1 : parent,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(err, errno, "create %s", file->path);
	code = io_write_all(fd, file->bytes, file->length);
	if (code)
		return err_set(err, -code, "write %s", file->path);
	return give_to_group(fd, S_IFREG | file->mode, group, file->path, err);
}

/* Makes the new directory, named after the moment as the kubelet's is. Returns its descriptor. */
static int make_dir(int dir, char *ret_name, size_t size, struct err *err)
{
	int64_t now = clock_wall();
	time_t seconds = (time_t)(now / 1000000000);
	struct tm when;
	size_t length;

	length = strftime(ret_name, size, "..%Y_%m_%d_%H_%M_%S.", gmtime_r(&seconds, &when));
	snprintf(ret_name + length, size - length, "%09lld", (long long)(now % 1000000000));
	if (mkdirat(dir, ret_name, 0755) < 0)
		return err_set(err, errno, "make directory %s", ret_name);
	return io_open(dir, ret_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, err);
}

/* Whether path below dir is that file already. */
static bool is_same(int dir, const struct projected_file *file, int64_t group)
{
	cleanup_fd int fd = path_open(dir, file->path, PATH_BENEATH, O_RDONLY, NULL);
	struct buf bytes = { 0 };
	struct stat stat;
	bool same = fd >= 0 && !fstat(fd, &stat) && (size_t)stat.st_size == file->length &&
		    (stat.st_mode & 07777) == (file->mode | (group > 0 ? 0440 : 0)) &&
		    !io_read_all(fd, file->length, &bytes) &&
		    !memcmp(bytes.data ? bytes.data : "", file->bytes, file->length);

	buf_free(&bytes);
	return same;
}

/* How many files lie below dir, which is closed. */
static size_t count_files(int dir)
{
	DIR *entries = fdopendir(dir);
	struct dirent *entry;
	size_t n = 0;

	while (entries && (entry = readdir(entries))) {
		int below = strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")
				    ? openat(dirfd(entries), entry->d_name,
					     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
				    : -1;

		n += below >= 0 ? count_files(below) : entry->d_name[strspn(entry->d_name, ".")] != '\0';
	}
	if (entries)
		closedir(entries);
	return n;
}

static bool up_to_date(int dir, const struct projected *files, int64_t group)
{
	cleanup_fd int data = openat(dir, DATA, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (data < 0 || count_files(fcntl(data, F_DUPFD_CLOEXEC, 3)) != files->n)
		return false;
	for (size_t i = 0; i < files->n; i++)
		if (!is_same(data, &files->v[i], group))
			return false;
	return true;
}

/* The first part of each path becomes a link through ..data; the link itself may lead nowhere before the swap. */
static int link_names(int dir, const struct projected *files, struct err *err)
{
	for (size_t i = 0; i < files->n; i++) {
		size_t length = strcspn(files->v[i].path, "/");
		cleanup_free char *name = text_ndup(files->v[i].path, length);
		cleanup_free char *target = text_format(DATA "/%s", name);

		if (symlinkat(target, dir, name) < 0 && errno != EEXIST)
			return err_set(err, errno, "link %s", name);
	}
	return 0;
}

static bool is_wanted(const char *name, const char *current, const struct projected *files)
{
	if (!strcmp(name, ".") || !strcmp(name, "..") || !strcmp(name, DATA) || !strcmp(name, current))
		return true;
	for (size_t i = 0; i < files->n; i++) {
		size_t length = strcspn(files->v[i].path, "/");

		if (strlen(name) == length && !strncmp(files->v[i].path, name, length))
			return true;
	}
	return false;
}

/* After the swap: directories of before, links of names that are no more, what a killed writer left. */
static void clear_away(int dir, const char *current, const struct projected *files)
{
	DIR *entries = fdopendir(openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	struct strv old = { 0 };
	struct dirent *entry;

	while (entries && (entry = readdir(entries)))
		if (!is_wanted(entry->d_name, current, files))
			strv_add(&old, entry->d_name);
	if (entries)
		closedir(entries);
	for (size_t i = 0; i < old.n; i++)
		io_remove_tree(dir, old.v[i], NULL);
	strv_free(&old);
}

/* DOC: one-rename */
static int swap(int dir, const char *name, struct err *err)
{
	unlinkat(dir, DATA_NEW, 0); /* of a writer that was killed here */
	if (symlinkat(name, dir, DATA_NEW) < 0 || renameat(dir, DATA_NEW, dir, DATA) < 0)
		return err_set(err, errno, "put %s in place", name);
	return 0;
}

int projection_write(int dir, const struct projected *files, int64_t group, struct err *err)
{
	cleanup_fd int made = -1;
	char name[64];
	int code = 0;

	if (up_to_date(dir, files, group))
		return 0;
	made = make_dir(dir, name, sizeof(name), err);
	if (made < 0)
		return made;
	for (size_t i = 0; i < files->n && !code; i++)
		code = write_one(made, &files->v[i], group, err);
	if (!code)
		code = give_to_group(made, S_IFDIR | 0755, group, name, err);
	if (!code)
		code = link_names(dir, files, err);
	if (!code)
		code = swap(dir, name, err);
	if (code)
		io_remove_tree(dir, name, NULL);
	else
		clear_away(dir, name, files);
	return code;
}
