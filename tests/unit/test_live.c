/*
 * test_live: what is written to a screen of a certain size.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/live.h"

#define K "\033[K"
#define J "\033[J"

static void test_fit(void **state)
{
	static const struct {
		const char *text;
		int rows, columns;
		const char *screen;
	} rows[] = {
		{ "", 2, 9, J },
		{ "one\n", 2, 9, K "one\r\n" J },
		{ "one", 2, 9, K "one\r\n" J },
		{ "one\ntwo\n", 2, 9, K "one\r\n" K "two" }, /* full: a newline would scroll */
		{ "one\ntwo\nthree\n", 2, 9, K "one\r\n" K "two" },
		{ "123456789\n", 1, 9, K "123456789" },
		{ "1234567890\n", 1, 9, K "123456789" },
		{ "5µs5µs\n", 1, 4, K "5µs5" }, /* a character is not cut in two */
		{ "5µsµ\n", 1, 3, K "5µs" },
		{ "a\n\nb\n", 9, 9, K "a\r\n" K "\r\n" K "b\r\n" J },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf screen = { 0 };

		live_fit(rows[i].text, rows[i].rows, rows[i].columns, &screen);
		assert_string_equal(screen.data, rows[i].screen);
		buf_free(&screen);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_fit) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
