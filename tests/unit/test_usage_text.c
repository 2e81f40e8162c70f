/*
 * test_usage_text: counters as docker's and podman's users read them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "cli/usage_text.h"

static void check(char *text, const char *wanted)
{
	assert_string_equal(text, wanted);
	free(text);
}

static void test_size(void **state)
{
	static const struct {
		int64_t bytes;
		const char *decimal, *iec;
	} rows[] = {
		{ -1, "--", "--" },
		{ 0, "0B", "0B" },
		{ 999, "999B", "999B" },
		{ 1000, "1kB", "1000B" },
		{ 1023, "1.023kB", "1023B" },
		{ 1024, "1.024kB", "1KiB" },
		{ 1536, "1.536kB", "1.5KiB" },
		{ 64000000, "64MB", "61.04MiB" },
		{ 67108864, "67.11MB", "64MiB" },
		{ 1234567, "1.235MB", "1.177MiB" },
		{ 33554432000, "33.55GB", "31.25GiB" },
		{ INT64_C(5000000000000), "5TB", "4.547TiB" },
		{ INT64_C(7000000000000000), "7PB", "6.217PiB" },
		{ INT64_MAX, "9.223EB", "8EiB" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		check(usage_size(rows[i].bytes), rows[i].decimal);
		check(usage_size_iec(rows[i].bytes), rows[i].iec);
	}
}

static void test_pair(void **state)
{
	(void)state;
	check(usage_pair(1000, 2500, usage_size), "1kB / 2.5kB");
	check(usage_pair(1024, 0, usage_size_iec), "1KiB / 0B");
	check(usage_pair(0, 0, usage_size), "0B / 0B");
	check(usage_pair(-1, 2500, usage_size), "-- / --");
	check(usage_pair(1000, -1, usage_size), "-- / --");
}

static void test_percent(void **state)
{
	(void)state;
	check(usage_percent(1, 2), "50.00%");
	check(usage_percent(0, 2), "0.00%");
	check(usage_percent(3, 2), "150.00%"); /* of two CPUs */
	check(usage_percent(1, 3), "33.33%");
	check(usage_percent(INT64_MAX / 2, INT64_MAX), "50.00%");
	check(usage_percent(-1, 2), "--");
	check(usage_percent(1, 0), "--");
	check(usage_percent(1, -1), "--");
}

static void test_count(void **state)
{
	(void)state;
	check(usage_count(0), "0");
	check(usage_count(12), "12");
	check(usage_count(-1), "--");
}

static void test_duration(void **state)
{
	static const struct {
		int64_t nanoseconds;
		const char *text;
	} rows[] = {
		{ 0, "0s" },
		{ 1, "1ns" },
		{ 999, "999ns" },
		{ 1000, "1µs" },
		{ 1500, "1.5µs" },
		{ 33934000, "33.934ms" },
		{ 999999999, "999.999999ms" },
		{ 1000000000, "1s" },
		{ 1000000001, "1.000000001s" },
		{ INT64_C(59500000000), "59.5s" },
		{ INT64_C(60000000000), "1m0s" },
		{ INT64_C(123250000000), "2m3.25s" },
		{ INT64_C(3600000000000), "1h0m0s" },
		{ INT64_C(360061000000000), "100h1m1s" },
		{ -1, "--" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check(usage_duration(rows[i].nanoseconds), rows[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_size),  cmocka_unit_test(test_pair),     cmocka_unit_test(test_percent),
		cmocka_unit_test(test_count), cmocka_unit_test(test_duration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
