/*
 * env: where each variable comes from, and which one wins.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "spec/env.h"

static char *const caller[] = { "HOME=/root", "PRE_A=1", "PRE_B=2", "PREFIX=3", "EMPTY=", "odd", NULL };

static void test_add(void **state)
{
	static const struct {
		const char *text;
		const char *env; /* joined with | */
		const char *error;
	} rows[] = {
		{ "A=1", "A=1", "" },
		{ "A=", "A=", "" },
		{ "A=b=c d", "A=b=c d", "" },
		{ "HOME", "HOME=/root", "" },
		{ "EMPTY", "EMPTY=", "" },
		{ "ABSENT", "", "" },
		{ "HOM", "", "" }, /* not a prefix without a star */
		{ "PRE_*", "PRE_A=1|PRE_B=2", "" },
		{ "PRE*", "PRE_A=1|PRE_B=2|PREFIX=3", "" },
		{ "odd", "", "" }, /* no variable */
		{ "P*=1", "P*=1", "" },
		{ "*", "HOME=/root|PRE_A=1|PRE_B=2|PREFIX=3|EMPTY=", "" },
		{ "", "", "invalid variable: \"\"" },
		{ "=A", "", "invalid variable: \"=A\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct strv env = { 0 };
		struct err err = { 0 };
		char *joined;

		print_message("-e '%s'\n", rows[i].text);
		assert_int_equal(env_add(&env, rows[i].text, caller, &err), *rows[i].error ? -EINVAL : 0);
		joined = strv_join(&env, "|");
		assert_string_equal(joined, rows[i].env);
		assert_string_equal(err.text, rows[i].error);
		free(joined);
		strv_free(&env);
	}
}

/* A file of that text under a new name. */
static void make_file(char path[32], const char *text, size_t length)
{
	int fd;

	strcpy(path, "/tmp/test_env.XXXXXX");
	fd = mkostemp(path, O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(io_write_all(fd, text, length), 0);
	close(fd);
}

static void test_file(void **state)
{
	static const char text[] = "# a comment\n"
				   "\n"
				   "   \t\n"
				   "A=1\n"
				   "  B=two words \n"
				   "C=\"quoted\"\n"
				   "HOME\n"
				   "ABSENT\n"
				   "PRE_*\n"
				   " #HASH=1\n"
				   "D=with # in it\n"
				   "W=windows\r\n"
				   "A=again\n"
				   "LAST=no newline";
	struct strv env = { 0 };
	struct err err;
	char path[32], *joined;

	(void)state;
	make_file(path, text, sizeof(text) - 1);
	assert_int_equal(env_read_file(&env, path, caller, &err), 0);
	unlink(path);
	joined = strv_join(&env, "|");
	assert_string_equal(joined, "A=again|B=two words |C=\"quoted\"|HOME=/root|PRE_A=1|PRE_B=2|"
				    "D=with # in it|W=windows|LAST=no newline");
	free(joined);
	strv_free(&env);
}

static void test_file_errors(void **state)
{
	struct strv env = { 0 };
	char path[32], expected[100];
	struct err err;

	(void)state;
	assert_int_equal(env_read_file(&env, "/no/such", caller, &err), -ENOENT);
	assert_string_equal(err.text, "parsing file \"/no/such\": open /no/such: No such file or directory");
	make_file(path, "A=1\n=2\n", 7);
	assert_int_equal(env_read_file(&env, path, caller, &err), -EINVAL);
	snprintf(expected, sizeof(expected), "parsing file \"%s\": invalid variable: \"=2\"", path);
	assert_string_equal(err.text, expected);
	unlink(path);
	make_file(path, "A=1\0B=2\n", 8);
	assert_int_equal(env_read_file(&env, path, caller, &err), -EINVAL);
	snprintf(expected, sizeof(expected), "parsing file \"%s\": a NUL byte in it", path);
	assert_string_equal(err.text, expected);
	unlink(path);
	strv_free(&env);
}

static void test_compose(void **state)
{
	struct strv files = { 0 }, asked = { 0 }, env = { 0 };
	char first[32], second[32], *joined;

	(void)state;
	make_file(first, "A=file1\nB=file1\n", 16);
	make_file(second, "B=file2\nC=file2\n", 16);
	strv_add(&files, first);
	strv_add(&files, second);
	strv_add(&asked, "C=asked");
	strv_add(&asked, "HOME");
	strv_add(&env, "A=before");
	assert_int_equal(env_compose(&files, &asked, caller, &env, NULL), 0);
	unlink(first);
	unlink(second);
	joined = strv_join(&env, "|");
	assert_string_equal(joined, "A=file1|B=file2|C=asked|HOME=/root");
	free(joined);
	strv_free(&files);
	strv_free(&asked);
	strv_free(&env);
}

static void test_labels(void **state)
{
	struct strv files = { 0 }, labels = { 0 };
	struct err err;
	char path[32], *joined;

	(void)state;
	make_file(path, "a=file\nHOME\nb=x y\n", 18);
	strv_add(&files, path);
	strv_add(&labels, "a=asked");
	assert_int_equal(labels_read_files(&files, &labels, &err), 0);
	unlink(path);
	joined = strv_join(&labels, "|");
	assert_string_equal(joined, "a=asked|HOME=|b=x y");
	free(joined);
	assert_int_equal(labels_read_files(&files, &labels, &err), -ENOENT);
	assert_int_equal(labels.n, 3); /* as it was */
	strv_free(&files);
	strv_free(&labels);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),	    cmocka_unit_test(test_file),
		cmocka_unit_test(test_file_errors), cmocka_unit_test(test_compose),
		cmocka_unit_test(test_labels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
