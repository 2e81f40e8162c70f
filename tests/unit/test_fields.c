/*
 * fields: every member of a spec is known to its table, and comes back from
 * JSON and from a copy as it went.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spec/fields.h"
#include "spec/json_text.h"
#include "spec/pod_spec.h"

static const size_t sizes[] = {
	[FIELD_BOOL] = sizeof(bool),
	[FIELD_INT] = sizeof(int64_t),
	[FIELD_TEXT] = sizeof(char *),
	[FIELD_STRV] = sizeof(struct strv),
	[FIELD_OBJECT] = 0,
	[FIELD_LIST] = sizeof(struct strv),
};

/*
 * Marks all bytes of the structure and wipes what the rows name. What stays must be
 * padding: less than eight bytes, up to a multiple of eight. A member without a row
 * would stay too (all but a bool with only padding behind it).
 */
static void check_shape(const char *name, const struct shape *shape)
{
	unsigned char *bytes = malloc(shape->size);

	print_message("struct %s\n", name);
	memset(bytes, 0xaa, shape->size);
	for (const struct field *field = shape->fields; field->name; field++) {
		size_t size = field->type == FIELD_OBJECT ? field->shape->size : sizes[field->type];

		assert_true(field->offset + size <= shape->size);
		assert_int_equal(field->type == FIELD_OBJECT || field->type == FIELD_LIST, !!field->shape);
		for (size_t i = 0; i < size; i++) /* nor is one named twice */
			assert_int_equal(bytes[field->offset + i], 0xaa);
		memset(bytes + field->offset, 0, size);
	}
	for (size_t i = 0, run = 0; i < shape->size; i++) {
		run = bytes[i] ? run + 1 : 0;
		assert_true(run < 8);
		assert_true(!run || i % 8 == 7 || bytes[i + 1]);
	}
	free(bytes);
}

static void test_complete(void **state)
{
	(void)state;
	check_shape("ns_choice", &ns_choice_shape);
	check_shape("port_map", &port_map_shape);
	check_shape("mount_spec", &mount_spec_shape);
	check_shape("limits", &limits_shape);
	check_shape("restart_policy", &restart_policy_shape);
	check_shape("name_service", &name_service_shape);
	check_shape("log_spec", &log_spec_shape);
	check_shape("ctr_spec", &ctr_spec_shape);
	check_shape("pod_spec", &pod_spec_shape);
}

static int64_t next = -1; /* a number for each field filled */

static void fill(const struct shape *shape, void *structure)
{
	for (const struct field *field = shape->fields; field->name; field++) {
		void *slot = (char *)structure + field->offset;

		next++;
		switch (field->type) {
		case FIELD_BOOL:
			*(bool *)slot = true;
			break;
		case FIELD_INT:
			*(int64_t *)slot = next ? -next : INT64_MIN;
			break;
		case FIELD_TEXT:
			*(char **)slot = text_format("%s \"é\\%lld", field->name, (long long)next);
			break;
		case FIELD_STRV:
			strv_addf(slot, "%lld", (long long)next);
			strv_add(slot, "");
			strv_add(slot, "not \xff UTF-8 \xc3");
			break;
		case FIELD_OBJECT:
			fill(field->shape, slot);
			break;
		case FIELD_LIST:
			fill(field->shape, fields_append(field->shape, slot));
			fill(field->shape, fields_append(field->shape, slot));
			break;
		}
	}
}

static void round_trip(const struct shape *shape)
{
	void *from = mem_zalloc(shape->size), *to = mem_zalloc(shape->size), *copy = mem_zalloc(shape->size);
	json_t *json, *again;
	struct err err = { 0 };
	struct buf written = { 0 };
	char *text;

	fill(shape, from);
	json = fields_encode(shape, from);
	text = json_dumps(json, JSON_COMPACT);
	fields_write(shape, from, &written);
	assert_string_equal(written.data, text);
	buf_free(&written);
	again = json_loads(text, 0, NULL);
	assert_non_null(again);
	assert_int_equal(fields_decode(shape, again, to, &err), 0);
	assert_true(fields_equal(shape, from, to));
	fields_copy(shape, from, copy);
	fields_free(shape, from);
	assert_true(fields_equal(shape, copy, to)); /* it shares nothing with what is gone */
	assert_false(fields_equal(shape, copy, from));
	json_decref(json);
	json = fields_encode(shape, from);
	assert_int_equal(json_object_size(json), 0); /* what is empty is left out */
	fields_write(shape, from, &written);
	assert_string_equal(written.data, "{}");
	buf_free(&written);
	fields_free(shape, to);
	fields_free(shape, copy);
	json_decref(json);
	json_decref(again);
	free(text);
	free(from);
	free(to);
	free(copy);
}

static void test_round_trip(void **state)
{
	(void)state;
	round_trip(&ctr_spec_shape);
	round_trip(&pod_spec_shape);
}

