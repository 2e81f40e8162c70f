/*
 * expand: the table of the kubelet's own code, rows of our own, and that it takes a time in
 * proportion to the text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/num.h"
#include "golden.h"
#include "spec/expand.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

static void check(const char *text, const char *want)
{
	struct strv env = { 0 };
	char *got;

	strv_add(&env, "A=1");
	strv_add(&env, "B=two");
	strv_add(&env, "EMPTY=");
	strv_add(&env, "SIGN=a=b");
	strv_add(&env, "AGAIN=$(A)");
	strv_add(&env, "\xc3\xa9-x.y=z");
	got = expand_text(text, &env);
	print_message("%s\n", text);
	assert_string_equal(got, want);
	free(got);
	strv_free(&env);
}

static void test_rows(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "[$(EMPTY)]", "[]" },
		{ "$(SIGN)", "a=b" },
		{ "$(AGAIN)", "$(A)" }, /* what was put in is not looked at again */
		{ "$(A=1)", "$(A=1)" }, /* no name has a = in it */
		{ "$(\xc3\xa9-x.y)", "z" },
		{ "$\xc3\xa9", "$\xc3\xa9" },
		{ "$(A)$(B)$(A)", "1two1" },
		{ "$(A) $(", "1 $(" },
		{ "$($(A", "$($(A" },
		{ "($A)$(A)", "($A)1" },
		{ "$$$", "$$" },
		{ "$$$$", "$$" },
		{ ")$(", ")$(" },
		{ "sh -c 'echo $HOME $$ $(B)'", "sh -c 'echo $HOME $ two'" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		check(rows[i].text, rows[i].want);
}

static void test_golden(void **state)
{
	json_t *table = golden_rows("expansion.tsv"), *row;
	size_t i;

	(void)state;
	if (!table)
		skip();
	assert_true(json_array_size(table) > 10);
	json_array_foreach(table, i, row) check(golden_column(row, 0), golden_column(row, 1));
	json_decref(table);
}

/* A megabyte of beginnings without an end; looking for the end from each would take minutes. */
static void test_long(void **state)
{
	struct strv env = { 0 };
	struct buf text = { 0 };
	int64_t start = clock_boot();
	char *got;

	(void)state;
	buf_text(&text, "$(A)");
	for (int i = 0; i < 1 << 19; i++)
		buf_text(&text, "$(");
	strv_add(&env, "A=1");
	got = expand_text(text.data, &env);
	assert_int_equal(strlen(got), text.len - 3);
	assert_true(clock_boot() - start < 5000000000);
	free(got);
	buf_free(&text);
	strv_free(&env);
}

/* Each name is the one before it twice: what would be more than a program can be given is refused, not made. */
static void test_bounded(void **state)
{
	struct strv env = { 0 };
	char *got = text_dup("xxxxxxxxxxxxxxxx");
	int steps = 0;

	(void)state;
	for (; got && steps < 100; steps++) {
		strv_free(&env);
		strv_addf(&env, "A=%s", got);
		free(got);
		got = expand_text("$(A)$(A)", &env);
		assert_true(!got || strlen(got) <= EXPAND_MAX);
	}
	assert_null(got);
	assert_int_equal(steps, 14); /* 16 bytes doubled 13 times are 128 KiB */
	strv_free(&env);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
