/* mount and mask: each row as root of the machine and in a user namespace. */
#include "sandbox.h"

#include <sys/mount.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#include "base/cleanup.h"
#include "kern/mask.h"
#include "kern/mount.h"
#include "kern/sys.h"

#define OWN_EVERYTHING                                                                                       \
	(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP)

static int target_of(const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC);

	CHECK(fd >= 0);
	return fd;
}

static void attach_at(int mount, const char *path)
{
	cleanup_fd int target = target_of(path);

	CHECK(mount_attach(mount, target, path, &sandbox_err) == 0);
}

/* The options of the topmost mount at path in mountinfo: "rw,nosuid,… - tmpfs tmpfs rw,…". */
static const char *mountinfo(const char *path, char *text, size_t size)
{
	static char all[65536];
	char *found = NULL, *line, *rest = all;
	char where[128];

	snprintf(where, sizeof(where), " %s ", path);
	sandbox_read(AT_FDCWD, "/proc/self/mountinfo", all, sizeof(all));
	while ((line = strsep(&rest, "\n")))
		if (strstr(line, where))
			found = strstr(line, where) + strlen(where);
	snprintf(text, size, "%s", found ? found : "");
	return text;
}

static void body_new(void)
{
	const char *const options[] = { "mode=1770", "size=64k", NULL };
	char text[512];
	struct stat found;
	struct statfs fs;
	int made;

	CHECK(mount_private_tree(&sandbox_err) == 0);
	sandbox_workplace();
	made = mount_new("tmpfs", options, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, &sandbox_err);
	CHECK(made >= 0);
	CHECK(!*mountinfo("/tmp/at", text, sizeof(text))); /* hangs nowhere yet */
	CHECK(mkdir("at", 0755) == 0);
	attach_at(made, "/tmp/at");
	CHECK(stat("/tmp/at", &found) == 0 && (found.st_mode & 07777) == 01770);
	CHECK(statfs("/tmp/at", &fs) == 0 && fs.f_blocks * (unsigned long)fs.f_bsize == 65536);
	CHECK(!strncmp(mountinfo("/tmp/at", text, sizeof(text)), "rw,nosuid,noexec,", 17));
	CHECK(strstr(text, "- tmpfs tmpfs "));
	CHECK(mkdirat(made, "through-the-descriptor", 0755) == 0);
	CHECK(access("/tmp/at/through-the-descriptor", F_OK) == 0);
}

static void body_new_refused(void)
{
	const char *const options[] = { "mode=755", "colour=blue", NULL };

	CHECK(mount_new("tmpfs", options, 0, &sandbox_err) == -EINVAL);
	CHECK(strstr(sandbox_err.text, "tmpfs") && strstr(sandbox_err.text, "colour=blue"));
	CHECK(mount_new("nosuchfs", NULL, 0, &sandbox_err) == -ENODEV);
	CHECK(strstr(sandbox_err.text, "nosuchfs"));
}

/* A tree with a mount below it: read-only must hold for both (CVE-2026-115521). */
static void body_readonly(void)
{
	int made, copy;

	sandbox_workplace();
	CHECK(mkdir("tree", 0755) == 0 && mkdir("tree/below", 0755) == 0);
	CHECK(mkdir("flat", 0755) == 0 && mkdir("deep", 0755) == 0);
	made = mount_new("tmpfs", NULL, 0, &sandbox_err);
	attach_at(made, "tree/below");
	sandbox_write("tree/below/file", "text");

	copy = mount_clone(AT_FDCWD, "tree", true, &sandbox_err);
	CHECK(copy >= 0);
	CHECK(mount_restrict(copy, true, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV, "tree", &sandbox_err) == 0);
	attach_at(copy, "deep");
	CHECK(access("deep/below/file", R_OK) == 0);
	CHECK(mkdir("deep/no", 0755) < 0 && errno == EROFS);
	CHECK(mkdir("deep/below/no", 0755) < 0 && errno == EROFS);
	CHECK(mkdir("tree/yes", 0755) == 0 &&
	      mkdir("tree/below/yes", 0755) == 0); /* the original is as it was */

	copy = mount_clone(AT_FDCWD, "tree", false, &sandbox_err);
	CHECK(copy >= 0);
	attach_at(copy, "flat");
	CHECK(access("flat/below/file", F_OK) < 0 && errno == ENOENT);
}

