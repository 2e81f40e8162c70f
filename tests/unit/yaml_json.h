/*
 * yaml_json: a tree that was read, as the JSON that a reader without a table of fields would make of it.
 */
#ifndef RUNPOD_TESTS_YAML_JSON_H
#define RUNPOD_TESTS_YAML_JSON_H

#include <stdlib.h>

#include "spec/yaml.h"

static inline json_t *yaml_json(const struct yaml_node *node)
{
	json_t *value;
	int64_t number;
	bool flag;

	if (node->kind == YAML_LIST) {
		value = json_array();
		for (size_t i = 0; i < node->n; i++)
			json_array_append_new(value, yaml_json(&node->items[i]));
		return value;
	}
	if (node->kind == YAML_MAP) {
		value = json_object();
		for (size_t i = 0; i < node->n; i++)
			json_object_set_new(value, node->pairs[i].key.text, yaml_json(&node->pairs[i].value));
		return value;
	}
	if (yaml_is_null(node))
		return json_null();
	if (yaml_is_bool(node, &flag))
		return json_boolean(flag);
	if (yaml_is_int(node, &number))
		return json_integer(number);
	if (yaml_is_float(node)) {
		value = json_real(strtod(node->text, NULL));
		return value ? value : json_string(node->text); /* .inf, .nan: JSON has none */
	}
	return json_string(node->text);
}

#endif
