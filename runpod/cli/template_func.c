/*
 * template_func: the functions that a template can call, one row each.
 */
#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/template.h"

/* A JSON string of text; bytes that are no UTF-8 become "?". */
static json_t *string_of(const char *text)
{
	json_t *string = json_string(text);
	cleanup_free char *copy = NULL;

	if (string)
		return string;
	copy = text_dup(text);
	for (char *p = copy; *p; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	return json_string(copy);
}

static int call_json(const struct value *args, size_t n, struct value *ret_result, struct err *err)
{
	cleanup_free char *text = json_dumps(args[0].json, JSON_COMPACT | JSON_ENCODE_ANY);

	(void)n, (void)err;
	ret_result->json = string_of(text ? text : "null");
	return 0;
}

static int call_len(const struct value *args, size_t n, struct value *ret_result, struct err *err)
{
	json_t *value = args[0].json;

	(void)n;
	if (json_is_string(value))
		ret_result->json = json_integer((json_int_t)json_string_length(value));
	else if (json_is_array(value))
		ret_result->json = json_integer((json_int_t)json_array_size(value));
	else if (json_is_object(value))
		ret_result->json = json_integer((json_int_t)json_object_size(value));
	else if (json_is_null(value))
		ret_result->json = json_integer(0);
	else
		return err_set(err, 0, "len of a value that has no length");
	return 0;
}

/* index .List 0, index .Map "key", and deeper with more arguments. */
static int call_index(const struct value *args, size_t n, struct value *ret_result, struct err *err)
{
	struct value at = args[0];

	for (size_t i = 1; i < n; i++) {
		json_t *key = args[i].json;

		if (json_is_array(at.json) && json_is_integer(key)) {
			json_int_t index = json_integer_value(key);

			if (index < 0 || (size_t)index >= json_array_size(at.json))
				return err_set(err, 0, "index out of range: %lld", (long long)index);
			at.json = json_array_get(at.json, (size_t)index);
		} else if (json_is_object(at.json) && json_is_string(key)) {
			at.json = json_object_get(at.json, json_string_value(key));
		} else if (at.json && !json_is_null(at.json)) {
			return err_set(err, 0, "index of a value that cannot be indexed so");
		}
		at.map = false;
	}
	ret_result->map = at.map;
	ret_result->json = at.json ? json_incref(at.json) : json_string("");
	return 0;
}

static int call_eq(const struct value *args, size_t n, struct value *ret_result, struct err *err)
{
	bool equal = false;

	(void)err;
	for (size_t i = 1; i < n; i++)
		equal |= json_equal(args[0].json, args[i].json);
	ret_result->json = json_boolean(equal);
	return 0;
}

static int call_ne(const struct value *args, size_t n, struct value *ret_result, struct err *err)
{
	(void)n, (void)err;
	ret_result->json = json_boolean(!json_equal(args[0].json, args[1].json));
	return 0;
}

static int call_not(const struct value *args, size_t n, struct value *ret_result, struct err *err)
{
	(void)n, (void)err;
	ret_result->json = json_boolean(!value_true(&args[0]));
	return 0;
}

/* The first argument that decides, else the last, as Go has it. */
static void decide(const struct value *args, size_t n, bool deciding, struct value *ret_result)
{
	size_t i = 0;

	while (i + 1 < n && value_true(&args[i]) != deciding)
		i++;
	*ret_result = (struct value){ json_incref(args[i].json), args[i].map };
}

static int call_and(const struct value *args, size_t n, struct value *ret_result, struct err *err)
{
	(void)err;
	decide(args, n, false, ret_result);
	return 0;
}

static int call_or(const struct value *args, size_t n, struct value *ret_result, struct err *err)
{
	(void)err;
	decide(args, n, true, ret_result);
	return 0;
}

static int call_join(const struct value *args, size_t n, struct value *ret_result, struct err *err)
{
	struct buf text = { 0 };
	json_t *element;
	size_t i;

	(void)n, (void)err;
	buf_text(&text, "");
	json_array_foreach(args[0].json, i, element)
	{
		if (i)
			value_print(&args[1], &text);
		value_print(&(struct value){ element, false }, &text);
	}
	ret_result->json = string_of(text.data);
	buf_free(&text);
	return 0;
}

/* Prints the argument and changes each of its characters. */
static int change(const struct value *arg, int (*to)(int), struct value *ret_result)
{
	struct buf text = { 0 };

	buf_text(&text, "");
	value_print(arg, &text);
	for (size_t i = 0; i < text.len; i++)
		text.data[i] = (char)to((unsigned char)text.data[i]);
	ret_result->json = string_of(text.data);
	buf_free(&text);
	return 0;
}

static int call_upper(const struct value *args, size_t n, struct value *ret_result, struct err *err)
{
	(void)n, (void)err;
	return change(&args[0], toupper, ret_result);
}

static int call_lower(const struct value *args, size_t n, struct value *ret_result, struct err *err)
{
	(void)n, (void)err;
	return change(&args[0], tolower, ret_result);
}

static const struct {
	const char *name;
	size_t min, max; /* arguments */
	int (*call)(const struct value *args, size_t n, struct value *ret_result, struct err *err);
} functions[] = {
	{ "json", 1, 1, call_json },   { "len", 1, 1, call_len },     { "index", 1, 8, call_index },
	{ "eq", 2, 8, call_eq },       { "ne", 2, 2, call_ne },	      { "not", 1, 1, call_not },
	{ "and", 1, 8, call_and },     { "or", 1, 8, call_or },	      { "join", 2, 2, call_join },
	{ "upper", 1, 1, call_upper }, { "lower", 1, 1, call_lower },
};

int value_call(const char *name, size_t length, const struct value *args, size_t n, struct value *ret_result,
	       struct err *err)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++) {
		if (strlen(functions[i].name) != length || strncmp(functions[i].name, name, length))
			continue;
		if (n < functions[i].min || n > functions[i].max)
			return err_set(err, 0, "wrong number of args for %s: %zu", functions[i].name, n);
		return functions[i].call(args, n, ret_result, err);
	}
	return err_set(err, 0, "function \"%.*s\" not defined", (int)length, name);
}
