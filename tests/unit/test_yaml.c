/*
 * yaml: what texts are read as, where each thing stands, and what is refused, at
 * which place and in which words.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/io.h"
#include "spec/yaml.h"
#include "yaml_json.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

/* ---- what is read ------------------------------------------------------------------------ */

struct row {
	const char *text;
	const char *json; /* all documents as one list; ' stands for " */
};

static const struct row rows[] = {
	{ "", "[]" },
	{ "# nothing\n", "[]" },
	{ "---\n---\n# nothing\n...\n", "[]" },
	{ "null\n---\na: 1\n---\n~\n", "[{'a':1}]" },
	{ "a: 1\n---\nb: 2\n--- {c: 3}\n", "[{'a':1},{'b':2},{'c':3}]" },
	{ "%YAML 1.1\n---\na: b\n", "[{'a':'b'}]" },
	{ "\xef\xbb\xbf"
	  "a: b\n",
	  "[{'a':'b'}]" },
	{ "a: b\r\nc:\r\n- d\r\n", "[{'a':'b','c':['d']}]" },
	{ "a:\n- 1\n-  - x\n   - z\n- b: 1\n  c: 2\n", "[{'a':[1,['x','z'],{'b':1,'c':2}]}]" },
	{ "{\n# KYAML\n  a: \"1\", b: [x, z,], c: {d: {}, e: [],},\n}\n",
	  "[{'a':'1','b':['x','z'],'c':{'d':{},'e':[]}}]" },
	{ "{\"a\":{\"b\":[1,true,null,\"\\u00e9\\/\"]},\n\t\"c\":-5}",
	  "[{'a':{'b':[1,true,null,'\xc3\xa9/']},'c':-5}]" },
	{ "a: |\n  x\n   y\n\nb: >\n  x\n  y\n\n  z\nc: |-\n  x\nd: |+\n  x\n\ne: 1\n",
	  "[{'a':'x\\n y\\n','b':'x y\\nz\\n','c':'x','d':'x\\n\\n','e':1}]" },
	{ "a: 'it''s'\nb: \"\\\n   x\\n\\\n  \\  y\\\n  \"\nc: x\n  y\n",
	  "[{'a':'it\\u0027s','b':'x\\n  y','c':'x y'}]" },
	{ "a: &x {b: 1}\nc: *x\nd: [*x, &x 2, *x]\n", "[{'a':{'b':1},'c':{'b':1},'d':[{'b':1},2,2]}]" },
	{ "&k a: *k\n", "[{'a':'a'}]" },
	{ "&k 1: *k\nb: *k\n", "[{'1':1,'b':1}]" },
	/* keys become text; values keep their kind */
	{ "1: a\n0x1f: b\nyes: c\n'no': d\nnull_: e\n\"1.5\": f\n",
	  "[{'1':'a','31':'b','true':'c','no':'d','null_':'e','1.5':'f'}]" },
	/* tags */
	{ "[!!str 1, ! 1, !foo yes, !!int '1', !!bool 'on', !!null '', !!float '2', !!timestamp 2001-01-01]",
	  "[['1','1','yes',1,true,null,2,'2001-01-01']]" },
	/* merge keys */
	{ "a: &a {x: 1, k: 2}\nb:\n  <<: *a\n  k: 3\n  z: 4\n",
	  "[{'a':{'x':1,'k':2},'b':{'x':1,'k':3,'z':4}}]" },
	{ "- &a {x: 1}\n- &b {x: 2, k: 2}\n- <<: [*a, *b]\n- <<: [*b, *a]\n",
	  "[[{'x':1},{'x':2,'k':2},{'x':1,'k':2},{'x':2,'k':2}]]" },
	{ "a: {<<: {b: 1, c: &c [2]}, d: *c}\n", "[{'a':{'b':1,'c':[2],'d':[2]}}]" },
	{ "a: {'<<': 1}\n", "[{'a':{'<<':1}}]" },
	{ "a: &a\n  <<: &b {x: 1}\nb: {<<: *a, k: 2}\nc: *b\n",
	  "[{'a':{'x':1},'b':{'x':1,'k':2},'c':{'x':1}}]" },
};

