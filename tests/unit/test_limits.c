/*
 * limits: sizes, shares and the lines of cgroup v2's files. The weights are
 * those that the kubelet and runc write.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "spec/limits.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

static void test_weight(void **state)
{
	static const struct {
		int64_t shares, weight;
	} rows[] = {
		{ -1, 1 },	   { 0, 1 },	      { 2, 1 },		  { 3, 2 },	 { 102, 17 },
		{ 256, 35 },	   { 512, 59 },	      { 1024, 100 },	  { 2048, 174 }, { 4096, 303 },
		{ 262143, 10000 }, { 262144, 10000 }, { 1 << 30, 10000 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		print_message("%lld shares\n", (long long)rows[i].shares);
		assert_int_equal(limits_cpu_weight(rows[i].shares), rows[i].weight);
	}
	for (int64_t shares = 3; shares <= 262144; shares++) /* more shares are never less weight */
		assert_true(limits_cpu_weight(shares) >= limits_cpu_weight(shares - 1));
}

static void test_millicores(void **state)
{
	static const struct {
		int64_t milli, quota, shares, weight;
	} rows[] = {
		{ 0, 1000, 2, 1 },	     { 1, 1000, 2, 1 },		  { 10, 1000, 10, 4 },
		{ 100, 10000, 102, 17 },     { 250, 25000, 256, 35 },	  { 500, 50000, 512, 59 },
		{ 1000, 100000, 1024, 100 }, { 2000, 200000, 2048, 174 }, { 4000, 400000, 4096, 303 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		print_message("%lldm\n", (long long)rows[i].milli);
		assert_int_equal(limits_milli_quota(rows[i].milli), rows[i].quota);
		assert_int_equal(limits_milli_shares(rows[i].milli), rows[i].shares);
		assert_int_equal(limits_cpu_weight(rows[i].shares), rows[i].weight);
	}
}

static void test_cpu_max(void **state)
{
	static const struct {
		int64_t quota, period;
		const char *line;
	} rows[] = {
		{ 50000, 0, "50000 100000" },
		{ 50000, 200000, "50000 200000" },
		{ 0, 0, "max 100000" },
		{ -1, 50000, "max 50000" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char *line = limits_cpu_max(rows[i].quota, rows[i].period);

		assert_string_equal(line, rows[i].line);
		free(line);
	}
}

#define BAD(text, why)                                                                                       \
	{                                                                                                    \
		text, 0, "invalid argument \"" text "\" for \"--cpus\" flag: " why                           \
	}
#define SYNTAX(text) BAD(text, "strconv.ParseFloat: parsing \"" text "\": invalid syntax")
static const struct {
	const char *text;
	int64_t quota;
	const char *error;
} cpus_rows[] = {
	{ "1", 100000, "" },
	{ "1.5", 150000, "" },
	{ ".5", 50000, "" },
	{ "2.", 200000, "" },
	{ "0.01", 1000, "" },
	{ "0", 0, "" },
	{ "0.333", 33300, "" },
	SYNTAX(""),
	SYNTAX("."),
	SYNTAX("x"),
	SYNTAX("-1"),
	SYNTAX("1e3"),
	SYNTAX("1.2.3"),
	SYNTAX(" 1"),
	SYNTAX("nan"),
	SYNTAX("0x1"),
	BAD("0.001", "at least 0.01"),
	BAD("99999999", "value out of range"),
};

static void test_cpus(void **state)
{

	(void)state;
	for (size_t i = 0; i < ROWS(cpus_rows); i++) {
		struct err err = { 0 };
		int64_t quota = 0;

		print_message("--cpus %s\n", cpus_rows[i].text);
		assert_int_equal(limits_parse_cpus(cpus_rows[i].text, &quota, &err),
				 *cpus_rows[i].error ? -EINVAL : 0);
		assert_string_equal(err.text, cpus_rows[i].error);
		if (!*cpus_rows[i].error)
			assert_int_equal(quota, cpus_rows[i].quota);
	}
}

static void test_sizes(void **state)
{
	struct err err;
	int64_t bytes;

	(void)state;
	assert_int_equal(limits_parse_size("memory", "64m", &bytes, &err), 0);
	assert_int_equal(bytes, 64 << 20);
	assert_int_equal(limits_parse_size("memory", "-1", &bytes, &err), -EINVAL);
	assert_string_equal(err.text, "invalid value for memory: invalid size: '-1'");
	assert_int_equal(limits_parse_swap("-1", &bytes, &err), 0);
	assert_int_equal(bytes, -1);
	assert_int_equal(limits_parse_swap("1k", &bytes, &err), 0);
	assert_int_equal(bytes, 1024);
	assert_int_equal(limits_parse_swap("-2", &bytes, &err), -EINVAL);
	assert_string_equal(err.text, "invalid value for memory-swap: invalid size: '-2'");
}

static void test_cpuset(void **state)
{
	static const struct {
		const char *text;
		int code;
	} rows[] = {
		{ "0", 0 },	      { "0-2", 0 },	   { "0-2,4", 0 },    { "7,5", 0 },
		{ "", -EINVAL },      { "2-0", -EINVAL },  { "0-", -EINVAL }, { "-1", -EINVAL },
		{ "0,", -EINVAL },    { ",0", -EINVAL },   { "a", -EINVAL },  { "0 1", -EINVAL },
		{ "0-1-2", -EINVAL }, { "0\n1", -EINVAL },
	};
	struct err err;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		print_message("\"%s\"\n", rows[i].text);
		assert_int_equal(limits_check_cpuset("cpuset-cpus", rows[i].text, &err), rows[i].code);
	}
	limits_check_cpuset("cpuset-cpus", "x", &err);
	assert_string_equal(err.text, "invalid value \"x\" for --cpuset-cpus: expected a list like 0-2,4");
}

static void test_check(void **state)
{
	static const struct {
		struct limits limits;
		const char *error;
	} rows[] = {
		{ { 0 }, "" },
		{ { .memory = 100, .memory_swap = 200, .memory_low = 50, .pids = -1, .oom_score_adj = -1000 },
		  "" },
		{ { .memory_swap = 100 },
		  "you should always set a memory limit when using a memory swap limit" },
		{ { .memory = 100, .memory_swap = 50 },
		  "minimum memory swap limit should be larger than memory limit" },
		{ { .memory = 100, .memory_swap = -1 }, "" },
		{ { .memory = 100, .memory_low = 101 },
		  "minimum memory limit cannot be less than memory reservation limit" },
		{ { .cpu_quota = 999 }, "CPU cfs quota cannot be less than 1ms (i.e. 1000)" },
		{ { .cpu_quota = -1 }, "" },
		{ { .cpu_period = 999 },
		  "CPU cfs period cannot be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)" },
		{ { .pids = -2 }, "invalid value -2 for --pids-limit: -1 is unlimited" },
		{ { .oom_score_adj = 1001 },
		  "invalid value 1001 for --oom-score-adj: must be between -1000 and 1000" },
		{ { .cpuset_cpus = "x" },
		  "invalid value \"x\" for --cpuset-cpus: expected a list like 0-2,4" },
		{ { .cpuset_mems = "x" },
		  "invalid value \"x\" for --cpuset-mems: expected a list like 0-2,4" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err err = { 0 };

		assert_int_equal(limits_check(&rows[i].limits, &err), *rows[i].error ? -EINVAL : 0);
		assert_string_equal(err.text, rows[i].error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_weight),	cmocka_unit_test(test_millicores),
		cmocka_unit_test(test_cpu_max), cmocka_unit_test(test_cpus),
		cmocka_unit_test(test_sizes),	cmocka_unit_test(test_cpuset),
		cmocka_unit_test(test_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
