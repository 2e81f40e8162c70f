/* Volumes: made, found, removed, filled from an image; also by several commands at once. */
#include "store_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "store/volume.h"

static int no_users(const struct store *store, const char *name, struct strv *ret_users, struct err *err)
{
	(void)store, (void)err;
	if (text_equal(name, "used"))
		strv_add(ret_users, "c1");
	return 0;
}

static void make(const struct fixture *f, const char *name, bool anonymous)
{
	struct err err = { 0 };
	struct volume volume;

	if (volume_create(&f->store, name, NULL, NULL, anonymous, &volume, &err))
		fail_msg("%s", err.text);
	volume_free(&volume);
}

static void test_create(void **state)
{
	struct fixture *f = *state;
	struct strv labels = { 0 };
	struct volume volume;
	struct err err = { 0 };
	cleanup_free char *path = volume_data_path(&f->store, "data");
	struct stat stat_data;

	strv_add(&labels, "a=b");
	assert_int_equal(volume_create(&f->store, "data", "local", &labels, false, &volume, NULL), 0);
	volume_free(&volume);
	assert_int_equal(volume_find(&f->store, "data", &volume, NULL), 0);
	assert_string_equal(volume.name, "data");
	assert_string_equal(strv_get(&volume.labels, "a"), "b");
	assert_false(volume.anonymous);
	volume_free(&volume);
	assert_int_equal(stat(path, &stat_data), 0);
	assert_int_equal(stat_data.st_mode, S_IFDIR | 0755);

	assert_int_equal(volume_create(&f->store, "data", NULL, NULL, false, &volume, &err), -EEXIST);
	assert_string_equal(err.text, "volume with name data already exists: volume already exists");
	assert_int_equal(volume_create(&f->store, "x", "nfs", NULL, false, &volume, &err), -EINVAL);

	assert_int_equal(volume_create(&f->store, NULL, NULL, NULL, true, &volume, NULL), 0);
	assert_int_equal(strlen(volume.name), 64);
	assert_true(volume.anonymous);
	volume_free(&volume);
	strv_free(&labels);
}

static void test_bad_names(void **state)
{
	static const char *const names[] = { "../x", "/x", ".", "..", "a/b", "-a", ".a", "a b", "a\n" };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct volume volume;
		struct err err = { 0 };

		assert_int_equal(volume_create(&f->store, names[i], NULL, NULL, false, &volume, &err),
				 -EINVAL);
		assert_int_equal(volume_ensure(&f->store, names[i], &volume, &err), -EINVAL);
		assert_int_equal(volume_find(&f->store, names[i], &volume, &err), -ENOENT);
		assert_int_equal(volume_open_data(&f->store, names[i], &err), -EINVAL);
	}
}

static void test_find(void **state)
{
	struct fixture *f = *state;
	struct volumes volumes;
	struct volume volume;
	struct err err = { 0 };

	make(f, "web-logs", false);
	make(f, "web-data", false);
	assert_int_equal(volume_find(&f->store, "web-l", &volume, NULL), 0);
	assert_string_equal(volume.name, "web-logs");
	volume_free(&volume);
	assert_int_equal(volume_find(&f->store, "web", &volume, &err), -EEXIST);
	assert_string_equal(err.text, "more than one result for volume name \"web\": volume already exists");
	assert_int_equal(volume_find(&f->store, "nope", &volume, &err), -ENOENT);
	assert_string_equal(err.text, "no volume with name \"nope\" found: no such volume");
	assert_int_equal(volume_find(&f->store, "", &volume, &err), -ENOENT);
	assert_int_equal(volume_list(&f->store, &volumes, NULL, NULL), 0);
	assert_int_equal(volumes.n, 2);
	assert_string_equal(volumes.v[0].name, "web-data");
	volumes_free(&volumes);
}

static void test_damaged(void **state)
{
	struct fixture *f = *state;
	struct strv broken = { 0 };
	struct volumes volumes;

	make(f, "good", false);
	make(f, "torn", false);
	assert_int_equal(
		io_replace_file(f->store.root_fd, "volumes/torn/volume.json", "{\"Na", 4, 0600, NULL), 0);
	assert_int_equal(volume_list(&f->store, &volumes, &broken, NULL), 0);
	assert_int_equal(volumes.n, 1);
	assert_int_equal(broken.n, 1);
	assert_true(text_starts(broken.v[0], "torn: "));
	volumes_free(&volumes);
	strv_free(&broken);
}

