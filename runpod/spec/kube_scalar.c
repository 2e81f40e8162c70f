/*
 * kube_scalar: single values of a manifest, strictly: `port: "80"` is a text where a number is
 * wanted, and `version: 1.10` is a number, so it is refused where a text is wanted instead of
 * quietly becoming 1.1. Lesson 21.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "spec/kube_decode.h"
#include "spec/quantity.h"

static const char *json_word(const struct yaml_node *node)
{
	bool truth;
	int64_t number;

	if (node->kind == YAML_MAP)
		return "object";
	if (node->kind == YAML_LIST)
		return "array";
	if (yaml_is_bool(node, &truth))
		return "bool";
	return yaml_is_int(node, &number) || yaml_is_float(node) ? "number" : "string";
}

/* The path without its indices, as Go's decoder names fields. */
static char *go_path(const struct kube_walk *walk)
{
	struct buf text = { 0 };
	bool index = false;

	for (size_t i = 0; i < walk->path.len; i++) {
		char c = walk->path.data[i];

		index = c == '[' || (index && c != ']');
		if (!index && c != ']')
			buf_add(&text, &c, 1);
	}
	return text.data ? text.data : text_dup("");
}

json_t *kube_wrong_type(struct kube_walk *walk, const struct yaml_node *node, const char *type)
{
	cleanup_free char *path = go_path(walk);

	diag_add(walk->reader->diags, node, "json: cannot unmarshal %s into Go struct field %s.%s of type %s",
		 json_word(node), walk->inside->name, path, type);
	return json_null();
}

static json_t *read_string(struct kube_walk *walk, const struct yaml_node *node)
{
	if (node->kind != YAML_SCALAR || strcmp(json_word(node), "string"))
		return kube_wrong_type(walk, node, "string");
	return json_string(node->text);
}

static json_t *read_int(struct kube_walk *walk, const struct yaml_node *node, bool wide)
{
	int64_t number;

	if (!yaml_is_int(node, &number) || (!wide && number != (int32_t)number))
		return kube_wrong_type(walk, node, wide ? "int64" : "int32");
	return json_integer(number);
}

static json_t *read_bool(struct kube_walk *walk, const struct yaml_node *node)
{
	bool truth;

	return yaml_is_bool(node, &truth) ? json_boolean(truth) : kube_wrong_type(walk, node, "bool");
}

static json_t *read_quantity(struct kube_walk *walk, const struct yaml_node *node)
{
	cleanup_free char *text = NULL;
	bool truth;

	if (node->kind != YAML_SCALAR || yaml_is_bool(node, &truth))
		return kube_wrong_type(walk, node, "resource.Quantity");
	text = quantity_canonical(node->text);
	if (text)
		return json_string(text);
	diag_add(walk->reader->diags, node,
		 "%s: Invalid value: \"%s\": quantities must match the regular expression "
		 "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
		 walk->path.data, node->text);
	return json_null();
}

static json_t *read_port(struct kube_walk *walk, const struct yaml_node *node)
{
	int64_t number;

	return yaml_is_int(node, &number) ? read_int(walk, node, false) : read_string(walk, node);
}

/* Four characters of base64 are three bytes; what is too short ends in "=". */
static bool is_base64(const char *text)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t all = strcspn(text, "\r\n"), body = strspn(text, letters);
	size_t pad = strspn(text + body, "=");

	return text[all] || (!text[body + pad] && pad <= 2 && (body + pad) % 4 == 0);
}

static json_t *read_bytes(struct kube_walk *walk, const struct yaml_node *node)
{
	json_t *value = read_string(walk, node);

	if (json_is_string(value) && !is_base64(node->text))
		diag_add(walk->reader->diags, node, "%s: illegal base64 data", walk->path.data);
	return value;
}

json_t *kube_scalar(struct kube_walk *walk, enum kube_type type, const struct yaml_node *node)
{
	switch (type) {
	case KUBE_BOOL:
		return read_bool(walk, node);
	case KUBE_INT:
		return read_int(walk, node, false);
	case KUBE_LONG:
	case KUBE_LONGS:
		return read_int(walk, node, true);
	case KUBE_QUANTITY:
	case KUBE_QUANTITIES:
		return read_quantity(walk, node);
	case KUBE_PORT:
		return read_port(walk, node);
	case KUBE_BYTES:
		return read_bytes(walk, node);
	default:
		return read_string(walk, node);
	}
}

static json_t *any_scalar(const struct yaml_node *node)
{
	int64_t number;
	bool truth;

	if (yaml_is_null(node))
		return json_null();
	if (yaml_is_bool(node, &truth))
		return json_boolean(truth);
	if (yaml_is_int(node, &number))
		return json_integer(number);
	return yaml_is_float(node) ? json_real(strtod(node->text, NULL)) : json_string(node->text);
}

json_t *kube_decode_any(const struct yaml_node *node)
{
	json_t *value;

	if (node->kind == YAML_SCALAR)
		return any_scalar(node);
	value = node->kind == YAML_LIST ? json_array() : json_object();
	for (size_t i = 0; i < node->n; i++)
		if (node->kind == YAML_LIST)
			json_array_append_new(value, kube_decode_any(&node->items[i]));
		else
			json_object_set_new(value, node->pairs[i].key.text,
					    kube_decode_any(&node->pairs[i].value));
	return value;
}
