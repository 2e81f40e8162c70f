/*
 * kube_check: whether an object that was read makes sense. First every value by itself, as
 * its row of the table says; then what concerns several: kube_check_*.c. Lesson 21.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "spec/kube_tree.h"

/* "a|b" → "a", "b" */
static char *allowed_text(const struct kube_field *row)
{
	struct strv words = { 0 }, quoted = { 0 };
	char *text;

	strv_split(&words, row->allowed, '|');
	for (size_t i = 0; i < words.n; i++)
		strv_addf(&quoted, row->type == KUBE_BOOL ? "%s" : "\"%s\"", words.v[i]);
	text = strv_join(&quoted, ", ");
	strv_free(&words);
	strv_free(&quoted);
	return text;
}

static bool is_allowed(const struct kube_field *row, const char *word)
{
	struct strv words = { 0 };
	bool there;

	strv_split(&words, row->allowed, '|');
	there = strv_has(&words, word);
	strv_free(&words);
	return there;
}

/* One value that is neither a structure nor a list. */
static void check_scalar(const struct kube_reader *reader, const struct kube_field *row, const json_t *value,
			 const char *path)
{
	const char *word =
		json_is_boolean(value) ? json_is_true(value) ? "true" : "false" : json_string_value(value);
	const char *why = row->check ? row->check(value) : NULL;

	if (row->allowed && word && !is_allowed(row, word)) {
		cleanup_free char *allowed = allowed_text(row);
		cleanup_free char *text = json_dumps(value, JSON_ENCODE_ANY);

		kube_note(reader, path, "Unsupported value: %s: supported values: %s", text, allowed);
	} else if (why) {
		kube_invalid(reader, path, value, why);
	}
}

/* As Go sees it: a port 0 is one that was not given. */
static bool is_empty(const struct kube_field *row, const json_t *value)
{
	return !value ||
	       (row->check == kube_word_port && json_is_integer(value) && !json_integer_value(value)) ||
	       (json_is_string(value) && !json_string_length(value)) ||
	       (json_is_array(value) && !json_array_size(value));
}

static void check_field(const struct kube_reader *reader, const struct kube_field *row, const json_t *value,
			const char *path)
{
	const json_t *item;
	size_t i;

	if (is_empty(row, value)) {
		if (row->required)
			kube_required(reader, path, NULL);
	} else if (json_is_array(value) && row->type != KUBE_ANY) {
		json_array_foreach((json_t *)value, i, item)
		{
			cleanup_free char *place = text_format("%s[%zu]", path, i);

			if (row->type == KUBE_LIST)
				kube_check_values(reader, row->of, item, place);
			else if (!json_is_null(item))
				check_scalar(reader, row, item, place);
		}
	} else if (row->type == KUBE_OBJECT) {
		kube_check_values(reader, row->of, value, path);
	} else if (!json_is_null(value)) {
		check_scalar(reader, row, value, path);
	}
}

void kube_check_values(const struct kube_reader *reader, const struct kube_struct *of, const json_t *object,
		       const char *path)
{
	if (!json_is_object(object))
		return; /* noted while it was read */
	for (const struct kube_field *row = of->fields; row->name; row++) {
		cleanup_free char *place = text_format("%s%s%s", path, *path ? "." : "", row->name);

		check_field(reader, row, json_object_get(object, row->name), place);
	}
}
