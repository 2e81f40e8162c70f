/*
 * A probe's calendar and its counting: answers in, verdicts and the next question's
 * time out, as rows of a table.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "pod/probe_rule.h"

#define SECOND INT64_C(1000000000)

/* Answers in a row, + for success and - for failure, and what each amounts to: "." open, "P" passed, "F" failed. */
static void test_verdicts(void **state)
{
	static const struct {
		int64_t success, failure;
		const char *answers, *verdicts;
	} table[] = {
		{ 1, 3, "+", "P" },
		{ 1, 3, "++-+", "PP.P" },
		{ 1, 3, "---", "..F" },
		{ 1, 3, "----+", "..FFP" },
		{ 1, 3, "--+--+---", "..P..P..F" },
		{ 1, 1, "-+-", "FPF" },
		{ 3, 1, "++-+++", "..F..P" },
		{ 2, 2, "+-+-++--", ".....P.F" },
		{ 0, 0, "--+---", "..P..F" }, /* not given: 1 and 3 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct probe_spec spec = { .success = table[i].success, .failure = table[i].failure };
		struct probe_track track = { 0 };
		char verdicts[16] = "";
		int64_t now = SECOND;

		probe_begin(&spec, now, now, &track);
		for (size_t at = 0; table[i].answers[at]; at++, now += 10 * SECOND) {
			assert_true(probe_due(&track, now));
			probe_asked(&track, now);
			verdicts[at] = ".PF"[probe_answered(&spec, &track, table[i].answers[at] == '+', now)];
		}
		assert_string_equal(verdicts, table[i].verdicts);
	}
}

/* When it is asked, answered, and asked again; in seconds. */
static void test_calendar(void **state)
{
	static const struct {
		int64_t initial_delay, period;
		int64_t began, now;   /* the container; the probe itself (later, after startup) */
		int64_t first;	      /* the first question */
		int64_t answer, next; /* how long its answer took; the second */
	} table[] = {
		{ 0, 10, 100, 100, 100, 0, 110 },
		{ 5, 10, 100, 100, 105, 2, 115 },
		{ 5, 10, 100, 130, 130, 0, 140 }, /* startup took longer than the delay */
		{ 60, 10, 100, 130, 160, 0, 170 },
		{ 0, 3, 100, 100, 100, 7, 107 }, /* an answer slower than the period: the next at once */
		{ 0, 0, 100, 100, 100, 0, 110 }, /* not given: 10 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct probe_spec spec = { .initial_delay = table[i].initial_delay,
					   .period = table[i].period };
		struct probe_track track = { 0 };
		int64_t first = table[i].first * SECOND, answer = first + table[i].answer * SECOND;

		assert_false(probe_due(&track, INT64_MAX));
		probe_begin(&spec, table[i].began * SECOND, table[i].now * SECOND, &track);
		assert_int_equal(track.next, first);
		assert_false(probe_due(&track, first - 1));
		assert_true(probe_due(&track, first));
		probe_asked(&track, first);
		assert_false(probe_due(&track, first + 1000 * SECOND)); /* never two at a time */
		probe_answered(&spec, &track, true, answer);
		assert_int_equal(track.next, table[i].next * SECOND);
		assert_true(probe_due(&track, table[i].next * SECOND));
	}
}

/* An answer that did not come counts for neither side. */
static void test_unanswered(void **state)
{
	struct probe_spec spec = { .failure = 2, .period = 10 };
	struct probe_track track = { 0 };

	(void)state;
	probe_begin(&spec, SECOND, SECOND, &track);
	probe_asked(&track, SECOND);
	assert_int_equal(probe_answered(&spec, &track, false, SECOND), PROBE_OPEN);
	probe_asked(&track, 11 * SECOND);
	probe_unanswered(&spec, &track, 12 * SECOND);
	assert_int_equal(track.next, 21 * SECOND);
	probe_asked(&track, 21 * SECOND);
	assert_int_equal(probe_answered(&spec, &track, false, 21 * SECOND), PROBE_FAILED);
}

static void test_timeout(void **state)
{
	struct probe_spec spec = { 0 };

	(void)state;
	assert_int_equal(probe_timeout(&spec), SECOND);
	spec.timeout = 5;
	assert_int_equal(probe_timeout(&spec), 5 * SECOND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_calendar),
		cmocka_unit_test(test_unanswered),
		cmocka_unit_test(test_timeout),
	};

	return cmocka_run_group_tests_name("probe", tests, NULL, NULL);
}
