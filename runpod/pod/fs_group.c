/*
 * fs_group: chown and chmod down a tree that containers may have filled; fs_group.h.
 *
 * Kernel rule: a chmod by path follows links, so every entry is opened first (O_NOFOLLOW)
 * and then changed by descriptor; what cannot be opened without a side effect (a device, a pipe) is given away as a
 * name, with AT_SYMLINK_NOFOLLOW, and keeps its mode. Lesson 21.
 */
#include "pod/fs_group.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOR_FILES	0660
#define FOR_DIRECTORIES 02770

static int give(int fd, gid_t group)
{
	struct stat stat;
	mode_t mode;

	if (fstat(fd, &stat) < 0 || fchown(fd, (uid_t)-1, group) < 0)
		return -errno;
	mode = (stat.st_mode & 07777) | (S_ISDIR(stat.st_mode) ? FOR_DIRECTORIES : FOR_FILES);
	return fchmod(fd, mode) < 0 ? -errno : 0;
}

static int give_tree(int directory, gid_t group);

static int give_entry(int directory, const struct dirent *entry, gid_t group)
{
	struct stat stat;
	int fd, code;

	if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
		return 0;
	if (fstatat(directory, entry->d_name, &stat, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISDIR(stat.st_mode) && !S_ISREG(stat.st_mode))
		return fchownat(directory, entry->d_name, (uid_t)-1, group, AT_SYMLINK_NOFOLLOW) < 0 ? -errno
												     : 0;
	fd = openat(directory, entry->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == ELOOP ? 0 : -errno; /* changed while we looked */
	if (S_ISDIR(stat.st_mode))
		return give_tree(fd, group);
	code = give(fd, group);
	close(fd);
	return code;
}

/* Takes over directory. */
static int give_tree(int directory, gid_t group)
{
	DIR *entries = fdopendir(directory);
	struct dirent *entry;
	int code;

	if (!entries) {
		code = -errno;
		close(directory);
		return code;
	}
	code = give(directory, group);
	while (!code && (entry = readdir(entries)))
		code = give_entry(directory, entry, group);
	closedir(entries);
	return code;
}

int fs_group_apply(int fd, int64_t group, const char *what, struct err *err)
{
	int own = group > 0 ? openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	int code = group <= 0 ? 0 : own < 0 ? -errno : give_tree(own, (gid_t)group);

	if (!code)
		return 0;
	err_set(err, -code, "give %s to group %lld", what, (long long)group);
	return code == -EINVAL ? err_hint(err, code, "this user namespace does not map that id") : code;
}
