/* Images: imported, found, named, removed; also at the same time, and killed half-way. */
#include "store_fixture.h"

#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "store/image.h"
#include "store/image_builtin.h"
#include "store/scratch.h"

#define PATIENCE_MS 20000 /* that any wait may last */

/* Ids of images that tests write by hand. */
#define ID_A "aaaa000000000000000000000000000000000000000000000000000000000001"
#define ID_B "aaab000000000000000000000000000000000000000000000000000000000002"

static char *in_dir(const struct fixture *f, const char *name)
{
	return text_format("%s/%s", f->dir, name);
}

/* Makes an archive with one file of that content; returns its path. */
static char *archive(const struct fixture *f, const char *name, const char *content)
{
	char *path = in_dir(f, name);
	cleanup_free char *command =
		text_format("mkdir -p %s/src && printf %%s '%s' >%s/src/hello && tar -C %s/src -cf %s .",
			    f->dir, content, f->dir, f->dir, path);

	assert_int_equal(system(command), 0);
	return path;
}

/* How many entries a directory of the store has. */
static int entries_in(const struct fixture *f, const char *name)
{
	cleanup_free char *path = text_format("%s/%s", f->store.root, name);
	DIR *entries = opendir(path);
	struct dirent *entry;
	int n = 0;

	assert_non_null(entries);
	while ((entry = readdir(entries)))
		n += entry->d_name[0] != '.';
	closedir(entries);
	return n;
}

/* Writes an image's record by hand. */
static void plant(const struct fixture *f, const char *id, const char *json)
{
	cleanup_free char *directory = text_format("images/%s", id);
	cleanup_free char *path = text_format("%s/image.json", directory);

	assert_int_equal(io_make_dirs(f->store.root_fd, directory, 0700, NULL), 0);
	assert_int_equal(io_replace_file(f->store.root_fd, path, json, strlen(json), 0600, NULL), 0);
}

static void plant_image(const struct fixture *f, const char *id, const char *names)
{
	cleanup_free char *json = text_format(
		"{\"Id\":\"%s\",\"Names\":[%s],\"Created\":1,\"Layers\":[\"" ID_A "\"]}", id, names);

	plant(f, id, json);
}

/* Imports content under a name and returns the id. */
static char *import(const struct fixture *f, const char *content, const char *name)
{
	cleanup_free char *tar = archive(f, "a.tar", content);
	struct err err = { 0 };
	struct image image;

	if (image_import(&f->store, tar, name, NULL, NULL, &image, &err))
		fail_msg("%s", err.text);
	char *id = take_ptr(image.id);

	image_free(&image);
	return id;
}

static void expect_found(const struct fixture *f, const char *typed, const char *id)
{
	struct err err = { 0 };
	struct image image;

	if (image_find(&f->store, typed, &image, &err))
		fail_msg("%s: %s", typed, err.text);
	assert_string_equal(image.id, id);
	image_free(&image);
}

static void expect_missing(const struct fixture *f, const char *typed)
{
	cleanup_free char *text = text_format("%s: image not known", typed);
	struct err err = { 0 };
	struct image image;

	assert_int_equal(image_find(&f->store, typed, &image, &err), -ENOENT);
	assert_string_equal(err.text, text);
}

static void test_import(void **state)
{
	struct fixture *f = *state;
	cleanup_free char *tar = archive(f, "a.tar", "hi"), *path = NULL, *expected = NULL;
	struct strv layers = { 0 };
	struct buf content = { 0 };
	struct image image;

	assert_int_equal(image_import(&f->store, tar, "web", NULL, NULL, &image, NULL), 0);
	assert_int_equal(image.size, 2);
	assert_string_equal(image.names.v[0], "localhost/web:latest");
	image_layers(&f->store, &image, &layers);
	assert_int_equal(layers.n, 1);
	path = text_format("%s/hello", layers.v[0]);
	assert_int_equal(io_read_file(AT_FDCWD, path, 100, &content, NULL), 0);
	assert_string_equal(content.data, "hi");

	/* the id is what sha256sum says of the archive */
	expected = text_format("test \"$(sha256sum <%s)\" = '%s  -'", tar, image.id);
	assert_int_equal(system(expected), 0);
	assert_int_equal(entries_in(f, "tmp"), 0);
	assert_int_equal(entries_in(f, "layers"), 1);
	buf_free(&content);
	strv_free(&layers);
	image_free(&image);
}

