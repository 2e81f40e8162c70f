/*
 * yaml: libyaml's events as a tree; yaml.h says what of YAML is read and what is refused.
 *
 * Rule: libyaml (yaml.h there) knows the grammar and stops at its first syntax error. It tells of scalars, beginnings and
 * ends of lists and maps, and of aliases by name. What an alias stands for, whether a key comes twice
 * and how much of all this is too much is known here.
 *
 * Lesson 21 reads a manifest.
 */
#include <yaml.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "spec/yaml_tree.h"

#define MAX_ANCHORS 1000 /* in one document: each alias looks through them */

/* `&name` in this document. */
struct anchor {
	char *name;
	bool open;	       /* what it names has not ended yet, so that an alias would contain itself */
	struct yaml_node node; /* as it stands in the tree; the tree owns what it points to */
};

struct reader {
	yaml_parser_t parser;
	yaml_event_t event; /* the one to look at now */
	struct anchor *anchors;
	size_t n_anchors;
	struct yaml_node dropped; /* a list: taken out of the tree, but anchors may point into it */
	struct yaml_spent spent;
	struct diags *diags;
};

static struct yaml_node place_of(yaml_mark_t mark)
{
	return (struct yaml_node){ .line = (int)mark.line + 1, .column = (int)mark.column + 1 };
}

/* Moves on to the next event. */
static int next(struct reader *reader)
{
	yaml_event_delete(&reader->event);
	return yaml_parser_parse(&reader->parser, &reader->event)
		       ? 0
		       : yaml_note_syntax_error(&reader->parser, reader->diags);
}

/* Notes what yaml_spend said. Then reading must stop. */
static int check_spent(struct reader *reader, const struct yaml_node *node, int code)
{
	if (code == -E2BIG)
		diag_add(reader->diags, node,
			 "document contains excessive aliasing, or is too large: more than %d nodes, or %u "
			 "bytes of text",
			 YAML_MAX_NODES, YAML_MAX_TEXT);
	else if (code == -ELOOP)
		diag_add(reader->diags, node, "exceeded max depth of %d", YAML_MAX_DEPTH);
	return code ? -EINVAL : 0;
}

/* Remembers name as standing for what begins at node; later ones hide earlier ones. *ret_place is -1 for no name. */
static int open_anchor(struct reader *reader, const yaml_char_t *name, const struct yaml_node *node,
		       long *ret_place)
{
	*ret_place = -1;
	if (!name)
		return 0;
	if (reader->n_anchors == MAX_ANCHORS) {
		diag_add(reader->diags, node, "document contains more than %d anchors", MAX_ANCHORS);
		return -EINVAL;
	}
	reader->anchors = mem_realloc(reader->anchors, (reader->n_anchors + 1) * sizeof(*reader->anchors));
	reader->anchors[reader->n_anchors] = (struct anchor){ text_dup((const char *)name), .open = true };
	*ret_place = (long)reader->n_anchors++;
	return 0;
}

static int read_alias(struct reader *reader, int depth, struct yaml_node *node)
{
	const char *name = (const char *)reader->event.data.alias.anchor;
	struct yaml_node place = *node;
	size_t i = reader->n_anchors;
	int code;

	while (i > 0 && strcmp(reader->anchors[i - 1].name, name))
		i--;
	if (!i || reader->anchors[i - 1].open) {
		diag_add(reader->diags, node,
			 i ? "anchor '%s' value contains itself" : "unknown anchor '%s' referenced", name);
		node->text = text_dup(""); /* so that what comes after is looked at too */
		return 0;
	}
	code = yaml_copy(&reader->anchors[i - 1].node, depth, &reader->spent, node);
	node->line = place.line;
	node->column = place.column;
	return check_spent(reader, node, code);
}

static int read_scalar(struct reader *reader, int depth, struct yaml_node *node)
{
	size_t length = reader->event.data.scalar.length;
	const char *value = (const char *)reader->event.data.scalar.value;
	const char *tag = (const char *)reader->event.data.scalar.tag;

	node->kind = YAML_SCALAR;
	node->text = text_ndup(value, length);
	node->plain = reader->event.data.scalar.plain_implicit;
	if (memchr(value, '\0', length))
		diag_add(reader->diags, node, "text with a NUL character in it can be no part of a pod");
	if (tag)
		yaml_apply_tag(node, tag, reader->diags);
	return check_spent(reader, node, yaml_spend(&reader->spent, length, depth));
}

static int read_node(struct reader *reader, int depth, struct yaml_node *node);

