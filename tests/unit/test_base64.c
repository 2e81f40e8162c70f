/* base64: RFC 4648's own examples, and what Kubernetes' reader refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"

static const struct {
	const char *bytes, *text;
} pairs[] = {
	{ "", "" },
	{ "f", "Zg==" },
	{ "fo", "Zm8=" },
	{ "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" },
	{ "\xff\xfe\xfd", "//79" },
	{ "\xfb\xef\xbe", "++++" },
};

static void test_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		char *text = base64_encode(pairs[i].bytes, strlen(pairs[i].bytes));
		struct buf bytes = { 0 };

		assert_string_equal(text, pairs[i].text);
		assert_int_equal(base64_decode(text, &bytes), 0);
		assert_int_equal(bytes.len, strlen(pairs[i].bytes));
		assert_string_equal(bytes.data, pairs[i].bytes);
		buf_free(&bytes);
		free(text);
	}
}

/* All lengths, all bytes, zero among them. */
static void test_any_bytes(void **state)
{
	unsigned char bytes[256];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(i * 7);
	for (size_t length = 0; length <= sizeof(bytes); length++) {
		char *text = base64_encode(bytes, length);
		struct buf back = { 0 };

		assert_int_equal(strlen(text), (length + 2) / 3 * 4);
		assert_int_equal(base64_decode(text, &back), 0);
		assert_int_equal(back.len, length);
		assert_memory_equal(back.data ? back.data : "", bytes, length);
		buf_free(&back);
		free(text);
	}
}

static void test_line_ends(void **state)
{
	struct buf bytes = { 0 };

	(void)state;
	assert_int_equal(base64_decode("Zm9v\r\nYg=\n=\n", &bytes), 0);
	assert_string_equal(bytes.data, "foob");
	buf_free(&bytes);
}

static void test_refused(void **state)
{
	static const char *const texts[] = { "Z",    "Zg",    "Zg=",   "Zm9",  "=",    "====",	  "Zg==Zg==",
					     "Z===", "Zm 9v", "Zm9v!", "Zm9_", "Zg=v", "Zg==\nx", "Zm-v" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct buf bytes = { 0 };

		if (base64_decode(texts[i], &bytes) != -EINVAL)
			fail_msg("accepted: %s", texts[i]);
		buf_free(&bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_any_bytes),
		cmocka_unit_test(test_line_ends),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
