/*
 * kube_decode: from the nodes of a file to a tree of JSON, by the table of fields.
 *
 * The reader is strict, as an API server that was asked with fieldValidation=Strict: a field
 * that the table lacks is an error, and text is not taken for a number nor the other way
 * round. A value that cannot be read is null in the tree, so that whoever checks it
 * later does not take it for missing. Lesson 21.
 */
#include "spec/kube_decode.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static size_t enter(struct kube_walk *walk, const char *name)
{
	size_t before = walk->path.len;

	buf_format(&walk->path, "%s%s", before ? "." : "", name);
	return before;
}

static size_t enter_item(struct kube_walk *walk, size_t index)
{
	size_t before = walk->path.len;

	buf_format(&walk->path, "[%zu]", index);
	return before;
}

static size_t enter_key(struct kube_walk *walk, const char *key)
{
	size_t before = walk->path.len;

	buf_format(&walk->path, "[%s]", key);
	return before;
}

static void leave(struct kube_walk *walk, size_t before)
{
	walk->path.len = before;
	if (walk->path.data)
		walk->path.data[before] = '\0';
}

static json_t *read_struct(struct kube_walk *walk, const struct kube_struct *of,
			   const struct yaml_node *node);

/* A value, or one element of a list or map of them. */
static json_t *read_one(struct kube_walk *walk, const struct kube_field *row, const struct yaml_node *node)
{
	if (row->of)
		return read_struct(walk, row->of, node);
	return row->type == KUBE_ANY ? kube_decode_any(node) : kube_scalar(walk, row->type, node);
}

static json_t *read_list(struct kube_walk *walk, const struct kube_field *row, const struct yaml_node *node)
{
	json_t *list;

	if (node->kind != YAML_LIST) {
		cleanup_free char *type = text_format("[]%s%s", row->of ? "v1." : "",
						      row->of			? row->of->name
						      : row->type == KUBE_LONGS ? "int64"
										: "string");
		return kube_wrong_type(walk, node, type);
	}
	list = json_array();
	for (size_t i = 0; i < node->n; i++) {
		size_t before = enter_item(walk, i);
		const struct yaml_node *item = &node->items[i];

		/* null is Go's zero value */
		json_array_append_new(list, !yaml_is_null(item) ? read_one(walk, row, item)
					    : row->of		? json_object()
								: json_string(""));
		leave(walk, before);
	}
	return list;
}

static json_t *read_map(struct kube_walk *walk, const struct kube_field *row, const struct yaml_node *node)
{
	json_t *map;

	if (node->kind != YAML_MAP)
		return kube_wrong_type(
			walk, node, row->type == KUBE_QUANTITIES ? "v1.ResourceList" : "map[string]string");
	map = json_object();
	for (size_t i = 0; i < node->n; i++) {
		const struct yaml_pair *pair = &node->pairs[i];
		bool null = yaml_is_null(&pair->value);
		size_t before = enter_key(walk, pair->key.text);

		json_object_set_new(map, pair->key.text,
				    null ? json_string(row->type == KUBE_QUANTITIES ? "0" : "")
					 : read_one(walk, row, &pair->value));
		leave(walk, before);
	}
	return map;
}

static json_t *read_value(struct kube_walk *walk, const struct kube_field *row, const struct yaml_node *node)
{
	switch (row->type) {
	case KUBE_LIST:
	case KUBE_STRINGS:
	case KUBE_LONGS:
		return read_list(walk, row, node);
	case KUBE_BYTES:
	case KUBE_TEXTS:
	case KUBE_QUANTITIES:
		return read_map(walk, row, node);
	default:
		return read_one(walk, row, node);
	}
}

/* "why=path, path": one warning for all that have no effect for the same reason. */
static void keep(struct kube_walk *walk, const char *why)
{
	const char *others = strv_get(&walk->reader->kept, why);
	cleanup_free char *pair =
		text_format("%s=%s%s%s", why, others ? others : "", others ? ", " : "", walk->path.data);

	strv_set(&walk->reader->kept, pair);
}

/* One field that is there. Returns NULL for what stays out of the tree. */
static json_t *read_field(struct kube_walk *walk, const struct kube_field *row, const struct yaml_node *node)
{
	json_t *value;

	if (row->support == KUBE_DROPPED)
		return NULL;
	if (row->support == KUBE_REFUSED) {
		diag_add(walk->reader->diags, node, "%s: Forbidden: not supported here: %s", walk->path.data,
			 row->why);
		return json_null();
	}
	value = read_value(walk, row, node);
	if (row->support == KUBE_KEPT && !json_is_false(value)) /* false asks for nothing */
		keep(walk, row->why);
	return value;
}

/* DOC: unknown-field */
static void note_unknown(struct kube_walk *walk, const struct kube_struct *of, const struct yaml_node *node)
{
	for (size_t i = 0; i < node->n; i++) {
		const struct yaml_node *key = &node->pairs[i].key;

		if (!kube_field_find(of, key->text))
			diag_add(walk->reader->diags, key, "strict decoding error: unknown field \"%s%s%s\"",
				 walk->path.len ? walk->path.data : "", walk->path.len ? "." : "", key->text);
	}
}

static json_t *read_struct(struct kube_walk *walk, const struct kube_struct *of, const struct yaml_node *node)
{
	const struct kube_struct *outer = walk->inside;
	json_t *object;

	if (node->kind != YAML_MAP) {
		cleanup_free char *type = text_format("v1.%s", of->name);

		return kube_wrong_type(walk, node, type);
	}
	object = json_object();
	walk->inside = of;
	for (const struct kube_field *row = of->fields; row->name; row++) {
		const struct yaml_node *value = yaml_get(node, row->name);
		size_t before;
		json_t *read;

		if (!value || yaml_is_null(value)) /* null asks for nothing */
			continue;
		before = enter(walk, row->name);
		read = read_field(walk, row, value);
		if (read)
			json_object_set_new(object, row->name, read);
		leave(walk, before);
	}
	note_unknown(walk, of, node);
	walk->inside = outer;
	return object;
}

json_t *kube_decode(struct kube_reader *reader, const struct kube_struct *of, const struct yaml_node *node)
{
	struct kube_walk walk = { .reader = reader, .inside = of };
	json_t *object;

	buf_text(&walk.path, "");
	object = read_struct(&walk, of, node);
	buf_free(&walk.path);
	return object;
}
