/* seccomp: what the filter denies (the rows of tests/security/denied.c), and what it must not. */
#include "sandbox.h"

#include <pthread.h>
#include <linux/capability.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "base/text.h"
#include "kern/seccomp.h"

#define main denied_main
#include "../security/denied.c"
#undef main

#define BASELINE    UINT64_C(0x800405fb)
#define CAP(number) (UINT64_C(1) << (number))

static void under(uint64_t capabilities)
{
	struct seccomp_bpf program;

	CHECK(seccomp_program(capabilities, &program, &sandbox_err) == 0);
	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	CHECK(seccomp_install(&program, &sandbox_err) == 0);
	seccomp_free(&program);
}

static void body_denied(void)
{
	char text[16384];
	int out = memfd_create("tap", 0);

	under(BASELINE);
	CHECK(fflush(stdout) == 0 && dup2(out, 1) == 1);
	if (denied_main() != 0) {
		fflush(stdout);
		lseek(out, 0, SEEK_SET);
		fprintf(stderr, "%s", sandbox_read(AT_FDCWD, "/proc/self/fd/1", text, sizeof(text)));
		_exit(1);
	}
	fflush(stdout);
}

static void *thread(void *argument)
{
	return argument;
}

/* What programs live on, with the same care for the upper half of a register. */
static void body_allowed(void)
{
	static const long families[] = { AF_UNIX, AF_INET, AF_INET6, AF_NETLINK };
	pthread_t other;
	void *result;
	int status, pair[2], bytes;
	pid_t child;

	under(BASELINE);
	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++) {
		int type = families[i] == AF_NETLINK ? SOCK_RAW : SOCK_STREAM;

		CHECK(syscall(SYS_socket, families[i], type, 0) >= 0);
		CHECK(syscall(SYS_socket, families[i] | HIGH, type, 0) >= 0);
	}
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	CHECK(ioctl(pair[0], FIONREAD, &bytes) == 0);
	child = fork();
	if (child == 0)
		_exit(5);
	CHECK(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 5);
	CHECK(pthread_create(&other, NULL, thread, pair) == 0); /* clone, since there is no clone3 */
	CHECK(pthread_join(other, &result) == 0 && result == pair);
	CHECK(unshare(CLONE_FS | CLONE_FILES) == 0);
	CHECK(personality(0xffffffff) >= 0 && personality(PER_LINUX) >= 0 && personality(PER_LINUX32) >= 0);
	CHECK(chroot("/nowhere") < 0 && errno == ENOENT);
	CHECK(syscall(9999) < 0 && errno == ENOSYS);
	execlp("sh", "sh", "-c",
	       "ls /proc/self >/dev/null && test -n \"$(echo text | cat)\" && "
	       "grep -q '^Seccomp:.2' /proc/self/status",
	       NULL);
	CHECK(!"sh");
}

/* Capabilities open what they stand for, and only that. */
static void body_admin(void)
{
	under(BASELINE | CAP(CAP_SYS_ADMIN));
	CHECK(mount("/nowhere", "/nowhere", NULL, MS_BIND, NULL) < 0 && errno == ENOENT);
	CHECK(syscall(SYS_setns, NO_FD, 0) < 0 && errno == EBADF);
	CHECK(syscall(SYS_clone3, NULL, 0) < 0 && errno == EINVAL);
	CHECK(unshare(CLONE_NEWUTS) == 0);
	CHECK(syscall(SYS_open_by_handle_at, NO_FD, NULL, 0) < 0 && errno == EPERM);
	CHECK(syscall(SYS_keyctl, 0, -3) < 0 && errno == EPERM);
	CHECK(syscall(SYS_socket, AF_VSOCK | HIGH, SOCK_STREAM, 0) < 0 && errno == EAFNOSUPPORT);
}

static void body_time_and_audit(void)
{
	under(CAP(CAP_SYS_TIME) | CAP(CAP_AUDIT_WRITE));
	CHECK(syscall(SYS_clock_settime, 99, NULL) < 0 && errno == EINVAL);
	CHECK(syscall(SYS_mount, 0, 0, 0, 0, 0) < 0 && errno == EPERM);
	CHECK(syscall(SYS_chroot, "/nowhere") < 0 && errno == EPERM);
	CHECK(syscall(SYS_socket, AF_NETLINK, SOCK_RAW, 9) >= 0 || errno != EINVAL);
}

