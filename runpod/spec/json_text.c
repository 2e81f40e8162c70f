/*
 * json_text: the two forms of a text in JSON.
 *
 * JSON holds text as UTF-8 (RFC 8259), but the kernel lets arguments, paths
 * and names be any bytes but NUL (see execve(2)). Text that is no UTF-8 is
 * therefore kept as {"hex": "…"}, so that nothing is lost on the way to disk.
 */
#include "spec/json_text.h"

#include <stdlib.h>
#include <string.h>

json_t *json_text_encode(const char *text)
{
	json_t *value = json_string(text), *object;
	struct buf hex = { 0 };

	if (value)
		return value;
	for (const char *p = text; *p; p++)
		buf_format(&hex, "%02x", (unsigned char)*p);
	object = json_object();
	json_object_set_new(object, "hex", json_string(hex.data));
	buf_free(&hex);
	return object;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static int decode_hex(const char *hex, char **ret_text, struct err *err)
{
	size_t length = strlen(hex) / 2;
	char *text;

	if (strlen(hex) % 2)
		return err_set(err, 0, "an odd number of hex digits");
	text = mem_zalloc(length + 1);
	for (size_t i = 0; i < length; i++) {
		int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);

		if (high < 0 || low < 0 || high + low == 0) { /* no digit, or the NUL that ends a text */
			free(text);
			return err_set(err, 0, "bad hex digits");
		}
		text[i] = (char)(high << 4 | low);
	}
	text_replace(ret_text, text);
	return 0;
}

int json_text_decode(const json_t *value, char **ret_text, struct err *err)
{
	const char *hex = json_string_value(json_object_get(value, "hex"));

	if (hex)
		return decode_hex(hex, ret_text, err);
	if (!json_is_string(value))
		return err_set(err, 0, "expected text");
	text_replace(ret_text, text_dup(json_string_value(value)));
	return 0;
}

static bool all_strings(const json_t *array)
{
	for (size_t i = 0; i < json_array_size(array); i++)
		if (!json_is_string(json_array_get(array, i)))
			return false;
	return json_is_array(array);
}

void json_text_words(const char *text, struct strv *list)
{
	json_t *array = json_loads(text, 0, NULL);

	if (all_strings(array))
		for (size_t i = 0; i < json_array_size(array); i++)
			strv_add(list, json_string_value(json_array_get(array, i)));
	else if (*text)
		strv_add(list, text);
	json_decref(array);
}
