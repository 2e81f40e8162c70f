/*
 * quantity: the table that Kubernetes' own code made, and rows of our own, whose canonical
 * forms are what kubectl prints.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "golden.h"
#include "spec/quantity.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))
#define NONE	    INT64_MIN /* -ERANGE */

static const struct {
	const char *text;
	int64_t value, milli;
	const char *canonical;
} rows[] = {
	{ "0", 0, 0, "0" },
	{ "-0.0", 0, 0, "0" },
	{ "00", 0, 0, "0" },
	{ "0Ki", 0, 0, "0" },
	{ "007", 7, 7000, "007" },
	{ "1.", 1, 1000, "1." },
	{ "+1", 1, 1000, "+1" },
	{ "1.0", 1, 1000, "1" },
	{ "1.500", 2, 1500, "1.500" },
	{ "1.5000", 2, 1500, "1500m" },
	{ "1000m", 1, 1000, "1" },
	{ "1000", 1000, 1000000, "1k" },
	{ "1000000", 1000000, 1000000000, "1M" },
	{ "1000u", 1, 1, "1m" },
	{ "1024", 1024, 1024000, "1024" },
	{ "1024k", 1024000, 1024000000, "1024k" },
	{ "1023Ki", 1047552, 1047552000, "1023Ki" },
	{ "1024Mi", 1 << 30, 1024LL * 1024 * 1024 * 1000, "1Gi" },
	{ "1000Ki", 1024000, 1024000000, "1000Ki" },
	{ "0.5Ki", 512, 512000, "512" },
	{ "0.9765625Ki", 1000, 1000000, "1k" },
	{ "0.3Ki", 308, 307200, "307200m" },
	{ "1.5Ki", 1536, 1536000, "1536" },
	{ "0.5Mi", 524288, 524288000, "512Ki" },
	{ "12e5", 1200000, 1200000000, "1200e3" },
	{ "1e4", 10000, 10000000, "10e3" },
	{ "1e+3", 1000, 1000000, "1e+3" },
	{ "1e03", 1000, 1000000, "1e03" },
	{ "123456789e-3", 123457, 123456789, "123456789e-3" },
	/* nothing is finer than a billionth; what is rounds up, away from 0 */
	{ "0.1n", 1, 1, "1n" },
	{ "-0.1n", -1, -1, "-1n" },
	{ "1e-10", 1, 1, "1e-9" },
	{ "1e-99999", 1, 1, "1e-9" },
	{ "0e99999", 0, 0, "0" },
	{ "-1.5", -2, -1500, "-1500m" },
	{ "-1Ki", -1024, -1024000, "-1Ki" },
	{ "-1.5Gi", -1610612736, -1610612736000, "-1536Mi" },
	/* the ends: a binary suffix stops there, a decimal one goes on */
	{ "9223372036854775807", INT64_MAX, NONE, "9223372036854775807" },
	{ "9223372036854775808", NONE, NONE, "9223372036854775808" },
	{ "10Ei", INT64_MAX, NONE, "9223372036854775807" },
	{ "-10Ei", -INT64_MAX, NONE, "-9223372036854775807" },
	{ "99999999999999999999999Ki", INT64_MAX, NONE, "9223372036854775807" },
	{ "7.9999999999999999999999999999Ei", INT64_MAX, NONE, "9223372036854775807" },
	{ "1.0000000000000000000000000001Ki", 1025, 1024001, "1024000000001n" },
	{ "5.20601073570040060208Pi", 5861447002346782, 5861447002346781473, "5861447002346781472203030n" },
	{ "100Pi", 100LL << 50, NONE, "100Pi" },
	{ "10E", NONE, NONE, "10E" },
	{ "1000P", 1000000000000000000, NONE, "1E" },
	{ "1e19", NONE, NONE, "10e18" },
	{ "1e30", NONE, NONE, "1e30" },
	{ "123456789012345678901234567890", NONE, NONE, "123456789012345678901234567890" },
	{ "1e99999", NONE, NONE, "1e99999" },
	{ "100000000000000000000m", 100000000000000000, NONE, "100P" },
};

static void check_number(int code, int64_t got, int64_t want)
{
	assert_int_equal(code, want == NONE ? -ERANGE : 0);
	if (want != NONE)
		assert_int_equal(got, want);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		int64_t value = 0, milli = 0;
		char *canonical = quantity_canonical(rows[i].text);
		int value_code = quantity_value(rows[i].text, &value),
		    milli_code = quantity_milli(rows[i].text, &milli);

		print_message("%s = %lld, %lldm, %s\n", rows[i].text, (long long)value, (long long)milli,
			      canonical);
		check_number(value_code, value, rows[i].value);
		check_number(milli_code, milli, rows[i].milli);
		assert_string_equal(canonical, rows[i].canonical);
		free(canonical);
	}
}

static void test_refused(void **state)
{
	/* Kubernetes takes the first eight for 0; an amount has a digit here */
	static const char *const bad[] = { ".",
					   "+",
					   "-",
					   "m",
					   "Mi",
					   "e3",
					   "+.",
					   "-.k",
					   "",
					   " 1",
					   "1 ",
					   "1 Gi",
					   "1K",
					   "1i",
					   "1ki",
					   "1mi",
					   "1KiB",
					   "1Kim",
					   "1e",
					   "1E+",
					   "1e+-3",
					   "1e1.5",
					   "1e400000000000",
					   "12e6Mi",
					   "1_000",
					   "0x10",
					   "1Mi5",
					   "1.2.3",
					   "--1",
					   "+-1",
					   "1,5",
					   "1M ",
					   "1b",
					   "infty",
					   "1\n",
					   "\xc2\xbd",
					   "1e ",
					   "1eE3" };

	(void)state;
	for (size_t i = 0; i < ROWS(bad); i++) {
		int64_t number;

		print_message("\"%s\"\n", bad[i]);
		assert_int_equal(quantity_value(bad[i], &number), -EINVAL);
		assert_int_equal(quantity_milli(bad[i], &number), -EINVAL);
		assert_null(quantity_canonical(bad[i]));
	}
}

static void check_golden(const json_t *row)
{
	const char *text = golden_column(row, 0), *wants[] = { golden_column(row, 1), golden_column(row, 2) };
	char *canonical = quantity_canonical(text);
	int64_t got[2];
	int codes[] = { quantity_value(text, &got[0]), quantity_milli(text, &got[1]) };

	print_message("\"%s\": %s %s %s\n", text, wants[0], wants[1], golden_column(row, 3));
	if (!strcmp(wants[0], "ERR")) {
		assert_int_equal(codes[0], -EINVAL);
		assert_null(canonical);
		return;
	}
	for (int i = 0; i < 2; i++) {
		char *shown = text_format("%lld", (long long)got[i]);

		if (*wants[i]) {
			assert_int_equal(codes[i], 0);
			assert_string_equal(shown, wants[i]);
		}
		free(shown);
	}
	if (*golden_column(row, 3))
		assert_string_equal(canonical, golden_column(row, 3));
	free(canonical);
}

static void test_golden(void **state)
{
	json_t *table = golden_rows("quantity.tsv"), *row;
	size_t i;

	(void)state;
	if (!table)
		skip();
	assert_true(json_array_size(table) > 30);
	json_array_foreach(table, i, row) check_golden(row);
	json_decref(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_golden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
