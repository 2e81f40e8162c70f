/*
 * fields_text: a structure as JSON text and back, without a tree in between.
 *
 * `ps` reads a record for every pod, a supervisor writes one at each step, and nearly
 * all that JSON costs (RFC 8259) is what our records never have: blanks, other orders,
 * keys twice, escapes. So the reader knows one form only, the one that is written here:
 * keys in the order of the table, plain texts. It says no to anything else, and whoever
 * called it asks the thorough one, which knows all of JSON and has words for what is wrong.
 * Lesson 19 writes such records.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "spec/fields.h"
#include "spec/json_text.h"

/* What every FIELD_LIST looks like in memory. */
struct any_list {
	void *v;
	size_t n;
};

/* Where the characters end that stand in JSON as they are. Of ASCII alone: whether the rest is UTF-8 is the others' to judge. */
static const char *plain_end(const char *text)
{
	while (*text >= ' ' && *text < 0x7f && *text != '"' &&
	       *text != '\\') /* a char above 0x7f is negative */
		text++;
	return text;
}

static void write_text(struct buf *out, const char *text)
{
	const char *end = plain_end(text);
	json_t *value = *end ? json_text_encode(text) : NULL;
	char *encoded = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

	if (encoded) {
		buf_text(out, encoded);
	} else {
		buf_add(out, "\"", 1);
		buf_add(out, text, (size_t)(end - text));
		buf_add(out, "\"", 1);
	}
	free(encoded);
	json_decref(value);
}

static void write_strv(struct buf *out, const struct strv *list)
{
	for (size_t i = 0; i < list->n; i++) {
		buf_add(out, i ? "," : "[", 1);
		write_text(out, list->v[i]);
	}
	buf_add(out, "]", 1);
}

static void write_list(struct buf *out, const struct shape *shape, const struct any_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		buf_add(out, i ? "," : "[", 1);
		fields_write(shape, (const char *)list->v + i * shape->size, out);
	}
	buf_add(out, "]", 1);
}

static void write_value(struct buf *out, const struct field *field, const void *slot)
{
	switch (field->type) {
	case FIELD_BOOL:
		buf_text(out, "true");
		break;
	case FIELD_INT:
		buf_format(out, "%" PRId64, *(const int64_t *)slot);
		break;
	case FIELD_TEXT:
		write_text(out, *(char *const *)slot);
		break;
	case FIELD_STRV:
		write_strv(out, slot);
		break;
	case FIELD_OBJECT:
		fields_write(field->shape, slot, out);
		break;
	case FIELD_LIST:
		write_list(out, field->shape, slot);
		break;
	}
}

/* Whether there is nothing to be written: zero, NULL, or nothing inside. */
static bool is_empty(const struct field *field, const void *slot)
{
	switch (field->type) {
	case FIELD_BOOL:
		return !*(const bool *)slot;
	case FIELD_INT:
		return !*(const int64_t *)slot;
	case FIELD_TEXT:
		return !*(char *const *)slot;
	case FIELD_STRV:
		return !((const struct strv *)slot)->n;
	case FIELD_OBJECT:
		for (const struct field *inner = field->shape->fields; inner->name; inner++)
			if (!is_empty(inner, (const char *)slot + inner->offset))
				return false;
		return true;
	case FIELD_LIST:
		return !((const struct any_list *)slot)->n;
	}
	return true;
}

void fields_write(const struct shape *shape, const void *structure, struct buf *out)
{
	const char *before = "{\"";

	for (const struct field *field = shape->fields; field->name; field++) {
		const void *slot = (const char *)structure + field->offset;

		if (is_empty(field, slot))
			continue;
		buf_text(out, before);
		buf_text(out, field->name);
		buf_text(out, "\":");
		write_value(out, field, slot);
		before = ",\"";
	}
	buf_text(out, *before == '{' ? "{}" : "}");
}

static bool read_object(const char **at, const struct shape *shape, void *structure);

/* Goes over the character c, if it stands here. */
static bool take(const char **at, char c)
{
	if (**at != c)
		return false;
	++*at;
	return true;
}

static bool take_word(const char **at, const char *word)
{
	if (!text_starts(*at, word))
		return false;
	*at += strlen(word);
	return true;
}

/* Goes over "name": if that stands here. */
static bool take_key(const char **at, const char *name)
{
	const char *p = *at;

	if (*p++ != '"')
		return false;
	while (*name && *p == *name) {
		p++;
		name++;
	}
	if (*name || p[0] != '"' || p[1] != ':')
		return false;
	*at = p + 2;
	return true;
}

static bool read_text(const char **at, char **ret_text)
{
	const char *start = *at + 1, *end;

	if (**at != '"')
		return false;
	end = plain_end(start);
	if (*end != '"')
		return false;
	*ret_text = text_ndup(start, (size_t)(end - start));
	*at = end + 1;
	return true;
}

static bool read_int(const char **at, int64_t *ret_number)
{
	bool negative = take(at, '-');
	const char *start = *at;
	int64_t number = 0;

	for (; **at >= '0' && **at <= '9'; ++*at)
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, **at - '0', &number))
			return false;
	*ret_number = negative ? -number : number;
	return *at > start && (*start != '0' || *at == start + 1);
}

static bool read_strv(const char **at, struct strv *list)
{
	do {
		char *text;

		if (!read_text(at, &text))
			return false;
		strv_take(list, text);
	} while (take(at, ','));
	return take(at, ']');
}

static bool read_list(const char **at, const struct shape *shape, void *list)
{
	do
		if (!read_object(at, shape, fields_append(shape, list)))
			return false;
	while (take(at, ','));
	return take(at, ']');
}

static bool read_field(const char **at, const struct field *field, void *slot)
{
	switch (field->type) {
	case FIELD_BOOL: /* false is left out when written */
		return *(bool *)slot = take_word(at, "true");
	case FIELD_INT:
		return read_int(at, slot);
	case FIELD_TEXT:
		return read_text(at, slot);
	case FIELD_STRV:
		return take(at, '[') && read_strv(at, slot);
	case FIELD_OBJECT:
		return read_object(at, field->shape, slot);
	case FIELD_LIST:
		return take(at, '[') && read_list(at, field->shape, slot);
	}
	return false;
}

/* Each key is looked for behind the one before it: so none can come twice. */
static bool read_object(const char **at, const struct shape *shape, void *structure)
{
	const struct field *field = shape->fields;

	if (!take(at, '{'))
		return false;
	if (take(at, '}'))
		return true;
	do {
		while (field->name && !take_key(at, field->name))
			field++;
		if (!field->name || !read_field(at, field, (char *)structure + field->offset))
			return false;
		field++;
	} while (take(at, ','));
	return take(at, '}');
}

bool fields_read(const struct shape *shape, const char *text, void *structure)
{
	if (read_object(&text, shape, structure) && !*text)
		return true;
	fields_free(shape, structure);
	return false;
}
