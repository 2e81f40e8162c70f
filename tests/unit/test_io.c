/*
 * io: whole reads and writes, files put in place in one step, trees removed
 * without leaving them, descriptors sent over a socket.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"

static int root = -1; /* a directory of this run */
static char root_path[] = "/tmp/test_io.XXXXXX";

static int set_up(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(root_path));
	root = open(root_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return root < 0;
}

static int tear_down(void **state)
{
	(void)state;
	close(root);
	return io_remove_tree(AT_FDCWD, root_path, NULL);
}

static void assert_file(const char *path, const char *text)
{
	struct buf file = { 0 };
	struct err err;

	assert_int_equal(io_read_file(root, path, 1000, &file, &err), 0);
	assert_string_equal(file.data, text);
	buf_free(&file);
}

static void test_replace_and_read(void **state)
{
	struct buf file = { 0 };
	struct err err;
	struct stat stat;

	(void)state;
	assert_int_equal(io_replace_file(root, "f", "one", 3, 0640, &err), 0);
	assert_file("f", "one");
	assert_int_equal(io_replace_file(root, "f", "", 0, 0640, &err), 0);
	assert_file("f", "");
	assert_int_equal(fstatat(root, "f", &stat, 0), 0);
	assert_int_equal(stat.st_mode & 0777, 0640);
	assert_int_equal(io_read_file(root, "none", 10, &file, &err), -ENOENT);
	assert_string_equal(err.text, "open none: No such file or directory");
	assert_int_equal(io_replace_file(root, "no/f", "x", 1, 0600, &err), -ENOENT);
	assert_int_equal(io_replace_file(root, "f", "0123456789", 10, 0640, &err), 0);
	assert_int_equal(io_read_file(root, "f", 9, &file, &err), -EFBIG);
	assert_string_equal(err.text, "read f: File too large");
	buf_free(&file);
	unlinkat(root, "f", 0);
}

static void test_write_kernel(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(io_replace_file(root, "k", "old", 3, 0600, &err), 0);
	assert_int_equal(io_write_kernel(root, "k", "new", &err), 0);
	assert_file("k", "new");
	assert_int_equal(io_write_kernel(root, "absent", "x", &err), -ENOENT); /* makes none */
	assert_int_equal(symlinkat("k", root, "link"), 0);
	assert_int_equal(io_write_kernel(root, "link", "x", &err), -ELOOP); /* follows none */
	assert_file("k", "new");
	unlinkat(root, "link", 0);
	unlinkat(root, "k", 0);
}

static void test_make_dirs(void **state)
{
	struct err err;
	struct stat stat;

	(void)state;
	assert_int_equal(io_make_dirs(root, "a/b/c", 0750, &err), 0);
	assert_int_equal(io_make_dirs(root, "a/b/c", 0750, &err), 0);
	assert_int_equal(fstatat(root, "a/b/c", &stat, 0), 0);
	assert_true(S_ISDIR(stat.st_mode));
	assert_int_equal(io_replace_file(root, "plain", "", 0, 0600, &err), 0);
	assert_int_equal(io_make_dirs(root, "plain/x", 0750, &err), -ENOTDIR);
	unlinkat(root, "plain", 0);
	assert_int_equal(io_remove_tree(root, "a", &err), 0);
}

static void test_remove_tree(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(io_make_dirs(root, "keep", 0700, &err), 0);
	assert_int_equal(io_replace_file(root, "keep/file", "x", 1, 0600, &err), 0);
	assert_int_equal(io_make_dirs(root, "tree/sub/deep", 0700, &err), 0);
	assert_int_equal(io_replace_file(root, "tree/sub/f", "x", 1, 0600, &err), 0);
	assert_int_equal(symlinkat("../keep", root, "tree/link"), 0);
	assert_int_equal(symlinkat("/", root, "tree/slash"), 0);
	assert_int_equal(fchmodat(root, "tree/sub/deep", 0, 0), 0);
	assert_int_equal(io_remove_tree(root, "tree", &err), 0);
	assert_int_equal(faccessat(root, "tree", F_OK, 0), -1);
	assert_file("keep/file", "x"); /* what a link points at is not ours */
	assert_int_equal(symlinkat("keep", root, "top"), 0);
	assert_int_equal(io_remove_tree(root, "top", &err), 0); /* the link itself */
	assert_file("keep/file", "x");
	assert_int_equal(io_remove_tree(root, "never-there", &err), 0);
	assert_int_equal(io_remove_tree(root, "keep", &err), 0);
}

static void test_send_fds(void **state)
{
	int pair[2], ends[2], fds[2] = { -1, -1 }, spare = -1;
	char word[8] = "";
	size_t n = 2;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(io_send(pair[0], "hello", 6, ends, 2), 0);
	assert_int_equal(io_receive(pair[1], word, sizeof(word), fds, &n), 6);
	assert_string_equal(word, "hello");
	assert_int_equal(n, 2);
	assert_true(fcntl(fds[0], F_GETFD) & FD_CLOEXEC);
	assert_int_equal(io_write_all(fds[1], "x", 1), 0); /* the same pipe */
	assert_int_equal(read(ends[0], word, 1), 1);
	close(fds[0]);
	close(fds[1]);

	spare = dup(0); /* the lowest free number: it must be free again afterwards */
	close(spare);
	assert_int_equal(io_send(pair[0], "more", 5, ends, 2), 0);
	n = 0; /* descriptors nobody asked for are closed, not leaked */
	assert_int_equal(io_receive(pair[1], word, sizeof(word), NULL, &n), 5);
	assert_int_equal(n, 0);
	fds[0] = dup(0);
	assert_int_equal(fds[0], spare);
	close(fds[0]);

	assert_int_equal(io_send(pair[0], "123456789", 9, NULL, 0), 0);
	assert_int_equal(io_receive(pair[1], word, sizeof(word), NULL, NULL), -EMSGSIZE);
	assert_int_equal(io_send(pair[0], "x", 1, ends, IO_MAX_FDS + 1), -E2BIG);
	close(pair[0]);
	assert_int_equal(io_receive(pair[1], word, sizeof(word), NULL, NULL), 0); /* end of file */
	close(pair[1]);
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replace_and_read), cmocka_unit_test(test_write_kernel),
		cmocka_unit_test(test_make_dirs),	 cmocka_unit_test(test_remove_tree),
		cmocka_unit_test(test_send_fds),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
