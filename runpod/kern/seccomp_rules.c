/*
 * seccomp_rules: which system calls a container may make, as data.
 *
 * An allow list in the manner of podman's and docker's default profiles: a call
 * that is not here does not exist (ENOSYS, so that programs take the older way),
 * one that is known and refused says EPERM. It is written for x86-64 and
 * aarch64; a name that one of them lacks is passed over there. Only what needs no
 * right over others is open to all: the rest opens with the capability that the
 * kernel itself asks for. Lesson 18.
 */
#include "kern/seccomp.h"

#include <asm/ioctls.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <sched.h>
#include <sys/socket.h>

#define CAP(number) (UINT64_C(1) << (number))

/* DOC: seccomp-rules */
const struct seccomp_rule seccomp_rules[] = {
	/* files and directories */
	{ "access chdir chmod chown close close_range copy_file_range creat dup dup2 dup3 faccessat "
	  "faccessat2 fadvise64 fallocate fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown "
	  "fchownat fcntl fdatasync fgetxattr flistxattr flock fremovexattr fsetxattr fstat fstatfs "
	  "fsync ftruncate futimesat getcwd getdents getdents64 getxattr getxattrat inotify_add_watch "
	  "inotify_init inotify_init1 inotify_rm_watch ioctl lchown lgetxattr link linkat listxattr "
	  "listxattrat llistxattr lremovexattr lseek lsetxattr lstat mkdir mkdirat mknod mknodat "
	  "name_to_handle_at newfstatat open openat openat2 readahead readlink readlinkat removexattr "
	  "removexattrat rename renameat renameat2 rmdir setxattr setxattrat stat statfs statx symlink "
	  "symlinkat sync sync_file_range syncfs truncate umask unlink unlinkat utime utimensat utimes",
	  0, 0 },
	/* reading, writing, waiting for either */
	{ "epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait "
	  "epoll_wait_old eventfd eventfd2 io_cancel io_destroy io_getevents io_pgetevents io_setup "
	  "io_submit pipe pipe2 poll ppoll pread64 preadv preadv2 pselect6 pwrite64 pwritev pwritev2 "
	  "read readv select sendfile splice tee write writev",
	  0, 0 },
	/* sockets; seccomp_checks looks at the family */
	{ "accept accept4 bind connect getpeername getsockname getsockopt listen recvfrom recvmmsg "
	  "recvmsg sendmmsg sendmsg sendto setsockopt shutdown socket socketpair",
	  0, 0 },
	/* memory */
	{ "brk cachestat get_mempolicy madvise map_shadow_stack mbind membarrier memfd_create "
	  "memfd_secret mincore mlock mlock2 mlockall mmap mprotect mremap mseal msync munlock "
	  "munlockall munmap pkey_alloc pkey_free pkey_mprotect remap_file_pages set_mempolicy "
	  "set_mempolicy_home_node",
	  0, 0 },
	/* processes and threads; seccomp_checks looks at the flags of clone and unshare */
	{ "arch_prctl capget capset clone execve execveat exit exit_group fork futex futex_requeue "
	  "futex_wait futex_waitv futex_wake get_robust_list get_thread_area getcpu getegid geteuid "
	  "getgid getgroups getpgid getpgrp getpid getppid getpriority getresgid getresuid getrlimit "
	  "getrusage getsid gettid getuid ioprio_get ioprio_set landlock_add_rule "
	  "landlock_create_ruleset landlock_restrict_self modify_ldt personality pidfd_getfd pidfd_open "
	  "prctl prlimit64 process_mrelease process_vm_readv process_vm_writev ptrace rseq "
	  "sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam "
	  "sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam "
	  "sched_setscheduler sched_yield seccomp set_robust_list set_thread_area set_tid_address "
	  "setfsgid setfsuid setgid setgroups setpgid setpriority setregid setresgid setresuid setreuid "
	  "setrlimit setsid setuid sysinfo times uname unshare vfork wait4 waitid",
	  0, 0 },
	/* signals and time */
	{ "adjtimex alarm clock_adjtime clock_getres clock_gettime clock_nanosleep getitimer getrandom "
	  "gettimeofday kill nanosleep pause pidfd_send_signal restart_syscall rt_sigaction "
	  "rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait "
	  "rt_tgsigqueueinfo setitimer sigaltstack signalfd signalfd4 tgkill time timer_create "
	  "timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime "
	  "timerfd_settime tkill",
	  0, 0 },
	/* System V IPC and POSIX message queues */
	{ "mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink msgctl msgget msgrcv "
	  "msgsnd semctl semget semop semtimedop shmat shmctl shmdt shmget",
	  0, 0 },

	/* glibc, told that there is no clone3, takes clone, whose flags can be seen: those of clone3 lie in
	 * memory, where a filter cannot look */
	{ "clone3", CAP(CAP_SYS_ADMIN), ENOSYS },
	{ "fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie mount mount_setattr move_mount "
	  "open_tree pivot_root quotactl quotactl_fd setdomainname sethostname setns umount2",
	  CAP(CAP_SYS_ADMIN), EPERM },
	{ "bpf", CAP(CAP_SYS_ADMIN) | CAP(CAP_BPF), EPERM },
	{ "perf_event_open", CAP(CAP_SYS_ADMIN) | CAP(CAP_PERFMON), EPERM },
	{ "open_by_handle_at", CAP(CAP_DAC_READ_SEARCH), EPERM },
	{ "chroot", CAP(CAP_SYS_CHROOT), EPERM },
	{ "delete_module finit_module init_module query_module", CAP(CAP_SYS_MODULE), EPERM },
	{ "acct", CAP(CAP_SYS_PACCT), EPERM },
	{ "kcmp process_madvise", CAP(CAP_SYS_PTRACE), EPERM },
	{ "ioperm iopl", CAP(CAP_SYS_RAWIO), EPERM },
	{ "clock_settime settimeofday", CAP(CAP_SYS_TIME), EPERM },
	{ "migrate_pages move_pages", CAP(CAP_SYS_NICE), EPERM },
	{ "vhangup", CAP(CAP_SYS_TTY_CONFIG), EPERM },
	{ "syslog", CAP(CAP_SYSLOG) | CAP(CAP_SYS_ADMIN), EPERM },
	{ "reboot", CAP(CAP_SYS_BOOT), EPERM },

	/* not namespaced, or of no use but to attack the kernel; the keyrings are the user's, not the container's */
	{ "_sysctl add_key kexec_file_load kexec_load keyctl nfsservctl request_key swapoff swapon "
	  "sysfs userfaultfd uselib ustat vmsplice",
	  SECCOMP_NOBODY, EPERM },
	{ NULL, 0, 0 },
};

