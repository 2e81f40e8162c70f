/*
 * denied: makes the system calls that a container with the usual capabilities
 * must not get through, and prints a TAP line for each (testanything.org).
 * Run it inside a container; exit status 0 when all were denied as they should.
 *
 * Each row is harmless where nothing stops it: wrong magic numbers, descriptors
 * that are not there. A row passes only with the very errno that the filter
 * gives, so that a call that fails by itself does not pass for one denied.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define HIGH	    (1L << 32) /* a bit that the kernel does not read of an int, and a careless filter does */
#define NO_FD	    999
#define X32	    0x40000000 /* asks for the x32 call of that number */
#define CLONE_CHILD SIGCHLD

static const struct row {
	const char *name; /* what is tried */
	long number;	  /* system call */
	long args[5];	  /* its arguments */
	int expected;	  /* errno */
} rows[] = {
	/* families that no network namespace holds back, and rarely used ones */
	{ "socket AF_VSOCK", SYS_socket, { AF_VSOCK, SOCK_STREAM }, EAFNOSUPPORT },
	{ "socket AF_VSOCK, high bit", SYS_socket, { AF_VSOCK | HIGH, SOCK_STREAM }, EAFNOSUPPORT },
	{ "socket AF_ALG", SYS_socket, { AF_ALG, SOCK_SEQPACKET }, EAFNOSUPPORT },
	{ "socket AF_ALG, high bit", SYS_socket, { AF_ALG | HIGH, SOCK_SEQPACKET }, EAFNOSUPPORT },
	{ "socket AF_XDP", SYS_socket, { AF_XDP, SOCK_RAW }, EAFNOSUPPORT },
	{ "socket AF_RDS", SYS_socket, { AF_RDS, SOCK_SEQPACKET }, EAFNOSUPPORT },
	{ "socket AF_TIPC", SYS_socket, { AF_TIPC, SOCK_STREAM }, EAFNOSUPPORT },
	{ "socket AF_BLUETOOTH", SYS_socket, { AF_BLUETOOTH, SOCK_RAW, 1 }, EAFNOSUPPORT },
	{ "socket AF_CAN", SYS_socket, { AF_CAN, SOCK_RAW, 1 }, EAFNOSUPPORT },
	{ "socketpair AF_TIPC, high bit", SYS_socketpair, { AF_TIPC | HIGH, SOCK_STREAM }, EAFNOSUPPORT },
	{ "socket audit", SYS_socket, { AF_NETLINK, SOCK_RAW, NETLINK_AUDIT }, EINVAL },
	{ "socket audit, high bit family",
	  SYS_socket,
	  { AF_NETLINK | HIGH, SOCK_RAW, NETLINK_AUDIT },
	  EINVAL },
	{ "socket audit, high bit protocol",
	  SYS_socket,
	  { AF_NETLINK, SOCK_RAW, NETLINK_AUDIT | HIGH },
	  EINVAL },

	/* namespaces of one's own: a user namespace would bring all capabilities */
	{ "unshare user", SYS_unshare, { CLONE_NEWUSER }, EPERM },
	{ "unshare user, high bit", SYS_unshare, { CLONE_NEWUSER | HIGH }, EPERM },
	{ "unshare mnt", SYS_unshare, { CLONE_NEWNS }, EPERM },
	{ "unshare net", SYS_unshare, { CLONE_NEWNET }, EPERM },
	{ "unshare pid", SYS_unshare, { CLONE_NEWPID }, EPERM },
	{ "unshare ipc", SYS_unshare, { CLONE_NEWIPC }, EPERM },
	{ "unshare uts", SYS_unshare, { CLONE_NEWUTS }, EPERM },
	{ "unshare cgroup", SYS_unshare, { CLONE_NEWCGROUP }, EPERM },
	{ "unshare time", SYS_unshare, { CLONE_NEWTIME }, EPERM },
	{ "clone user", SYS_clone, { CLONE_NEWUSER | CLONE_CHILD }, EPERM },
	{ "clone user and net", SYS_clone, { CLONE_NEWUSER | CLONE_NEWNET | CLONE_CHILD }, EPERM },
	{ "clone user, high bit", SYS_clone, { CLONE_NEWUSER | CLONE_CHILD | HIGH }, EPERM },
	{ "clone mnt", SYS_clone, { CLONE_NEWNS | CLONE_CHILD }, EPERM },
	{ "clone3", SYS_clone3, { 0, 0 }, ENOSYS },
	{ "setns", SYS_setns, { NO_FD, 0 }, EPERM },

	/* mounts, old and new */
	{ "mount", SYS_mount, { 0, 0, 0, 0, 0 }, EPERM },
	{ "umount2", SYS_umount2, { 0, 0 }, EPERM },
	{ "pivot_root", SYS_pivot_root, { 0, 0 }, EPERM },
	{ "fsopen", SYS_fsopen, { 0, 0 }, EPERM },
	{ "fsconfig", SYS_fsconfig, { NO_FD }, EPERM },
	{ "fsmount", SYS_fsmount, { NO_FD }, EPERM },
	{ "fspick", SYS_fspick, { NO_FD }, EPERM },
	{ "open_tree", SYS_open_tree, { NO_FD }, EPERM },
	{ "move_mount", SYS_move_mount, { NO_FD }, EPERM },
	{ "mount_setattr", SYS_mount_setattr, { NO_FD }, EPERM },

	/* the kernel itself */
	{ "bpf", SYS_bpf, { -1, 0, 0 }, EPERM },
	{ "perf_event_open", SYS_perf_event_open, { 0, 0, -1, -1, 0 }, EPERM },
	{ "kexec_load", SYS_kexec_load, { 0, 1L << 30, 0, 0 }, EPERM },
	{ "kexec_file_load", SYS_kexec_file_load, { NO_FD, NO_FD, 0, 0, 0 }, EPERM },
	{ "init_module", SYS_init_module, { 0, 0, 0 }, EPERM },
	{ "finit_module", SYS_finit_module, { NO_FD, 0, 0 }, EPERM },
	{ "delete_module", SYS_delete_module, { 0, 0 }, EPERM },
	{ "reboot", SYS_reboot, { 0, 0, 0, 0 }, EPERM },
	{ "swapon", SYS_swapon, { 0, 0 }, EPERM },
	{ "swapoff", SYS_swapoff, { 0 }, EPERM },
	{ "acct", SYS_acct, { 1 }, EPERM },
	{ "syslog", SYS_syslog, { 99, 0, 0 }, EPERM },
	{ "settimeofday", SYS_settimeofday, { 1, 0 }, EPERM },
	{ "clock_settime", SYS_clock_settime, { 99, 0 }, EPERM },
	{ "sethostname", SYS_sethostname, { 0, -1 }, EPERM },
	{ "setdomainname", SYS_setdomainname, { 0, -1 }, EPERM },
	{ "quotactl", SYS_quotactl, { -1, 0, 0, 0 }, EPERM },
	{ "fanotify_init", SYS_fanotify_init, { -1, 0 }, EPERM },
	{ "open_by_handle_at", SYS_open_by_handle_at, { NO_FD, 0, 0 }, EPERM },
	{ "lookup_dcookie", SYS_lookup_dcookie, { 0, 0, 0 }, EPERM },
	{ "userfaultfd", SYS_userfaultfd, { -1 }, EPERM },
	{ "io_uring_setup", SYS_io_uring_setup, { 0, 0 }, ENOSYS },
	{ "vmsplice", SYS_vmsplice, { NO_FD, 0, 0, 0 }, EPERM },

	/* other processes, and the user's keys */
	{ "kcmp", SYS_kcmp, { 1, 1, 99, 0, 0 }, EPERM },
	{ "process_madvise", SYS_process_madvise, { NO_FD, 0, 0, 0, 0 }, EPERM },
	{ "migrate_pages", SYS_migrate_pages, { -1, 0, 0, 0 }, EPERM },
	{ "move_pages", SYS_move_pages, { -1, 0, 0, 0, 0 }, EPERM },
	{ "keyctl", SYS_keyctl, { 0, -3 }, EPERM },
	{ "add_key", SYS_add_key, { 0, 0, 0, 0, 0 }, EPERM },
	{ "request_key", SYS_request_key, { 0, 0, 0, 0 }, EPERM },

	/* terminals, and switching protections off */
	{ "ioctl TIOCSTI", SYS_ioctl, { NO_FD, TIOCSTI }, EPERM },
	{ "ioctl TIOCSTI, high bit", SYS_ioctl, { NO_FD, TIOCSTI | HIGH }, EPERM },
	{ "ioctl TIOCLINUX", SYS_ioctl, { NO_FD, TIOCLINUX }, EPERM },
	{ "vhangup", SYS_vhangup, { 0 }, EPERM },
	{ "personality no randomization", SYS_personality, { 0x0040000 }, EPERM },
	{ "personality read implies exec", SYS_personality, { 0x0400000 }, EPERM },
	{ "personality, high bit", SYS_personality, { 0x0040000 | HIGH }, EPERM },
#ifdef __x86_64__
	{ "iopl", SYS_iopl, { 9 }, EPERM },
	{ "ioperm", SYS_ioperm, { -1, 1, 1 }, EPERM },
	{ "sysfs", SYS_sysfs, { 9 }, EPERM },
	{ "ustat", SYS_ustat, { 0, 0 }, EPERM },
	{ "uselib", SYS_uselib, { 0 }, EPERM },
	{ "x32 getpid", X32 + 39, { 0 }, ENOSYS },
	{ "x32 socket", X32 + 41, { AF_INET, SOCK_STREAM }, ENOSYS },
	{ "x32 execve", X32 + 520, { 0, 0, 0 }, ENOSYS },
	{ "x32 ioctl", X32 + 514, { NO_FD, TIOCSTI }, ENOSYS },
#endif
};

