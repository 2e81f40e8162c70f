/*
 * yaml_write: a JSON tree as block YAML, in the form that kubectl prints.
 *
 * Rule: a plain scalar is whatever some reader takes it for (YAML 1.1: `yes`, `1e3`, `12:30:00`, `2001-01-01`), so text goes
 * without quotes only where yaml_scalar.c, and readers that know more types, see text in it. Lists stand in the column
 * of their key. Lines are never folded.
 *
 * Lesson 21 reads a manifest.
 */
#include "spec/yaml.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define STEP	       2    /* blanks a level */
#define LONGEST_SIMPLE 1000 /* bytes of a key; YAML wants a `?` before one of 1024 */

/* The character at text, which is UTF-8 for sure (jansson lets in nothing else), and its length. */
static unsigned code_point(const char *text, int *ret_length)
{
	unsigned char first = (unsigned char)*text;
	unsigned code = first;

	*ret_length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	if (*ret_length > 1)
		code = first & (0xffu >> (*ret_length + 1));
	for (int i = 1; i < *ret_length; i++)
		code = code << 6 | ((unsigned char)text[i] & 0x3f);
	return code;
}

/* What YAML takes only as an escape: controls, its own line separators, what is no character. */
static bool is_special(unsigned code)
{
	return code < ' ' || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029 ||
	       code == 0xfeff || code == 0xfffe || code == 0xffff;
}

/* Whether the text, length bytes, has none of those but the ones in allowed. */
static bool is_clean(const char *text, size_t length, const char *allowed)
{
	int step;

	for (size_t i = 0; i < length; i += (size_t)step) {
		unsigned code = code_point(text + i, &step);

		if (is_special(code) && (!code || code >= ' ' || !strchr(allowed, (int)code)))
			return false;
	}
	return true;
}

/* What a reader may take for something else than text: dates and numbers to the base of 60 too. */
static bool has_a_meaning(const char *text)
{
	struct yaml_node node = { .plain = true, .text = (char *)text };
	bool flag;
	int64_t number;

	return yaml_is_null(&node) || yaml_is_bool(&node, &flag) || yaml_is_int(&node, &number) ||
	       yaml_is_float(&node) || !strcmp(text, "<<") || !strcmp(text, "=") ||
	       (strspn(text, "0123456789") == 4 && text[4] == '-') ||
	       (strchr(text, ':') && !text[strspn(text, "+-0123456789:._")]);
}

static bool can_be_plain(const char *text, size_t length)
{
	if (!length || !is_clean(text, length, "") || has_a_meaning(text))
		return false;
	if (strchr(" ?:,[]{}#&*!|>'\"%@`", *text) || (*text == '-' && (!text[1] || text[1] == ' ')))
		return false;
	if (text_starts(text, "---") || text_starts(text, "..."))
		return false;
	return !strstr(text, ": ") && !strstr(text, " #") && !strchr(": ", text[length - 1]);
}

static void write_quoted(const char *text, size_t length, struct buf *out)
{
	static const char escaped[] = "\"\\\n\t\r", letters[] = "\"\\ntr";
	int step;

	buf_text(out, "\"");
	for (size_t i = 0; i < length; i += (size_t)step) {
		unsigned code = code_point(text + i, &step);
		const char *at = code && code < 0x80 ? strchr(escaped, (int)code) : NULL;

		if (at)
			buf_format(out, "\\%c", letters[at - escaped]);
		else if (is_special(code))
			buf_format(out, code < 0x100 ? "\\x%02x" : "\\u%04x", code);
		else
			buf_add(out, text + i, (size_t)step);
	}
	buf_text(out, "\"");
}

static void indent(int columns, struct buf *out)
{
	buf_format(out, "%*s", columns, "");
}

/* Several lines as they are, each behind at blanks. `-`: no newline at the end, `+`: several; a digit says how deep the text
 * begins where its first line could mislead. */
static void write_block(const char *text, size_t length, int at, struct buf *out)
{
	buf_text(out, strchr(" \t\n", *text) ? "|2" : "|");
	if (text[length - 1] != '\n')
		buf_text(out, "-");
	else if (text[length - 2] == '\n')
		buf_text(out, "+");
	while (length) {
		const char *end = memchr(text, '\n', length);
		size_t line = end ? (size_t)(end - text) : length;

		buf_text(out, "\n");
		if (line)
			indent(at, out);
		buf_add(out, text, line);
		length -= line + (end != NULL);
		text += line + (end != NULL);
	}
}

/* Text that stands where its lines, if it has several, belong at so many blanks; at -1: a key. */
static void write_text(const char *text, size_t length, int at, struct buf *out)
{
	if (can_be_plain(text, length))
		buf_text(out, text);
	else if (at >= 0 && memchr(text, '\n', length) && strspn(text, "\n") < length &&
		 is_clean(text, length, "\n\t"))
		write_block(text, length, at, out);
	else
		write_quoted(text, length, out);
}

static void write_value(const json_t *value, int at, struct buf *out);

/* Behind `key:`, whose map stands at so many blanks. */
static void write_member(const json_t *value, int at, struct buf *out)
{
	bool list = json_is_array(value) && json_array_size(value);

	if (list || (json_is_object(value) && json_object_size(value))) {
		buf_text(out, "\n");
		indent(list ? at : at + STEP, out);
	} else {
		buf_text(out, " ");
	}
	write_value(value, list ? at : at + STEP, out);
}

static void write_map(const json_t *map, int at, struct buf *out)
{
	const char *key;
	json_t *value;
	bool first = true;

	json_object_foreach((json_t *)map, key, value)
	{
		size_t length = strlen(key);

		if (!first) {
			buf_text(out, "\n");
			indent(at, out);
		}
		first = false;
		if (length > LONGEST_SIMPLE)
			buf_text(out, "? ");
		write_text(key, length, -1, out);
		if (length > LONGEST_SIMPLE) {
			buf_text(out, "\n");
			indent(at, out);
		}
		buf_text(out, ":");
		write_member(value, at, out);
	}
}

static void write_list(const json_t *list, int at, struct buf *out)
{
	size_t i;
	json_t *item;

	json_array_foreach(list, i, item)
	{
		if (i) {
			buf_text(out, "\n");
			indent(at, out);
		}
		buf_text(out, "- ");
		write_value(item, at + STEP, out);
	}
}

/* The value, whose first line is begun; its other lines stand behind at blanks. */
static void write_value(const json_t *value, int at, struct buf *out)
{
	cleanup_free char *word = NULL;

	if (json_is_object(value) && json_object_size(value)) {
		write_map(value, at, out);
	} else if (json_is_array(value) && json_array_size(value)) {
		write_list(value, at, out);
	} else if (json_is_string(value)) {
		write_text(json_string_value(value), json_string_length(value), at, out);
	} else { /* numbers, bools, null, {} and [] are JSON's */
		word = json_dumps(value, JSON_ENCODE_ANY);
		buf_text(out, word ? word : "null");
	}
}

void yaml_write(const json_t *value, struct buf *ret_text)
{
	write_value(value, json_is_string(value) ? STEP : 0, ret_text);
	buf_text(ret_text, "\n");
}
