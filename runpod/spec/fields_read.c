/*
 * fields_read: JSON as we write it ourselves, read straight into a structure.
 *
 * `ps` reads a record for every pod, and nearly all that reading JSON costs (RFC 8259)
 * is what our own writer never does: blanks, other orders, keys twice, escapes.
 * So this reader knows one form only, that of fields_encode() without blanks: keys in
 * the order of the table, plain texts. It says no to anything else, and whoever called
 * it asks the thorough one, which knows all of JSON and has words for what is wrong.
 * Lesson 19 writes such records.
 */
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "spec/fields.h"

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

/* A text without escapes, and of ASCII alone: whether the rest is UTF-8 is the other's to judge. */
static bool read_text(const char **at, char **ret_text)
{
	const char *start = *at + 1, *end = start;

	if (**at != '"')
		return false;
	while (*end >= ' ' && *end < 0x7f && *end != '"' && *end != '\\') /* a char above 0x7f is negative */
		end++;
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