static char *quotes(const char *text)
{
	char *copy = text_dup(text);

	for (char *at = copy; *at; at++)
		if (*at == '\'')
			*at = '"';
	return copy;
}

static void test_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		json_t *got = json_array(), *want;
		struct diags diags = { 0 };
		struct yaml_docs docs;
		struct buf shown = { 0 };
		char *json;

		print_message("%s\n", rows[i].text);
		json = quotes(rows[i].json);
		want = json_loads(json, 0, NULL);
		assert_non_null(want);
		if (yaml_read(rows[i].text, strlen(rows[i].text), &docs, &diags)) {
			diags_print(&diags, "x", rows[i].text, &shown);
			fail_msg("%s", shown.data);
		}
		for (size_t k = 0; k < docs.n; k++)
			json_array_append_new(got, yaml_json(&docs.v[k]));
		free(json);
		json = json_dumps(got, JSON_COMPACT);
		print_message("    %s\n", json);
		assert_true(json_equal(got, want));
		free(json);
		json_decref(got);
		json_decref(want);
		yaml_docs_free(&docs);
		assert_int_equal(diags.n, 0);
	}
}

/* ---- where it stands --------------------------------------------------------------------- */

static void test_places(void **state)
{
	static const char text[] = "# a pod\n"
				   "spec:\n"
				   "  containers:\n"
				   "  - name: a\n"
				   "    image: \"\xc3\xa9\"   # \xc3\xa9 is one column\n"
				   "  - {name: \"\xc3\xa9\", image: c}\n"
				   "metadata:\n"
				   "  annotations:\n"
				   "    a.b/c: &x\n"
				   "      - 1\n"
				   "    d: *x\n";
	static const struct {
		const char *path;
		int line, column;
	} places[] = {
		{ "", 2, 1 },
		{ "spec", 3, 3 },
		{ "spec.containers", 4, 3 },
		{ "spec.containers[0]", 4, 5 },
		{ "spec.containers[0].name", 4, 11 },
		{ "spec.containers[0].image", 5, 12 },
		{ "spec.containers[1].image", 6, 24 },
		{ "spec.containers[2].image", 4, 3 }, /* ends early: the nearest above */
		{ "spec.containers.name", 4, 3 },
		{ "spec.foo.bar", 3, 3 },
		{ "metadata.annotations['a.b/c']", 9, 12 },
		{ "metadata.annotations['a.b/c'][0]", 10, 9 },
		{ "metadata.annotations.d", 11, 8 },	/* where the alias stands … */
		{ "metadata.annotations.d[0]", 10, 9 }, /* … and what it names */
		{ "metadata.annotations['", 9, 5 },
		{ "spec[", 3, 3 },
	};
	struct diags diags = { 0 };
	struct yaml_docs docs;

	(void)state;
	assert_int_equal(yaml_read(text, strlen(text), &docs, &diags), 0);
	for (size_t i = 0; i < ROWS(places); i++) {
		const struct yaml_node *node = yaml_at(&docs.v[0], places[i].path);

		print_message("%s: %d:%d\n", places[i].path, node->line, node->column);
		assert_int_equal(node->line, places[i].line);
		assert_int_equal(node->column, places[i].column);
	}
	assert_null(yaml_get(NULL, "a"));
	assert_null(yaml_get(&docs.v[0], "spe"));
	assert_null(yaml_get(yaml_get(&docs.v[0], "metadata"), "spec"));
	assert_null(yaml_get(yaml_at(&docs.v[0], "spec.containers"), "name"));
	assert_string_equal(yaml_at(&docs.v[0], "spec.containers[0].name")->text, "a");
	yaml_docs_free(&docs);
}

/* ---- what is refused --------------------------------------------------------------------- */

#define ALREADY(key, line) "key \"" key "\" already set in map (at line " line ")"