static void body_none(void)
{
	under(0);
	CHECK(chroot("/nowhere") < 0 && errno == EPERM);
	CHECK(access("/", F_OK) == 0);
}

static void body_needs_no_new_privs(void)
{
	struct seccomp_bpf program;

	CHECK(setresuid(ORDINARY_USER, ORDINARY_USER, ORDINARY_USER) == 0);
	CHECK(seccomp_program(0, &program, &sandbox_err) == 0);
	CHECK(seccomp_install(&program, &sandbox_err) == -EACCES);
	CHECK(strstr(sandbox_err.text, "no_new_privs"));
}

static void run_denied(void **state)
{
	(void)state;
	sandbox_run(geteuid() != 0, 0, body_denied);
}

static void run_allowed(void **state)
{
	(void)state;
	sandbox_run(geteuid() != 0, 0, body_allowed);
}

static void run_admin(void **state)
{
	(void)state;
	sandbox_run(geteuid() != 0, 0, body_admin);
}

static void run_time_and_audit(void **state)
{
	(void)state;
	sandbox_run(geteuid() != 0, 0, body_time_and_audit);
}

static void run_none(void **state)
{
	(void)state;
	sandbox_run(geteuid() != 0, 0, body_none);
}

static void run_needs_no_new_privs(void **state)
{
	(void)state;
	sandbox_run(false, 0, body_needs_no_new_privs);
}

/* What was compiled in is what libseccomp makes now, and is taken without it where it fits. */
static void test_compiled_in(void **state)
{
	static const struct {
		uint64_t capabilities;
		bool compiled_in;
	} rows[] = {
		{ BASELINE, true },
		{ 0, true },
		{ BASELINE & ~CAP(CAP_CHOWN), true }, /* no rule asks for it */
		{ BASELINE | CAP(CAP_NET_ADMIN), true },
		{ CAP(CAP_KILL), true },
		{ BASELINE | CAP(CAP_SYS_ADMIN), false },
		{ BASELINE | CAP(CAP_SYS_PTRACE), false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct seccomp_bpf chosen, built;

		assert_int_equal(seccomp_program(rows[i].capabilities, &chosen, NULL), 0);
		assert_int_equal(seccomp_build(rows[i].capabilities, &built, NULL), 0);
		assert_int_equal(chosen.owned == NULL, rows[i].compiled_in);
		assert_int_equal(chosen.count, built.count);
		assert_memory_equal(chosen.code, built.code, built.count * sizeof(*built.code));
		seccomp_free(&chosen);
		seccomp_free(&built);
	}
}

/* A misspelt name would be passed over in silence. */
static void test_names(void **state)
{
	/* younger than Debian 12's libseccomp */
	static const char newer[] =
		" cachestat fchmodat2 futex_requeue futex_wait futex_wake getxattrat listxattrat "
		"map_shadow_stack mseal removexattrat setxattrat ";

	(void)state;
	for (const struct seccomp_rule *rule = seccomp_rules; rule->calls; rule++) {
		struct strv names = { 0 };

		strv_split(&names, rule->calls, ' ');
		for (size_t i = 0; i < names.n; i++) {
			char padded[64];

			snprintf(padded, sizeof(padded), " %s ", names.v[i]);
			if (strstr(newer, padded))
				continue;
			if (seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86_64, names.v[i]) < 0 &&
			    seccomp_syscall_resolve_name_arch(SCMP_ARCH_AARCH64, names.v[i]) < 0)
				fail_msg("no such system call: %s", names.v[i]);
		}
		strv_free(&names);
	}
	for (const struct seccomp_check *check = seccomp_checks; check->call; check++)
		assert_true(seccomp_syscall_resolve_name(check->call) >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_denied),	    cmocka_unit_test(run_allowed),
		cmocka_unit_test(run_admin),	    cmocka_unit_test(run_time_and_audit),
		cmocka_unit_test(run_none),	    cmocka_unit_test(run_needs_no_new_privs),
		cmocka_unit_test(test_compiled_in), cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
