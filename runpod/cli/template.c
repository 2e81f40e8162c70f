/*
 * template: reads a template into nodes; template.h shows what can be written,
 * template_walk.c walks the nodes, template_eval.c reads the expressions.
 */
#include "cli/template.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NESTING 16

/* The two characters \n and \t, as a shell passes them on, but not inside quoted text. */
static char *unescape(const char *text)
{
	char *copy = text_dup(text), *to = copy;

	for (const char *from = copy; *from; from++) {
		if (from[0] == '\\' && (from[1] == 'n' || from[1] == 't'))
			*to++ = *++from == 'n' ? '\n' : '\t';
		else
			*to++ = *from;
	}
	*to = '\0';
	return copy;
}

static struct template_node *add_node(struct template *template, int kind, const char *text, size_t length)
{
	struct template_node *node;

	template->nodes = mem_realloc(template->nodes, (template->n + 1) * sizeof(*template->nodes));
	node = &template->nodes[template->n++];
	*node = (struct template_node){ .kind = kind, .text = text, .length = length };
	return node;
}

/* The end of the action that begins at text: its }}, which does not count inside quoted text. */
static const char *action_end(const char *text)
{
	char quote = '\0';

	for (; *text; text++) {
		if (quote) {
			if (*text == '\\' && quote == '"' && text[1])
				text++;
			else if (*text == quote)
				quote = '\0';
		} else if (*text == '"' || *text == '`') {
			quote = *text;
		} else if (text[0] == '}' && text[1] == '}') {
			return text;
		}
	}
	return NULL;
}

bool template_keyword(const char **text, size_t *length, const char *keyword)
{
	size_t n = strlen(keyword);

	if (*length < n || strncmp(*text, keyword, n) || (*length > n && !isspace((unsigned char)(*text)[n])))
		return false;
	*text += n;
	*length -= n;
	while (*length && isspace((unsigned char)**text))
		++*text, --*length;
	return true;
}

static void trim(const char **text, size_t *length)
{
	while (*length && isspace((unsigned char)**text))
		++*text, --*length;
	while (*length && isspace((unsigned char)(*text)[*length - 1]))
		--*length;
}

static void add_action(struct template *template, const char *text, size_t length)
{
	static const struct {
		const char *keyword;
		int kind;
	} keywords[] = {
		{ "if", NODE_IF }, { "range", NODE_RANGE }, { "else", NODE_ELSE }, { "end", NODE_END }
	};

	trim(&text, &length);
	if (length >= 4 && !strncmp(text, "/*", 2) && !strncmp(text + length - 2, "*/", 2))
		return;
	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++) {
		if (template_keyword(&text, &length, keywords[i].keyword)) {
			add_node(template, keywords[i].kind, text, length);
			return;
		}
	}
	add_node(template, NODE_VALUE, text, length);
}

/* Cuts the source into nodes. */
static int split(struct template *template, struct err *err)
{
	const char *at = template->source;
	bool trim_left = false; /* the action before ended in -}} */

	for (;;) {
		const char *open = strstr(at, "{{"), *close;
		size_t length = open ? (size_t)(open - at) : strlen(at);
		bool trim_right = open && open[2] == '-' && isspace((unsigned char)open[3]);

		while (trim_left && length && isspace((unsigned char)*at))
			at++, length--;
		while (trim_right && length && isspace((unsigned char)at[length - 1]))
			length--;
		if (length)
			add_node(template, NODE_TEXT, at, length);
		if (!open)
			return 0;
		open += trim_right ? 3 : 2;
		close = action_end(open);
		if (!close)
			return err_set(err, 0, "template: unclosed action: {{%.60s", open);
		trim_left = close - open >= 2 && close[-1] == '-' && isspace((unsigned char)close[-2]);
		add_action(template, open, (size_t)(close - open) - trim_left);
		at = close + 2;
	}
}

/* Lets each if, range and else know the else or end that follows. */
static int match(struct template *template, struct err *err)
{
	size_t open[MAX_NESTING], depth = 0;

	for (size_t i = 0; i < template->n; i++) {
		struct template_node *node = &template->nodes[i];

		if (node->kind == NODE_IF || node->kind == NODE_RANGE) {
			if (depth == MAX_NESTING)
				return err_set(err, 0, "template: nested too deeply");
			open[depth++] = i;
		} else if (node->kind == NODE_ELSE || node->kind == NODE_END) {
			if (!depth)
				return err_set(err, 0, "template: unexpected {{%s}}",
					       node->kind == NODE_END ? "end" : "else");
			if (template->nodes[open[depth - 1]].kind == NODE_ELSE &&
			    !template->nodes[open[depth - 1]].length && node->kind == NODE_ELSE)
				return err_set(err, 0, "template: unexpected {{else}}");
			template->nodes[open[depth - 1]].next = i;
			open[depth - 1] = i;
			depth -= node->kind == NODE_END;
			node->next = i;
		}
	}
	return depth ? err_set(err, 0, "template: unexpected EOF: an {{end}} is missing") : 0;
}

int template_parse(const char *text, struct template *ret_template, struct err *err)
{
	struct template template = { .source = unescape(text) };
	int code = split(&template, err);

	if (!code)
		code = match(&template, err);
	if (code)
		template_free(&template);
	else
		*ret_template = template;
	return code;
}

void template_free(struct template *template)
{
	free(template->source);
	free(template->nodes);
	*template = (struct template){ 0 };
}