static const struct {
	const char *text;
	const char *errors; /* as diags_print gives them without the source */
} refused[] = {
	{ "a: 1\nb: 2\na: 3\n", "x:3:1: " ALREADY("a", "1") "\n" },
	{ "b:\n  a: 1\n  c: {d: 1, d: 2}\n  a: 3\n---\na: 1\n",
	  "x:3:13: " ALREADY("d", "3") "\n"
				       "x:4:3: " ALREADY("a", "2") "\n" },
	{ "a: 1\n'a': 2\n\"\\x61\": 3\n", "x:2:1: " ALREADY("a", "1") "\nx:3:1: " ALREADY("a", "1") "\n" },
	{ "yes: 1\ntrue: 2\n", "x:2:1: " ALREADY("true", "1") "\n" },
	{ "a:\n\tb: 1\n",
	  "x:2:1: found character that cannot start any token (indent with blanks, not with tabs)\n" },
	{ "a: [1\nb: 2\n",
	  "x:2:2: did not find expected ',' or ']' (between two items, or to end the list)\n" },
	{ "a: b: c\n", "x:1:5: mapping values are not allowed in this context (text with \": \" in it needs "
		       "quotes; a key stands on a line of its own)\n" },
	{ "a:\n  b: 1\n c: 2\n",
	  "x:3:2: did not find expected key (is this line indented as the others of its map?)\n" },
	{ "a: @b\n",
	  "x:1:4: found character that cannot start any token (text that begins with @, ` or % needs "
	  "quotes)\n" },
	{ "a: \"b\n", "x:2:1: found unexpected end of stream (a quote is not closed)\n" },
	{ "a: *b\n", "x:1:4: unknown anchor 'b' referenced\n" },
	{ "\xef\xbb\xbf"
	  "a: *b\n",
	  "x:1:4: unknown anchor 'b' referenced\n" },
	{ "a: &b {c: *b}\n", "x:1:11: anchor 'b' value contains itself\n" },
	{ "a: &b 1\n---\na: *b\n", "x:3:4: unknown anchor 'b' referenced\n" },
	{ "[a]: 1\n{b: 1}: 1\n~: 1\n1.5: 2\n",
	  "x:1:1: unsupported map key: a key is text; write it in quotes\n"
	  "x:2:1: unsupported map key: a key is text; write it in quotes\n"
	  "x:3:1: unsupported map key ~: a key is text; write it in quotes\n"
	  "x:4:1: unsupported map key 1.5: a key is text; write it in quotes\n" },
	{ "a: \"b\\0c\"\n", "x:1:4: text with a NUL character in it can be no part of a pod\n" },
	{ "a: b\n\xc3\xa9: \xff\n", "x:2:4: invalid leading UTF-8 octet\n" },
	{ "a: b\nc: \xc3", "x:2:4: incomplete UTF-8 octet sequence\n" },
	{ "a: \x1b[31m\n", "x:1:4: control characters are not allowed\n" },
	{ "a: !!int b\n", "x:1:4: cannot decode `b` as a !!int\n" },
	{ "a: !!binary YQ==\n", "x:1:4: the tag !!binary is not supported: write base64 as text\n" },
	{ "<<: 1\n", "x:1:5: map merge requires map or sequence of maps as the value\n" },
	{ "<<: [{}, 1]\n", "x:1:5: map merge requires map or sequence of maps as the value\n" },
	{ "<<: {}\n<<: {}\n", "x:2:1: " ALREADY("<<", "1") "\n" },
	{ "a: 1\n<<: {a: 2}\n", "x:2:1: key \"a\" already set in map (at line 1; what overrides a merged key "
				"stands below the <<)\n" },
	{ "a: 1\nb: [\n", "x:3:1: did not find expected node content while parsing a flow node\n" },
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(refused); i++) {
		struct diags diags = { 0 };
		struct yaml_docs docs;
		struct buf shown = { 0 };

		print_message("%s", refused[i].errors);
		assert_int_equal(yaml_read(refused[i].text, strlen(refused[i].text), &docs, &diags), -EINVAL);
		diags_print(&diags, "x", NULL, &shown);
		assert_string_equal(shown.data, refused[i].errors);
		buf_free(&shown);
		diags_free(&diags);
		yaml_docs_free(&docs);
	}
}