#ifdef __x86_64__
/* Calls of the i386 entry: other numbers, so a filter for x86-64 would misread them. */
static const struct row32 {
	const char *name;
	long number, args[2];
} rows32[] = {
	{ "int80 getpid", 20, { 0, 0 } },
	{ "int80 read (number 3, close elsewhere)", 3, { NO_FD, 0 } },
	{ "int80 socketcall", 102, { 1, 0 } },
	{ "int80 mount", 21, { 0, 0 } },
	{ "int80 ioctl TIOCSTI", 54, { NO_FD, TIOCSTI } },
};

static long int80(long number, long first, long second)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(first), "c"(second), "d"(0L)
			 : "memory", "r8", "r9", "r10", "r11");
	return result;
}

/* Whether this kernel (User-mode Linux) takes the i386 entry for another door to its own calls: 39 is
 * getpid to x86-64, mkdir to i386. Then it is no way past the filter. */
static bool entry_is_native(void)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(int80(39, 0, 0) == getpid() ? 1 : 0);
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status);
}

/* Returns 0 or -errno; a kernel without the i386 entry answers by SIGSEGV, which is a denial too. */
static int call32(const struct row32 *row)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		long result = int80(row->number, row->args[0], row->args[1]);

		_exit((int)result < 0 && (int)result > -256 ? -(int)result : 0);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return -errno;
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV ? -ENOSYS : -WEXITSTATUS(status);
}
#endif

