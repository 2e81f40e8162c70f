/* The pieces of a pod's volumes: host paths and their types, subPaths, fsGroup, and what a mount comes to mean. */
#include "store_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "pod/environ.h"
#include "pod/fs_group.h"
#include "pod/host_path.h"
#include "pod/ops.h"
#include "pod/pod_volumes.h"
#include "pod/subpath.h"
#include "spec/fields.h"
#include "store/object.h"

static char pod_id[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

static void make_socket(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	cleanup_fd int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(at.sun_path, path);
	assert_int_equal(bind(sock, (struct sockaddr *)&at, sizeof(at)), 0);
}

static void test_host_path(void **state)
{
	/* path, type, the word that is missing from `is not a …`; NULL: fine */
	static const char *const rows[][3] = {
		{ "dir", NULL, NULL },
		{ "dir", "", NULL },
		{ "dir", "Directory", NULL },
		{ "dir", "DirectoryOrCreate", NULL },
		{ "dir", "File", "file" },
		{ "dir", "Socket", "socket file" },
		{ "file", "Directory", "directory" },
		{ "file", "DirectoryOrCreate", "directory" },
		{ "file", "File", NULL },
		{ "file", "FileOrCreate", NULL },
		{ "sock", "Socket", NULL },
		{ "sock", "CharDevice", "character device" },
		{ "file", "BlockDevice", "block device" },
		{ "none", "Directory", "directory" },
		{ "none", "File", "file" },
		{ "none", "DirectoryOrCreate", NULL },
		{ "none", "FileOrCreate", NULL },
		{ "link", "Directory", NULL },
	};
	struct fixture *f = *state;
	struct err err = { 0 };

	assert_int_equal(chdir(f->dir), 0);
	assert_int_equal(mkdir("dir", 0755), 0);
	assert_int_equal(symlink("dir", "link"), 0);
	assert_int_equal(io_replace_file(AT_FDCWD, "file", "x", 1, 0600, NULL), 0);
	make_socket("sock");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int code = host_path_check(rows[i][0], rows[i][1], false, &err);
		cleanup_free char *words = text_format("hostPath type check failed: %s is not a %s",
						       rows[i][0], rows[i][2] ? rows[i][2] : "");

		if (!code == (rows[i][2] != NULL))
			fail_msg("%s as %s: %d", rows[i][0], rows[i][1], code);
		if (code)
			assert_string_equal(err.text, words);
	}
	assert_int_equal(access("none", F_OK), -1); /* a check makes nothing */
	assert_int_equal(host_path_check("/dev/null", "CharDevice", false, NULL), 0);
	assert_int_equal(host_path_check("none", "", false, &err), -ENOENT);
	assert_non_null(strstr(err.text, "DirectoryOrCreate makes it"));
	assert_int_equal(host_path_check("dir", "Dir", false, &err), -EINVAL);
}

static void assert_mode(const char *path, mode_t mode)
{
	struct stat stat;

	assert_int_equal(lstat(path, &stat), 0);
	assert_int_equal(stat.st_mode, mode);
}

static void test_host_path_make(void **state)
{
	struct fixture *f = *state;
	mode_t mask = umask(077);

	assert_int_equal(chdir(f->dir), 0);
	assert_int_equal(host_path_check("a/b/c", "DirectoryOrCreate", true, NULL), 0);
	assert_mode("a/b/c", S_IFDIR | 0755);
	assert_int_equal(host_path_check("a/f", "FileOrCreate", true, NULL), 0);
	assert_mode("a/f", S_IFREG | 0644);
	assert_int_equal(host_path_check("no/f", "FileOrCreate", true, NULL), -ENOENT);
	umask(mask);
}

static void test_subpath(void **state)
{
	struct fixture *f = *state;
	cleanup_fd int volume = -1, made = -1, found = -1;

	assert_int_equal(chdir(f->dir), 0);
	assert_int_equal(mkdir("v", 0755), 0);
	assert_int_equal(chmod("v", 0770), 0);
	assert_int_equal(mkdir("outside", 0755), 0);
	assert_int_equal(symlink("../outside", "v/out"), 0);
	assert_int_equal(symlink("/etc", "v/etc"), 0);
	assert_int_equal(io_replace_file(AT_FDCWD, "v/file", "x", 1, 0600, NULL), 0);
	volume = open("v", O_PATH | O_DIRECTORY);
	made = subpath_open(volume, "a/b", NULL); /* made, with the volume's mode */
	assert_true(made >= 0);
	assert_mode("v/a/b", S_IFDIR | 0770);
	found = subpath_open(volume, "file", NULL);
	assert_true(found >= 0);
	assert_int_equal(subpath_open(volume, "out", NULL), -ELOOP);
	assert_int_equal(subpath_open(volume, "out/new", NULL), -ELOOP);
	assert_int_equal(subpath_open(volume, "etc/passwd", NULL), -ELOOP);
	assert_int_equal(subpath_open(volume, "..", NULL), -EXDEV);
	assert_int_equal(subpath_open(volume, "../outside/new", NULL), -EXDEV);
	assert_int_equal(subpath_open(volume, "/etc", NULL), -EXDEV);
	assert_int_equal(access("outside/new", F_OK), -1);
}