/* By descriptor: what is put in the path's place after the lookup does not matter. */
static void body_attach(void)
{
	cleanup_fd int target = -1, source = -1, made = -1;

	sandbox_workplace();
	CHECK(mkdir("real", 0755) == 0 && mkdir("other", 0755) == 0 && mkdir("source", 0755) == 0);
	target = target_of("real");
	source = target_of("source");
	sandbox_write("source/file", "text");
	CHECK(rename("real", "moved") == 0 && symlink("other", "real") == 0);
	made = mount_clone(source, "", false, &sandbox_err);
	CHECK(made >= 0 && mount_attach(made, target, "/real", &sandbox_err) == 0);
	CHECK(access("moved/file", F_OK) == 0 && access("other/file", F_OK) < 0);
	CHECK(mount_attach(made, -1, "/some/place", &sandbox_err) == -EBADF);
	CHECK(strstr(sandbox_err.text, "/some/place"));
	CHECK(mount_clone(AT_FDCWD, "/tmp/nowhere", true, &sandbox_err) == -ENOENT);
	CHECK(strstr(sandbox_err.text, "/tmp/nowhere"));
}

/* All rows of the table, with namespaces of one's own: fresh, and restricted as the row says. */
static void body_standard(void)
{
	char path[128], text[512], number[8] = "";
	struct stat terminal;

	sandbox_workplace();
	for (const struct mount_row *row = mount_table; row->target; row++) {
		cleanup_fd int made = mount_standard(row, false, NULL, &sandbox_err);
		struct statvfs vfs;

		CHECK(made >= 0);
		snprintf(path, sizeof(path), "/tmp%s", row->target);
		if (access(path, F_OK) < 0)
			CHECK(mkdir(path, 0755) == 0);
		attach_at(made, path);
		snprintf(text, sizeof(text), "- %s %s ", row->fstype, row->fstype);
		CHECK(strstr(mountinfo(path, (char[512]){ 0 }, 512), text));
		CHECK(statvfs(path, &vfs) == 0);
		CHECK(!(vfs.f_flag & ST_RDONLY) == !(row->attributes & MOUNT_ATTR_RDONLY));
		CHECK(!(vfs.f_flag & ST_NOSUID) == !(row->attributes & MOUNT_ATTR_NOSUID));
		CHECK(!(vfs.f_flag & ST_NODEV) == !(row->attributes & MOUNT_ATTR_NODEV));
		CHECK(!(vfs.f_flag & ST_NOEXEC) == !(row->attributes & MOUNT_ATTR_NOEXEC));
	}
	CHECK(readlink("/tmp/proc/self", number, sizeof(number) - 1) == 1 && !strcmp(number, "1"));
	CHECK(open("/tmp/dev/pts/ptmx", O_RDWR | O_NOCTTY) >= 0 && stat("/tmp/dev/pts/0", &terminal) == 0);
	CHECK(terminal.st_gid == 5 || setegid(5) < 0); /* tty, where that group exists */
	CHECK(mount_find("/sys") && !strcmp(mount_find("/sys")->fstype, "sysfs") && !mount_find("/nope"));
}

/* In the host's pid and network namespaces a user namespace is refused /proc and /sys, and copies. */
static void body_copied(void)
{
	const struct mount_row *rows[] = { mount_find("/proc"), mount_find("/sys") };

	sandbox_workplace();
	for (size_t i = 0; i < 2; i++) {
		char text[512];
		int made = mount_standard(rows[i], false, NULL, &sandbox_err);

		CHECK(made == -EPERM && strstr(sandbox_err.text, rows[i]->target));
		made = mount_standard(rows[i], true, NULL, &sandbox_err);
		CHECK(made >= 0);
		CHECK(mkdir("at", 0755) == 0 || errno == EEXIST);
		attach_at(made, "at");
		snprintf(text, sizeof(text), "%s", i ? "at/kernel" : "at/self");
		CHECK(access(text, F_OK) == 0);
		CHECK(strstr(mountinfo("/tmp/at", text, sizeof(text)),
			     i ? "ro,nosuid,nodev,noexec" : "rw,nosuid"));
	}
	CHECK(mount_standard(rows[0], true, "/tmp/nowhere", &sandbox_err) == -ENOENT);
	CHECK(strstr(sandbox_err.text, "mount /proc") && strstr(sandbox_err.text, "/tmp/nowhere"));
}

static void body_private(void)
{
	char text[512];

	CHECK(mount(NULL, "/", NULL, MS_REC | MS_SHARED, NULL) == 0);
	CHECK(strstr(mountinfo("/", text, sizeof(text)), "shared:"));
	CHECK(mount_private_tree(&sandbox_err) == 0);
	CHECK(!strstr(mountinfo("/", text, sizeof(text)), "shared:") && !strstr(text, "master:"));
}

