/*
 * sandbox: what remains of this process when it reads its first byte: three
 * descriptors and a directory, six capabilities at most, thirty-odd system calls.
 * Parsers of archives have had their share of memory bugs; whoever takes this
 * one over is shut in with the files that he wrote himself.
 *
 * Lives by seccomp(2), capabilities(7), landlock(7), chroot(2), setrlimit(2).
 * Landlock and chroot do the same here: the one works for everybody but not on
 * every kernel, the other everywhere but only for root. Lesson 18.
 */
#include "unpack/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "kern/sys.h"

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#else
/* cppcheck-suppress preprocessorErrorDirective */
#error "only x86-64 and aarch64"
#endif

#define MEMORY_MAX  (1UL << 30) /* xz -9 needs 65 MiB, a long zstd window 128 MiB */
#define CPU_SECONDS 3600
#define FILES_MAX   16

/* What unpacking needs, and what glibc needs for memory and for ending. */
static const int allowed_calls[] = {
	/* places: openat2 alone can be told to stay beneath a directory, so no other open */
	SYS_openat2, SYS_mkdirat, SYS_mknodat, SYS_symlinkat, SYS_linkat, SYS_unlinkat,
	/* what files are like */
	SYS_ftruncate, SYS_fchmod, SYS_fchownat, SYS_utimensat, SYS_fsetxattr,
	/* who only decompresses gets what follows, no more */
	SYS_read, SYS_write, SYS_lseek, SYS_close, SYS_fstat, SYS_newfstatat, SYS_fcntl,
	/* memory, time, the end */
	SYS_brk, SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_madvise, SYS_futex, SYS_getrandom,
	SYS_clock_gettime, SYS_rt_sigprocmask, SYS_rt_sigaction, SYS_rt_sigreturn, SYS_restart_syscall,
	SYS_getpid, SYS_gettid, SYS_tgkill, SYS_exit, SYS_exit_group
};

#define CALLS	    (sizeof(allowed_calls) / sizeof(allowed_calls[0]))
#define PLACE_CALLS 11 /* those of allowed_calls that reach files by name, and change them */

#ifdef __SANITIZE_ADDRESS__
/* A build for tests: its search for leaks at the end traces us from a clone, which the filter forbids. */
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}
#endif

/* Lowers a limit; one that is lower already stays. */
static int lower_limit(__rlimit_resource_t resource, rlim_t most, struct err *err)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) < 0)
		return err_set(err, errno, "read resource limit %d", (int)resource);
	if (limit.rlim_max > most)
		limit.rlim_max = most;
	if (limit.rlim_cur > limit.rlim_max)
		limit.rlim_cur = limit.rlim_max;
	if (setrlimit(resource, &limit) < 0)
		return err_set(err, errno, "lower resource limit %d", (int)resource);
	return 0;
}

static int lower_limits(uint64_t max_bytes, struct err *err)
{
	int code = lower_limit(RLIMIT_FSIZE, max_bytes, err);

	signal(SIGXFSZ, SIG_IGN); /* then write(2) beyond it says EFBIG */
	if (!code)
		code = lower_limit(RLIMIT_CPU, CPU_SECONDS, err);
	if (!code)
		code = lower_limit(RLIMIT_CORE, 0, err);
	if (!code)
		code = lower_limit(RLIMIT_NOFILE, FILES_MAX, err);
#ifndef __SANITIZE_ADDRESS__ /* which reserves terabytes of addresses */
	if (!code)
		code = lower_limit(RLIMIT_AS, MEMORY_MAX, err);
#endif
	return code;
}

/* Forbids every path but those beneath root, where the kernel has Landlock. */
static int enter_landlock(int root, bool whiteouts, struct err *err)
{
	struct landlock_ruleset_attr rules = { .handled_access_fs = 0x3fff }; /* all that version 2 knows */
	struct landlock_path_beneath_attr beneath = { .parent_fd = root };
	cleanup_fd int ruleset = -1;
	long version =
		sys_result(syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION));

	if (version < 2) /* version 1 forbids hard links between directories */
		return 0;
	beneath.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
				 LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |
				 LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
				 LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_MAKE_FIFO |
				 LANDLOCK_ACCESS_FS_REFER | (whiteouts ? LANDLOCK_ACCESS_FS_MAKE_CHAR : 0);
	ruleset = (int)sys_result(syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0));
	if (ruleset < 0)
		return err_set(err, -ruleset, "make Landlock rules");
	if ((root >= 0 &&
	     syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) < 0) ||
	    syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		return err_set(err, errno, "enter Landlock rules");
	return 0;
}

/* Keeps of its capabilities those that files need. */
static int drop_capabilities(bool *ret_privileged, struct err *err)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[2]; /* bits 0 to 31, 32 to 63 */
	uint32_t kept = 1U << CAP_CHOWN | 1U << CAP_DAC_OVERRIDE | 1U << CAP_FOWNER | 1U << CAP_FSETID |
			1U << CAP_SETFCAP;

	if (syscall(SYS_capget, &header, caps) < 0)
		return err_set(err, errno, "read capabilities");
	caps[0].permitted &= kept;
	caps[0].effective = caps[0].permitted;
	caps[0].inheritable = 0;
	caps[1] = (struct __user_cap_data_struct){ 0 };
	if (syscall(SYS_capset, &header, caps) < 0)
		return err_set(err, errno, "drop capabilities");
	*ret_privileged = caps[0].effective & 1U << CAP_CHOWN;
	return 0;
}

/* DOC: unpack-filter
 * A filter by hand: is it our architecture, is the number in the list, else EPERM. */
static int enter_filter(size_t first, struct err *err)
{
	struct sock_filter code[CALLS + 6], *at = code;
	struct sock_fprog program = { .filter = code };

	*at++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
	*at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCH, 1, 0);
	*at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	*at++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (size_t i = first; i < CALLS; i++) /* a match jumps over the rest and over the refusal */
		*at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)allowed_calls[i],
						     (uint8_t)(CALLS - i), 0);
	*at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	*at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	program.len = (unsigned short)(at - code);
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
		return err_set(err, errno, "install seccomp filter");
	return 0;
}

int sandbox_enter(int root, uint64_t max_bytes, bool whiteouts, bool *ret_privileged, struct err *err)
{
	int code = lower_limits(max_bytes, err);

	umask(0); /* an archive's modes are meant as they are */
	if (!code && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		code = err_set(err, errno, "set no_new_privs");
	if (!code)
		code = enter_landlock(root, whiteouts, err);
	if (!code && root >= 0 && (fchdir(root) < 0 || (chroot(".") < 0 && errno != EPERM)))
		code = err_set(err, errno, "make the directory our root");
	if (!code)
		code = drop_capabilities(ret_privileged, err);
	/* no name can be looked up without a root, so no call that takes one is left */
	return code ? code
		    : enter_filter(root < 0 ? PLACE_CALLS : 0,
				   err); /* from here on no file outside can be opened */
}