/* What was read before a syntax error is kept; the document that it is in is not. */
static void test_partial(void **state)
{
	static const char text[] = "a: 1\na: 2\n---\nb: 1\nc: @\n";
	struct diags diags = { 0 };
	struct yaml_docs docs;

	(void)state;
	assert_int_equal(yaml_read(text, strlen(text), &docs, &diags), -EINVAL);
	assert_int_equal(docs.n, 1);
	assert_int_equal(diags.n, 2);
	assert_string_equal(yaml_get(&docs.v[0], "a")->text, "1");
	diags_free(&diags);
	yaml_docs_free(&docs);
	yaml_docs_free(&docs); /* again does no harm */
}

/* Nobody who walks through a map meets a key without text. */
static void test_wrong_keys(void **state)
{
	static const char text[] = "a: 1\n~: 2\n[b]: &x {c: 3}\nd: *x\n";
	struct diags diags = { 0 };
	struct yaml_docs docs;

	(void)state;
	assert_int_equal(yaml_read(text, strlen(text), &docs, &diags), -EINVAL);
	assert_int_equal(diags.n, 2);
	assert_int_equal(docs.v[0].n, 2);
	assert_string_equal(docs.v[0].pairs[0].key.text, "a");
	assert_string_equal(yaml_at(&docs.v[0], "d.c")->text, "3");
	diags_free(&diags);
	yaml_docs_free(&docs);
}

static void test_nul(void **state)
{
	struct diags diags = { 0 };
	struct yaml_docs docs;

	(void)state;
	assert_int_equal(yaml_read("a: b\n#\0\n", 9, &docs, &diags), -EINVAL);
	assert_int_equal(diags.n, 1);
	assert_int_equal(diags.v[0].line, 2);
	assert_int_equal(diags.v[0].column, 2);
	assert_string_equal(diags.v[0].text, "control characters are not allowed");
	diags_free(&diags);
	yaml_docs_free(&docs);
}

/* ---- what would be too much -------------------------------------------------------------- */

static void repeat(struct buf *out, const char *text, int times)
{
	while (times-- > 0)
		buf_text(out, text);
}

/* Takes the text, and expects that one error begins so (NULL: none). */
static void expect_limit(struct buf *text, const char *error)
{
	struct diags diags = { 0 };
	struct yaml_docs docs;

	assert_int_equal(yaml_read(text->data, text->len, &docs, &diags), error ? -EINVAL : 0);
	assert_int_equal(diags.n, error ? 1 : 0);
	if (error)
		print_message("%s\n", diags.v[0].text);
	assert_true(!error || text_starts(diags.v[0].text, error));
	diags_free(&diags);
	yaml_docs_free(&docs);
	buf_free(text);
}

static void test_limits(void **state)
{
	static const char excessive[] = "document contains excessive aliasing";
	struct buf text = { 0 };

	(void)state;
	/* ten lists of ten of the one before: 10^10 laughs */
	buf_text(&text, "a0: &a0 ha\n");
	for (int i = 1; i <= 10; i++) {
		buf_format(&text, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++)
			buf_format(&text, "*a%d,", i - 1);
		buf_text(&text, "]\n");
	}
	expect_limit(&text, excessive);
	/* the same by merging */
	buf_text(&text, "m0: &m0 {k: v}\n");
	for (int i = 1; i <= 40; i++)
		buf_format(&text, "m%d: &m%d {<<: *m%d, a%d: *m%d, b%d: *m%d}\n", i, i, i - 1, i, i - 1, i,
			   i - 1);
	expect_limit(&text, excessive);
	for (int i = 0; i <= 1000; i++)
		buf_format(&text, "- &a%d x\n", i);
	expect_limit(&text, "document contains more than 1000 anchors");
	/* one long text, many times */
	buf_text(&text, "- &a ");
	repeat(&text, "0123456789abcdef", 65536);
	buf_text(&text, "\n");
	repeat(&text, "- *a\n", 4);
	expect_limit(&text, excessive);
	/* an alias chain that only grows deep */
	buf_text(&text, "- &a0 x\n");
	for (int i = 1; i < 100; i++)
		buf_format(&text, "- &a%d [*a%d]\n", i, i - 1);
	expect_limit(&text, "exceeded max depth of 100");
	repeat(&text, "[", 101);
	repeat(&text, "]", 101);
	expect_limit(&text, "exceeded max depth of 100");
	repeat(&text, "[", 100);
	repeat(&text, "]", 100);
	expect_limit(&text, NULL);
	repeat(&text, "[", 1000000);
	expect_limit(&text, "exceeded max depth of 100");
	repeat(&text, "- a\n", 99999);
	expect_limit(&text, NULL);
	repeat(&text, "- a\n", 100000);
	expect_limit(&text, excessive);
	repeat(&text, "#\n", (3 << 20) / 2);
	expect_limit(&text, NULL);
	repeat(&text, "#\n", (3 << 20) / 2 + 1);
	expect_limit(&text, "text is too large");
	/* as many keys as there may be, and then the same once more in a merge: sorting, not comparing each with each */
	buf_text(&text, "&m\n");
	for (int i = 0; i < 24000; i++)
		buf_format(&text, "key-%d: 1\n", i);
	buf_text(&text, "---\na: &a\n");
	for (int i = 0; i < 12000; i++)
		buf_format(&text, "  key-%d: 1\n", i);
	buf_text(&text, "b:\n  <<: *a\n  key-7: 2\n");
	expect_limit(&text, excessive);
}

