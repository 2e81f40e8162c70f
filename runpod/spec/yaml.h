/*
 * yaml: a YAML text as a tree in which every node knows its line and column,
 * so that whoever finds something wrong later can point at the place.
 *
 * Block style and flow style (KYAML too: unquoted keys, trailing commas, comments, `"\`
 * line folding) give the same tree. Aliases are written out, within a limit.
 */
#ifndef RUNPOD_SPEC_YAML_H
#define RUNPOD_SPEC_YAML_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_pair;

struct yaml_node {
	enum yaml_kind kind;
	int line, column;	 /* of its first character, from 1; columns count characters, not bytes */
	char *text;		 /* scalar, never NULL there: what it says, without quotes and folding */
	bool plain;		 /* scalar without quotes: may mean null, a bool or a number */
	struct yaml_node *items; /* list */
	struct yaml_pair *pairs; /* map, in the order of the text */
	size_t n;		 /* how many items or pairs */
};

struct yaml_pair {
	struct yaml_node key; /* always a scalar */
	struct yaml_node value;
};

/* The documents of one text. */
struct yaml_docs {
	struct yaml_node *v; /* empty documents (only comments) are left out */
	size_t n;
};

/* Something wrong at a place. */
struct diag {
	int line, column; /* from 1; 0: nowhere in particular */
	char *text;	  /* `strict decoding error: unknown field "spec.foo"` */
};

struct diags {
	struct diag *v;
	size_t n;
};

/* Notes an error (printf-like) at that node; node NULL: nowhere in particular. */
void diag_add(struct diags *diags, const struct yaml_node *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void diag_add_at(struct diags *diags, int line, int column, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void diags_free(struct diags *diags);

/*
 * All of them as text, by line and column: "FILE:LINE:COLUMN: TEXT", below it that line of the source and a `^` under the
 * place (tabs kept so that it stands right). source may be NULL.
 */
void diags_print(const struct diags *diags, const char *file, const char *source, struct buf *ret_text);

/*
 * Reads text (UTF-8, any number of documents). Everything that YAML itself or Kubernetes' strict reader refuses is noted
 * in diags: syntax, tabs as indentation, a key twice in one map (`key "x" already set in map`), keys that are no text
 * (1 and yes are made text, as there), NUL; and what would be too much: 100,000 nodes once the aliases and `<<` are written
 * out, 100 levels, 1,000 anchors, 3 MiB. libyaml stops at the first syntax error, and the document that it is in is left out.
 * Returns 0, or -EINVAL when something was noted (ret_docs is then what could be read; free it all the same).
 */
int yaml_read(const char *text, size_t length, struct yaml_docs *ret_docs, struct diags *diags);
void yaml_docs_free(struct yaml_docs *docs);

/* The value of a map's key, or NULL. node may be NULL or no map. */
const struct yaml_node *yaml_get(const struct yaml_node *node, const char *key);

/* The node at "spec.containers[0].image" or "metadata.labels['a.b/c']"; when the path ends early, the nearest node above it. Never NULL for a root. */
const struct yaml_node *yaml_at(const struct yaml_node *root, const char *path);

/* Whether a scalar reads as null, as true or false, as an integer or other number, by YAML 1.1's rules as Kubernetes' reader applies them
 * (plain yes/no/on/off are bools, 0o17 and 0x1f numbers, "1" in quotes is text). */
bool yaml_is_null(const struct yaml_node *node);
bool yaml_is_bool(const struct yaml_node *node, bool *ret_value);
bool yaml_is_int(const struct yaml_node *node, int64_t *ret_value);
bool yaml_is_float(const struct yaml_node *node);

/* Writes one value as block YAML: keys in the order of the object, two blanks of indentation, text quoted where it would
 * otherwise read as something else, "|" for text of several lines. yaml_write.c */
void yaml_write(const json_t *value, struct buf *ret_text);

#endif
