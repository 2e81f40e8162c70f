/*
 * qos: what a pod needs in all, its class, and the numbers that the kernel gets.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spec/limits.h"
#include "spec/qos.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

/* cpu request and limit, memory request and limit; -1: not set */
#define APP(...)                                                                                             \
	{                                                                                                    \
		__VA_ARGS__, false, false                                                                    \
	}
#define INIT(...)                                                                                            \
	{                                                                                                    \
		__VA_ARGS__, true, false                                                                     \
	}
#define SIDECAR(...)                                                                                         \
	{                                                                                                    \
		__VA_ARGS__, true, true                                                                      \
	}
#define NOTHING -1, -1, -1, -1

static const struct {
	const char *what;
	struct qos_ctr ctrs[5];
	int n;
	struct qos_sum requests, limits;
	const char *class;
} pods[] = {
	{ "no container", {}, 0, { 0, 0 }, { 0, 0 }, "BestEffort" },
	{ "nothing set", { APP(NOTHING), INIT(NOTHING) }, 2, { 0, 0 }, { 0, 0 }, "BestEffort" },
	{ "zeros are nothing", { APP(0, 0, 0, 0) }, 1, { 0, 0 }, { 0, 0 }, "BestEffort" },
	{ "one", { APP(100, 200, 10, 20) }, 1, { 100, 10 }, { 200, 20 }, "Burstable" },
	{ "a limit is a request too", { APP(-1, 200, -1, 20) }, 1, { 200, 20 }, { 200, 20 }, "Guaranteed" },
	{ "request and limit the same",
	  { APP(200, 200, 20, 20) },
	  1,
	  { 200, 20 },
	  { 200, 20 },
	  "Guaranteed" },
	{ "a request of 0 is one", { APP(0, 200, 20, 20) }, 1, { 0, 20 }, { 200, 20 }, "Burstable" },
	{ "memory alone", { APP(-1, -1, 20, 20) }, 1, { 0, 20 }, { 0, 20 }, "Burstable" },
	{ "requests alone", { APP(200, -1, 20, -1) }, 1, { 200, 20 }, { 0, 0 }, "Burstable" },
	{ "apps are added",
	  { APP(1, 2, 3, 4), APP(10, 20, 30, 40), APP(NOTHING) },
	  3,
	  { 11, 33 },
	  { 22, 44 },
	  "Burstable" },
	{ "an unset init container too",
	  { INIT(NOTHING), APP(200, 200, 20, 20) },
	  2,
	  { 200, 20 },
	  { 200, 20 },
	  "Burstable" },
	{ "all equal", { INIT(-1, 5, -1, 5), APP(2, 2, 2, 2) }, 2, { 5, 5 }, { 5, 5 }, "Guaranteed" },
	{ "init containers one after the other",
	  { INIT(30, -1, 1, -1), INIT(20, -1, 7, -1), APP(10, -1, 5, -1) },
	  3,
	  { 30, 7 },
	  { 0, 0 },
	  "Burstable" },
	{ "sidecars stay",
	  { SIDECAR(5, -1, 5, -1), APP(10, -1, 10, -1) },
	  2,
	  { 15, 15 },
	  { 0, 0 },
	  "Burstable" },
	{ "an init container beside the sidecars before it, not those behind it",
	  { INIT(11, -1, 14, -1), SIDECAR(2, -1, 2, -1), INIT(10, -1, 14, -1), SIDECAR(4, -1, 4, -1),
	    APP(3, -1, 3, -1) },
	  5,
	  { 12, 16 },
	  { 0, 0 },
	  "Burstable" },
	{ "beyond all machines",
	  { APP(-1, -1, INT64_MAX, -1), APP(-1, -1, INT64_MAX, -1) },
	  2,
	  { 0, INT64_MAX },
	  { 0, 0 },
	  "Burstable" },
};

static void test_pods(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(pods); i++) {
		struct qos_sum requests, limits;

		print_message("%s\n", pods[i].what);
		qos_effective(pods[i].ctrs, pods[i].n, true, &requests);
		qos_effective(pods[i].ctrs, pods[i].n, false, &limits);
		assert_int_equal(requests.cpu, pods[i].requests.cpu);
		assert_int_equal(requests.memory, pods[i].requests.memory);
		assert_int_equal(limits.cpu, pods[i].limits.cpu);
		assert_int_equal(limits.memory, pods[i].limits.memory);
		assert_string_equal(qos_class(pods[i].ctrs, pods[i].n), pods[i].class);
	}
}

static void test_oom_score(void **state)
{
	static const int64_t gib = 1 << 30;
	static const struct {
		const char *class;
		int64_t request, capacity;
		int score;
	} rows[] = {
		{ "BestEffort", 0, 4L << 30, 1000 },
		{ "Guaranteed", 1 << 30, 4L << 30, -997 },
		{ "Burstable", 0, 4L << 30, 999 },
		{ "Burstable", -1, 4L << 30, 999 },
		{ "Burstable", 1 << 20, 4L << 30, 999 }, /* less than a thousandth */
		{ "Burstable", (4L << 30) / 1000 + 1, 4L << 30, 999 },
		{ "Burstable", (4L << 30) / 500 + 1, 4L << 30, 998 },
		{ "Burstable", 1 << 30, 4L << 30, 750 },
		{ "Burstable", 2L << 30, 4L << 30, 500 },
		{ "Burstable", 998, 1000, 2 },
		{ "Burstable", 999, 1000, 2 },
		{ "Burstable", 4L << 30, 4L << 30, 2 },
		{ "Burstable", INT64_MAX, 1, 2 },
		{ "Burstable", INT64_MAX, INT64_MAX, 2 },
		{ "Burstable", 1, 0, 999 },
	};

	(void)state;
	assert_int_equal(qos_oom_score_adj("Burstable", gib, 8 * gib), 875);
	for (size_t i = 0; i < ROWS(rows); i++) {
		print_message("%s %lld of %lld\n", rows[i].class, (long long)rows[i].request,
			      (long long)rows[i].capacity);
		assert_int_equal(qos_oom_score_adj(rows[i].class, rows[i].request, rows[i].capacity),
				 rows[i].score);
	}
}

static void test_cpu(void **state)
{
	static const struct {
		int64_t milli, shares, weight, quota;
	} rows[] = {
		{ INT64_MIN, 2, 1, 0 },
		{ -1, 2, 1, 0 },
		{ 0, 2, 1, 0 },
		{ 1, 2, 1, 1000 },
		{ 3, 3, 2, 1000 },
		{ 10, 10, 4, 1000 },
		{ 11, 11, 4, 1100 },
		{ 100, 102, 17, 10000 },
		{ 250, 256, 35, 25000 },
		{ 500, 512, 59, 50000 },
		{ 1000, 1024, 100, 100000 },
		{ 2000, 2048, 174, 200000 },
		{ 4000, 4096, 303, 400000 },
		{ 256000, 262144, 10000, 25600000 },
		{ 300000, 262144, 10000, 30000000 },
		{ INT64_MAX, 262144, 10000, INT64_MAX / 100000 * 100 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		print_message("%lldm\n", (long long)rows[i].milli);
		assert_int_equal(qos_cpu_shares(rows[i].milli), rows[i].shares);
		assert_int_equal(limits_cpu_weight(rows[i].shares), rows[i].weight);
		assert_int_equal(qos_cpu_quota(rows[i].milli), rows[i].quota);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pods),
		cmocka_unit_test(test_oom_score),
		cmocka_unit_test(test_cpu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