static void test_names_move(void **state)
{
	struct fixture *f = *state;
	cleanup_free char *one = import(f, "one", "web"), *again = import(f, "one", "site:2"),
			  *two = import(f, "two", "web");
	struct image image;

	assert_string_equal(one, again);
	assert_string_not_equal(one, two);
	expect_found(f, "web", two);
	expect_found(f, "site:2", one);
	assert_int_equal(image_find(&f->store, one, &image, NULL), 0);
	assert_int_equal(image.names.n, 1); /* "web" went to two */
	image_free(&image);
	assert_int_equal(entries_in(f, "images"), 2);
}

static void test_find(void **state)
{
	struct fixture *f = *state;
	struct err err = { 0 };
	struct image image;

	plant_image(f, ID_A, "\"localhost/web:latest\"");
	plant_image(f, ID_B, "\"docker.io/library/nginx:1\",\"quay.io/x/site:latest\"");
	expect_found(f, "web", ID_A);
	expect_found(f, "localhost/web:latest", ID_A);
	expect_found(f, "docker.io/library/web", ID_A);
	expect_found(f, "nginx:1", ID_B);
	expect_found(f, "docker.io/nginx:1", ID_B);
	expect_found(f, "x/site", ID_B);
	expect_found(f, "aaaa", ID_A);
	expect_found(f, "sha256:aaab", ID_B);
	expect_found(f, ID_B, ID_B);
	expect_missing(f, "nginx");
	expect_missing(f, "quay.io/web");
	expect_missing(f, "");
	expect_missing(f, "sha256:");
	expect_missing(f, "../../x");
	expect_missing(f, "bbbb");
	assert_int_equal(image_find(&f->store, "aaa", &image, &err), -EEXIST);
	assert_non_null(strstr(err.text, "more than one"));
}

/* A record that was not written by us is passed over, and never leads out of the store. */
static void test_damaged(void **state)
{
	static const char *const damaged[] = {
		"",
		"{",
		"[]",
		"{\"Id\":\"" ID_B "\"}",
		"{\"Id\":7}",
		"{}",
		"{\"Id\":\"" ID_A "\",\"Layers\":[\"../../etc\"]}",
		"{\"Id\":\"" ID_A "\",\"Layers\":[\"/etc\"]}",
		"{\"Id\":\"" ID_A "\",\"Layers\":[\"a/../../..\"]}",
	};
	struct fixture *f = *state;

	plant_image(f, ID_B, "\"localhost/good:latest\"");
	for (size_t i = 0; i < sizeof(damaged) / sizeof(*damaged); i++) {
		struct strv broken = { 0 };
		struct images images;

		plant(f, ID_A, damaged[i]);
		assert_int_equal(image_list(&f->store, &images, &broken, NULL), 0);
		assert_string_equal(images.v[0].id, ID_B);
		assert_int_equal(broken.n, 1);
		assert_true(text_starts(broken.v[0], ID_A ": "));
		strv_free(&broken);
		images_free(&images);
		expect_found(f, "good", ID_B);
	}
}

