/*
 * test_listing: times and sizes in words, and what --filter lets through.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cli/filter.h"
#include "cli/when.h"

#define SECOND INT64_C(1000000000)
#define HOUR   (3600 * SECOND)

static void test_length(void **state)
{
	static const struct {
		int64_t length;
		const char *text;
	} rows[] = {
		{ 0, "Less than a second" },
		{ SECOND - 1, "Less than a second" },
		{ SECOND, "1 second" },
		{ 5 * SECOND, "5 seconds" },
		{ 59 * SECOND, "59 seconds" },
		{ 60 * SECOND, "About a minute" },
		{ 119 * SECOND, "About a minute" },
		{ 120 * SECOND, "2 minutes" },
		{ 3599 * SECOND, "59 minutes" },
		{ HOUR, "About an hour" },
		{ 2 * HOUR, "2 hours" },
		{ 47 * HOUR, "47 hours" },
		{ 48 * HOUR, "2 days" },
		{ 24 * 14 * HOUR, "2 weeks" },
		{ 24 * 60 * HOUR, "2 months" },
		{ 24 * 365 * 2 * HOUR, "2 years" },
		{ -SECOND, "Less than a second" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *text = when_length(rows[i].length);

		assert_string_equal(text, rows[i].text);
		free(text);
	}
}

static void check(char *got, const char *wanted)
{
	assert_string_equal(got, wanted);
	free(got);
}

static void test_times_and_sizes(void **state)
{
	(void)state;
	check(when_rfc3339(1500000000), "1970-01-01T00:00:01.5Z");
	check(when_rfc3339(SECOND), "1970-01-01T00:00:01Z");
	check(when_rfc3339(0), "0001-01-01T00:00:00Z");
	check(when_go(1500000001), "1970-01-01 00:00:01.500000001 +0000 UTC");
	check(size_text(0), "0 B");
	check(size_text(999), "999 B");
	check(size_text(1500), "1.5 kB");
	check(size_text(4260000), "4.26 MB");
}

static void test_filters(void **state)
{
	static const struct {
		const char *filters; /* separated by blanks */
		bool any;	     /* over the key "name" and the text "web-1" */
	} rows[] = {
		{ "", true },	      { "name=web", true },	    { "name=^web-[0-9]$", true },
		{ "name=db", false }, { "name=db name=web", true }, { "id=x", true },
		{ "name=(", false },
	};
	struct strv labels = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct strv filters = { 0 };

		strv_split(&filters, rows[i].filters, ' ');
		assert_int_equal(filter_any(&filters, "name", filter_name, "web-1"), rows[i].any);
		strv_free(&filters);
	}
	strv_add(&labels, "app=web");
	strv_add(&labels, "bare");
	assert_true(filter_label("app", &labels));
	assert_true(filter_label("app=web", &labels));
	assert_true(filter_label("bare", &labels));
	assert_false(filter_label("app=db", &labels));
	assert_false(filter_label("ap", &labels));
	assert_true(filter_id("abc", "abcdef"));
	assert_false(filter_id("bcd", "abcdef"));
	assert_true(filter_id("^ab.*f$", "abcdef"));
	strv_free(&labels);
}

static void test_check(void **state)
{
	struct strv filters = { 0 };
	struct err err = { 0 };

	(void)state;
	strv_add(&filters, "name=x");
	assert_int_equal(filter_check(&filters, "id name", &err), 0);
	strv_add(&filters, "bogus=x");
	assert_true(filter_check(&filters, "id name", &err) < 0);
	assert_string_equal(err.text, "bogus is an invalid filter");
	strv_free(&filters);
	strv_add(&filters, "name");
	assert_true(filter_check(&filters, "id name", &err) < 0);
	assert_non_null(strstr(err.text, "name is invalid"));
	strv_free(&filters);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_times_and_sizes),
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
