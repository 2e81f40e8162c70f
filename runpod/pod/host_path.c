/*
 * host_path: is it there, and is it what it should be; host_path.h. Symbolic links are
 * followed: the path is the machine's owner's, not a container's. Lesson 21.
 */
#include "pod/host_path.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"

static const struct {
	const char *type;
	mode_t kind;
	const char *noun;
	mode_t mode; /* to make it with; 0: it is never made */
} types[] = {
	{ "DirectoryOrCreate", S_IFDIR, "directory", 0755 },
	{ "Directory", S_IFDIR, "directory", 0 },
	{ "FileOrCreate", S_IFREG, "file", 0644 },
	{ "File", S_IFREG, "file", 0 },
	{ "Socket", S_IFSOCK, "socket file", 0 },
	{ "CharDevice", S_IFCHR, "character device", 0 },
	{ "BlockDevice", S_IFBLK, "block device", 0 },
};

/* A file's directory must be there already, as the kubelet has it. */
static int make_missing(const char *path, mode_t kind, mode_t mode, struct err *err)
{
	cleanup_fd int fd = -1;
	mode_t mask = umask(0);
	int code = 0;

	if (kind == S_IFDIR) {
		code = io_make_dirs(AT_FDCWD, path, mode, err);
	} else {
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
		if (fd < 0 && errno != EEXIST)
			code = err_set(err, errno, "make %s", path);
	}
	umask(mask);
	return code;
}

int host_path_check(const char *path, const char *type, bool make, struct err *err)
{
	struct stat found;
	bool there = !stat(path, &found);
	int why = there ? 0 : errno;

	if (!type || !*type)
		return there ? 0
			     : err_hint(err, err_set(err, why, "hostPath %s", path),
					"type: DirectoryOrCreate makes it");
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (strcmp(types[i].type, type))
			continue;
		if (why == ENOENT && types[i].mode)
			return make ? make_missing(path, types[i].kind, types[i].mode, err) : 0;
		if (there && (found.st_mode & S_IFMT) == types[i].kind)
			return 0;
		return err_set(err, 0, "hostPath type check failed: %s is not a %s", path, types[i].noun);
	}
	return err_set(err, 0, "hostPath %s: %s is an invalid volume type", path, type);
}
