/*
 * yaml_tree: the nodes themselves: growing, copying, freeing, and finding one's way
 * among them.
 *
 * Rule: an alias stands for a whole subtree, and a subtree may hold aliases. Ten lines can so
 * mean a billion nodes ("billion laughs"), so whatever is added to the tree is paid
 * for out of one purse.
 *
 * Lesson 21 reads a manifest.
 */
#include "spec/yaml_tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int yaml_spend(struct yaml_spent *spent, size_t bytes, int depth)
{
	spent->bytes += bytes;
	if (++spent->nodes > YAML_MAX_NODES || spent->bytes > YAML_MAX_TEXT)
		return -E2BIG;
	return depth > YAML_MAX_DEPTH ? -ELOOP : 0;
}

/* Room for one more of size bytes: doubled whenever n is a power of two. */
static void *grow(void *array, size_t n, size_t size)
{
	if ((n & (n - 1)) == 0)
		array = mem_realloc(array, (n ? 2 * n : 1) * size);
	memset((char *)array + n * size, 0, size);
	return array;
}

struct yaml_node *yaml_add_item(struct yaml_node *list)
{
	list->items = grow(list->items, list->n, sizeof(*list->items));
	return &list->items[list->n++];
}

struct yaml_pair *yaml_add_pair(struct yaml_node *map)
{
	map->pairs = grow(map->pairs, map->n, sizeof(*map->pairs));
	return &map->pairs[map->n++];
}

int yaml_copy(const struct yaml_node *from, int depth, struct yaml_spent *spent, struct yaml_node *ret_copy)
{
	int code = yaml_spend(spent, from->text ? strlen(from->text) : 0, depth);

	*ret_copy = (struct yaml_node){ from->kind, from->line, from->column, .plain = from->plain };
	if (code)
		return code;
	ret_copy->text = text_dup(from->text);
	for (size_t i = 0; i < from->n && !code; i++) {
		if (from->kind == YAML_LIST) {
			code = yaml_copy(&from->items[i], depth + 1, spent, yaml_add_item(ret_copy));
		} else {
			struct yaml_pair *pair = yaml_add_pair(ret_copy);

			code = yaml_copy(&from->pairs[i].key, depth + 1, spent, &pair->key);
			if (!code)
				code = yaml_copy(&from->pairs[i].value, depth + 1, spent, &pair->value);
		}
	}
	return code;
}

void yaml_node_free(struct yaml_node *node)
{
	for (size_t i = 0; i < node->n; i++) {
		if (node->kind == YAML_LIST) {
			yaml_node_free(&node->items[i]);
		} else {
			yaml_node_free(&node->pairs[i].key);
			yaml_node_free(&node->pairs[i].value);
		}
	}
	free(node->items);
	free(node->pairs);
	free(node->text);
	*node = (struct yaml_node){ 0 };
}

void yaml_docs_free(struct yaml_docs *docs)
{
	for (size_t i = 0; i < docs->n; i++)
		yaml_node_free(&docs->v[i]);
	free(docs->v);
	*docs = (struct yaml_docs){ 0 };
}

/* The value of the key that is the first length bytes of name. */
static const struct yaml_node *get(const struct yaml_node *node, const char *name, size_t length)
{
	if (!node || node->kind != YAML_MAP)
		return NULL;
	for (size_t i = 0; i < node->n; i++) {
		const char *key = node->pairs[i].key.text;

		if (!strncmp(key, name, length) && !key[length])
			return &node->pairs[i].value;
	}
	return NULL;
}

const struct yaml_node *yaml_get(const struct yaml_node *node, const char *key)
{
	return get(node, key, strlen(key));
}

/* One step of a path, `name`, `[0]` or `['any.name']`. Moves *path behind it; NULL when there is no such node. */
static const struct yaml_node *step(const struct yaml_node *node, const char **path)
{
	const char *start = *path + (**path == '[');
	size_t length = strcspn(start, ".["), index;

	if (**path != '[') {
		*path = start + length;
		return get(node, start, length);
	}
	if (*start == '\'') {
		length = strcspn(++start, "'");
		*path = start + length + (start[length] == '\'');
	} else {
		length = strcspn(start, "]");
		*path = start + length;
	}
	if (**path == ']')
		++*path;
	if (start[-1] == '\'')
		return get(node, start, length);
	index = strtoul(start, NULL, 10);
	return node->kind == YAML_LIST && index < node->n ? &node->items[index] : NULL;
}

const struct yaml_node *yaml_at(const struct yaml_node *root, const char *path)
{
	const struct yaml_node *next = root;

	while (next) {
		root = next;
		path += *path == '.';
		if (!*path)
			break;
		next = step(root, &path);
	}
	return root;
}
