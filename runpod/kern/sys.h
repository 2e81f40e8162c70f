/*
 * sys: the system calls that glibc does not wrap, typed, one line each.
 *
 * Each returns the kernel's result or -errno, so that a caller never looks at
 * the errno variable. The numbers come from <sys/syscall.h>; the structures
 * from the kernel's own headers, for they are the interface.
 */
#ifndef RUNPOD_KERN_SYS_H
#define RUNPOD_KERN_SYS_H

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Turns glibc's -1 and errno into -errno. */
static inline long sys_result(long result)
{
	return result < 0 ? -errno : result;
}

/* see clone(2): the child returns 0 and runs on a copy of the caller's stack */
static inline int sys_clone3(struct clone_args *args)
{
	return (int)sys_result(syscall(SYS_clone3, args, sizeof(*args)));
}

/* see openat2(2) */
static inline int sys_openat2(int dir, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve)
{
	struct open_how how = { .flags = flags, .mode = mode, .resolve = resolve };

	return (int)sys_result(syscall(SYS_openat2, dir, path, &how, sizeof(how)));
}

/* see open_tree(2) */
static inline int sys_open_tree(int dir, const char *path, unsigned flags)
{
	return (int)sys_result(syscall(SYS_open_tree, dir, path, flags));
}

/* see move_mount(2) */
static inline int sys_move_mount(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	return (int)sys_result(syscall(SYS_move_mount, from_dir, from, to_dir, to, flags));
}

/* see mount_setattr(2) */
static inline int sys_mount_setattr(int dir, const char *path, unsigned flags, struct mount_attr *attr)
{
	return (int)sys_result(syscall(SYS_mount_setattr, dir, path, flags, attr, sizeof(*attr)));
}

/* see fsopen(2), fsconfig(2), fsmount(2): a file system configured step by step */
static inline int sys_fsopen(const char *type, unsigned flags)
{
	return (int)sys_result(syscall(SYS_fsopen, type, flags));
}

static inline int sys_fsconfig(int fd, unsigned command, const char *key, const void *value, int aux)
{
	return (int)sys_result(syscall(SYS_fsconfig, fd, command, key, value, aux));
}

static inline int sys_fsmount(int fd, unsigned flags, unsigned attributes)
{
	return (int)sys_result(syscall(SYS_fsmount, fd, flags, attributes));
}

/* see pivot_root(2) */
static inline int sys_pivot_root(const char *new_root, const char *put_old)
{
	return (int)sys_result(syscall(SYS_pivot_root, new_root, put_old));
}

/* see pidfd_open(2), pidfd_send_signal(2) */
static inline int sys_pidfd_open(pid_t pid, unsigned flags)
{
	return (int)sys_result(syscall(SYS_pidfd_open, pid, flags));
}

static inline int sys_pidfd_send_signal(int pidfd, int signal)
{
	return (int)sys_result(syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}

/* see close_range(2) */
static inline int sys_close_range(unsigned first, unsigned last, unsigned flags)
{
	return (int)sys_result(syscall(SYS_close_range, first, last, flags));
}

/* see execveat(2) */
static inline int sys_execveat(int dir, const char *path, char *const argv[], char *const env[], int flags)
{
	return (int)sys_result(syscall(SYS_execveat, dir, path, argv, env, flags));
}

#endif
