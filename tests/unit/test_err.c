/*
 * err: how a message grows from the call that failed to the one who prints it.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

static void test_building(void **state)
{
	struct err err;
	int code;

	(void)state;
	code = err_set(&err, ENOENT, "open %s", "/x");
	assert_int_equal(code, -ENOENT);
	assert_string_equal(err.text, "open /x: No such file or directory");
	assert_int_equal(err_context(&err, code, "read image %d", 7), -ENOENT);
	assert_string_equal(err.text, "read image 7: open /x: No such file or directory");
	assert_int_equal(err_hint(&err, code, "try %s", "again"), -ENOENT);
	assert_string_equal(err.text, "read image 7: open /x: No such file or directory (try again)");
	assert_int_equal(err.status, 0);
	assert_int_equal(err_status(&err, code, EXIT_NOT_FOUND), -ENOENT);
	assert_int_equal(err.status, 127);
}

static void test_input(void **state)
{
	struct err err = { .status = 3 };

	(void)state;
	assert_int_equal(err_set(&err, 0, "bad \"%s\"", "x"), -EINVAL);
	assert_string_equal(err.text, "bad \"x\"");
	assert_int_equal(err.status, 0); /* a new error forgets the old one's */
}

static void test_nobody_listens(void **state)
{
	(void)state;
	assert_int_equal(err_set(NULL, EPERM, "x"), -EPERM);
	assert_int_equal(err_set(NULL, 0, "x"), -EINVAL);
	assert_int_equal(err_context(NULL, -5, "x"), -5);
	assert_int_equal(err_hint(NULL, -5, "x"), -5);
	assert_int_equal(err_status(NULL, -5, 1), -5);
}

static void test_too_long(void **state)
{
	char word[2 * ERR_TEXT_MAX];
	struct err err;

	(void)state;
	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	assert_int_equal(err_set(&err, EIO, "%s", word), -EIO);
	assert_int_equal(strlen(err.text), ERR_TEXT_MAX - 1);
	assert_int_equal(err_context(&err, -EIO, "outer"), -EIO);
	assert_int_equal(strlen(err.text), ERR_TEXT_MAX - 1);
	assert_memory_equal(err.text, "outer: xxx", 10);
	assert_int_equal(err_hint(&err, -EIO, "hint"), -EIO);
	assert_int_equal(strlen(err.text), ERR_TEXT_MAX - 1);
	/* one that nearly fits is cut, and closed */
	assert_int_equal(err_set(&err, 0, "%.*s", ERR_TEXT_MAX - 10, word), -EINVAL);
	err_hint(&err, -EINVAL, "%s", word);
	assert_true(strlen(err.text) < ERR_TEXT_MAX);
	assert_int_equal(err.text[strlen(err.text) - 1], ')');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_building),
		cmocka_unit_test(test_input),
		cmocka_unit_test(test_nobody_listens),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
