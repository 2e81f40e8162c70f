/* An image's configuration: what it becomes, and which ones are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "store/image_config.h"

#define HEX "00000000000000000000000000000000000000000000000000000000000000aa"

static int parse(const char *text, struct image *image, struct strv *layers, struct err *err)
{
	struct buf buf = { .data = (char *)text, .len = strlen(text) };

	*image = (struct image){ 0 };
	*layers = (struct strv){ 0 };
	return image_config_parse(&buf, image, layers, err);
}

static void test_whole(void **state)
{
	static const char text[] =
		"{\"architecture\":\"amd64\",\"os\":\"linux\",\"author\":null,\"config\":{\"Env\":[\"A=b\"],"
		"\"Cmd\":null,"
		"\"Entrypoint\":[\"/x\",\"y\"],\"User\":\"7\",\"WorkingDir\":\"\",\"StopSignal\":\"SIGUSR1\","
		"\"ExposedPorts\":{\"80/tcp\":{}},\"Volumes\":{\"/a/../"
		"b\":{},\"c\":{}},\"Labels\":{\"k\":\"v=w\"},"
		"\"Unknown\":1},\"rootfs\":{\"diff_ids\":[\"sha256:" HEX "\"]}}";
	struct err err = { 0 };
	struct strv layers;
	struct image image;

	(void)state;
	if (parse(text, &image, &layers, &err))
		fail_msg("%s", err.text);
	assert_string_equal(image.architecture, "amd64");
	assert_null(image.author);
	assert_string_equal(image.config.env.v[0], "A=b");
	assert_int_equal(image.config.cmd.n, 0);
	assert_string_equal(image.config.entrypoint.v[1], "y");
	assert_string_equal(image.config.user, "7");
	assert_null(image.config.working_dir);
	assert_string_equal(image.config.stop_signal, "SIGUSR1");
	assert_string_equal(image.config.exposed_ports.v[0], "80/tcp");
	assert_string_equal(image.config.volumes.v[0], "/b");
	assert_string_equal(image.config.volumes.v[1], "/c");
	assert_string_equal(image.config.labels.v[0], "k=v=w");
	assert_int_equal(layers.n, 1);
	assert_string_equal(layers.v[0], HEX);
	strv_free(&layers);
	image_free(&image);
}

static void test_times(void **state)
{
	static const struct {
		const char *text;
		int64_t when;
	} rows[] = {
		{ "1970-01-01T00:00:01Z", 1000000000 },
		{ "1970-01-01T00:00:01.5Z", 1500000000 },
		{ "1970-01-01T00:00:01.123456789Z", 1123456789 },
		{ "1970-01-01T00:00:01.1234567899999Z", 1123456789 },
		{ "1970-01-01T02:00:01+02:00", 1000000000 },
		{ "1970-01-01T00:00:01-00:30", 1801000000000 },
		{ "1970-01-01T00:00:01+02:00", 0 },
		{ "0001-01-01T00:00:00Z", 0 },
		{ "9999-01-01T00:00:00Z", 0 },
		{ "2024-05-06T07:08:09Z", 1714979289000000000 },
		{ "yesterday", 0 },
		{ "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *text = text_format("{\"created\":\"%s\"}", rows[i].text);
		struct strv layers;
		struct image image;

		assert_int_equal(parse(text, &image, &layers, NULL), 0);
		if (image.created != rows[i].when)
			fail_msg("%s is %lld", rows[i].text, (long long)image.created);
		image_free(&image);
		text_replace(&text, NULL);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "", "configuration: line" },
		{ "[]", "configuration: it is no object" },
		{ "{\"config\":[]}", "config is no object" },
		{ "{\"config\":{\"Env\":{}}}", "Env is no list" },
		{ "{\"config\":{\"Env\":[1]}}", "Env is no list of texts" },
		{ "{\"config\":{\"Cmd\":\"sh\"}}", "Cmd is no list" },
		{ "{\"config\":{\"User\":0}}", "User is no text" },
		{ "{\"config\":{\"User\":\"a\\u0000b\"}}", "configuration: line" },
		{ "{\"config\":{\"Labels\":{\"a\":1}}}", "Labels is no object of texts" },
		{ "{\"config\":{\"ExposedPorts\":[\"80\"]}}", "ExposedPorts is no object" },
		{ "{\"architecture\":{}}", "architecture is no text" },
		{ "{\"created\":1}", "created is no text" },
		{ "{\"rootfs\":{\"diff_ids\":\"x\"}}", "diff_ids is no list" },
		{ "{\"rootfs\":{\"diff_ids\":[\"sha256:../../x\"]}}", "no sha256 digest" },
		{ "{\"rootfs\":{\"diff_ids\":[\"" HEX "\"]}}", "no sha256 digest" },
		{ "{\"rootfs\":{\"diff_ids\":[\"sha256:" HEX "0\"]}}", "no sha256 digest" },
		{ "{\"rootfs\":{\"diff_ids\":[\"sha512:" HEX "\"]}}", "no sha256 digest" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct err err = { 0 };
		struct strv layers;
		struct image image;

		if (!parse(rows[i].text, &image, &layers, &err))
			fail_msg("%s was taken", rows[i].text);
		if (!strstr(err.text, rows[i].why))
			fail_msg("%s: %s", rows[i].text, err.text);
		strv_free(&layers);
		image_free(&image);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