/* ---- what a plain scalar means ----------------------------------------------------------- */

static void test_scalars(void **state)
{
	/* N null, T true, F false, I an integer, D another number, S text */
	static const struct {
		const char *text;
		char meaning;
		int64_t value;
	} scalars[] = {
		{ "~", 'N', 0 },
		{ "null", 'N', 0 },
		{ "Null", 'N', 0 },
		{ "NULL", 'N', 0 },
		{ "nULL", 'S', 0 },
		{ "yes", 'T', 0 },
		{ "on", 'T', 0 },
		{ "y", 'T', 0 },
		{ "Y", 'T', 0 },
		{ "TRUE", 'T', 0 },
		{ "tRUE", 'S', 0 },
		{ "no", 'F', 0 },
		{ "Off", 'F', 0 },
		{ "n", 'F', 0 },
		{ "False", 'F', 0 },
		{ "0", 'I', 0 },
		{ "-0", 'I', 0 },
		{ "+5", 'I', 5 },
		{ "-5", 'I', -5 },
		{ "1_000", 'I', 1000 },
		{ "017", 'I', 15 },
		{ "0o17", 'I', 15 },
		{ "0O17", 'I', 15 },
		{ "-0o17", 'I', -15 },
		{ "0x1F", 'I', 31 },
		{ "-0x1f", 'I', -31 },
		{ "0b11", 'I', 3 },
		{ "-0b11", 'I', -3 },
		{ "0x", 'S', 0 },
		{ "0x0x1", 'S', 0 },
		{ "0b2", 'S', 0 },
		{ "0o8", 'S', 0 },
		{ "08", 'D', 0 },
		{ "1.", 'D', 0 },
		{ ".5", 'D', 0 },
		{ "-.5", 'D', 0 },
		{ "1e3", 'D', 0 },
		{ "1E-3", 'D', 0 },
		{ "1e", 'S', 0 },
		{ "1e+", 'S', 0 },
		{ ".", 'S', 0 },
		{ "-", 'S', 0 },
		{ "+", 'S', 0 },
		{ "1.2.3", 'S', 0 },
		{ "1e999", 'S', 0 },
		{ ".inf", 'D', 0 },
		{ "-.Inf", 'D', 0 },
		{ ".nan", 'D', 0 },
		{ "inf", 'S', 0 },
		{ "nan", 'S', 0 },
		{ "0x1p3", 'S', 0 },
		{ "--1", 'S', 0 },
		{ "_1", 'S', 0 },
		{ "1_", 'I', 1 },
		{ "2001-01-01", 'S', 0 },
		{ "12:30:00", 'S', 0 },
		{ "100m", 'S', 0 },
		{ "0.1", 'D', 0 },
		{ "9223372036854775807", 'I', INT64_MAX },
		{ "-9223372036854775808", 'I', INT64_MIN },
		{ "9223372036854775808", 'D', 0 },
		{ "-9223372036854775809", 'D', 0 },
		{ "0xffffffffffffffffff", 'D', 0 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(scalars); i++) {
		struct yaml_node node = { .plain = true, .text = (char *)scalars[i].text };
		int64_t number;
		bool flag, is_bool = yaml_is_bool(&node, &flag), is_int = yaml_is_int(&node, &number);
		char meaning = yaml_is_null(&node)    ? 'N'
			       : is_bool	      ? (flag ? 'T' : 'F')
			       : is_int		      ? 'I'
			       : yaml_is_float(&node) ? 'D'
						      : 'S';

		print_message("%s %c %lld\n", scalars[i].text, meaning, (long long)number);
		assert_int_equal(meaning, scalars[i].meaning);
		assert_int_equal(number, scalars[i].value);
		assert_false(yaml_is_float(&node) && is_int);
		node.plain = false; /* in quotes it is text */
		assert_false(yaml_is_null(&node) || yaml_is_bool(&node, &flag) ||
			     yaml_is_int(&node, &number) || yaml_is_float(&node));
	}
	assert_false(yaml_is_null(NULL));
}

/* ---- how it is shown --------------------------------------------------------------------- */

static void test_print(void **state)
{
	static const char source[] = "a:\r\n\tb\xc3\xa9: \x1b[1m1\r\n\xc3\xa9\tlast";
	struct diags diags = { 0 };
	struct yaml_node node = { .line = 2, .column = 5 };
	struct buf shown = { 0 };

	(void)state;
	diag_add_at(&diags, 3, 11, "%s", "behind the end");
	diag_add(&diags, &node, "second at that place");
	diag_add_at(&diags, 2, 2, "a tab before it");
	diag_add(&diags, &node, "third");
	diag_add(&diags, NULL, "nowhere");
	diag_add_at(&diags, 9, 1, "no such line");
	diags_print(&diags, "pod.yaml", source, &shown);
	assert_string_equal(shown.data, "pod.yaml: nowhere\n"
					"pod.yaml:2:2: a tab before it\n"
					"\tb\xc3\xa9: ?[1m1\n"
					"\t^\n"
					"pod.yaml:2:5: second at that place\n"
					"\tb\xc3\xa9: ?[1m1\n"
					"\t   ^\n"
					"pod.yaml:2:5: third\n"
					"\tb\xc3\xa9: ?[1m1\n"
					"\t   ^\n"
					"pod.yaml:3:11: behind the end\n"
					"\xc3\xa9\tlast\n"
					" \t        ^\n"
					"pod.yaml:9:1: no such line\n");
	buf_free(&shown);
	diags_free(&diags);
	diags_print(&diags, "pod.yaml", source, &shown);
	assert_null(shown.data);
}

/* ---- real manifests ---------------------------------------------------------------------- */

static void test_manifests(void **state)
{
	glob_t found;

	(void)state;
	if (glob("../shared/manifests/*.yaml", 0, NULL, &found)) {
		print_message("skipped: data: there is no ../shared/manifests\n");
		skip();
	}
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];
		bool bad = strstr(path, "/bad-") != NULL;
		struct diags diags = { 0 };
		struct yaml_docs docs;
		struct buf text = { 0 };

		print_message("%s\n", path);
		assert_int_equal(io_read_file(AT_FDCWD, path, 1 << 20, &text, NULL), 0);
		assert_int_equal(yaml_read(text.data, text.len, &docs, &diags), bad ? -EINVAL : 0);
		if (strstr(path, "bad-tab")) {
			assert_int_equal(diags.v[0].line, 15);
			assert_int_equal(diags.v[0].column, 1);
		}
		assert_true(bad ||
			    (docs.n == 1 && yaml_at(&docs.v[0], "metadata.name")->kind == YAML_SCALAR));
		diags_free(&diags);
		yaml_docs_free(&docs);
		buf_free(&text);
	}
	globfree(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),	cmocka_unit_test(test_places),
		cmocka_unit_test(test_refused), cmocka_unit_test(test_partial),
		cmocka_unit_test(test_nul),	cmocka_unit_test(test_wrong_keys),
		cmocka_unit_test(test_limits),	cmocka_unit_test(test_scalars),
		cmocka_unit_test(test_print),	cmocka_unit_test(test_manifests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
