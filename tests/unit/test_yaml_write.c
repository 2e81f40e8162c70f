/*
 * yaml_write: the form of what is written, and that it reads back as what it was: for
 * chosen values, for random ones, and by kubectl.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/num.h"
#include "base/tool.h"
#include "spec/yaml.h"
#include "yaml_json.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

static const struct {
	const char *json, *yaml;
} forms[] = {
	{ "{}", "{}\n" },
	{ "[]", "[]\n" },
	{ "\"a\"", "a\n" },
	{ "{\"b\":1,\"a\":[true,null,-1,0.5],\"c\":{\"d\":\"e\"}}",
	  "b: 1\na:\n- true\n- null\n- -1\n- 0.5\nc:\n  d: e\n" },
	{ "{\"a\":{},\"b\":[],\"c\":[[],{},[1,2],[[3]],{\"d\":[4],\"e\":{\"f\":5}}]}",
	  "a: {}\nb: []\nc:\n- []\n- {}\n- - 1\n  - 2\n- - - 3\n- d:\n  - 4\n  e:\n    f: 5\n" },
	{ "[{\"a\":1,\"b\":2},{\"c\":3}]", "- a: 1\n  b: 2\n- c: 3\n" },
	/* text that stays plain */
	{ "[\"-c\",\"a b\",\"a#b\",\"a:b\",\"it's\",\"192.0.2.1\",\"/bin/sh\",\"1.2.3\",\"100m\",\"a, [b]\"]",
	  "- -c\n- a b\n- a#b\n- a:b\n- it's\n- 192.0.2.1\n- /bin/sh\n- 1.2.3\n- 100m\n- a, [b]\n" },
	{ "[\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"]", "- \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\n" },
	/* text that would read as something else */
	{ "[\"\",\"yes\",\"1\",\"0o17\",\"null\",\"~\",\"2001-01-01\",\"1e3\",\"12:30:00\",\"<<\",\"=\","
	  "\"y\",\".5\",\"1_0\"]",
	  "- \"\"\n- \"yes\"\n- \"1\"\n- \"0o17\"\n- \"null\"\n- \"~\"\n- \"2001-01-01\"\n- \"1e3\"\n- "
	  "\"12:30:00\"\n"
	  "- \"<<\"\n- \"=\"\n- \"y\"\n- \".5\"\n- \"1_0\"\n" },
	{ "[\" a\",\"a \",\"a: b\",\"a:\",\"a #b\",\"#a\",\"- a\",\"-\",\"? "
	  "a\",\"'a'\",\"[a\",\"{a\",\"*a\",\"&a\",\"!a\",\"%a\",\"@a\",\"`a\",\"|\",\">\",\"---\",\"...\"]",
	  "- \" a\"\n- \"a \"\n- \"a: b\"\n- \"a:\"\n- \"a #b\"\n- \"#a\"\n- \"- a\"\n- \"-\"\n- \"? a\"\n- "
	  "\"'a'\"\n"
	  "- \"[a\"\n- \"{a\"\n- \"*a\"\n- \"&a\"\n- \"!a\"\n- \"%a\"\n- \"@a\"\n- \"`a\"\n- \"|\"\n- "
	  "\">\"\n- \"---\"\n"
	  "- \"...\"\n" },
	{ "{\"1\":\"\\\"\\\\\\t\\u0001\\u0085\\u2028\\ufeff\",\"true\":\"\\r\\n\"}",
	  "\"1\": \"\\\"\\\\\\t\\x01\\x85\\u2028\\ufeff\"\n\"true\": \"\\r\\n\"\n" },
	/* several lines */
	{ "{\"a\":\"x\\n  y\\n\\nz\\n\",\"b\":\"x\\ny\",\"c\":[\"x\\n\\n\\n\",\"\\n\"],\"d\\ne\":1}",
	  "a: |\n  x\n    y\n\n  z\nb: |-\n  x\n  y\nc:\n- |+\n  x\n\n\n- \"\\n\"\n\"d\\ne\": 1\n" },
	{ "[\" x\\ny\",\"\\nx\",\"\\tx\\n y\",\"x\\n\\ty\",\"x\\r\\ny\"]",
	  "- |2-\n   x\n  y\n- |2-\n\n  x\n- |2-\n  \tx\n   y\n- |-\n  x\n  \ty\n- \"x\\r\\ny\"\n" },
	{ "\"x\\ny\\n\"", "|\n  x\n  y\n" },
};

