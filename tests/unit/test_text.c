/*
 * text: strings, lists and buffers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static void test_strings(void **state)
{
	char *text = text_dup("old");

	(void)state;
	assert_null(text_dup(NULL));
	text_replace(&text, text_format("%s-%d", "new", 7));
	assert_string_equal(text, "new-7");
	text_replace(&text, NULL);
	assert_null(text);
	text = text_ndup("abcdef", 3);
	assert_string_equal(text, "abc");
	free(text);
	text = text_format("%s", "");
	assert_string_equal(text, "");
	free(text);
}

static void test_compare(void **state)
{
	(void)state;
	assert_true(text_equal("a", "a") && text_equal(NULL, NULL));
	assert_false(text_equal("a", "b") || text_equal(NULL, "") || text_equal("", NULL));
	assert_true(text_starts("abc", "ab") && text_starts("abc", "") && text_starts("a", "a"));
	assert_false(text_starts("ab", "abc") || text_starts("xab", "ab"));
	assert_true(text_ends("abc", "bc") && text_ends("abc", "") && text_ends("a", "a"));
	assert_false(text_ends("bc", "abc") || text_ends("abcx", "bc"));
}

static void test_split(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		const char *joined;
	} rows[] = {
		{ "", 0, "" },	  { "a", 1, "a" },   { "a,b", 2, "a|b" },   { ",", 1, "" },
		{ "a,", 1, "a" }, { ",a", 2, "|a" }, { "a,,b", 3, "a||b" }, { "a b,c", 2, "a b|c" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct strv list = { 0 };
		char *joined;

		print_message("\"%s\"\n", rows[i].text);
		strv_split(&list, rows[i].text, ',');
		joined = strv_join(&list, "|");
		assert_int_equal(list.n, rows[i].n);
		assert_string_equal(joined, rows[i].joined);
		free(joined);
		strv_free(&list);
	}
}

static void test_list(void **state)
{
	struct strv list = { 0 }, copy = { 0 };

	(void)state;
	assert_false(strv_has(&list, "a"));
	strv_add(&list, "a");
	strv_addf(&list, "%d", 42);
	strv_take(&list, text_dup("c"));
	assert_int_equal(list.n, 3);
	assert_null(list.v[3]); /* execve wants it */
	assert_true(strv_has(&list, "42"));
	assert_false(strv_has(&list, "4"));
	strv_add(&list, "gone");
	strv_add(&list, "last");
	assert_true(strv_remove(&list, "gone"));
	assert_false(strv_remove(&list, "gone"));
	assert_string_equal(list.v[list.n - 1], "last");
	assert_null(list.v[list.n]);
	assert_true(strv_remove(&list, "last"));
	strv_copy(&copy, &list);
	strv_free(&list);
	assert_null(list.v);
	assert_int_equal(list.n, 0);
	assert_string_equal(copy.v[1], "42");
	strv_free(&copy);
}

static void test_pairs(void **state)
{
	struct strv env = { 0 };

	(void)state;
	strv_set(&env, "A=1");
	strv_set(&env, "AB=2");
	strv_set(&env, "A=3");
	assert_int_equal(env.n, 2);
	assert_string_equal(env.v[0], "A=3"); /* in the place of the first */
	assert_string_equal(strv_get(&env, "A"), "3");
	assert_string_equal(strv_get(&env, "AB"), "2");
	assert_null(strv_get(&env, "B"));
	strv_set(&env, "E=");
	assert_string_equal(strv_get(&env, "E"), "");
	strv_set(&env, "X=a=b");
	assert_string_equal(strv_get(&env, "X"), "a=b");
	strv_add(&env, "X=later"); /* added, not set: the later one wins */
	assert_string_equal(strv_get(&env, "X"), "later");
	strv_free(&env);
}

static void test_buffer(void **state)
{
	struct buf buf = { 0 };

	(void)state;
	buf_add(&buf, "a\0b", 3);
	assert_int_equal(buf.len, 3);
	assert_memory_equal(buf.data, "a\0b", 4); /* and a NUL behind */
	buf_drop(&buf, 2);
	assert_string_equal(buf.data, "b");
	buf_format(&buf, "%05d", 7);
	buf_text(&buf, "!");
	assert_string_equal(buf.data, "b00007!");
	buf_drop(&buf, 100);
	assert_int_equal(buf.len, 0);
	assert_string_equal(buf.data, "");
	for (int i = 0; i < 10000; i++)
		buf_add(&buf, "0123456789", 10);
	assert_int_equal(buf.len, 100000);
	assert_memory_equal(buf.data + 99990, "0123456789", 11);
	buf_free(&buf);
	assert_null(buf.data);
	buf_drop(&buf, 1); /* an empty one is fine */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strings), cmocka_unit_test(test_compare), cmocka_unit_test(test_split),
		cmocka_unit_test(test_list),	cmocka_unit_test(test_pairs),	cmocka_unit_test(test_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
