/*
 * yaml_merge: what is true of the keys of one map: no two are equal, and `<<` stands for the
 * keys of another map (yaml.org/type/merge.html).
 *
 * Rule: a key of the map's own wins over a merged one, and of several merged maps the first wins. Kubernetes' reader
 * goes through a map in the order of the text, so that there an own key wins only when it
 * stands below the `<<`; above it the merged one would win. No manifest should mean one thing
 * here and another there: such a key counts as set twice.
 */
#include "spec/yaml_tree.h"

#include <stdlib.h>
#include <string.h>

void yaml_key_to_text(struct yaml_node *key, struct yaml_node *dropped, struct diags *diags)
{
	char *text = NULL;
	int64_t number;
	bool flag;

	if (yaml_is_bool(key, &flag)) {
		text = text_dup(flag ? "true" : "false");
	} else if (yaml_is_int(key, &number)) {
		text = text_format("%lld", (long long)number);
	} else if (key->kind != YAML_SCALAR || yaml_is_null(key) || yaml_is_float(key)) {
		diag_add(diags, key, "unsupported map key%s%s: a key is text; write it in quotes",
			 key->text ? " " : "", key->text ? key->text : "");
	} else {
		return;
	}
	*yaml_add_item(dropped) = *key;
	*key = (struct yaml_node){ .line = key->line, .column = key->column, .text = text };
}

/* One key that the map could have, in the order of who wins. */
struct candidate {
	const struct yaml_pair *pair;
	size_t order;
	bool merged; /* from `<<` */
	bool lost;   /* another one has the same name and wins */
};

struct candidates {
	struct candidate *v;
	size_t n;
};

static bool is_merge(const struct yaml_pair *pair)
{
	return pair->key.plain && !strcmp(pair->key.text, "<<");
}

/* By name, and equal names by who wins. Pointers, so that the first order is kept too. */
static int by_name(const void *left, const void *right)
{
	const struct candidate *a = *(struct candidate *const *)left, *b = *(struct candidate *const *)right;
	int way = strcmp(a->pair->key.text, b->pair->key.text);

	return way ? way : (a->order > b->order) - (a->order < b->order);
}

static void add_all(struct candidates *list, const struct yaml_node *map, bool merged)
{
	for (size_t i = 0; i < map->n; i++) {
		if (!merged && is_merge(&map->pairs[i]))
			continue;
		list->v[list->n] = (struct candidate){ &map->pairs[i], list->n, merged, false };
		list->n++;
	}
}

/* The maps that `<<` names, into from[] (room for one more than value has items); returns how many. */
static size_t merge_sources(const struct yaml_node *value, const struct yaml_node **from, struct diags *diags)
{
	size_t n = 0;

	if (value->kind == YAML_MAP)
		from[n++] = value;
	for (size_t i = 0; value->kind == YAML_LIST && i < value->n; i++)
		if (value->items[i].kind == YAML_MAP)
			from[n++] = &value->items[i];
	if (n != (value->kind == YAML_LIST ? value->n : 1))
		diag_add(diags, value, "map merge requires map or sequence of maps as the value");
	return n;
}

/* Marks who loses, and notes what is set twice. merge: the pair of `<<`, or NULL. */
static void find_losers(struct candidates *list, const struct yaml_pair *merge, struct diags *diags)
{
	struct candidate **sorted = mem_zalloc(list->n * sizeof(*sorted)), *first = NULL;

	for (size_t i = 0; i < list->n; i++)
		sorted[i] = &list->v[i];
	qsort(sorted, list->n, sizeof(*sorted), by_name);
	for (size_t i = 0; i < list->n; i++) {
		struct candidate *it = sorted[i];

		if (!first || strcmp(first->pair->key.text, it->pair->key.text)) {
			first = it;
			continue;
		}
		it->lost = true;
		if (!it->merged)
			diag_add(diags, &it->pair->key, "key \"%s\" already set in map (at line %d)",
				 it->pair->key.text, first->pair->key.line);
		else if (!first->merged && first->pair < merge)
			diag_add(diags, &merge->key,
				 "key \"%s\" already set in map (at line %d; what overrides a merged key "
				 "stands below the <<)",
				 it->pair->key.text, first->pair->key.line);
	}
	free(sorted);
}

/* Everything after the map's own keys is copied in, but for the losers. */
static int take_merged(struct yaml_node *map, const struct candidates *list, int depth,
		       struct yaml_spent *spent)
{
	int code = 0;

	for (size_t i = 0; i < list->n && !code; i++) {
		struct yaml_pair *fresh;

		if (!list->v[i].merged || list->v[i].lost)
			continue;
		fresh = yaml_add_pair(map);
		code = yaml_copy(&list->v[i].pair->key, depth + 1, spent, &fresh->key);
		if (!code)
			code = yaml_copy(&list->v[i].pair->value, depth + 1, spent, &fresh->value);
	}
	return code;
}

static void drop_pair(struct yaml_node *map, size_t at, struct yaml_node *dropped)
{
	struct yaml_pair *pair = &map->pairs[at];

	*yaml_add_item(dropped) = pair->key;
	*yaml_add_item(dropped) = pair->value;
	memmove(pair, pair + 1, (--map->n - at) * sizeof(*pair));
}

/* A key that is no text was noted already. Nobody shall have to think of such a pair. */
static void drop_wrong_keys(struct yaml_node *map, struct yaml_node *dropped)
{
	size_t kept = 0;

	for (size_t i = 0; i < map->n; i++) {
		if (map->pairs[i].key.text) {
			map->pairs[kept++] = map->pairs[i];
		} else {
			*yaml_add_item(dropped) = map->pairs[i].key;
			*yaml_add_item(dropped) = map->pairs[i].value;
		}
	}
	map->n = kept;
}

/* Where `<<` stands, or -1. A second one is noted. */
static long find_merge(const struct yaml_node *map, struct diags *diags)
{
	long found = -1;

	for (size_t i = 0; i < map->n; i++) {
		if (!is_merge(&map->pairs[i]))
			continue;
		if (found >= 0)
			diag_add(diags, &map->pairs[i].key, "key \"<<\" already set in map (at line %d)",
				 map->pairs[found].key.line);
		else
			found = (long)i;
	}
	return found;
}

int yaml_finish_map(struct yaml_node *map, int depth, struct yaml_spent *spent, struct yaml_node *dropped,
		    struct diags *diags)
{
	const struct yaml_pair *merge = NULL;
	const struct yaml_node **from = NULL;
	struct candidates list = { 0 };
	size_t n_from = 0, n;
	long at;
	int code;

	drop_wrong_keys(map, dropped);
	n = map->n;
	at = find_merge(map, diags);
	if (at >= 0) {
		merge = &map->pairs[at];
		from = mem_zalloc((merge->value.n + 1) * sizeof(*from));
		n_from = merge_sources(&merge->value, from, diags);
	}
	for (size_t i = 0; i < n_from; i++)
		n += from[i]->n;
	list.v = mem_zalloc(n * sizeof(*list.v));
	add_all(&list, map, false);
	for (size_t i = 0; i < n_from; i++)
		add_all(&list, from[i], true);
	find_losers(&list, merge, diags);
	code = take_merged(map, &list, depth, spent);
	if (merge)
		drop_pair(map, (size_t)at, dropped);
	free(list.v);
	free(from);
	return code;
}