static void body_mask(void)
{
	cleanup_fd int null = open("/dev/null", O_PATH | O_CLOEXEC);
	int made, target;
	char text[16];

	sandbox_workplace();
	CHECK(mkdir("dir", 0755) == 0 && mkdir("tree", 0755) == 0 && mkdir("tree/below", 0755) == 0);
	sandbox_write("file", "secret");
	sandbox_write("dir/file", "secret");
	made = mount_new("tmpfs", NULL, 0, &sandbox_err);
	attach_at(made, "tree/below");

	target = target_of("file");
	CHECK(mask_hide(target, null, "/file", &sandbox_err) == 0);
	CHECK(!*sandbox_read(AT_FDCWD, "file", text, sizeof(text)));
	target = target_of("dir");
	CHECK(mask_hide(target, null, "/dir", &sandbox_err) == 0);
	CHECK(access("dir/file", F_OK) < 0 && errno == ENOENT);
	CHECK(mkdir("dir/no", 0755) < 0 && errno == EROFS);
	target = target_of("tree");
	CHECK(mask_make_readonly(target, "/tree", &sandbox_err) == 0);
	CHECK(mkdir("tree/no", 0755) < 0 && errno == EROFS);
	CHECK(mkdir("tree/below/no", 0755) < 0 && errno == EROFS);
	CHECK(mask_hide(-1, null, "/proc/keys", &sandbox_err) == -EBADF &&
	      strstr(sandbox_err.text, "/proc/keys"));
}

/* The lists on a real /proc: what is there of them reads as empty, or cannot be written. */
static void body_mask_proc(void)
{
	cleanup_fd int null = open("/dev/null", O_PATH | O_CLOEXEC);
	struct statvfs vfs;
	int fd, hidden = 0;
	char text[64];

	for (size_t i = 0; mask_hidden[i]; i++) {
		if ((fd = open(mask_hidden[i], O_PATH | O_CLOEXEC)) < 0)
			continue;
		CHECK(mask_hide(fd, null, mask_hidden[i], &sandbox_err) == 0);
		hidden++;
	}
	CHECK(hidden > 0);
	CHECK(!*sandbox_read(AT_FDCWD, "/proc/interrupts", text, sizeof(text)));
	for (size_t i = 0; mask_readonly[i]; i++)
		if ((fd = open(mask_readonly[i], O_PATH | O_CLOEXEC)) >= 0)
			CHECK(mask_make_readonly(fd, mask_readonly[i], &sandbox_err) == 0);
	CHECK(statvfs("/proc/sys/kernel", &vfs) == 0 && vfs.f_flag & ST_RDONLY);
	CHECK(open("/proc/sys/kernel/hostname", O_RDONLY) >= 0);
}

#define BOTH(name, flags)                                                                                    \
	static void root_##name(void **state)                                                                \
	{                                                                                                    \
		(void)state;                                                                                 \
		sandbox_run(false, flags, body_##name);                                                      \
	}                                                                                                    \
	static void rootless_##name(void **state)                                                            \
	{                                                                                                    \
		(void)state;                                                                                 \
		sandbox_run(true, flags, body_##name);                                                       \
	}

BOTH(new, CLONE_NEWNS)
BOTH(new_refused, CLONE_NEWNS)
BOTH(readonly, CLONE_NEWNS)
BOTH(attach, CLONE_NEWNS)
BOTH(standard, OWN_EVERYTHING)
BOTH(private, CLONE_NEWNS)
BOTH(mask, CLONE_NEWNS)
BOTH(mask_proc, CLONE_NEWNS)

static void rootless_copied(void **state)
{
	(void)state;
	sandbox_run(true, CLONE_NEWNS, body_copied);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(root_new),	    cmocka_unit_test(rootless_new),
		cmocka_unit_test(root_new_refused), cmocka_unit_test(rootless_new_refused),
		cmocka_unit_test(root_readonly),    cmocka_unit_test(rootless_readonly),
		cmocka_unit_test(root_attach),	    cmocka_unit_test(rootless_attach),
		cmocka_unit_test(root_standard),    cmocka_unit_test(rootless_standard),
		cmocka_unit_test(root_private),	    cmocka_unit_test(rootless_private),
		cmocka_unit_test(root_mask),	    cmocka_unit_test(rootless_mask),
		cmocka_unit_test(root_mask_proc),   cmocka_unit_test(rootless_mask_proc),
		cmocka_unit_test(rootless_copied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