static void test_subpath_expand(void **state)
{
	static const char *const rows[][2] = {
		{ "logs/$(NAME)", "logs/web" }, { "$(NAME)/$(N)", "web/1" }, { "$$(NAME)", "$(NAME)" },
		{ "plain", "plain" },		{ "$$$(NAME)", "$web" },     { "a$b", "a$b" },
	};
	struct strv env = { 0 };
	struct err err = { 0 };
	char *text;

	(void)state;
	strv_add(&env, "NAME=web");
	strv_add(&env, "N=1");
	strv_add(&env, "EMPTY=");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(subpath_expand(rows[i][0], &env, &text, NULL), 0);
		assert_string_equal(text, rows[i][1]);
		free(text);
	}
	assert_int_equal(subpath_expand("a/$(NAME)/$(NONE)", &env, &text, &err), -EINVAL);
	assert_string_equal(err.text,
			    "failed to expand subPathExpr \"a/$(NAME)/$(NONE)\": missing value for \"NONE\"");
	assert_int_equal(subpath_expand("$(EMPTY)", &env, &text, NULL), -EINVAL);
	strv_free(&env);
}

static void test_fs_group(void **state)
{
	struct fixture *f = *state;
	gid_t group = getegid() ? getegid() : 4242;
	cleanup_fd int dir = -1;
	struct stat stat;

	assert_int_equal(chdir(f->dir), 0);
	assert_int_equal(mkdir("v", 0755) || mkdir("v/sub", 0700) || mkdir("outside", 0700), 0);
	assert_int_equal(io_replace_file(AT_FDCWD, "v/sub/file", "x", 1, 0600, NULL), 0);
	assert_int_equal(io_replace_file(AT_FDCWD, "outside/file", "x", 1, 0600, NULL), 0);
	assert_int_equal(symlink("../outside", "v/link") || symlink("../outside/file", "v/flink"), 0);
	assert_int_equal(mkfifo("v/pipe", 0600), 0);
	dir = open("v", O_RDONLY | O_DIRECTORY);
	assert_int_equal(fs_group_apply(dir, 0, "v", NULL), 0);
	assert_mode("v", S_IFDIR | 0755);
	assert_int_equal(fs_group_apply(dir, group, "v", NULL), 0);
	assert_mode("v", S_IFDIR | 02775);
	assert_mode("v/sub", S_IFDIR | 02770);
	assert_mode("v/sub/file", S_IFREG | 0660);
	assert_mode("v/pipe", S_IFIFO | 0600);
	assert_int_equal(lstat("v/sub/file", &stat), 0);
	assert_int_equal(stat.st_gid, group);
	assert_mode("outside", S_IFDIR | 0700); /* links are not followed */
	assert_mode("outside/file", S_IFREG | 0600);
}

/* One mount of the volume of that name, as a container's child gets it: "type source[ below subpath][ ro]". */
static void assert_mount(const struct pod *pod, const char *name, const char *subpath, const char *expected)
{
	struct mount_spec mount = { .type = text_dup("pod"),
				    .source = text_dup(name),
				    .subpath = text_dup(subpath),
				    .target = text_dup("/t") };
	struct strv env = { 0 };
	struct err err = { 0 };
	cleanup_free char *text = NULL;

	if (pod_volume_mount(pod, &env, &mount, &err))
		fail_msg("%s", err.text);
	text = text_format("%s %s%s%s%s", mount.type, mount.source, mount.subpath ? " below " : "",
			   mount.subpath ? mount.subpath : "", mount.read_only ? " ro" : "");
	assert_string_equal(text, expected);
	fields_free(&mount_spec_shape, &mount);
}

static void test_mount(void **state)
{
	struct fixture *f = *state;
	struct pod_volume volumes[] = {
		{ .name = "e", .kind = "empty" },
		{ .name = "m", .kind = "memory" },
		{ .name = "h", .kind = "host", .path = "/srv" },
		{ .name = "c", .kind = "claim", .path = "data" },
		{ .name = "r", .kind = "claim", .path = "data", .read_only = true },
		{ .name = "p", .kind = "projection" },
	};
	struct pod pod = { .store = &f->store,
			   .record = { .id = pod_id, .spec = { .volumes = { volumes, 6 } } } };
	struct mount_spec unknown = { .source = (char[]){ "x" }, .target = (char[]){ "/t" } };
	cleanup_free char *dir = text_format("pod %s/pods/%s/volumes/e", f->store.root, pod_id);
	cleanup_free char *data = text_format("pod %s/volumes/data/_data below a/b", f->store.root);
	cleanup_free char *read_only = text_format("pod %s/volumes/data/_data ro", f->store.root);
	cleanup_free char *projected = text_format("pod %s/pods/%s/volumes/p ro", f->store.run, pod_id);
	struct err err = { 0 };

	assert_mount(&pod, "e", NULL, dir);
	assert_mount(&pod, "m", "x", "infra /volumes/m below x");
	assert_mount(&pod, "h", NULL, "pod /srv");
	assert_mount(&pod, "c", "a/b", data);
	assert_mount(&pod, "r", NULL, read_only);
	assert_mount(&pod, "p", NULL, projected);
	assert_int_equal(pod_volume_mount(&pod, NULL, &unknown, &err), -EINVAL);
	assert_string_equal(err.text, "mount on /t: the pod has no volume \"x\"");
}