static int call(const struct row *row)
{
	long result;

	errno = 0;
	result =
		syscall(row->number, row->args[0], row->args[1], row->args[2], row->args[3], row->args[4], 0);
	if (result == 0 && row->number == SYS_clone)
		_exit(0); /* the child that should not have been */
	return result < 0 ? -errno : 0;
}

static int report(int number, const char *name, int got, int expected)
{
	int right = got == -expected;

	printf("%sok %d - %s: %s\n", right ? "" : "not ", number, name, got ? strerror(-got) : "let through");
	if (!right)
		printf("# expected %s\n", strerror(expected));
	return right ? 0 : 1;
}

int main(void)
{
	int count = sizeof(rows) / sizeof(*rows), number = 0, wrong = 0;

#ifdef __x86_64__
	bool native;

	count += sizeof(rows32) / sizeof(*rows32);
#endif
	printf("1..%d\n", count);
	fflush(stdout);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		wrong += report(++number, rows[i].name, call(&rows[i]), rows[i].expected);
#ifdef __x86_64__
	fflush(stdout);
	native = entry_is_native();
	for (size_t i = 0; i < sizeof(rows32) / sizeof(*rows32); i++)
		if (native)
			printf("ok %d - %s # SKIP this kernel has no i386 calls\n", ++number, rows32[i].name);
		else
			wrong += report(++number, rows32[i].name, call32(&rows32[i]), ENOSYS);
#endif
	return wrong ? 1 : 0;
}
