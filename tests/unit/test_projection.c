/* projection: which files, how they lie, and that they change all at once. */
#include "store_fixture.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "pod/projection.h"
#include "store/object.h"

static char pod_id[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
static char *labels[] = { "app=shop", NULL };
static const struct pod_record pod = { .id = pod_id, .spec = { .name = "web", .labels = { labels, 1 } } };

static void put(const struct fixture *f, const char *kind, const char *name, const char *const *pairs)
{
	struct object object = { .kind = kind, .name = text_dup(name) };

	for (; *pairs; pairs += 2)
		assert_int_equal(object_add(&object, pairs[0], pairs[1], strlen(pairs[1]), false, NULL), 0);
	assert_int_equal(object_put(&f->store, &object, false, NULL, NULL), 0);
	object_free(&object);
}

static int collect(const struct fixture *f, const struct pod_volume *volume, struct projected *files,
		   struct err *err)
{
	struct downward about;
	int code;

	assert_int_equal(downward_open(&pod, "10.88.0.2", &about, NULL), 0);
	code = projection_collect(&f->store, volume, &about, files, err);
	downward_close(&about);
	return code;
}

/* "path=bytes:mode …" */
static void assert_files(const struct fixture *f, const struct pod_volume *volume, const char *expected)
{
	struct projected files;
	struct err err = { 0 };
	struct buf text = { 0 };

	if (collect(f, volume, &files, &err))
		fail_msg("%s", err.text);
	buf_text(&text, "");
	for (size_t i = 0; i < files.n; i++)
		buf_format(&text, "%s%s=%s:%o", i ? " " : "", files.v[i].path, files.v[i].bytes,
			   files.v[i].mode);
	assert_string_equal(text.data, expected);
	buf_free(&text);
	projected_free(&files);
}

static void test_collect(void **state)
{
	struct fixture *f = *state;
	struct projection_item items[] = { { .key = "b", .path = "etc/b.conf", .mode = 0400 },
					   { .key = "a", .path = "a", .mode = -1 } };
	struct projection_item fields[] = {
		{ .key = "metadata.labels", .path = "labels", .mode = -1 },
		{ .key = "limits.memory", .ctr = "app", .divisor = "1E", .path = "a", .mode = 0600 }
	};
	struct projection sources[] = { { .kind = "configmap", .object = "c" },
					{ .kind = "secret", .object = "s" },
					{ .kind = "downward", .items = { fields, 2 } } };
	struct pod_volume volume = { .name = "v", .kind = "projection", .sources = { sources, 1 } };
	struct projected files;
	struct err err = { 0 };

	assert_int_equal(collect(f, &volume, &files, &err), -ENOENT);
	assert_string_equal(err.text, "configmap \"c\" not found");
	sources[0].optional = true;
	assert_files(f, &volume, "");
	sources[0].optional = false;

	put(f, OBJECT_CONFIGMAP, "c", (const char *const[]){ "a", "1", "b", "2", NULL });
	put(f, OBJECT_SECRET, "s", (const char *const[]){ "b", "secret", NULL });
	assert_files(f, &volume, "a=1:644 b=2:644");
	volume.mode = 0440;
	assert_files(f, &volume, "a=1:440 b=2:440");
	sources[0].items = (struct projection_item_list){ items, 2 };
	assert_files(f, &volume, "etc/b.conf=2:400 a=1:440");
	volume.sources.n = 3; /* a later source's file takes the place of an earlier one's */
	assert_files(f, &volume, "etc/b.conf=2:400 a=1:600 b=secret:440 labels=app=\"shop\":440");

	items[1].key = "none";
	assert_int_equal(collect(f, &volume, &files, &err), -EINVAL);
	assert_string_equal(err.text, "configmap references non-existent config key: none");
	sources[0].optional = true;
	assert_files(f, &volume, "etc/b.conf=2:400 b=secret:440 labels=app=\"shop\":440 a=1:600");
	sources[1].items = (struct projection_item_list){ items + 1, 1 };
	assert_int_equal(collect(f, &volume, &files, &err), -EINVAL);
	assert_string_equal(err.text, "references non-existent secret key: none");
}

static int open_volume(const struct fixture *f)
{
	assert_int_equal(io_make_dirs(f->store.run_fd, "v", 0755, NULL), 0);
	return io_open(f->store.run_fd, "v", O_RDONLY | O_DIRECTORY, NULL);
}

/* Writes files "path=bytes", separated by blanks, all of mode 0640. */
static int write_files(int dir, const char *text, struct err *err)
{
	struct projected files = { 0 };
	struct strv list = { 0 };
	int code;

	strv_split(&list, text, ' ');
	files.v = mem_zalloc((list.n + 1) * sizeof(*files.v));
	for (; files.n < list.n; files.n++) {
		char *equal = strchr(list.v[files.n], '=');

		files.v[files.n] =
			(struct projected_file){ .path = text_ndup(list.v[files.n],
								   (size_t)(equal - list.v[files.n])),
						 .bytes = text_dup(equal + 1),
						 .length = strlen(equal + 1),
						 .mode = 0640 };
	}
	code = projection_write(dir, &files, 0, err);
	projected_free(&files);
	strv_free(&list);
	return code;
}

static void put_files(int dir, const char *text)
{
	struct err err = { 0 };

	if (write_files(dir, text, &err))
		fail_msg("%s", err.text);
}

static int by_text(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The names in the directory, in order; the timestamp's is "..T". */
static void assert_names(int dir, const char *expected)
{
	DIR *entries = fdopendir(openat(dir, ".", O_RDONLY | O_DIRECTORY));
	struct strv names = { 0 };
	struct dirent *entry;
	cleanup_free char *text = NULL;

	while ((entry = readdir(entries)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			strv_add(&names, text_starts(entry->d_name, "..2") ? "..T" : entry->d_name);
	closedir(entries);
	qsort(names.v, names.n, sizeof(*names.v), by_text);
	text = strv_join(&names, " ");
	assert_string_equal(text, expected);
	strv_free(&names);
}

static void assert_content(int dir, const char *path, const char *expected)
{
	struct buf bytes = { 0 };

	assert_int_equal(io_read_file(dir, path, 1 << 20, &bytes, NULL), 0);
	assert_string_equal(bytes.data ? bytes.data : "", expected);
	buf_free(&bytes);
}

static void assert_link(int dir, const char *path, const char *expected)
{
	char target[128] = "";

	assert_true(readlinkat(dir, path, target, sizeof(target) - 1) > 0);
	assert_string_equal(target, expected);
}

static void test_layout(void **state)
{
	cleanup_fd int dir = open_volume(*state);
	char target[128] = "";
	struct stat stat;

	put_files(dir, "a=1 etc/deep/b=2 etc/c=");
	assert_names(dir, "..T ..data a etc");
	assert_link(dir, "a", "..data/a");
	assert_link(dir, "etc", "..data/etc");
	assert_true(readlinkat(dir, "..data", target, sizeof(target) - 1) > 0);
	/* ..2026_01_02_03_04_05.123456789 */
	assert_int_equal(strlen(target), 31);
	assert_int_equal(strspn(target, "._0123456789"), 31);
	assert_content(dir, "a", "1");
	assert_content(dir, "etc/deep/b", "2");
	assert_content(dir, "etc/c", "");
	assert_int_equal(fstatat(dir, "a", &stat, 0), 0);
	assert_int_equal(stat.st_mode, S_IFREG | 0640);
	assert_int_equal(fstatat(dir, "..data/etc", &stat, 0), 0);
	assert_int_equal(stat.st_mode, S_IFDIR | 0755);
}

static void test_update(void **state)
{
	cleanup_fd int dir = open_volume(*state), old = -1;
	char before[128] = "", after[128] = "";

	put_files(dir, "a=1 b=1");
	assert_true(readlinkat(dir, "..data", before, sizeof(before) - 1) > 0);
	put_files(dir, "a=1 b=1"); /* the same: nothing is touched */
	assert_true(readlinkat(dir, "..data", after, sizeof(after) - 1) > 0);
	assert_string_equal(before, after);

	old = openat(dir, "a", O_RDONLY);
	put_files(dir, "a=2 c=2");
	assert_names(dir, "..T ..data a c");
	assert_content(dir, "a", "2");
	assert_int_equal(read(old, after, 1), 1); /* who has it open goes on with the old one */
	assert_int_equal(after[0], '1');

	put_files(dir, "a=2"); /* one that goes is a change too */
	assert_names(dir, "..T ..data a");
	put_files(dir, "a/x=2"); /* a file becomes a directory */
	assert_content(dir, "a/x", "2");
	put_files(dir, "");
	assert_names(dir, "..T ..data");
}

/* What goes wrong half-way leaves the old files, and nothing else. */
static void test_failure(void **state)
{
	cleanup_fd int dir = open_volume(*state);
	struct err err = { 0 };

	put_files(dir, "a=1");
	assert_true(write_files(dir, "a=2 b=2 b/c=2", &err) < 0);
	assert_names(dir, "..T ..data a");
	assert_content(dir, "a", "1");
	/* what a killed writer left is swept by the next */
	assert_int_equal(mkdirat(dir, "..2020_01_01_00_00_00.000000000", 0755), 0);
	assert_int_equal(symlinkat("nowhere", dir, "..data_tmp"), 0);
	put_files(dir, "a=3");
	assert_names(dir, "..T ..data a");
	assert_content(dir, "a", "3");
}

static void test_no_way_out(void **state)
{
	static const char *const paths[] = { "../x=1", "a/../../x=1", "/x=1", "../../x/y=1" };
	struct fixture *f = *state;
	cleanup_fd int dir = open_volume(f);

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		write_files(dir, paths[i], NULL);
		assert_int_equal(faccessat(f->store.run_fd, "x", F_OK, AT_SYMLINK_NOFOLLOW), -1);
		assert_int_equal(access("/x", F_OK), -1);
	}
}

static void test_group(void **state)
{
	cleanup_fd int dir = open_volume(*state);
	struct projected_file file = { .path = "a", .bytes = "1", .length = 1, .mode = 0400 };
	const struct projected files = { &file, 1 };
	struct stat stat;
	gid_t group = getegid() ? getegid() : 4242;

	assert_int_equal(projection_write(dir, &files, group, NULL), 0);
	assert_int_equal(fstatat(dir, "a", &stat, 0), 0);
	assert_int_equal(stat.st_mode, S_IFREG | 0440); /* the group may read */
	assert_int_equal(stat.st_gid, group);
	assert_int_equal(fstatat(dir, "..data", &stat, 0), 0);
	assert_int_equal(stat.st_gid, group);
	assert_int_equal(projection_write(dir, &files, group, NULL), 0);
}

/* Reads both files through one directory: they must be of one writing. It may be swept away between the link and
 * the file; but the link is there at every moment. Ends at SIGTERM; status 1: half an update, 2: no link. */
static void read_both(int dir)
{
	for (;;) {
		cleanup_fd int data = openat(dir, "..data", O_RDONLY | O_DIRECTORY);
		struct buf a = { 0 }, b = { 0 };
		char target[64];

		if (readlinkat(dir, "..data", target, sizeof(target)) < 0)
			_exit(2);
		if (data >= 0 && !io_read_file(data, "a", 64, &a, NULL) &&
		    !io_read_file(data, "b", 64, &b, NULL) && strcmp(a.data, b.data))
			_exit(1);
		buf_free(&a);
		buf_free(&b);
	}
}

static void test_atomic(void **state)
{
	cleanup_fd int dir = open_volume(*state);
	pid_t readers[2];
	int status;

	put_files(dir, "a=start b=start");
	for (int i = 0; i < 2; i++) {
		readers[i] = fork();
		assert_true(readers[i] >= 0);
		if (!readers[i])
			read_both(dir);
	}
	for (int i = 0; i < 1000; i++) {
		cleanup_free char *text = text_format("a=%d b=%d", i, i);

		put_files(dir, text);
	}
	for (int i = 0; i < 2; i++) {
		assert_int_equal(kill(readers[i], SIGTERM), 0);
		assert_int_equal(waitpid(readers[i], &status, 0), readers[i]);
		assert_true(WIFSIGNALED(status));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fixture_test(test_collect), fixture_test(test_layout),	   fixture_test(test_update),
		fixture_test(test_failure), fixture_test(test_no_way_out), fixture_test(test_group),
		fixture_test(test_atomic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