/* What our reader makes of the text; it must take it. */
static json_t *read_back(const struct buf *text)
{
	struct diags diags = { 0 };
	struct yaml_docs docs;
	struct buf shown = { 0 };
	json_t *value;

	if (yaml_read(text->data, text->len, &docs, &diags)) {
		diags_print(&diags, "written", text->data, &shown);
		fail_msg("%s\n%s", shown.data, text->data);
	}
	assert_true(docs.n <= 1);
	value = docs.n ? yaml_json(&docs.v[0]) : json_null();
	yaml_docs_free(&docs);
	return value;
}

static void check(const json_t *value, const struct buf *text)
{
	json_t *back = read_back(text);

	if (!json_equal(value, back)) {
		char *was = json_dumps(value, JSON_ENCODE_ANY), *is = json_dumps(back, JSON_ENCODE_ANY);

		fail_msg("%s\nwas written as\n%s\nand read as\n%s", was, text->data, is);
	}
	json_decref(back);
}

static void test_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(forms); i++) {
		json_t *value = json_loads(forms[i].json, JSON_DECODE_ANY, NULL);
		struct buf text = { 0 };

		print_message("%s\n", forms[i].json);
		assert_non_null(value);
		yaml_write(value, &text);
		assert_string_equal(text.data, forms[i].yaml);
		check(value, &text);
		buf_free(&text);
		json_decref(value);
	}
}

/* YAML reads a key of up to 1024 characters without being told that it is one. */
static void test_long_keys(void **state)
{
	(void)state;
	for (int length = 990; length < 1040; length++) {
		struct buf key = { 0 }, text = { 0 };
		json_t *value;

		for (int i = 0; i < length; i++)
			buf_text(&key, "k");
		value = json_pack("[{s:[{s:i, s:{s:s}}], s:s}]", key.data, "a", 1, key.data, key.data, "x\ny",
				  "z", "w");
		yaml_write(value, &text);
		check(value, &text);
		json_decref(value);
		buf_free(&text);
		buf_free(&key);
	}
}

/* ---- random trees ------------------------------------------------------------------------ */

/* Pieces that YAML sees something in, alone or side by side. */
static const char *const pieces[] = {
	" ",
	"\n",
	"\t",
	"\r",
	":",
	"#",
	"-",
	"'",
	"\"",
	"\\",
	"a",
	"word",
	"yes",
	"0",
	"1",
	"0x1f",
	".",
	"e",
	"~",
	"null",
	"{",
	"}",
	"[",
	"]",
	",",
	"&",
	"*",
	"!",
	"|",
	">",
	"%",
	"@",
	"`",
	"?",
	"---",
	"...",
	"<<",
	"=",
	"\xc3\xa9",
	"\xe2\x82\xac",
	"\xf0\x9f\x98\x80",
	"\xc2\x85",
	"\xe2\x80\xa8",
	"\xef\xbb\xbf",
	"\x01",
	"\x7f",
	"\xef\xbf\xbe",
	"2001-01-01",
	"\n\n",
	"  ",
	": ",
	" #",
	"$(A)",
	"\xc2\xa0",
};

static char *random_text(unsigned *seed)
{
	struct buf text = { 0 };

	buf_text(&text, "");
	for (int n = rand_r(seed) % 7; n > 0; n--)
		buf_text(&text, pieces[(unsigned)rand_r(seed) % ROWS(pieces)]);
	return text.data;
}