static void test_make_and_undo(void **state)
{
	struct fixture *f = *state;
	struct projection source = { .kind = "configmap", .object = "c" };
	struct pod_volume volumes[] = { { .name = "e", .kind = "empty" },
					{ .name = "c", .kind = "claim", .path = "data" },
					{ .name = "p", .kind = "projection", .sources = { &source, 1 } } };
	struct pod pod = { .store = &f->store,
			   .record = { .id = pod_id, .spec = { .volumes = { volumes, 3 } } } };
	struct op op = { .object = pod_id };
	struct object object = { .kind = OBJECT_CONFIGMAP, .name = text_dup("c") };
	cleanup_free char *empty = text_format("%s/pods/%s/volumes/e", f->store.root, pod_id);
	cleanup_free char *shown = text_format("%s/pods/%s/volumes/p/k", f->store.run, pod_id);
	cleanup_free char *kept = text_format("%s/file", empty);
	cleanup_free char *claimed = text_format("%s/volumes/data/_data", f->store.root);
	struct err err = { 0 };

	assert_int_equal(op_volumes(&pod, &op, &err), -ENOENT);
	assert_string_equal(err.text,
			    "MountVolume.SetUp failed for volume \"p\" : configmap \"c\" not found");
	assert_int_equal(access(shown, F_OK), -1);
	object_add(&object, "k", "1", 1, false, NULL);
	assert_int_equal(object_put(&f->store, &object, false, NULL, NULL), 0);
	assert_int_equal(op_volumes(&pod, &op, NULL), 0);
	assert_mode(empty, S_IFDIR | 0777);
	assert_int_equal(access(claimed, F_OK), 0);
	assert_int_equal(access(shown, F_OK), 0);
	assert_int_equal(io_replace_file(AT_FDCWD, kept, "x", 1, 0600, NULL), 0);

	object_add(&object, "k2", "2", 1, false, NULL);
	assert_int_equal(object_put(&f->store, &object, false, NULL, NULL), 0);
	assert_int_equal(pod_volumes_refresh(&pod, NULL), 0);
	text_replace(&shown, text_format("%s2", shown));
	assert_int_equal(access(shown, F_OK), 0);
	assert_int_equal(object_remove(&f->store, OBJECT_CONFIGMAP, "c", NULL), 0);
	assert_int_equal(pod_volumes_refresh(&pod, &err), -ENOENT);
	assert_int_equal(access(shown, F_OK), 0); /* an object that has gone keeps its files */

	op_volumes_undo(&pod, &op);
	assert_int_equal(access(shown, F_OK), -1);
	assert_int_equal(access(kept, F_OK), 0); /* what was written stays until the pod goes */
	op_volumes_undo(&pod, &op);
	object_free(&object);
}

static void test_ready(void **state)
{
	struct fixture *f = *state;
	struct pod_volume volume = { .name = "v", .kind = "host", .path = "/nowhere/x", .host_type = "File" };
	struct pod_spec pod = { .name = "web", .volumes = { &volume, 1 } };
	struct env_source source = { .name = "X", .kind = "secret", .object = "s", .key = "k" };
	struct ctr_spec ctr = { .name = "web-app", .env_sources = { &source, 1 } };
	const struct ctr_specs ctrs = { &ctr, 1 };
	struct err err = { 0 };

	assert_int_equal(pod_volumes_ready(&f->store, &pod, &ctrs, &err), -EINVAL);
	assert_string_equal(err.text,
			    "MountVolume.SetUp failed for volume \"v\" : hostPath type check failed: "
			    "/nowhere/x is not a file");
	volume = (struct pod_volume){ .name = "v", .kind = "claim", .path = "../x" };
	assert_int_equal(pod_volumes_ready(&f->store, &pod, &ctrs, &err), -EINVAL);
	volume.path = "fine";
	assert_int_equal(pod_volumes_ready(&f->store, &pod, &ctrs, &err), -ENOENT);
	assert_string_equal(err.text, "container web-app: secret \"s\" not found");
	source.optional = true;
	assert_int_equal(pod_volumes_ready(&f->store, &pod, &ctrs, &err), 0);
	assert_int_equal(faccessat(f->store.root_fd, "volumes/fine", F_OK, 0), -1); /* nothing was made */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fixture_test(test_host_path),	  fixture_test(test_host_path_make),
		fixture_test(test_subpath),	  cmocka_unit_test(test_subpath_expand),
		fixture_test(test_fs_group),	  fixture_test(test_mount),
		fixture_test(test_make_and_undo), fixture_test(test_ready),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
