/*
 * yaml_tree: what the reader (yaml.c) builds its tree with. Nobody else needs it: yaml.h
 * is what the world sees.
 */
#ifndef RUNPOD_SPEC_YAML_TREE_H
#define RUNPOD_SPEC_YAML_TREE_H

#include "spec/yaml.h"

#define YAML_MAX_TEXT  (3u << 20) /* bytes; the API server takes no larger request either */
#define YAML_MAX_NODES 100000
#define YAML_MAX_DEPTH 100

/* What one text has cost so far; aliases and merges spend from it too. */
struct yaml_spent {
	size_t nodes;
	size_t bytes; /* of text in scalars */
};

/* One node more of that many bytes at that depth (the root's is 1): 0, -E2BIG beyond YAML_MAX_NODES or
 * YAML_MAX_TEXT, -ELOOP beyond YAML_MAX_DEPTH. */
int yaml_spend(struct yaml_spent *spent, size_t bytes, int depth);

/* A zeroed place at the end of a list, of a map. Earlier places may move. */
struct yaml_node *yaml_add_item(struct yaml_node *list);
struct yaml_pair *yaml_add_pair(struct yaml_node *map);

/* A deep copy, places included. When it fails (as yaml_spend) ret_copy is incomplete, but can be freed. */
int yaml_copy(const struct yaml_node *from, int depth, struct yaml_spent *spent, struct yaml_node *ret_copy);

/* Frees what the node owns. */
void yaml_node_free(struct yaml_node *node);

/* An explicit tag in full (`!!int` is tag:yaml.org,2002:int) on a scalar: what it may mean from now on; notes what does not fit. yaml_scalar.c */
void yaml_apply_tag(struct yaml_node *node, const char *tag, struct diags *diags);

/* A key becomes text, in Kubernetes' way: 1 is "1", 0x1f is "31", yes is "true". Others than text are noted and left without
 * text. What it was before goes to the end of the list dropped, since an anchor may point into it. yaml_merge.c */
void yaml_key_to_text(struct yaml_node *key, struct yaml_node *dropped, struct diags *diags);

/*
 * A map has been read: notes keys that stand in it twice, and writes out its `<<`. depth is the map's own. The pair of `<<`,
 * and pairs whose key is no text, are moved to the end of the list dropped, since anchors may point into it. Returns 0 or as yaml_spend. yaml_merge.c
 */
int yaml_finish_map(struct yaml_node *map, int depth, struct yaml_spent *spent, struct yaml_node *dropped,
		    struct diags *diags);

/* libyaml's parser has stopped: notes why, and returns -EINVAL. yaml_syntax.c */
struct yaml_parser_s;
int yaml_note_syntax_error(const struct yaml_parser_s *parser, struct diags *diags);

#endif