/* What we write is read at once, if each text is plain; the thorough way gives the same. */
static void test_read(void **state)
{
	struct ctr_spec from = { 0 }, quick = { 0 }, slow = { 0 };
	json_t *json;
	char *text;

	(void)state;
	from.name = text_dup("web");
	from.net.mode = text_dup("host");
	from.tty = true;
	from.timeout = -7;
	from.stop_timeout = INT64_MAX;
	strv_add(&from.env, "A=1");
	strv_add(&from.env, "");
	for (int i = 0; i < 2; i++) {
		struct port_map *port = fields_append(&port_map_shape, &from.ports);

		port->ctr_port = 80 + i;
	}
	json = fields_encode(&ctr_spec_shape, &from);
	text = json_dumps(json, JSON_COMPACT);
	assert_true(fields_read(&ctr_spec_shape, text, &quick));
	assert_int_equal(fields_decode(&ctr_spec_shape, json, &slow, NULL), 0);
	assert_true(fields_equal(&ctr_spec_shape, &quick, &from));
	assert_true(fields_equal(&ctr_spec_shape, &quick, &slow));
	for (size_t cut = strlen(text); cut-- > 0;) { /* torn anywhere, it is not what we wrote */
		static const struct ctr_spec empty;
		struct ctr_spec torn = { 0 };

		text[cut] = '\0';
		assert_false(fields_read(&ctr_spec_shape, text, &torn));
		assert_memory_equal(&torn, &empty, sizeof(torn));
	}
	fields_free(&ctr_spec_shape, &from);
	fields_free(&ctr_spec_shape, &quick);
	fields_free(&ctr_spec_shape, &slow);
	json_decref(json);
	free(text);
}

/* All else is left to the thorough one: other forms of the same, and what is wrong. */
static void test_read_not(void **state)
{
	static const char *const rows[] = {
		"{\"name\": \"a\"}",
		"{\"name\":\"a\"} ",
		"{\"name\":\"a\\n\"}",
		"{\"name\":\"\xc3\xa9\"}",
		"{\"name\":\"a\",\"name\":\"b\"}",
		"{\"tty\":true,\"name\":\"a\",\"tty\":true}",
		"{\"tty\":false}",
		"{\"name\":{\"hex\":\"ff\"}}",
		"{\"newer\":1}",
		"{\"nam\":\"a\"}",
		"{\"timeout\":07}",
		"{\"timeout\":1.0}",
		"{\"timeout\":-}",
		"{\"timeout\":9223372036854775808}",
		"{\"env\":[]}",
		"{\"env\":[\"a\",]}",
		"{\"name\":\"a\",}",
		"[]",
		"",
	};
	static const struct ctr_spec empty;
	struct ctr_spec spec = { 0 };

	(void)state;
	assert_true(fields_read(&ctr_spec_shape, "{}", &spec));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		print_message("%s\n", rows[i]);
		assert_false(fields_read(&ctr_spec_shape, rows[i], &spec));
		assert_memory_equal(&spec, &empty, sizeof(spec));
	}
}

static void test_bytes(void **state)
{
	struct ns_choice choice = { .mode = "a\xff", .arg = "ä" };
	json_t *json = fields_encode(&ns_choice_shape, &choice);
	char *text = json_dumps(json, JSON_SORT_KEYS);

	(void)state;
	assert_string_equal(text, "{\"arg\": \"ä\", \"mode\": {\"hex\": \"61ff\"}}");
	free(text);
	json_decref(json);
}

static void test_decode_errors(void **state)
{
	static const struct {
		const char *json;
		const char *error;
	} rows[] = {
		{ "{}", "" },
		{ "{\"newer\": [1]}", "" },
		{ "[]", "expected an object" },
		{ "{\"name\": 7}", "key \"name\": expected text" },
		{ "{\"name\": null}", "key \"name\": expected text" },
		{ "{\"name\": {\"hex\": \"6\"}}", "key \"name\": an odd number of hex digits" },
		{ "{\"name\": {\"hex\": \"6g\"}}", "key \"name\": bad hex digits" },
		{ "{\"name\": {\"hex\": \"00\"}}", "key \"name\": bad hex digits" },
		{ "{\"tty\": 1}", "key \"tty\": expected true or false" },
		{ "{\"timeout\": \"1\"}", "key \"timeout\": expected an integer" },
		{ "{\"timeout\": 1.5}", "key \"timeout\": expected an integer" },
		{ "{\"env\": \"A=1\"}", "key \"env\": expected a list of texts" },
		{ "{\"env\": [\"A=1\", 2]}", "key \"env\": element 1: expected text" },
		{ "{\"name\": \"x\", \"net\": {\"mode\": []}}", "key \"net\": key \"mode\": expected text" },
		{ "{\"ports\": {}}", "key \"ports\": expected a list of objects" },
		{ "{\"ports\": [{\"ctr_port\": 80}, {\"ctr_port\": \"80\"}]}",
		  "key \"ports\": element 1: key \"ctr_port\": expected an integer" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		static const struct ctr_spec empty;
		struct ctr_spec spec = { 0 };
		struct err err = { 0 };
		json_t *json = json_loads(rows[i].json, 0, NULL);

		print_message("%s\n", rows[i].json);
		assert_int_equal(fields_decode(&ctr_spec_shape, json, &spec, &err),
				 *rows[i].error ? -EINVAL : 0);
		assert_string_equal(err.text, rows[i].error);
		assert_memory_equal(&spec, &empty, sizeof(spec)); /* freed and zeroed */
		json_decref(json);
	}
}

static void test_words(void **state)
{
	static const struct {
		const char *text;
		const char *joined;
	} rows[] = {
		{ "", "" },
		{ "/bin/sh", "/bin/sh" },
		{ "sh -c x", "sh -c x" },
		{ "[\"a\", \"b c\"]", "a|b c" },
		{ "[]", "" },
		{ "[1]", "[1]" },
		{ "[\"a\"", "[\"a\"" },
		{ "\"quoted\"", "\"quoted\"" },
		{ "\xff", "\xff" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct strv words = { 0 };
		char *joined;

		json_text_words(rows[i].text, &words);
		joined = strv_join(&words, "|");
		assert_string_equal(joined, rows[i].joined);
		free(joined);
		strv_free(&words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_complete), cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_read),	 cmocka_unit_test(test_read_not),
		cmocka_unit_test(test_bytes),	 cmocka_unit_test(test_decode_errors),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