/* What cannot be imported leaves nothing and says why. */
static void test_import_refused(void **state)
{
	struct fixture *f = *state;
	cleanup_free char *tar = archive(f, "a.tar", "hi"), *evil = in_dir(f, "evil.tar"),
			  *cut = in_dir(f, "cut.tar"), *text = in_dir(f, "text"), *none = in_dir(f, "none");
	cleanup_free char *make = text_format(
		"cd %s/src && tar -P -cf %s ../src/hello && head -c 1500 %s >%s && echo no tar >%s", f->dir,
		evil, tar, cut, text);
	const struct {
		const char *file, *name, *why;
	} rows[] = {
		{ evil, "x", "../src/hello: the name leads upward" },
		{ cut, "x", "import" },
		{ text, "x", "Unrecognized archive format" },
		{ none, "x", "No such file or directory" },
		{ tar, "X", "invalid reference format" },
		{ tar, "../x", "invalid reference format" },
		{ tar, "busybox", "built-in image" },
		{ f->dir, "x", "Is a directory" },
	};

	assert_int_equal(system(make), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct err err = { 0 };
		struct image image = { 0 };

		if (!image_import(&f->store, rows[i].file, rows[i].name, NULL, NULL, &image, &err))
			fail_msg("row %zu was imported", i);
		if (!strstr(err.text, rows[i].why))
			fail_msg("row %zu says: %s", i, err.text);
		assert_null(image.id);
		assert_int_equal(entries_in(f, "images"), 0);
		assert_int_equal(entries_in(f, "tmp"), 0);
	}
}

static void test_tag(void **state)
{
	struct fixture *f = *state;
	cleanup_free char *one = import(f, "one", "one"), *two = import(f, "two", "two");
	struct strv names = { 0 };
	struct err err = { 0 };
	struct image image;

	assert_int_equal(image_tag(&f->store, "one", "web:1", &err), 0);
	expect_found(f, "web:1", one);
	assert_int_equal(image_tag(&f->store, two, "web:1", &err), 0);
	expect_found(f, "web:1", two);
	assert_int_equal(image_tag(&f->store, "nope", "x", &err), -ENOENT);
	assert_string_equal(err.text, "nope: image not known");
	assert_int_equal(image_tag(&f->store, "one", "host", &err), -EINVAL);
	assert_int_equal(image_tag(&f->store, "host", "mine", &err), -EINVAL);

	strv_add(&names, "nope");
	assert_int_equal(image_untag(&f->store, "two", &names, &err), -ENOENT);
	assert_string_equal(err.text, "localhost/nope:latest: tag not known");
	strv_free(&names);
	strv_add(&names, "web:1");
	assert_int_equal(image_untag(&f->store, "two", &names, &err), 0);
	expect_missing(f, "web:1");
	assert_int_equal(image_untag(&f->store, "two", NULL, &err), 0);
	expect_missing(f, "two");
	assert_int_equal(image_find(&f->store, two, &image, &err), 0);
	assert_int_equal(image.names.n, 0);
	image_free(&image);
	strv_free(&names);
}

static int two_users(const struct store *store, const char *id, struct strv *ret_users, struct err *err)
{
	(void)store, (void)id, (void)err;
	strv_add(ret_users, "c1");
	strv_add(ret_users, "c2");
	return 0;
}

static void test_remove(void **state)
{
	struct fixture *f = *state;
	cleanup_free char *id = import(f, "one", "one"), *text = NULL;
	struct image_removal removal;
	struct err err = { 0 };

	assert_int_equal(image_tag(&f->store, "one", "web", &err), 0);
	assert_int_equal(image_remove(&f->store, id, false, NULL, &removal, &err), -EINVAL);
	text = text_format("unable to delete image \"%s\" by ID with more than one tag "
			   "([localhost/one:latest localhost/web:latest]): please force removal",
			   id);
	assert_string_equal(err.text, text);

	/* of two names the typed one goes, whoever uses the image */
	assert_int_equal(image_remove(&f->store, "one", false, two_users, &removal, &err), 0);
	assert_string_equal(removal.untagged.v[0], "localhost/one:latest");
	assert_null(removal.deleted);
	image_removal_free(&removal);
	expect_missing(f, "one");
	expect_found(f, "web", id);

	assert_int_equal(image_remove(&f->store, "web", true, two_users, &removal, &err), -EBUSY);
	assert_true(text_starts(err.text, "image used by c1, c2: image is in use by a container"));
	expect_found(f, "web", id);

	assert_int_equal(image_remove(&f->store, "web", false, NULL, &removal, &err), 0);
	assert_string_equal(removal.untagged.v[0], "localhost/web:latest");
	assert_string_equal(removal.deleted, id);
	image_removal_free(&removal);
	expect_missing(f, "web");
	assert_int_equal(entries_in(f, "images"), 0);
	assert_int_equal(entries_in(f, "layers"), 0);
	assert_int_equal(entries_in(f, "tmp"), 0);
	assert_int_equal(image_remove(&f->store, "web", false, NULL, &removal, &err), -ENOENT);
}