static int read_list(struct reader *reader, int depth, struct yaml_node *node)
{
	int code = check_spent(reader, node, yaml_spend(&reader->spent, 0, depth));

	node->kind = YAML_LIST;
	if (!code)
		code = next(reader);
	while (!code && reader->event.type != YAML_SEQUENCE_END_EVENT) {
		code = read_node(reader, depth + 1, yaml_add_item(node));
		if (!code)
			code = next(reader);
	}
	return code;
}

static int read_map(struct reader *reader, int depth, struct yaml_node *node)
{
	int code = check_spent(reader, node, yaml_spend(&reader->spent, 0, depth));

	node->kind = YAML_MAP;
	if (!code)
		code = next(reader);
	while (!code && reader->event.type != YAML_MAPPING_END_EVENT) {
		struct yaml_pair *pair = yaml_add_pair(node);

		code = read_node(reader, depth + 1, &pair->key);
		if (!code)
			code = next(reader);
		if (!code)
			code = read_node(reader, depth + 1, &pair->value);
		if (!code) {
			yaml_key_to_text(&pair->key, &reader->dropped, reader->diags);
			code = next(reader);
		}
	}
	if (!code)
		code = check_spent(
			reader, node,
			yaml_finish_map(node, depth, &reader->spent, &reader->dropped, reader->diags));
	return code;
}

/* What the event begins, up to its end. */
static int read_node(struct reader *reader, int depth, struct yaml_node *node)
{
	const yaml_event_t *event = &reader->event;
	const yaml_char_t *name = event->data.scalar.anchor;
	int (*body)(struct reader * reader, int depth, struct yaml_node *node) = read_scalar;
	long anchor;
	int code;

	*node = place_of(event->start_mark);
	if (event->type == YAML_ALIAS_EVENT)
		return read_alias(reader, depth, node);
	if (event->type == YAML_SEQUENCE_START_EVENT) {
		name = event->data.sequence_start.anchor;
		body = read_list;
	} else if (event->type == YAML_MAPPING_START_EVENT) {
		name = event->data.mapping_start.anchor;
		body = read_map;
	}
	code = open_anchor(reader, name, node, &anchor);
	if (!code)
		code = body(reader, depth, node);
	if (anchor >= 0) {
		reader->anchors[anchor].open = false;
		reader->anchors[anchor].node = *node;
	}
	return code;
}

static void forget_anchors(struct reader *reader)
{
	for (size_t i = 0; i < reader->n_anchors; i++)
		free(reader->anchors[i].name);
	reader->n_anchors = 0;
	yaml_node_free(&reader->dropped);
	reader->dropped.kind = YAML_LIST;
}

/* A document, from its start to its end. One that could not be read whole is left out, as one that says nothing is. */
static int read_document(struct reader *reader, struct yaml_docs *docs)
{
	struct yaml_node root = { 0 };
	int code = next(reader);

	if (!code)
		code = read_node(reader, 1, &root);
	if (!code)
		code = next(reader); /* its end */
	forget_anchors(reader);
	if (code || yaml_is_null(&root)) {
		yaml_node_free(&root);
		return code;
	}
	docs->v = mem_realloc(docs->v, (docs->n + 1) * sizeof(*docs->v));
	docs->v[docs->n++] = root;
	return 0;
}

static int read_stream(struct reader *reader, struct yaml_docs *docs)
{
	int code = next(reader); /* the stream's start */

	if (!code)
		code = next(reader);
	while (!code && reader->event.type == YAML_DOCUMENT_START_EVENT) {
		code = read_document(reader, docs);
		if (!code)
			code = next(reader);
	}
	return code;
}

int yaml_read(const char *text, size_t length, struct yaml_docs *ret_docs, struct diags *diags)
{
	struct reader reader = { .diags = diags, .dropped.kind = YAML_LIST };
	size_t before = diags->n;

	*ret_docs = (struct yaml_docs){ 0 };
	if (length > YAML_MAX_TEXT) {
		diag_add(diags, NULL, "text is too large: %zu bytes; at most %u", length, YAML_MAX_TEXT);
		return -EINVAL;
	}
	if (length >= 3 &&
	    !memcmp(text, "\xef\xbb\xbf", 3)) { /* a byte order mark; libyaml must not guess by it */
		text += 3;
		length -= 3;
	}
	if (!yaml_parser_initialize(&reader.parser)) {
		diag_add(diags, NULL, "out of memory");
		return -EINVAL;
	}
	yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, length);
	read_stream(&reader, ret_docs);
	yaml_event_delete(&reader.event);
	yaml_parser_delete(&reader.parser);
	free(reader.anchors);
	return diags->n == before ? 0 : -EINVAL;
}