#define ALL_BITS 0xffffffffu
#define NAMESPACES                                                                                           \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |        \
	 CLONE_NEWNET)

/*
 * A register has 64 bits, and the kernel reads an int from it: socket(40 + 2^32)
 * is family 40 to it, and another number to a filter that compares all 64. So
 * nothing here ever looks at the upper half.
 */
/* DOC: seccomp-int-arguments */
const struct seccomp_check seccomp_checks[] = {
	/* the audit protocol is refused as a kernel without it does: libraries take EINVAL for "not there" */
	{ "socket",
	  { { 0, ALL_BITS, AF_NETLINK }, { 2, ALL_BITS, NETLINK_AUDIT } },
	  EINVAL,
	  CAP(CAP_AUDIT_WRITE) },
	{ "socket", { { 0, ALL_BITS, AF_UNIX } }, 0, 0 },
	{ "socket", { { 0, ALL_BITS, AF_INET } }, 0, 0 },
	{ "socket", { { 0, ALL_BITS, AF_INET6 } }, 0, 0 },
	{ "socket", { { 0, ALL_BITS, AF_NETLINK } }, 0, 0 },
	{ "socket", { { 0, ALL_BITS, AF_PACKET } }, 0, 0 },
	/* AF_VSOCK reaches the host past every network namespace; AF_ALG and the rare ones are old trouble */
	{ "socket", { { 0 } }, EAFNOSUPPORT, 0 },
	{ "socketpair", { { 0, ALL_BITS, AF_UNIX } }, 0, 0 },
	{ "socketpair", { { 0 } }, EAFNOSUPPORT, 0 },
	/* a new user namespace would give all capabilities back, over much of the kernel */
	{ "clone", { { 0, NAMESPACES, 0 } }, 0, 0 },
	{ "clone", { { 0 } }, EPERM, CAP(CAP_SYS_ADMIN) },
	{ "unshare", { { 0, NAMESPACES | CLONE_NEWTIME, 0 } }, 0, 0 },
	{ "unshare", { { 0 } }, EPERM, CAP(CAP_SYS_ADMIN) },
	/* both put words into the mouth of whoever sits at the terminal (CVE-2019-10063, CVE-2023-28100) */
	{ "ioctl", { { 1, ALL_BITS, TIOCSTI } }, EPERM, 0 },
	{ "ioctl", { { 1, ALL_BITS, TIOCLINUX } }, EPERM, 0 },
	/* Linux, Linux 32, both as UNAME26, and the question; the rest switches protections off */
	{ "personality", { { 0, ALL_BITS, 0 } }, 0, 0 },
	{ "personality", { { 0, ALL_BITS, 8 } }, 0, 0 },
	{ "personality", { { 0, ALL_BITS, 0x20000 } }, 0, 0 },
	{ "personality", { { 0, ALL_BITS, 0x20008 } }, 0, 0 },
	{ "personality", { { 0, ALL_BITS, ALL_BITS } }, 0, 0 },
	{ "personality", { { 0 } }, EPERM, 0 },
	{ NULL, { { 0 } }, 0, 0 },
};