static void test_remove_by_id_forced(void **state)
{
	struct fixture *f = *state;
	cleanup_free char *id = import(f, "one", "one");
	struct image_removal removal;

	assert_int_equal(image_tag(&f->store, "one", "web", NULL), 0);
	assert_int_equal(image_remove(&f->store, id, true, NULL, &removal, NULL), 0);
	assert_int_equal(removal.untagged.n, 2);
	assert_string_equal(removal.deleted, id);
	image_removal_free(&removal);
	assert_int_equal(entries_in(f, "images"), 0);
}

static void test_builtin(void **state)
{
	struct fixture *f = *state;
	struct image_removal removal;
	struct err err = { 0 };
	struct images images;
	struct image image;

	assert_int_equal(image_list(&f->store, &images, NULL, NULL), 0);
	assert_int_equal(images.n, 3); /* listed before they are made */
	assert_int_equal(entries_in(f, "images"), 0);
	images_free(&images);

	assert_int_equal(image_find(&f->store, "host", &image, NULL), 0);
	assert_string_equal(image.builtin, "host");
	assert_int_equal(image.layers.n, 0);
	assert_string_equal(image.config.cmd.v[0], "/bin/sh");
	expect_found(f, image.id, image.id);
	image_free(&image);
	assert_int_equal(image_remove(&f->store, "host", true, NULL, &removal, &err), -EINVAL);
	assert_int_equal(image_find(&f->store, "pause", &image, NULL), 0);
	assert_string_equal(image.builtin, "pause");
	image_free(&image);
	expect_missing(f, "pause:3.9");
}

static void test_busybox(void **state)
{
	struct fixture *f = *state;
	cleanup_free char *shell = NULL, *tmp = NULL, *run = NULL, *id = NULL;
	struct image_removal removal;
	struct strv layers = { 0 };
	struct err err = { 0 };
	struct images images;
	struct image image;
	struct stat stat_tmp;

	if (image_find(&f->store, "docker.io/library/busybox", &image, &err))
		fail_msg("%s", err.text);
	id = text_dup(image.id);
	assert_null(image.builtin);
	assert_true(image.size > 100000);
	assert_string_equal(image.config.cmd.v[0], "sh");
	image_layers(&f->store, &image, &layers);
	tmp = text_format("%s/tmp", layers.v[0]);
	assert_int_equal(stat(tmp, &stat_tmp), 0);
	assert_int_equal(stat_tmp.st_mode, S_IFDIR | 01777);
	run = text_format("test $(readlink %s/bin/sh) = busybox && %s/bin/busybox sh -c 'exit 7'",
			  layers.v[0], layers.v[0]);
	assert_int_equal(WEXITSTATUS(system(run)), 7);
	image_free(&image);
	strv_free(&layers);

	/* made once; listed once; still busybox when its name is taken off */
	assert_int_equal(image_list(&f->store, &images, NULL, NULL), 0);
	assert_int_equal(images.n, 3);
	images_free(&images);
	assert_int_equal(image_tag(&f->store, "busybox", "bb", &err), 0);
	expect_found(f, "bb", id);
	assert_int_equal(image_untag(&f->store, "busybox", NULL, &err), 0);
	expect_missing(f, "bb");
	expect_found(f, "busybox", id);

	/* removing it drops the files, and it comes back when it is asked for */
	assert_int_equal(image_remove(&f->store, "busybox", false, two_users, &removal, &err), -EBUSY);
	assert_int_equal(image_remove(&f->store, "busybox", false, NULL, &removal, &err), 0);
	image_removal_free(&removal);
	assert_int_equal(entries_in(f, "images"), 0);
	assert_int_equal(image_remove(&f->store, "busybox", false, NULL, &removal, &err), 0);
	image_removal_free(&removal);
	expect_found(f, id, id);
	assert_int_equal(entries_in(f, "images"), 1);
}

