/*
 * self: programs that cannot be overwritten; self.h tells from whom.
 */
#include "kern/self.h"

#include <limits.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/explain.h"
#include "kern/sys.h"

/* A read-only mount of our own file, found by its path: the magic link itself leads into the mount namespace
 * that we were started in, which may be another one. -ESTALE when another file is there now. */
static int readonly_self(void)
{
	struct mount_attr read_only = { .attr_set = MOUNT_ATTR_RDONLY };
	struct stat running, found;
	char path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	cleanup_fd int fd = -1;
	int code;

	if (length < 0)
		return -errno;
	path[length] = '\0';
	fd = sys_open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (fd < 0)
		return fd;
	if (stat("/proc/self/exe", &running) < 0 || fstat(fd, &found) < 0)
		return -errno;
	if (running.st_ino != found.st_ino || running.st_dev != found.st_dev)
		return -ESTALE;
	code = sys_mount_setattr(fd, "", AT_EMPTY_PATH, &read_only);
	return code ? code : take_fd(&fd);
}

/* The second best: a sealed copy, which costs its size in memory. For a program that was replaced while it ran. */
static int sealed_self(struct err *err)
{
	struct buf bytes = { 0 };
	int code = io_read_file(AT_FDCWD, "/proc/self/exe", 64 << 20, &bytes, err);

	if (!code)
		code = self_sealed_file("runpod", bytes.data, bytes.len, err);
	buf_free(&bytes);
	return code;
}

int self_exec_protected(char *const argv[], char *const env[], struct err *err)
{
	cleanup_fd int fd = readonly_self();
	int code;

	/* DOC: read-only-self */
	if (fd < 0)
		fd = sealed_self(err);
	if (fd < 0)
		return fd;
	code = sys_execveat(fd, "", argv, env, AT_EMPTY_PATH);
	return err_set(err, -code, "execute /proc/self/exe");
}

int self_sealed_file(const char *name, const void *bytes, size_t len, struct err *err)
{
	cleanup_fd int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int code;

	if (fd < 0)
		return err_set(err, errno, "make memory file %s", name);
	code = io_write_all(fd, bytes, len);
	if (!code && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0)
		code = -errno;
	explain_call(code ? code : fd, "a program without a path, sealed", 1, "memfd_create(\"%s\")", name);
	return code ? err_set(err, -code, "fill memory file %s", name) : take_fd(&fd);
}
