/*
 * lesspower: runs a command as a root that can do less than root.
 *
 * Build: gcc -I../.. -o lesspower lab.c -lcap
 *
 *	lesspower COMMAND [ARG...]
 *
 * The command is uid 0 of a new user namespace, with eleven capabilities, no
 * way to more, and a filter on its system calls. See capabilities(7),
 * PR_SET_NO_NEW_PRIVS in prctl(2), seccomp(2).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lesson.h"

#if defined(__x86_64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#define X32_BIT	 0x40000000 /* system calls of the x32 kind have this bit in their number */
#elif defined(__aarch64__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#endif

/* What is left to root: the same eleven as podman's. */
static const cap_value_t kept[] = {
	CAP_CHOWN,   CAP_DAC_OVERRIDE, CAP_FOWNER,  CAP_FSETID, CAP_KILL,	CAP_NET_BIND_SERVICE,
	CAP_SETFCAP, CAP_SETGID,       CAP_SETPCAP, CAP_SETUID, CAP_SYS_CHROOT,
};
#define KEPT ((int)(sizeof(kept) / sizeof(kept[0])))

/* System calls that a container has no business with. */
static const int denied[] = {
	SYS_mount,  SYS_umount2,     SYS_pivot_root,   SYS_unshare,	      SYS_setns,      SYS_ptrace,
	SYS_bpf,    SYS_keyctl,	     SYS_add_key,      SYS_request_key,	      SYS_kexec_load, SYS_reboot,
	SYS_swapon, SYS_init_module, SYS_finit_module, SYS_open_by_handle_at,
};
#define DENIED ((int)(sizeof(denied) / sizeof(denied[0])))

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die("write %s", path);
	close(fd);
}

/* Root of a user namespace, with all capabilities in it (lesson 02). */
static void become_root(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	char map[64];

	if (unshare(CLONE_NEWUSER) < 0)
		die("unshare");
	write_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", gid);
	write_file("/proc/self/gid_map", map);
	snprintf(map, sizeof(map), "0 %u 1", uid);
	write_file("/proc/self/uid_map", map);
}

static int is_kept(cap_value_t capability)
{
	for (int i = 0; i < KEPT; i++)
		if (kept[i] == capability)
			return 1;
	return 0;
}

/* Takes all capabilities but the kept ones from us and from all that we will ever execute. */
static void drop_capabilities(void)
{
	cap_t state = cap_init();

	/*
	 * TODO 1: The bounding set is the most that a program can get by execve(2). Take every
	 * capability that is not kept out of it: cap_drop_bound(3) for all numbers c of which
	 * CAP_IS_SUPPORTED(c). Then give the process the kept ones as its permitted and effective
	 * set: cap_set_flag(3) on state (which begins empty), twice, and cap_set_proc(3).
	 */
	(void)is_kept;
	cap_free(state);
}

static struct sock_filter program[2 * DENIED + 16];
static unsigned short length;

static void add(unsigned short code, unsigned int k, unsigned char yes, unsigned char no)
{
	program[length++] = (struct sock_filter)BPF_JUMP(code, k, yes, no);
}

/* When the loaded number is (JEQ) or is at least (JGE) k, the call ends with that errno. */
static void refuse(unsigned short comparison, unsigned int k, int error)
{
	add(BPF_JMP | comparison | BPF_K, k, 0, 1);
	add(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error, 0, 0);
}

/* The filter: a program that the kernel runs before every system call. */
static void filter_calls(void)
{
	struct sock_fprog filter = { .filter = program };

	add(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch), 0, 0);
	add(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 1, 0); /* other tables have other numbers */
	add(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS, 0, 0);
	add(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
#ifdef X32_BIT
	refuse(BPF_JGE, X32_BIT, ENOSYS);
#endif
	/*
	 * TODO 3: refuse() every call of denied[] with EPERM, and SYS_clone3 with ENOSYS: its flags
	 * lie in memory, where a filter cannot look, and ENOSYS makes the C library use clone.
	 */
	(void)denied;
	add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	filter.len = length;
	/*
	 * TODO 2: First say that execve never gives more (PR_SET_NO_NEW_PRIVS, 1 in prctl(2), three
	 * zeroes behind it): without that the kernel takes a filter only from the privileged. Then
	 * hand it over: syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter).
	 */
	(void)filter;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: lesspower COMMAND [ARG...]\n");
		return 2;
	}
	become_root();
	drop_capabilities();
	filter_calls();
	execvp(argv[1], argv + 1);
	die("run %s", argv[1]);
}
