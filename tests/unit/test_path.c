/* path: what lies below a directory stays below it, whatever the links in it say. */
#include "sandbox.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/path.h"

static char work[64]; /* holds "root", an image full of traps, and "outside", which must stay as it is */
static int root = -1, outside = -1;

static int setup(void **state)
{
	(void)state;
	strcpy(work, "/tmp/test_path.XXXXXX");
	assert_non_null(mkdtemp(work));
	assert_int_equal(chdir(work), 0);
	assert_int_equal(mkdir("outside", 0755), 0);
	assert_int_equal(mkdir("root", 0755), 0);
	root = open("root", O_PATH | O_CLOEXEC);
	outside = open("outside", O_PATH | O_CLOEXEC);
	assert_int_equal(mkdirat(root, "etc", 0755), 0);
	assert_int_equal(mkdirat(root, "run", 0755), 0);
	assert_int_equal(mkdirat(root, "var", 0755), 0);
	assert_int_equal(symlinkat("/run", root, "var/run"), 0);
	assert_int_equal(symlinkat("../../outside", root, "up"), 0);
	assert_int_equal(symlinkat(work, root, "absolute"), 0);
	assert_int_equal(symlinkat("/", root, "slash"), 0);
	assert_int_equal(symlinkat("/nowhere/at/all", root, "dangling"), 0);
	assert_int_equal(symlinkat("etc", root, "proc"), 0);
	sandbox_write("root/etc/passwd", "inside");
	sandbox_write("outside/passwd", "outside");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	close(root);
	close(outside);
	assert_int_equal(chdir("/"), 0);
	return io_remove_tree(AT_FDCWD, work, NULL);
}

/* Each row is opened; errnum 0: it must be there, and be the file of the image. */
static void test_open(void **state)
{
	static const struct {
		const char *path;
		enum path_rule rule;
		int errnum;
	} rows[] = {
		{ "/etc/passwd", PATH_IN_ROOT, 0 },
		{ "etc/passwd", PATH_IN_ROOT, 0 },
		{ "../../etc/passwd", PATH_IN_ROOT, 0 },
		{ "slash/slash/../etc/passwd", PATH_IN_ROOT, 0 },
		{ "proc/passwd", PATH_IN_ROOT, 0 },
		{ "up/passwd", PATH_IN_ROOT, ENOENT },
		{ "absolute/outside/passwd", PATH_IN_ROOT, ENOENT },
		{ "/etc/passwd", PATH_NO_LINKS, 0 },
		{ "proc/passwd", PATH_NO_LINKS, ELOOP },
		{ "proc", PATH_NO_LINKS, ELOOP },
		{ "etc/passwd", PATH_BENEATH, 0 },
		{ "/etc/passwd", PATH_BENEATH, EXDEV },
		{ "../outside/passwd", PATH_BENEATH, EXDEV },
		{ "etc/../../outside/passwd", PATH_BENEATH, EXDEV },
		{ "up/passwd", PATH_BENEATH, ELOOP },
	};
	char text[16];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct err err = { 0 };
		cleanup_fd int fd = path_open(root, rows[i].path, rows[i].rule, O_RDONLY, &err);

		print_message("%s: %s\n", rows[i].path, fd < 0 ? err.text : "open");
		assert_int_equal(fd < 0 ? -fd : 0, rows[i].errnum);
		if (rows[i].errnum) {
			assert_non_null(strstr(err.text, rows[i].path));
			continue;
		}
		assert_int_equal(read(fd, text, sizeof(text)), 6);
		assert_memory_equal(text, "inside", 6);
		assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	}
}

/* A link of /proc/PID/fd leads anywhere at all; no rule follows one. */
static void test_magic_link(void **state)
{
	cleanup_fd int slash = open("/", O_PATH | O_CLOEXEC);
	char path[64];

	(void)state;
	snprintf(path, sizeof(path), "proc/%d/fd/%d/passwd", (int)getpid(), outside);
	assert_int_equal(path_open(slash, path, PATH_IN_ROOT, O_RDONLY, NULL), -ELOOP);
}

