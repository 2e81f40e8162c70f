/* rootfs: layers, the host as an image, and the change of root; as root and in a user namespace. */
#include "sandbox.h"

#include <dirent.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#include "base/cleanup.h"
#include "kern/rootfs.h"
#include "kern/sys.h"

static bool rootless; /* set by the runners below */

/* Two lowers with names that the old option string would cut in pieces, an upper and a work directory. */
static void make_layers(void)
{
	sandbox_workplace();
	CHECK(mkdir("low:er1\\", 0755) == 0 && mkdir("lower2", 0755) == 0);
	CHECK(mkdir("upper", 0755) == 0 && mkdir("work", 0755) == 0);
	sandbox_write("low:er1\\/both", "top");
	sandbox_write("lower2/both", "bottom");
	sandbox_write("lower2/deep", "deep");
}

static void body_overlay(void)
{
	const char *const lowers[] = { "low:er1\\", "lower2", NULL };
	char text[64], mounts[4096];
	int root;

	make_layers();
	root = rootfs_overlay(lowers, "upper", "work", rootless, &sandbox_err);
	CHECK(root >= 0);
	CHECK(rootfs_attach(root, &sandbox_err) == 0);
	CHECK(!strcmp(sandbox_read(root, "both", text, sizeof(text)), "top"));
	CHECK(!strcmp(sandbox_read(root, "deep", text, sizeof(text)), "deep"));
	CHECK(mkdirat(root, "made", 0755) == 0 && unlinkat(root, "deep", 0) == 0);
	CHECK(access("/tmp/upper/made", F_OK) == 0); /* the host's paths still mean the host */
	CHECK(access("/tmp/lower2/deep", F_OK) == 0 && access("/tmp/lower2/made", F_OK) < 0);
	CHECK(mkdirat(root, "proc", 0755) == 0);
	if (!rootless) {
		/* no layer's place on the host is to be read in the container */
		CHECK(mount("/proc", "/tmp/lower2", NULL, MS_BIND | MS_REC, NULL) == 0);
		sandbox_read(AT_FDCWD, "/tmp/lower2/self/mountinfo", mounts, sizeof(mounts));
		CHECK(!strstr(mounts, "=/tmp/"));
	}
}

static void body_readonly(void)
{
	const char *const slash[] = { "/", NULL }, *const one[] = { "lower2", NULL },
			  *const two[] = { "low:er1\\", "lower2", NULL };
	struct statvfs vfs;
	char text[64];
	int root;

	make_layers();
	root = rootfs_overlay(one, NULL, NULL, rootless, &sandbox_err);
	CHECK(root >= 0);
	CHECK(!strcmp(sandbox_read(root, "both", text, sizeof(text)), "bottom"));
	CHECK(mkdirat(root, "no", 0755) < 0 && errno == EROFS);
	root = rootfs_overlay(two, NULL, NULL, rootless, &sandbox_err);
	CHECK(root >= 0);
	CHECK(!strcmp(sandbox_read(root, "both", text, sizeof(text)), "top"));
	CHECK(mkdirat(root, "no", 0755) < 0 && errno == EROFS);
	root = rootfs_overlay(slash, NULL, NULL, rootless,
			      &sandbox_err); /* with what covers it, if need be */
	CHECK(root >= 0 && faccessat(root, "usr/bin/env", X_OK, 0) == 0);
	CHECK(fstatvfs(root, &vfs) == 0 && vfs.f_flag & ST_RDONLY);
}

static void body_refused(void)
{
	const char *const missing[] = { "nowhere", NULL };

	make_layers();
	CHECK(rootfs_overlay(missing, "upper", "work", rootless, &sandbox_err) == -ENOENT);
	CHECK(strstr(sandbox_err.text, "nowhere") && strstr(sandbox_err.text, "No such file"));
	CHECK(rootfs_overlay(missing, NULL, NULL, rootless, &sandbox_err) == -ENOENT);
	CHECK(rootfs_pivot(-1, &sandbox_err) == -EBADF);
}

/* How many entries a directory has. */
static int entries(const char *path)
{
	DIR *dir = opendir(path);
	int count = 0;

	CHECK(dir);
	for (struct dirent *entry; (entry = readdir(dir));)
		count += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
	closedir(dir);
	return count;
}

static void body_pivot(void)
{
	const char *const lowers[] = { "lower2", NULL };
	struct stat root_stat, slash;
	int root;

	make_layers();
	root = rootfs_overlay(lowers, "upper", "work", rootless, &sandbox_err);
	CHECK(root >= 0 && rootfs_attach(root, &sandbox_err) == 0);
	CHECK(rootfs_pivot(root, &sandbox_err) == 0);
	CHECK(fstat(root, &root_stat) == 0 && stat("/", &slash) == 0);
	CHECK(root_stat.st_ino == slash.st_ino && root_stat.st_dev == slash.st_dev);
	CHECK(entries("/") == 2); /* both and deep: nothing of the host */
	CHECK(access("/..//both", R_OK) == 0 && access("/tmp", F_OK) < 0);
	sandbox_write("/made", "text");
	CHECK(access("made", R_OK) == 0); /* we stand in "/" */
}

