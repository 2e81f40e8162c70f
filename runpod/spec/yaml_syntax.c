/*
 * yaml_syntax: libyaml's first and last complaint, with its place and what to do about it.
 *
 * Rule: the words are libyaml's, which are also kubectl's (its reader descends from libyaml), so that they can be looked
 * up. libyaml counts lines and columns from 0, and for bytes that are no text it knows only their offset.
 */
#include <yaml.h>

#include <errno.h>
#include <string.h>

#include "spec/yaml_tree.h"

/* What libyaml calls things, and what to do about them. */
static const char *advice(const char *problem)
{
	static const struct {
		const char *problem, *advice;
	} rows[] = {
		{ "found a tab character that violates indentation", "indent with blanks, not with tabs" },
		{ "found a tab character where an indentation space is expected",
		  "indent with blanks, not with tabs" },
		{ "did not find expected key", "is this line indented as the others of its map?" },
		{ "did not find expected '-' indicator", "is this line indented as the others of its list?" },
		{ "mapping values are not allowed in this context",
		  "text with \": \" in it needs quotes; a key stands on a line of its own" },
		{ "block sequence entries are not allowed in this context",
		  "a list begins on a line of its own" },
		{ "could not find expected ':'", "a key needs \": \" behind it" },
		{ "found character that cannot start any token",
		  "text that begins with @, ` or % needs quotes" },
		{ "did not find expected ',' or '}'", "between two keys, or to end the map" },
		{ "did not find expected ',' or ']'", "between two items, or to end the list" },
		{ "found unexpected end of stream", "a quote is not closed" },
		{ "found unknown escape character",
		  "a backslash in \"…\" wants one of the escapes; in '…' it is a backslash" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (!strcmp(problem, rows[i].problem))
			return rows[i].advice;
	return NULL;
}

/* Whether a tab stands at that place of what the parser reads. */
static bool is_tab(const yaml_parser_t *parser, const struct yaml_node *place)
{
	const unsigned char *at = parser->input.string.start, *end = parser->input.string.end;

	for (int line = 1; at && line < place->line; line++) {
		at = memchr(at, '\n', (size_t)(end - at));
		at = at ? at + 1 : NULL;
	}
	for (int column = 1; at && at < end && column < place->column; at++)
		column += at + 1 < end && (at[1] & 0xc0) != 0x80;
	return at && at < end && *at == '\t';
}

/* Where the bytes are that are no text. */
static struct yaml_node place_of_offset(const unsigned char *text, size_t offset)
{
	struct yaml_node place = { .line = 1, .column = 1 };

	for (size_t i = 0; i < offset; i++) {
		place.column += (text[i] & 0xc0) != 0x80;
		if (text[i] == '\n') {
			place.line++;
			place.column = 1;
		}
	}
	return place;
}

int yaml_note_syntax_error(const struct yaml_parser_s *parser, struct diags *diags)
{
	const char *problem = parser->problem ? parser->problem : "cannot be read", *hint = advice(problem);
	struct yaml_node place = { .line = (int)parser->problem_mark.line + 1,
				   .column = (int)parser->problem_mark.column + 1 };

	if (parser->error == YAML_READER_ERROR)
		place = place_of_offset(parser->input.string.start, parser->problem_offset);
	else if (is_tab(parser, &place))
		hint = "indent with blanks, not with tabs";
	if (hint)
		diag_add(diags, &place, "%s (%s)", problem, hint);
	else if (parser->context)
		diag_add(diags, &place, "%s %s", problem, parser->context);
	else
		diag_add(diags, &place, "%s", problem);
	return -EINVAL;
}