static void test_make(void **state)
{
	static const struct {
		const char *path;
		mode_t type_mode;
		enum path_rule rule;
		int errnum;
		const char *made; /* below work, where it must be afterwards */
	} rows[] = {
		{ "/a/b/c", S_IFDIR | 0700, PATH_IN_ROOT, 0, "root/a/b/c" },
		{ "/a/b/c", S_IFDIR | 0700, PATH_IN_ROOT, 0, "root/a/b/c" },
		{ "//a//d/", S_IFDIR | 0777, PATH_NO_LINKS, 0, "root/a/d" },
		{ "/a/e/file", S_IFREG | 0666, PATH_IN_ROOT, 0, "root/a/e/file" },
		{ "/var/run/x/y", S_IFDIR | 0755, PATH_IN_ROOT, 0, "root/run/x/y" },
		{ "/slash/f/../g", S_IFDIR | 0755, PATH_IN_ROOT, 0, "root/g" },
		{ "../../h", S_IFDIR | 0755, PATH_IN_ROOT, 0, "root/h" },
		{ "up/i", S_IFDIR | 0755, PATH_IN_ROOT, ENOENT, NULL },
		{ "dangling", S_IFDIR | 0755, PATH_IN_ROOT, ENOENT, NULL },
		{ "proc/j", S_IFDIR | 0755, PATH_NO_LINKS, ELOOP, NULL },
		{ "/etc/passwd", S_IFDIR | 0755, PATH_IN_ROOT, ENOTDIR, NULL },
		{ "/etc", S_IFREG | 0644, PATH_IN_ROOT, EISDIR, NULL },
		{ "/etc/passwd/k", S_IFREG | 0644, PATH_IN_ROOT, ENOTDIR, NULL },
		{ "sub/path", S_IFDIR | 0750, PATH_BENEATH, 0, "root/sub/path" },
		{ "../outside/l", S_IFDIR | 0750, PATH_BENEATH, EXDEV, NULL },
		{ "up/m", S_IFDIR | 0750, PATH_BENEATH, ELOOP, NULL },
	};
	struct stat by_fd, by_path;

	(void)state;
	umask(077); /* must not matter */
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct err err = { 0 };
		cleanup_fd int fd = path_make(root, rows[i].path, rows[i].rule, rows[i].type_mode, &err);

		print_message("%s: %s\n", rows[i].path, fd < 0 ? err.text : "made");
		assert_int_equal(fd < 0 ? -fd : 0, rows[i].errnum);
		if (rows[i].errnum)
			continue;
		assert_int_equal(fstat(fd, &by_fd), 0);
		assert_int_equal(stat(rows[i].made, &by_path), 0);
		assert_int_equal(by_fd.st_ino, by_path.st_ino);
		assert_int_equal(by_fd.st_mode, rows[i].type_mode);
	}
	umask(022);
	assert_int_equal(stat("root/a", &by_path), 0);
	assert_int_equal(by_path.st_mode & 07777, 0755);
	assert_int_equal(unlinkat(outside, "passwd", 0), 0);
	assert_int_equal(rmdir("outside"), 0); /* was otherwise empty */
}

/* Exchanges a directory with a link to the outside as fast as it can (CVE-2021-30465). */
static pid_t start_racer(void)
{
	pid_t child = fork();

	if (child == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (child == 0)
		syscall(SYS_renameat2, root, "dir", root, "link", 2 /* RENAME_EXCHANGE */);
	return child;
}

static void race(enum path_rule rule, const char *file)
{
	char text[16], path[32];
	int there = 0;

	/* on one processor the racer may not get a turn for long: go on until the directory was met */
	for (int i = 0; i < 500 || (there == 0 && i < 100000); i++) {
		cleanup_fd int fd = -1, made = -1;

		sched_yield();
		fd = path_open(root, file, rule, O_RDONLY, NULL);
		if (fd >= 0) {
			there++;
			assert_int_equal(read(fd, text, sizeof(text)), 6);
			assert_memory_equal(text, "inside", 6);
		}
		snprintf(path, sizeof(path), "dir/made/%d/%d", (int)rule, i);
		made = path_make(root, path, rule, S_IFDIR | 0755, NULL);
	}
	assert_true(there > 0);
	assert_int_equal(faccessat(outside, "made", F_OK, 0), -1);
}

static void test_race(void **state)
{
	pid_t racer;
	int status;

	(void)state;
	assert_int_equal(mkdirat(root, "dir", 0755), 0);
	sandbox_write("root/dir/passwd", "inside");
	assert_int_equal(symlinkat("../outside", root, "link"), 0);
	racer = start_racer();
	assert_true(racer > 0);
	race(PATH_IN_ROOT, "dir/passwd");
	race(PATH_NO_LINKS, "dir/passwd");
	race(PATH_BENEATH, "dir/passwd");
	assert_int_equal(kill(racer, SIGKILL), 0);
	assert_int_equal(waitpid(racer, &status, 0), racer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_open, setup, teardown),
		cmocka_unit_test_setup_teardown(test_magic_link, setup, teardown),
		cmocka_unit_test_setup_teardown(test_make, setup, teardown),
		cmocka_unit_test_setup_teardown(test_race, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