/* An import that is killed leaves nothing in images/, and the next command takes its remains away;
 * one that lives is left alone. */
static void test_import_killed(void **state)
{
	struct fixture *f = *state;
	int stalled[2], status;
	int64_t end = clock_boot() + PATIENCE_MS * INT64_C(1000000);
	struct image image;
	pid_t child;

	assert_int_equal(pipe(stalled), 0);
	child = fork();
	if (child == 0) {
		dup2(stalled[0], STDIN_FILENO);
		close(stalled[1]);
		_exit(image_import(&f->store, "-", "web", NULL, NULL, &image, NULL) != 0);
	}
	while (!entries_in(f, "tmp") && clock_boot() < end)
		poll(NULL, 0, 5);
	/* past mkdir, so the lock is held or about to be: scratch_sweep() waits for that */
	scratch_sweep(&f->store);
	assert_int_equal(entries_in(f, "tmp"), 1);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(entries_in(f, "images"), 0);
	do /* a runpod-unpack that was just being started holds the lock until its execve */
		scratch_sweep(&f->store);
	while (entries_in(f, "tmp") && clock_boot() < end && !poll(NULL, 0, 5));
	assert_int_equal(entries_in(f, "tmp"), 0);
	close(stalled[0]);
	close(stalled[1]);
}

static void wait_all(const pid_t *children, int n)
{
	int failed = 0;

	for (int i = 0; i < n; i++) {
		int status;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		failed += status != 0;
	}
	assert_int_equal(failed, 0);
}

/* Eight taggers of one image, and a reader that must always find it whole. */
static void test_tag_race(void **state)
{
	struct fixture *f = *state;
	cleanup_free char *id = import(f, "one", "one");
	struct image image;
	pid_t children[9];

	for (int i = 0; i < 8; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			for (int j = 0; j < 10; j++) {
				cleanup_free char *name = text_format("n%d-%d", i, j);

				if (image_tag(&f->store, id, name, NULL))
					_exit(1);
			}
			_exit(0);
		}
	}
	children[8] = fork();
	if (children[8] == 0) {
		for (int j = 0; j < 300; j++) {
			struct image seen;

			if (image_find(&f->store, "one", &seen, NULL))
				_exit(1);
			image_free(&seen);
		}
		_exit(0);
	}
	wait_all(children, 9);
	assert_int_equal(image_find(&f->store, id, &image, NULL), 0);
	assert_int_equal(image.names.n, 81);
	image_free(&image);
}

/* Two imports of one archive, and two makers of busybox, at once: all succeed, one image each. */
static void test_import_race(void **state)
{
	struct fixture *f = *state;
	cleanup_free char *tar = archive(f, "a.tar", "hi");
	pid_t children[4];
	struct image image;

	for (int i = 0; i < 4; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			cleanup_free char *name = text_format("n%d", i);

			_exit(i < 2 ? image_import(&f->store, tar, name, NULL, NULL, &image, NULL) != 0
				    : image_find(&f->store, "busybox", &image, NULL) != 0);
		}
	}
	wait_all(children, 4);
	assert_int_equal(entries_in(f, "images"), 2);
	assert_int_equal(entries_in(f, "tmp"), 0);
	assert_int_equal(image_find(&f->store, "n0", &image, NULL), 0);
	assert_int_equal(image.names.n, 2);
	image_free(&image);
}

/* runpod-unpack lies one or two directories above the test programs. */
static void extend_path(void)
{
	char self[PATH_MAX] = "";
	cleanup_free char *path = NULL;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return;
	dirname(self);
	path = text_format("%s/..:%s/../..:%s", self, self, getenv("PATH"));
	setenv("PATH", path, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fixture_test(test_import),	   fixture_test(test_names_move),
		fixture_test(test_find),	   fixture_test(test_damaged),
		fixture_test(test_import_refused), fixture_test(test_tag),
		fixture_test(test_remove),	   fixture_test(test_remove_by_id_forced),
		fixture_test(test_builtin),	   fixture_test(test_busybox),
		fixture_test(test_import_killed),  fixture_test(test_tag_race),
		fixture_test(test_import_race),
	};

	extend_path();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
