/*
 * fields: the engine that walks a structure by its table. Each operation is one
 * switch over the six types of field; shapes.c holds the tables.
 *
 * Lesson 21 asks for a spec of this kind.
 */
#include "spec/fields.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "spec/json_text.h"

/* What every FIELD_LIST looks like in memory; `v` stands for any element type. */
struct any_list {
	void *v;
	size_t n;
};

static void *slot_of(const struct field *field, const void *structure)
{
	return (char *)structure + field->offset;
}

static void *element_of(const struct shape *shape, const struct any_list *list, size_t i)
{
	return (char *)list->v + i * shape->size;
}

static json_t *encode_strv(const struct strv *list)
{
	json_t *array = list->n ? json_array() : NULL;

	for (size_t i = 0; i < list->n; i++)
		json_array_append_new(array, json_text_encode(list->v[i]));
	return array;
}

static json_t *encode_list(const struct shape *shape, const struct any_list *list)
{
	json_t *array = list->n ? json_array() : NULL;

	for (size_t i = 0; i < list->n; i++)
		json_array_append_new(array, fields_encode(shape, element_of(shape, list, i)));
	return array;
}

static json_t *encode_object(const struct shape *shape, const void *structure)
{
	json_t *object = fields_encode(shape, structure);

	if (json_object_size(object))
		return object;
	json_decref(object);
	return NULL;
}

/* The value of one field, or NULL when it is empty and need not be written. */
static json_t *encode_field(const struct field *field, const void *slot)
{
	switch (field->type) {
	case FIELD_BOOL:
		return *(const bool *)slot ? json_true() : NULL;
	case FIELD_INT:
		return *(const int64_t *)slot ? json_integer(*(const int64_t *)slot) : NULL;
	case FIELD_TEXT:
		return *(char *const *)slot ? json_text_encode(*(char *const *)slot) : NULL;
	case FIELD_STRV:
		return encode_strv(slot);
	case FIELD_OBJECT:
		return encode_object(field->shape, slot);
	case FIELD_LIST:
		return encode_list(field->shape, slot);
	}
	return NULL;
}

/* DOC: one-table-for-all */
json_t *fields_encode(const struct shape *shape, const void *structure)
{
	json_t *object = json_object();

	for (const struct field *field = shape->fields; field->name; field++) {
		json_t *value = encode_field(field, slot_of(field, structure));

		if (value)
			json_object_set_new(object, field->name, value);
	}
	return object;
}

static int decode_strv(const json_t *value, struct strv *list, struct err *err)
{
	if (!json_is_array(value))
		return err_set(err, 0, "expected a list of texts");
	strv_free(list);
	for (size_t i = 0; i < json_array_size(value); i++) {
		char *text = NULL;
		int code = json_text_decode(json_array_get(value, i), &text, err);

		if (code)
			return err_context(err, code, "element %zu", i);
		strv_take(list, text);
	}
	return 0;
}

static int decode_list(const struct shape *shape, const json_t *value, struct any_list *list, struct err *err)
{
	size_t n = json_array_size(value);
	int code = 0;

	if (!json_is_array(value))
		return err_set(err, 0, "expected a list of objects");
	if (n)
		fields_append_many(shape, list, n);
	for (size_t i = 0; !code && i < n; i++) {
		code = fields_decode(shape, json_array_get(value, i), element_of(shape, list, i), err);
		if (code)
			err_context(err, code, "element %zu", i);
	}
	return code;
}

static int decode_field(const struct field *field, const json_t *value, void *slot, struct err *err)
{
	switch (field->type) {
	case FIELD_BOOL:
		if (!json_is_boolean(value))
			return err_set(err, 0, "expected true or false");
		*(bool *)slot = json_is_true(value);
		return 0;
	case FIELD_INT:
		if (!json_is_integer(value))
			return err_set(err, 0, "expected an integer");
		*(int64_t *)slot = json_integer_value(value);
		return 0;
	case FIELD_TEXT:
		return json_text_decode(value, slot, err);
	case FIELD_STRV:
		return decode_strv(value, slot, err);
	case FIELD_OBJECT:
		return fields_decode(field->shape, value, slot, err);
	case FIELD_LIST:
		return decode_list(field->shape, value, slot, err);
	}
	return 0;
}

int fields_decode(const struct shape *shape, const json_t *object, void *structure, struct err *err)
{
	if (!json_is_object(object))
		return err_set(err, 0, "expected an object");
	for (const struct field *field = shape->fields; field->name; field++) {
		const json_t *value = json_object_get(object, field->name);
		int code = value ? decode_field(field, value, slot_of(field, structure), err) : 0;

		if (code) {
			fields_free(shape, structure);
			return err_context(err, code, "key \"%s\"", field->name);
		}
	}
	return 0;
}

void *fields_append_many(const struct shape *element, void *list, size_t count)
{
	struct any_list *any = list;
	void *fresh;

	any->v = mem_realloc(any->v, (any->n + count) * element->size);
	fresh = element_of(element, any, any->n);
	memset(fresh, 0, count * element->size);
	any->n += count;
	return fresh;
}

void *fields_append(const struct shape *element, void *list)
{
	return fields_append_many(element, list, 1);
}

static void copy_field(const struct field *field, const void *from, void *to)
{
	const struct any_list *list = from;

	switch (field->type) {
	case FIELD_BOOL:
		*(bool *)to = *(const bool *)from;
		break;
	case FIELD_INT:
		*(int64_t *)to = *(const int64_t *)from;
		break;
	case FIELD_TEXT:
		*(char **)to = text_dup(*(char *const *)from);
		break;
	case FIELD_STRV:
		strv_copy(to, from);
		break;
	case FIELD_OBJECT:
		fields_copy(field->shape, from, to);
		break;
	case FIELD_LIST:
		if (list->n)
			fields_append_many(field->shape, to, list->n);
		for (size_t i = 0; i < list->n; i++)
			fields_copy(field->shape, element_of(field->shape, list, i),
				    element_of(field->shape, to, i));
		break;
	}
}

void fields_copy(const struct shape *shape, const void *from, void *to)
{
	for (const struct field *field = shape->fields; field->name; field++)
		copy_field(field, slot_of(field, from), slot_of(field, to));
}

bool fields_equal(const struct shape *shape, const void *a, const void *b)
{
	json_t *left = fields_encode(shape, a), *right = fields_encode(shape, b);
	bool equal = json_equal(left, right);

	json_decref(left);
	json_decref(right);
	return equal;
}

static void free_field(const struct field *field, void *slot)
{
	struct any_list *list = slot;

	switch (field->type) {
	case FIELD_BOOL:
	case FIELD_INT:
		break; /* nothing owned */
	case FIELD_TEXT:
		free(*(char **)slot);
		break;
	case FIELD_STRV:
		strv_free(slot);
		break;
	case FIELD_OBJECT:
		fields_free(field->shape, slot);
		break;
	case FIELD_LIST:
		for (size_t i = 0; i < list->n; i++)
			fields_free(field->shape, element_of(field->shape, list, i));
		free(list->v);
		break;
	}
}

void fields_free(const struct shape *shape, void *structure)
{
	for (const struct field *field = shape->fields; field->name; field++)
		free_field(field, slot_of(field, structure));
	memset(structure, 0, shape->size);
}