static void test_remove(void **state)
{
	struct fixture *f = *state;
	struct err err = { 0 };
	struct volume volume;

	make(f, "used", false);
	make(f, "free", false);
	make(f, "anon", true);
	assert_int_equal(volume_remove(&f->store, "used", no_users, &err), -EBUSY);
	assert_string_equal(
		err.text,
		"volume used is being used by the following container(s): c1: volume is being used");
	assert_int_equal(volume_remove(&f->store, "free", no_users, NULL), 0);
	assert_int_equal(volume_find(&f->store, "free", &volume, NULL), -ENOENT);
	assert_int_equal(volume_find(&f->store, "used", &volume, NULL), 0);
	volume_free(&volume);
}

/* Six commands that make one volume: one makes it; six that need one: all get it. */
static void test_race(void **state)
{
	struct fixture *f = *state;
	pid_t children[12];
	int winners = 0;

	for (int i = 0; i < 12; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			struct volume volume;

			_exit(i < 6 ? volume_create(&f->store, "one", NULL, NULL, false, &volume, NULL) != 0
				    : volume_ensure(&f->store, "two", &volume, NULL) != 0);
		}
	}
	for (int i = 0; i < 12; i++) {
		int status;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		if (i < 6)
			winners += status == 0;
		else
			assert_int_equal(status, 0);
	}
	assert_int_equal(winners, 1);
}

/* An image's root with something for a volume in it, and links that lead out of it. */
static int make_rootfs(const struct fixture *f, const char *outside)
{
	cleanup_free char *command = text_format(
		"umask 022; mkdir -p %s/rootfs/srv/www/sub && cd %s/rootfs/srv/www && echo hi >index.html && "
		"chmod 640 index.html && ln -s /etc/passwd link && mkfifo pipe && touch -d @1000 index.html "
		"sub && "
		"chmod 4755 sub/../index.html && chmod 750 . && ln -s /srv/www %s/rootfs/abs && "
		"ln -s ../../../../../..%s %s/rootfs/out && touch -d @2000 .",
		f->dir, f->dir, f->dir, outside, f->dir);
	cleanup_free char *path = text_format("%s/rootfs", f->dir);

	assert_int_equal(system(command), 0);
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static void test_copy_up(void **state)
{
	struct fixture *f = *state;
	cleanup_fd int rootfs = make_rootfs(f, f->dir), data = -1;
	struct buf content = { 0 };
	struct stat stat;
	char target[64] = "";
	struct err err = { 0 };

	make(f, "www", false);
	data = volume_open_data(&f->store, "www", NULL);
	if (volume_copy_up(data, rootfs, "/abs", &err)) /* over a link inside of the root */
		fail_msg("%s", err.text);
	assert_int_equal(io_read_file(data, "index.html", 100, &content, NULL), 0);
	assert_string_equal(content.data, "hi\n");
	assert_int_equal(fstatat(data, "index.html", &stat, 0), 0);
	assert_int_equal(stat.st_mode, S_IFREG | 04755);
	assert_int_equal(stat.st_mtime, 1000);
	assert_int_equal(fstatat(data, "sub", &stat, 0), 0);
	assert_int_equal(stat.st_mtime, 1000);
	assert_int_equal(fstatat(data, "pipe", &stat, 0), 0);
	assert_true(S_ISFIFO(stat.st_mode));
	assert_true(readlinkat(data, "link", target, sizeof(target) - 1) > 0);
	assert_string_equal(target, "/etc/passwd");
	assert_int_equal(fstatat(data, ".", &stat, 0), 0);
	assert_int_equal(stat.st_mode, S_IFDIR | 0750);
	assert_int_equal(stat.st_mtime, 2000);

	/* a volume that holds something is left alone */
	assert_int_equal(unlinkat(data, "index.html", 0), 0);
	assert_int_equal(volume_copy_up(data, rootfs, "/srv/www", NULL), 0);
	assert_int_equal(fstatat(data, "index.html", &stat, 0), -1);
	buf_free(&content);
}

/* Nothing comes from where there is nothing, nor from outside of the image. */
static void test_copy_up_nothing(void **state)
{
	static const char *const paths[] = { "/none",	      "/out",
					     "/out/root",     "/srv/www/index.html",
					     "/srv/www/link", "/../../../../etc" };
	struct fixture *f = *state;
	cleanup_fd int rootfs = make_rootfs(f, f->dir), data = -1;

	make(f, "www", false);
	data = volume_open_data(&f->store, "www", NULL);
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		assert_int_equal(volume_copy_up(data, rootfs, paths[i], NULL), 0);
		assert_int_equal(unlinkat(f->store.root_fd, "volumes/www/_data", AT_REMOVEDIR), 0);
		assert_int_equal(mkdirat(f->store.root_fd, "volumes/www/_data", 0755), 0);
		close(data);
		data = volume_open_data(&f->store, "www", NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fixture_test(test_create),  fixture_test(test_bad_names),	fixture_test(test_find),
		fixture_test(test_damaged), fixture_test(test_remove),		fixture_test(test_race),
		fixture_test(test_copy_up), fixture_test(test_copy_up_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