/* Before a test writes to /etc: it must not be the machine's own. */
static void check_overlay(const char *path)
{
	struct statfs fs;

	CHECK(statfs(path, &fs) == 0 && fs.f_type == OVERLAYFS_SUPER_MAGIC);
}

static void body_host(void)
{
	char text[64];
	struct stat root_stat;
	int root;

	sandbox_workplace();
	CHECK(mkdir("upper", 0755) == 0 && mkdir("work", 0755) == 0);
	root = rootfs_host("/tmp/upper", "/tmp/work", rootless, &sandbox_err);
	CHECK(root >= 0 && rootfs_pivot(root, &sandbox_err) == 0);
	CHECK(fstat(root, &root_stat) == 0 && (root_stat.st_mode & 07777) == 0755);
	CHECK(access("/usr/bin/env", X_OK) == 0 && access("/bin/sh", X_OK) == 0);
	CHECK(access("/proc", F_OK) == 0 && access("/tmp", F_OK) == 0); /* places to mount onto */
	check_overlay("/etc");
	check_overlay("/usr");
	sandbox_write("/etc/runpod-was-here", "text");
	sandbox_write("/usr/runpod-was-here", "text");
	CHECK(!strcmp(sandbox_read(AT_FDCWD, "/etc/runpod-was-here", text, sizeof(text)), "text"));
}

static void body_host_readonly(void)
{
	struct statvfs etc;
	int root;

	sandbox_workplace();
	root = rootfs_host(NULL, NULL, rootless, &sandbox_err);
	CHECK(root >= 0 && rootfs_pivot(root, &sandbox_err) == 0);
	CHECK(access("/usr/bin/env", X_OK) == 0);
	CHECK(statvfs("/etc", &etc) == 0 && etc.f_flag & ST_RDONLY);
	CHECK(open("/usr/bin/env", O_WRONLY) < 0 && (rootless || errno == EROFS));
}

/* Put together from pieces, as on a machine whose /usr is apart; twice over the same layers. */
static void body_host_again(void)
{
	pid_t child;
	int status;

	sandbox_workplace();
	CHECK(mkdir("upper", 0755) == 0 && mkdir("work", 0755) == 0);
	for (int round = 0; round < 2; round++) {
		CHECK((child = fork()) >= 0);
		if (child == 0) {
			CHECK(unshare(CLONE_NEWNS) == 0);
			int root = rootfs_host("/tmp/upper", "/tmp/work", true, &sandbox_err);

			CHECK(root >= 0 && rootfs_pivot(root, &sandbox_err) == 0);
			check_overlay("/etc");
			CHECK((access("/etc/kept", F_OK) == 0) == (round == 1));
			sandbox_write("/etc/kept", "text");
			_exit(0);
		}
		CHECK(waitpid(child, &status, 0) == child && status == 0);
	}
	CHECK(access("/etc/kept", F_OK) < 0 && access("/tmp/upper/etc/kept", F_OK) == 0);
}

#define BOTH(name)                                                                                           \
	static void root_##name(void **state)                                                                \
	{                                                                                                    \
		(void)state;                                                                                 \
		rootless = false;                                                                            \
		sandbox_run(false, CLONE_NEWNS, body_##name);                                                \
	}                                                                                                    \
	static void rootless_##name(void **state)                                                            \
	{                                                                                                    \
		(void)state;                                                                                 \
		rootless = true;                                                                             \
		sandbox_run(true, CLONE_NEWNS, body_##name);                                                 \
	}

BOTH(overlay)
BOTH(readonly)
BOTH(refused)
BOTH(pivot)
BOTH(host)
BOTH(host_readonly)
BOTH(host_again)

static void host_unchanged(void **state)
{
	(void)state;
	assert_int_equal(access("/etc/runpod-was-here", F_OK), -1);
	assert_int_equal(access("/usr/runpod-was-here", F_OK), -1);
	assert_int_equal(access("/etc/kept", F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(root_overlay),	      cmocka_unit_test(rootless_overlay),
		cmocka_unit_test(root_readonly),      cmocka_unit_test(rootless_readonly),
		cmocka_unit_test(root_refused),	      cmocka_unit_test(rootless_refused),
		cmocka_unit_test(root_pivot),	      cmocka_unit_test(rootless_pivot),
		cmocka_unit_test(root_host),	      cmocka_unit_test(rootless_host),
		cmocka_unit_test(root_host_readonly), cmocka_unit_test(rootless_host_readonly),
		cmocka_unit_test(root_host_again),    cmocka_unit_test(rootless_host_again),
		cmocka_unit_test(host_unchanged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
