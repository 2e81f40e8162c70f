/*
 * template: --format. The part of Go's text/template that docker's and podman's
 * users write, over JSON:
 *
 *	{{.Field}} {{.A.B}} {{$.Field}} {{json .X}} {{len .X}} {{index .Map "k"}} {{.Label "k"}}
 *	{{range .List}}…{{else}}…{{end}} {{range $key, $value := .Map}} {{if .X}}…{{else if .Y}}…{{else}}…{{end}}
 *	{{.X | json}} {{eq .A "b"}} ne not and or join upper lower, {{- and -}}, comments
 *
 * An object stands for a Go structure, whose unknown fields are errors, unless
 * it hangs under one of the keys that are maps there (Labels, PortBindings, …).
 */
#ifndef RUNPOD_CLI_TEMPLATE_H
#define RUNPOD_CLI_TEMPLATE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/text.h"

/* A piece of a template: text between actions, or what stands between {{ and }}. */
struct template_node {
	enum { NODE_TEXT, NODE_VALUE, NODE_IF, NODE_RANGE, NODE_ELSE, NODE_END } kind;
	const char *text; /* in the template; of an action what follows its keyword */
	size_t length;
	size_t next; /* of if, range, else: the else or end that follows; of end: itself */
};

struct template
{
	char *source;
	struct template_node *nodes;
	size_t n;
};

/* Reads a template. The two characters \n and \t in it mean newline and tab. -EINVAL with the place. */
int template_parse(const char *text, struct template *ret_template, struct err *err);

/* Appends the template filled in with value. -EINVAL for an unknown field, which is named. */
int template_render(const struct template *template, json_t *value, struct buf *ret_text, struct err *err);

void template_free(struct template *template);

/* ---- between the files of the template: template_{walk,eval,literal,value,func}.c ---- */

/* A value while evaluating: JSON, and whether an object is a map (else a structure). Holds a reference. */
struct value {
	json_t *json;
	bool map;
};

#define TEMPLATE_VARIABLES 16

/* What expressions can see. */
struct scope {
	struct value dot;  /* . */
	struct value root; /* $ */
	struct {
		char name[32];
		struct value value; /* borrowed from the loop that sets it */
	} variables[TEMPLATE_VARIABLES];
	size_t n_variables;
};

/* The member called name; -EINVAL when a structure has none. map: a missing one is null. */
int value_field(const struct value *value, const char *name, size_t length, struct value *ret_field,
		struct err *err);
void value_free(struct value *value);
/* Appends value as Go's fmt prints it: map[k:v], [a b], {a b}. */
void value_print(const struct value *value, struct buf *ret_text);
/* Go's truth: not false, zero, null or empty. */
bool value_true(const struct value *value);
/* Calls the function name; args are read only. -EINVAL when there is no such function. */
int value_call(const char *name, size_t length, const struct value *args, size_t n, struct value *ret_result,
	       struct err *err);
/* The keys of an object: sorted for a map (Go prints and ranges maps so), in their order for a structure. */
void value_keys(const struct value *value, struct strv *ret_keys);

/* Whether the action's text begins with that keyword; it and the blanks behind it are cut off. */
bool template_keyword(const char **text, size_t *length, const char *keyword);

/* Reads the quoted text or number that begins at *at, which moves behind it. */
int template_literal(const char **at, const char *end, struct value *ret_value, struct err *err);

/* Evaluates an expression. */
int template_eval(const struct scope *scope, const char *text, size_t length, struct value *ret_value,
		  struct err *err);

#endif
