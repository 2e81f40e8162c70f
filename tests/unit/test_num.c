/*
 * num: every text gives the number beside it, or the errno.
 */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/num.h"

#define SECOND	    INT64_C(1000000000)
#define ROWS(table) (sizeof(table) / sizeof(*(table)))

static void test_u64(void **state)
{
	static const struct {
		const char *text;
		uint64_t max;
		int code;
		uint64_t number;
	} rows[] = {
		{ "0", 10, 0, 0 },
		{ "10", 10, 0, 10 },
		{ "007", 10, 0, 7 },
		{ "11", 10, -ERANGE, 0 },
		{ "18446744073709551615", UINT64_MAX, 0, UINT64_MAX },
		{ "18446744073709551616", UINT64_MAX, -ERANGE, 0 },
		{ "99999999999999999999999", UINT64_MAX, -ERANGE, 0 },
		{ "", 10, -EINVAL, 0 },
		{ " 1", 10, -EINVAL, 0 },
		{ "1 ", 10, -EINVAL, 0 },
		{ "+1", 10, -EINVAL, 0 },
		{ "-1", 10, -EINVAL, 0 },
		{ "0x1", 10, -EINVAL, 0 },
		{ "1.0", 10, -EINVAL, 0 },
		{ "\xd9\xa1", 10, -EINVAL, 0 }, /* an Arabic digit */
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		uint64_t number = 0;

		print_message("\"%s\"\n", rows[i].text);
		assert_int_equal(num_u64(rows[i].text, rows[i].max, &number), rows[i].code);
		assert_true(number == rows[i].number);
	}
}

static void test_i64(void **state)
{
	static const struct {
		const char *text;
		int code;
		int64_t number;
	} rows[] = {
		{ "5", 0, 5 },		 { "-5", 0, -5 },     { "-0", 0, 0 },	     { "1001", -ERANGE, 0 },
		{ "-1001", -ERANGE, 0 }, { "-", -EINVAL, 0 }, { "--5", -EINVAL, 0 }, { "", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		int64_t number = 0;

		print_message("\"%s\"\n", rows[i].text);
		assert_int_equal(num_i64(rows[i].text, -1000, 1000, &number), rows[i].code);
		assert_true(number == rows[i].number);
	}
}

static void test_size(void **state)
{
	static const struct {
		const char *text;
		int code;
		int64_t bytes;
	} rows[] = {
		{ "0", 0, 0 },
		{ "1024", 0, 1024 },
		{ "10b", 0, 10 },
		{ "64k", 0, 65536 },
		{ "64K", 0, 65536 },
		{ "64m", 0, 67108864 },
		{ "64MB", 0, 67108864 },
		{ "64MiB", 0, 67108864 },
		{ "1.5g", 0, 1610612736 },
		{ "2t", 0, INT64_C(2199023255552) },
		{ "", -EINVAL, 0 },
		{ "m", -EINVAL, 0 },
		{ "-1", -EINVAL, 0 },
		{ "1x", -EINVAL, 0 },
		{ "1 m", -EINVAL, 0 },
		{ "1mm", -EINVAL, 0 },
		{ "10bi", -EINVAL, 0 },
		{ "9223372036854775807", 0, INT64_MAX },
		{ "9223372036854775808", -ERANGE, 0 },
		{ "9999999999t", -ERANGE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		int64_t bytes = 0;

		print_message("\"%s\"\n", rows[i].text);
		assert_int_equal(num_size(rows[i].text, &bytes), rows[i].code);
		assert_true(bytes == rows[i].bytes);
	}
}

static void test_size_decimal(void **state)
{
	static const struct {
		const char *text;
		int code;
		int64_t bytes;
	} rows[] = {
		{ "8000", 0, 8000 },	 { "64k", 0, 64000 },	     { "3.017m", 0, 3017000 },
		{ "10MB", 0, 10000000 }, { "2T", 0, 2000000000000 }, { "9999999999t", -ERANGE, 0 },
		{ "1x", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		int64_t bytes = 0;

		print_message("\"%s\"\n", rows[i].text);
		assert_int_equal(num_size_decimal(rows[i].text, &bytes), rows[i].code);
		assert_true(bytes == rows[i].bytes);
	}
}

static void test_duration(void **state)
{
	static const struct {
		const char *text;
		int code;
		int64_t nanoseconds;
	} rows[] = {
		{ "10", 0, 10 * SECOND },
		{ "0", 0, 0 },
		{ "1.5", 0, SECOND * 3 / 2 },
		{ "1.5s", 0, SECOND * 3 / 2 },
		{ "2m30s", 0, 150 * SECOND },
		{ "1h", 0, 3600 * SECOND },
		{ "100ms", 0, SECOND / 10 },
		{ "3us", 0, 3000 },
		{ "7ns", 0, 7 },
		{ "1h1m1s1ms", 0, 3661 * SECOND + SECOND / 1000 },
		{ "", -EINVAL, 0 },
		{ "s", -EINVAL, 0 },
		{ "1s5", -EINVAL, 0 },
		{ "1d", -EINVAL, 0 },
		{ "-1s", -EINVAL, 0 },
		{ "9999999999999h", -ERANGE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		int64_t nanoseconds = 0;

		print_message("\"%s\"\n", rows[i].text);
		assert_int_equal(num_duration(rows[i].text, &nanoseconds), rows[i].code);
		if (!rows[i].code)
			assert_true(nanoseconds == rows[i].nanoseconds);
	}
}

static void test_clocks(void **state)
{
	int64_t wall = clock_wall(), boot = clock_boot();

	(void)state;
	assert_true(wall > INT64_C(1700000000) * SECOND); /* later than 2023 */
	assert_true(boot > 0 && boot < wall);
	assert_true(clock_boot() >= boot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_u64),	 cmocka_unit_test(test_i64),
		cmocka_unit_test(test_size),	 cmocka_unit_test(test_size_decimal),
		cmocka_unit_test(test_duration), cmocka_unit_test(test_clocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
