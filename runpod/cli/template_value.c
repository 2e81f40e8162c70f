/*
 * template_value: what a template's values do: have fields, print themselves as
 * Go's fmt package does, and be arguments of functions.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "cli/template.h"

/* Keys whose object is a map in Go: its keys are data. All other objects are structures. */
static const char *const map_keys[] = { "Annotations", "Attributes",   "ExposedPorts", "Labels",  "Networks",
					"Options",     "PortBindings", "Ports",	       "SysCtls", "Sysctl",
					"Sysctls",     "Tmpfs",	       "Volumes",      NULL };

static bool is_map_key(const char *key)
{
	for (size_t i = 0; map_keys[i]; i++)
		if (!strcmp(map_keys[i], key))
			return true;
	return false;
}

void value_free(struct value *value)
{
	json_decref(value->json);
	*value = (struct value){ 0 };
}

/* The key of the object that is name, ignoring case where there is no exact one: docker writes
 * {{.ID}} where podman has Id. NULL when there is none. */
static const char *find_key(json_t *object, const char *name)
{
	const char *key;
	json_t *member;

	if (json_object_get(object, name))
		return name;
	json_object_foreach(object, key, member)
	{
		if (!strcasecmp(key, name))
			return key;
	}
	return NULL;
}

int value_field(const struct value *value, const char *name, size_t length, struct value *ret_field,
		struct err *err)
{
	cleanup_free char *text = text_ndup(name, length);
	const char *key;

	if (!json_is_object(value->json))
		return err_set(err, 0, "can't evaluate field %s", text);
	key = value->map ? text : find_key(value->json, text);
	if (!key || (key[0] == '_' && !value->map))
		return err_set(err, 0, "can't evaluate field %s", text);
	ret_field->json = json_incref(json_object_get(value->json, key));
	ret_field->map = !value->map && json_is_object(ret_field->json) && is_map_key(key);
	if (!ret_field->json)
		ret_field->json = json_null();
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void value_keys(const struct value *value, struct strv *ret_keys)
{
	const char *key;
	json_t *member;

	json_object_foreach(value->json, key, member)
	{
		if (value->map || key[0] != '_') /* such a member serves functions only: Label */
			strv_add(ret_keys, key);
	}
	if (value->map && ret_keys->n)
		qsort(ret_keys->v, ret_keys->n, sizeof(*ret_keys->v), by_text);
}

static void print_array(json_t *array, struct buf *ret_text)
{
	json_t *element;
	size_t i;

	buf_text(ret_text, "[");
	json_array_foreach(array, i, element)
	{
		if (i)
			buf_text(ret_text, " ");
		value_print(&(struct value){ element, false }, ret_text);
	}
	buf_text(ret_text, "]");
}

static void print_object(const struct value *value, struct buf *ret_text)
{
	struct strv keys = { 0 };

	value_keys(value, &keys);
	buf_text(ret_text, value->map ? "map[" : "{");
	for (size_t i = 0; i < keys.n; i++) {
		struct value member = { json_object_get(value->json, keys.v[i]),
					!value->map && is_map_key(keys.v[i]) };

		buf_format(ret_text, "%s%s%s", i ? " " : "", value->map ? keys.v[i] : "",
			   value->map ? ":" : "");
		value_print(&member, ret_text);
	}
	buf_text(ret_text, value->map ? "]" : "}");
	strv_free(&keys);
}

void value_print(const struct value *value, struct buf *ret_text)
{
	switch (value->json ? json_typeof(value->json) : JSON_NULL) {
	case JSON_STRING:
		buf_add(ret_text, json_string_value(value->json), json_string_length(value->json));
		return;
	case JSON_INTEGER:
		buf_format(ret_text, "%lld", (long long)json_integer_value(value->json));
		return;
	case JSON_REAL:
		buf_format(ret_text, "%g", json_real_value(value->json));
		return;
	case JSON_TRUE:
		buf_text(ret_text, "true");
		return;
	case JSON_FALSE:
		buf_text(ret_text, "false");
		return;
	case JSON_NULL:
		buf_text(ret_text, "<nil>");
		return;
	case JSON_ARRAY:
		print_array(value->json, ret_text);
		return;
	case JSON_OBJECT:
		print_object(value, ret_text);
		return;
	}
}

bool value_true(const struct value *value)
{
	switch (value->json ? json_typeof(value->json) : JSON_NULL) {
	case JSON_STRING:
		return json_string_length(value->json);
	case JSON_INTEGER:
		return json_integer_value(value->json);
	case JSON_REAL:
		return json_real_value(value->json) != 0;
	case JSON_ARRAY:
		return json_array_size(value->json);
	case JSON_OBJECT:
		return !value->map || json_object_size(value->json);
	default:
		return json_is_true(value->json);
	}
}
