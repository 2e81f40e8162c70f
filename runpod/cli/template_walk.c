/*
 * template_walk: fills a template in: walks its nodes, jumping where an if, a
 * range or an else says so.
 */
#include <ctype.h>
#include <string.h>

#include "cli/template.h"

#define MAX_OUTPUT (16 << 20) /* nested loops grow fast */

/* What is filled in, while walking. */
struct walk {
	const struct template *template;
	struct scope scope;
	struct buf *text;
};

static int walk_nodes(struct walk *walk, size_t from, size_t to, struct err *err);

static int eval(const struct walk *walk, const struct template_node *node, const char *text, size_t length,
		struct value *ret_value, struct err *err)
{
	int code = template_eval(&walk->scope, text, length, ret_value, err);

	return code ? err_context(err, code, "template: at <%.*s>", (int)node->length, node->text) : 0;
}

static int print_value(struct walk *walk, const struct template_node *node, struct err *err)
{
	struct value value = { 0 };
	int code = eval(walk, node, node->text, node->length, &value, err);

	if (!code)
		value_print(&value, walk->text);
	value_free(&value);
	return code;
}

/* if A … else if B … else … end: walks the first part whose condition holds. at: the if. */
static int walk_if(struct walk *walk, size_t at, struct err *err)
{
	for (;;) {
		const struct template_node *node = &walk->template->nodes[at];
		const char *text = node->text;
		size_t length = node->length;
		struct value value = { 0 };
		bool holds = true;
		int code = 0;

		if (node->kind == NODE_END)
			return 0;
		if (node->kind == NODE_IF || template_keyword(&text, &length, "if")) {
			code = eval(walk, node, text, length, &value, err);
			holds = !code && value_true(&value);
			value_free(&value);
		} else if (length) {
			return err_set(err, 0, "template: unexpected \"%.*s\" in else", (int)length, text);
		}
		if (code || holds)
			return code ? code : walk_nodes(walk, at + 1, node->next, err);
		at = node->next;
	}
}

/* "$value := list" or "$key, $value := list": enters the names as variables, returns what is behind. */
static int read_variables(struct walk *walk, const char **text, size_t *length, struct err *err)
{
	const char *assign = memmem(*text, *length, ":=", 2);
	const char *at = *text;

	if (*length == 0 || **text != '$' || !assign)
		return 0;
	while (at < assign) {
		size_t n = 1;

		if (*at != '$' || walk->scope.n_variables == TEMPLATE_VARIABLES)
			return err_set(err, 0, "template: bad variables in range");
		while (at + n < assign && (isalnum((unsigned char)at[n]) || at[n] == '_'))
			n++;
		if (n == 1 || n > sizeof(walk->scope.variables[0].name))
			return err_set(err, 0, "template: bad variable name in range");
		memcpy(walk->scope.variables[walk->scope.n_variables].name, at + 1, n - 1);
		walk->scope.variables[walk->scope.n_variables].name[n - 1] = '\0';
		walk->scope.variables[walk->scope.n_variables++].value = (struct value){ 0 };
		for (at += n; at < assign && (isspace((unsigned char)*at) || *at == ','); at++)
			;
	}
	*length -= (size_t)(assign + 2 - *text);
	*text = assign + 2;
	return 0;
}

/* Walks the body for one element, with the variables (from first on) and the dot set to it. */
static int walk_element(struct walk *walk, size_t at, size_t first, const struct value *key,
			const struct value *element, struct err *err)
{
	const struct template_node *node = &walk->template->nodes[at];
	struct value dot = walk->scope.dot;
	size_t n = walk->scope.n_variables - first;
	int code;

	if (n)
		walk->scope.variables[walk->scope.n_variables - 1].value = *element;
	if (n > 1)
		walk->scope.variables[first].value = *key;
	walk->scope.dot = *element;
	code = walk_nodes(walk, at + 1, node->next, err);
	walk->scope.dot = dot;
	return code;
}

/* All elements of a list, or members of an object. *ret_count: how many there were. */
static int walk_elements(struct walk *walk, size_t at, size_t first, const struct value *list,
			 size_t *ret_count, struct err *err)
{
	struct strv keys = { 0 };
	bool object = json_is_object(list->json);
	int code = 0;

	if (object)
		value_keys(list, &keys);
	*ret_count = object ? keys.n : json_array_size(list->json);
	for (size_t i = 0; !code && i < *ret_count; i++) {
		struct value key = { object ? json_string(keys.v[i]) : json_integer((json_int_t)i), false };
		struct value element = { object ? json_object_get(list->json, keys.v[i])
						: json_array_get(list->json, i),
					 false };

		code = walk_element(walk, at, first, &key, &element, err);
		value_free(&key);
	}
	strv_free(&keys);
	return code;
}

static int walk_range(struct walk *walk, size_t at, struct err *err)
{
	const struct template_node *node = &walk->template->nodes[at];
	size_t first = walk->scope.n_variables, length = node->length, count = 0;
	const char *text = node->text;
	struct value list = { 0 };
	int code = read_variables(walk, &text, &length, err);

	if (!code)
		code = eval(walk, node, text, length, &list, err);
	if (!code && !json_is_array(list.json) && !json_is_object(list.json) && !json_is_null(list.json))
		code = err_set(err, 0, "template: range can't iterate over <%.*s>", (int)length, text);
	if (!code)
		code = walk_elements(walk, at, first, &list, &count, err);
	walk->scope.n_variables = first;
	value_free(&list);
	if (!code && !count && walk->template->nodes[node->next].kind == NODE_ELSE)
		code = walk_nodes(walk, node->next + 1, walk->template->nodes[node->next].next, err);
	return code;
}

/* Behind the end of the if or range at i. */
static size_t after(const struct walk *walk, size_t i)
{
	while (walk->template->nodes[i].kind != NODE_END)
		i = walk->template->nodes[i].next;
	return i + 1;
}

static int walk_nodes(struct walk *walk, size_t from, size_t to, struct err *err)
{
	int code = 0;

	for (size_t i = from; !code && i < to;) {
		const struct template_node *node = &walk->template->nodes[i];

		if (walk->text->len > MAX_OUTPUT)
			return err_set(err, 0, "template: more than %d bytes of output", MAX_OUTPUT);
		if (node->kind == NODE_TEXT)
			buf_add(walk->text, node->text, node->length);
		else if (node->kind == NODE_VALUE)
			code = print_value(walk, node, err);
		else if (node->kind == NODE_IF)
			code = walk_if(walk, i, err);
		else if (node->kind == NODE_RANGE)
			code = walk_range(walk, i, err);
		i = node->kind == NODE_IF || node->kind == NODE_RANGE ? after(walk, i) : i + 1;
	}
	return code;
}

int template_render(const struct template *template, json_t *value, struct buf *ret_text, struct err *err)
{
	struct walk walk = { .template = template,
			     .scope = { .dot = { value, false }, .root = { value, false } },
			     .text = ret_text };

	return walk_nodes(&walk, 0, template->n, err);
}