static json_t *random_value(unsigned *seed, int depth)
{
	char *text = NULL;
	json_t *value;
	int kind = rand_r(seed) % (depth > 4 ? 6 : 9);

	if (kind < 3) {
		text = random_text(seed);
		value = json_string(text);
	} else if (kind == 3) {
		value = json_integer(rand_r(seed) % 2 ? rand_r(seed) - 1000000 : INT64_MIN + rand_r(seed));
	} else if (kind == 4) {
		value = json_real((rand_r(seed) - 1e9) / 7 * (rand_r(seed) % 2 ? 1e20 : 1e-20));
	} else if (kind == 5) {
		value = rand_r(seed) % 3 ? json_boolean(rand_r(seed) % 2) : json_null();
	} else {
		value = kind == 6 ? json_array() : json_object();
		for (int n = rand_r(seed) % 4; n > 0; n--) {
			text_replace(&text, random_text(seed));
			if (kind == 6)
				json_array_append_new(value, random_value(seed, depth + 1));
			else
				json_object_set_new(value, text, random_value(seed, depth + 1));
		}
	}
	free(text);
	assert_non_null(value);
	return value;
}

static void test_random(void **state)
{
	unsigned seed = (unsigned)clock_wall();

	(void)state;
	print_message("seed %u\n", seed);
	for (int i = 0; i < 20000; i++) {
		json_t *value = random_value(&seed, 0);
		struct buf text = { 0 };

		yaml_write(value, &text);
		check(value, &text);
		buf_free(&text);
		json_decref(value);
	}
}

/* ---- kubectl's reader -------------------------------------------------------------------- */

static json_t *through_kubectl(const char *kubectl, const struct buf *text)
{
	char path[] = "/tmp/runpod-yaml.XXXXXX", *command;
	int fd = mkostemp(path, O_CLOEXEC);
	struct buf output = { 0 };
	FILE *pipe;
	json_t *value;

	assert_true(fd >= 0);
	assert_int_equal(io_write_all(fd, text->data, text->len), 0);
	close(fd);
	command = text_format("timeout 60 %s label --local --overwrite -f %s a=b -o json", kubectl, path);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_int_equal(io_read_all(fileno(pipe), 64 << 20, &output), 0);
	assert_int_equal(pclose(pipe), 0);
	unlink(path);
	free(command);
	value = json_loads(output.data, JSON_ALLOW_NUL, NULL);
	assert_non_null(value);
	buf_free(&output);
	return value;
}

/* 64-bit floats are printed differently by everyone; all else is compared. */
static bool has_real(const json_t *value)
{
	const char *key;
	json_t *member;
	size_t i;

	json_array_foreach(value, i, member) if (has_real(member)) return true;
	json_object_foreach((json_t *)value, key, member) if (has_real(member)) return true;
	return json_is_real(value);
}

static void test_kubectl(void **state)
{
	unsigned seed = (unsigned)clock_wall();
	char kubectl[256];
	json_t *trees = json_array(), *object, *back;
	struct buf text = { 0 };

	(void)state;
	if (!tool_find("kubectl", kubectl, sizeof(kubectl))) {
		json_decref(trees);
		print_message("skipped: kubectl is not installed\n");
		skip();
	}
	print_message("seed %u\n", seed);
	for (size_t i = 0; i < ROWS(forms); i++)
		json_array_append_new(trees, json_loads(forms[i].json, JSON_DECODE_ANY, NULL));
	for (int i = 0; i < 3000; i++)
		json_array_append_new(trees, random_value(&seed, 0));
	for (size_t i = json_array_size(trees); i-- > 0;)
		if (has_real(json_array_get(trees, i)))
			json_array_remove(trees, i);
	object = json_pack("{s:s, s:s, s:{s:s, s:{s:s}}, s:O}", "apiVersion", "v1", "kind", "ConfigMap",
			   "metadata", "name", "x", "labels", "a", "b", "trees", trees);
	yaml_write(object, &text);
	check(object, &text);
	back = through_kubectl(kubectl, &text);
	for (size_t i = 0; i < json_array_size(trees); i++) {
		const json_t *was = json_array_get(trees, i),
			     *is = json_array_get(json_object_get(back, "trees"), i);

		if (json_equal(was, is))
			continue;
		text.len = 0;
		yaml_write(was, &text);
		fail_msg("%s\nwas read by kubectl as\n%s", text.data, json_dumps(is, JSON_ENCODE_ANY));
	}
	assert_true(json_equal(object, back));
	buf_free(&text);
	json_decref(back);
	json_decref(object);
	json_decref(trees);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_long_keys),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_kubectl),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
