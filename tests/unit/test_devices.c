/* devices: what is in /dev, as root of the machine and in a user namespace; and images that lay traps there. */
#include "sandbox.h"

#include <sys/mount.h>
#include <sys/sysmacros.h>

#include "base/cleanup.h"
#include "kern/devices.h"
#include "kern/path.h"
#include "kern/sys.h"

/* A fresh tmpfs at /tmp/dev, filled. Returns its descriptor. */
static int fresh_dev(void)
{
	int dev;

	sandbox_workplace();
	CHECK(mkdir("dev", 0755) == 0 && mount("dev", "dev", "tmpfs", 0, "mode=755") == 0);
	dev = open("dev", O_PATH | O_CLOEXEC);
	CHECK(dev >= 0);
	umask(077); /* must not matter */
	CHECK(devices_fill(dev, &sandbox_err) == 0);
	CHECK(umask(022) == 077);
	return dev;
}

static void body_fill(void)
{
	static const struct {
		const char *name;
		mode_t type;
		unsigned major, minor;
		const char *target;
	} rows[] = {
		{ "null", S_IFCHR, 1, 3, NULL },
		{ "zero", S_IFCHR, 1, 5, NULL },
		{ "full", S_IFCHR, 1, 7, NULL },
		{ "random", S_IFCHR, 1, 8, NULL },
		{ "urandom", S_IFCHR, 1, 9, NULL },
		{ "tty", S_IFCHR, 5, 0, NULL },
		{ "ptmx", S_IFLNK, 0, 0, "pts/ptmx" },
		{ "fd", S_IFLNK, 0, 0, "/proc/self/fd" },
		{ "stdin", S_IFLNK, 0, 0, "/proc/self/fd/0" },
		{ "stdout", S_IFLNK, 0, 0, "/proc/self/fd/1" },
		{ "stderr", S_IFLNK, 0, 0, "/proc/self/fd/2" },
		{ "pts", S_IFDIR, 0, 0, NULL },
		{ "shm", S_IFDIR, 0, 0, NULL },
		{ "mqueue", S_IFDIR, 0, 0, NULL },
	};
	char target[64] = "";
	struct stat found;
	int dev = fresh_dev();

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CHECK(fstatat(dev, rows[i].name, &found, AT_SYMLINK_NOFOLLOW) == 0);
		CHECK((found.st_mode & S_IFMT) == rows[i].type);
		if (rows[i].type == S_IFCHR)
			CHECK((found.st_mode & 07777) == 0666 &&
			      found.st_rdev == makedev(rows[i].major, rows[i].minor));
		if (rows[i].target) {
			ssize_t length = readlinkat(dev, rows[i].name, target, sizeof(target) - 1);

			CHECK(length > 0);
			target[length] = '\0';
			CHECK(!strcmp(target, rows[i].target));
		}
	}
}

static void body_work(void)
{
	int dev = fresh_dev(), fd;
	char byte = 'x';

	CHECK((fd = openat(dev, "null", O_RDWR)) >= 0);
	CHECK(write(fd, "text", 4) == 4 && read(fd, &byte, 1) == 0);
	CHECK((fd = openat(dev, "zero", O_RDONLY)) >= 0 && read(fd, &byte, 1) == 1 && byte == 0);
	CHECK((fd = openat(dev, "full", O_WRONLY)) >= 0 && write(fd, "x", 1) < 0 && errno == ENOSPC);
	CHECK((fd = openat(dev, "urandom", O_RDONLY)) >= 0 && read(fd, &byte, 1) == 1);
}

static void body_bind(void)
{
	int dev = fresh_dev(), null = devices_open("/dev/null", 1, 3, &sandbox_err);
	struct stat found;

	CHECK(null >= 0);
	CHECK(devices_bind(dev, "console", null, &sandbox_err) == 0);
	CHECK(devices_bind(dev, "net/tun", null, &sandbox_err) == 0);
	CHECK(fstatat(dev, "net/tun", &found, 0) == 0 && found.st_rdev == makedev(1, 3));
	CHECK(fstatat(dev, "console", &found, 0) == 0 && found.st_rdev == makedev(1, 3));
	CHECK(devices_bind(dev, "../escape", null, &sandbox_err) == -EINVAL && access("escape", F_OK) < 0);
	CHECK(devices_bind(dev, "/escape", null, &sandbox_err) == -EINVAL);
	sandbox_write("victim", "text");
	CHECK(symlinkat("../victim", dev, "trap") == 0);
	CHECK(devices_bind(dev, "trap", null, &sandbox_err) == -ELOOP);
	CHECK(devices_bind(dev, "fd", null, &sandbox_err) < 0); /* a link: never bound through */
}

/* Neither a file nor another device passes for null. */
static void body_numbers(void)
{
	sandbox_workplace();
	sandbox_write("file", "text");
	CHECK(symlink("/dev/null", "link") == 0);
	CHECK(devices_open("/tmp/file", 1, 3, &sandbox_err) == -ENODEV && strstr(sandbox_err.text, "1:3"));
	CHECK(devices_open("/dev/zero", 1, 3, &sandbox_err) == -ENODEV);
	CHECK(devices_open("/tmp/link", 1, 3, &sandbox_err) == -ENODEV);
	CHECK(devices_open("/tmp/nowhere", 1, 3, &sandbox_err) == -ENOENT);
}

/* An image whose /dev, /proc or /sys is a link is refused, and nothing is made behind it. */
static void body_traps(void)
{
	static const char *const places[] = { "/dev", "/proc", "/sys", "/dev/pts" };
	int root;

	sandbox_workplace();
	CHECK(mkdir("host", 0755) == 0 && mkdir("image", 0755) == 0);
	for (size_t i = 0; i < 3; i++) {
		char path[64];

		snprintf(path, sizeof(path), "image%s", places[i]);
		CHECK(symlink(i ? "../host" : "/tmp/host", path) == 0);
	}
	root = open("image", O_PATH | O_CLOEXEC);
	for (size_t i = 0; i < 4; i++) {
		CHECK(path_make(root, places[i], PATH_NO_LINKS, S_IFDIR | 0755, &sandbox_err) == -ELOOP);
		CHECK(strstr(sandbox_err.text, places[i]) && strstr(sandbox_err.text, "symbolic link"));
	}
	CHECK(rmdir("host") == 0);
}

#define BOTH(name)                                                                                           \
	static void root_##name(void **state)                                                                \
	{                                                                                                    \
		(void)state;                                                                                 \
		sandbox_run(false, CLONE_NEWNS, body_##name);                                                \
	}                                                                                                    \
	static void rootless_##name(void **state)                                                            \
	{                                                                                                    \
		(void)state;                                                                                 \
		sandbox_run(true, CLONE_NEWNS, body_##name);                                                 \
	}

BOTH(fill)
BOTH(work)
BOTH(bind)
BOTH(numbers)
BOTH(traps)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(root_fill),	cmocka_unit_test(rootless_fill),
		cmocka_unit_test(root_work),	cmocka_unit_test(rootless_work),
		cmocka_unit_test(root_bind),	cmocka_unit_test(rootless_bind),
		cmocka_unit_test(root_numbers), cmocka_unit_test(rootless_numbers),
		cmocka_unit_test(root_traps),	cmocka_unit_test(rootless_traps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
