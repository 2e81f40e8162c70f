/*
 * kube_diff: where two objects differ, a line each. Elements of a list that have names are
 * compared by name, so that one put in front does not make all others look changed. Lesson 21.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "spec/kube.h"
#include "spec/kube_tree.h"

static char *value_text(const json_t *value)
{
	if (!value)
		return text_dup("<none>");
	if (json_is_string(value))
		return text_dup(json_string_value(value));
	return json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
}

static void add_line(const char *path, const json_t *from, const json_t *to, struct strv *lines)
{
	cleanup_free char *before = value_text(from), *after = value_text(to);

	strv_addf(lines, "%s: %s -> %s", path, before, after);
}

static void compare(const json_t *from, const json_t *to, const char *path, struct strv *lines);

static void compare_objects(const json_t *from, const json_t *to, const char *path, struct strv *lines)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)from, key, value)
	{
		cleanup_free char *place = text_format("%s%s%s", path, *path ? "." : "", key);

		compare(value, json_object_get(to, key), place, lines);
	}
	json_object_foreach((json_t *)to, key, value)
	{
		cleanup_free char *place = text_format("%s%s%s", path, *path ? "." : "", key);

		if (!json_object_get(from, key))
			compare(NULL, value, place, lines);
	}
}

/* The element of list that stands for item: of the same name, or at the same place where there are no names. */
static const json_t *counterpart(const json_t *list, const json_t *item, size_t index)
{
	const char *name = kube_text(item, "name");
	const json_t *other;
	size_t i;

	if (!name)
		return json_array_get(list, index);
	json_array_foreach((json_t *)list, i, other)
	{
		if (text_equal(kube_text(other, "name"), name))
			return other;
	}
	return NULL;
}

static void compare_lists(const json_t *from, const json_t *to, const char *path, struct strv *lines)
{
	json_t *item;
	size_t i;

	json_array_foreach((json_t *)from, i, item)
	{
		cleanup_free char *place = text_format("%s[%zu]", path, i);

		compare(item, counterpart(to, item, i), place, lines);
	}
	json_array_foreach((json_t *)to, i, item)
	{
		cleanup_free char *place = text_format("%s[%zu]", path, i);

		if (!counterpart(from, item, i))
			compare(NULL, item, place, lines);
	}
}

static void compare(const json_t *from, const json_t *to, const char *path, struct strv *lines)
{
	size_t before = lines->n;

	if (json_equal((json_t *)from, (json_t *)to))
		return;
	if (json_is_object(from) && json_is_object(to))
		compare_objects(from, to, path, lines);
	else if (json_is_array(from) && json_is_array(to))
		compare_lists(from, to, path, lines);
	if (lines->n == before) /* single values, or the same elements in another order */
		add_line(path, from, to, lines);
}

void kube_diff(const json_t *from, const json_t *to, struct strv *ret_lines)
{
	compare(from, to, "", ret_lines);
}
