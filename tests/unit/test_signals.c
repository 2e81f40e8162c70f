/*
 * signals: each way to write one, and its name.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "spec/signals.h"

static const struct {
	const char *text;
	int number; /* 0: an error */
	const char *error;
} parse_rows[] = {
	{ "SIGTERM", 15, "" },
	{ "TERM", 15, "" },
	{ "term", 15, "" },
	{ "sigterm", 15, "" },
	{ "15", 15, "" },
	{ "-15", 15, "" },
	{ "-TERM", 15, "" },
	{ "1", 1, "" },
	{ "64", 64, "" },
	{ "KILL", 9, "" },
	{ "SIGCLD", 17, "" },
	{ "POLL", 29, "" },
	{ "SIGRTMIN", 34, "" },
	{ "SIGRTMIN+3", 37, "" },
	{ "RTMIN+30", 64, "" },
	{ "rtmax", 64, "" },
	{ "SIGRTMAX-1", 63, "" },
	{ "0", 0, "invalid signal: 0" },
	{ "", 0, "invalid signal: " },
	{ "-", 0, "invalid signal: " },
	{ "-SIGBAD", 0, "invalid signal: SIGBAD" },
	{ "SIG", 0, "invalid signal: SIG" },
	{ "bogus", 0, "invalid signal: bogus" },
	{ "SIGSIGTERM", 0, "invalid signal: SIGSIGTERM" },
	{ "TERM ", 0, "invalid signal: TERM " },
	{ "RTMIN+31", 0, "invalid signal: RTMIN+31" },
	{ "RTMIN-1", 0, "invalid signal: RTMIN-1" },
	{ "RTMIN+", 0, "invalid signal: RTMIN+" },
	{ "65", 0, "valid signals are 1 through 64" },
	{ "-65", 0, "valid signals are 1 through 64" },
	{ "99999999999999999999", 0, "valid signals are 1 through 64" },
};

static void test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(parse_rows) / sizeof(*parse_rows); i++) {
		struct err err = { 0 };

		print_message("\"%s\"\n", parse_rows[i].text);
		assert_int_equal(signal_parse(parse_rows[i].text, &err),
				 parse_rows[i].number ? parse_rows[i].number : -EINVAL);
		assert_string_equal(err.text, parse_rows[i].error);
	}
}

static void test_names(void **state)
{
	static const struct {
		int number;
		const char *name;
	} rows[] = {
		{ 1, "SIGHUP" },    { 6, "SIGABRT" },	{ 9, "SIGKILL" },     { 17, "SIGCHLD" },
		{ 29, "SIGIO" },    { 34, "SIGRTMIN" }, { 37, "SIGRTMIN+3" }, { 63, "SIGRTMIN+29" },
		{ 64, "SIGRTMAX" }, { 32, "32" },	{ 0, "0" },	      { 65, "65" },
	};
	char name[SIGNAL_NAME_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(signal_name(rows[i].number, name), rows[i].name);
	for (int number = 1; number <= 64; number++) /* every name reads back */
		assert_int_equal(signal_parse(signal_name(number, name), NULL), number);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_parse), cmocka_unit_test(test_names) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
