/*
 * sandbox: runs the body of a test in a child with namespaces of its own, as
 * root of the machine or as an ordinary user who is root of a user namespace.
 *
 * The child must not use cmocka's assertions, which jump back into the parent's
 * list of tests: CHECK ends it with a line that says what was wrong.
 */
#ifndef TESTS_UNIT_SANDBOX_H
#define TESTS_UNIT_SANDBOX_H

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/err.h"

#define ORDINARY_USER 60123 /* nobody's */
#define SKIPPED	      77

#define CHECK(condition)                                                                                     \
	do {                                                                                                 \
		if (!(condition)) {                                                                          \
			fprintf(stderr, "%s:%d: not so: %s (errno %s; error: %s)\n", __FILE__, __LINE__,     \
				#condition, strerror(errno), sandbox_err.text);                              \
			_exit(1);                                                                            \
		}                                                                                            \
	} while (0)

__attribute__((unused)) static struct err sandbox_err; /* for the calls under test */

static void sandbox_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

/* The first size - 1 bytes of path under dir; "" when it cannot be read. */
__attribute__((unused)) static const char *sandbox_read(int dir, const char *path, char *text, size_t size)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t got;

	while (fd >= 0 && used + 1 < size && (got = read(fd, text + used, size - 1 - used)) > 0)
		used += (size_t)got;
	text[used] = '\0';
	if (fd >= 0)
		close(fd);
	return text;
}

static void sandbox_become_rootless(void)
{
	char map[64];
	uid_t uid = geteuid() ? geteuid() : ORDINARY_USER;
	gid_t gid = geteuid() ? getegid() : ORDINARY_USER;

	if (geteuid() == 0) {
		CHECK(setresgid(gid, gid, gid) == 0 && setresuid(uid, uid, uid) == 0);
		prctl(PR_SET_DUMPABLE, 1); /* else our own /proc/self stays root's */
	}
	if (unshare(CLONE_NEWUSER) < 0) {
		fprintf(stderr, "skipped: this host gives no user namespaces to ordinary users (%s)\n",
			strerror(errno));
		_exit(SKIPPED);
	}
	sandbox_write("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", uid);
	sandbox_write("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "0 %u 1", gid);
	sandbox_write("/proc/self/gid_map", map);
}

/*
 * Runs body in a child: rootless in a user namespace; with new namespaces as
 * flags say (CLONE_NEWNS …; with CLONE_NEWPID it is PID 1 there). Fails when the
 * child does; skips where privilege is missing.
 */
__attribute__((unused)) static void sandbox_run(bool rootless, int flags, void (*body)(void))
{
	pid_t child;
	int status;

	if (!rootless && geteuid() != 0) {
		print_message("skipped: needs root\n");
		skip();
	}
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (rootless)
			sandbox_become_rootless();
		CHECK(unshare(flags) == 0);
		if (flags & CLONE_NEWPID) {
			pid_t init = fork();

			CHECK(init >= 0);
			if (init > 0) {
				CHECK(waitpid(init, &status, 0) == init);
				_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
			}
		}
		body();
		fflush(NULL);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED)
		skip();
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* A fresh tmpfs over /tmp of this mount namespace, and into it. */
__attribute__((unused)) static void sandbox_workplace(void)
{
	extern int mount(const char *, const char *, const char *, unsigned long, const void *);

	CHECK(mount("work", "/tmp", "tmpfs", 0, "mode=755") == 0);
	CHECK(chdir("/tmp") == 0);
}

#endif
