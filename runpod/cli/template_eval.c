/*
 * template_eval: the expressions between {{ and }}: a recursive descent over
 *
 *	pipeline := command { "|" command }
 *	command  := function operand… | operand [arguments of .Label]
 *	operand  := ( "." | ".A.B" | "$" | "$x" | "text" | number | true | false | nil | "(" pipeline ")" ) { ".Field" }
 */
#include <ctype.h>
#include <string.h>

#include "cli/template.h"

#define MAX_ARGS  8
#define MAX_DEPTH 16

/* Where we are in an expression. */
struct reader {
	const struct scope *scope;
	const char *at, *end;
	int depth; /* of parentheses */
};

static int read_pipeline(struct reader *reader, struct value *ret_value, struct err *err);

static void skip_blanks(struct reader *reader)
{
	while (reader->at < reader->end && isspace((unsigned char)*reader->at))
		reader->at++;
}

static bool at_char(const struct reader *reader, char c)
{
	return reader->at < reader->end && *reader->at == c;
}

static bool name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Reads letters, digits and underscores; the length may be 0. */
static size_t read_name(struct reader *reader, const char **ret_name)
{
	*ret_name = reader->at;
	while (reader->at < reader->end && name_char(*reader->at))
		reader->at++;
	return (size_t)(reader->at - *ret_name);
}

static void copy_value(const struct value *from, struct value *ret_value)
{
	*ret_value = (struct value){ json_incref(from->json), from->map };
}

/* $ is the whole; $x was set by a range around. */
static int read_variable(struct reader *reader, struct value *ret_value, struct err *err)
{
	const char *name;
	size_t length;

	reader->at++;
	length = read_name(reader, &name);
	if (!length) {
		copy_value(&reader->scope->root, ret_value);
		return 0;
	}
	for (size_t i = reader->scope->n_variables; i-- > 0;) {
		const char *known = reader->scope->variables[i].name;

		if (strlen(known) == length && !strncmp(known, name, length)) {
			copy_value(&reader->scope->variables[i].value, ret_value);
			return 0;
		}
	}
	return err_set(err, 0, "undefined variable \"$%.*s\"", (int)length, name);
}

/* What stands behind a value: .Field.Field */
static int read_fields(struct reader *reader, struct value *value, struct err *err)
{
	while (at_char(reader, '.') && reader->at + 1 < reader->end && name_char(reader->at[1])) {
		struct value field = { 0 };
		const char *name;
		size_t length;
		int code;

		reader->at++;
		length = read_name(reader, &name);
		code = value_field(value, name, length, &field, err);
		value_free(value);
		if (code)
			return code;
		*value = field;
	}
	return 0;
}

static json_t *literal(const char *word, size_t length)
{
	static const char *const words[] = { "true", "false", "nil" };
	json_t *const values[] = { json_true(), json_false(), json_null() };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == length && !strncmp(words[i], word, length))
			return values[i];
	return NULL;
}

static int read_word(struct reader *reader, struct value *ret_value, struct err *err)
{
	const char *word;
	size_t length = read_name(reader, &word);

	ret_value->json = literal(word, length);
	if (!ret_value->json && length)
		return err_set(err, 0, "function \"%.*s\" must stand first", (int)length, word);
	if (!length)
		return err_set(err, 0, "unexpected \"%.1s\"", reader->at < reader->end ? reader->at : "");
	return 0;
}

static int read_parentheses(struct reader *reader, struct value *ret_value, struct err *err)
{
	int code;

	if (++reader->depth > MAX_DEPTH)
		return err_set(err, 0, "too many parentheses");
	reader->at++;
	code = read_pipeline(reader, ret_value, err);
	reader->depth--;
	if (code)
		return code;
	if (!at_char(reader, ')')) {
		value_free(ret_value);
		return err_set(err, 0, "unclosed left paren");
	}
	reader->at++;
	return 0;
}

static int read_operand(struct reader *reader, struct value *ret_value, struct err *err)
{
	char c = reader->at < reader->end ? *reader->at : '\0';
	int code = 0;

	if (c == '"' || c == '`' || c == '-' || isdigit((unsigned char)c))
		return template_literal(&reader->at, reader->end, ret_value, err);
	if (c == '.') {
		copy_value(&reader->scope->dot, ret_value);
		if (reader->at + 1 == reader->end || !name_char(reader->at[1]))
			reader->at++;
	} else if (c == '$')
		code = read_variable(reader, ret_value, err);
	else if (c == '(')
		code = read_parentheses(reader, ret_value, err);
	else
		code = read_word(reader, ret_value, err);
	return code ? code : read_fields(reader, ret_value, err);
}

/* .Label "key": the value of one label, from the row's hidden map. */
static int read_label(struct reader *reader, struct value *ret_value, struct err *err)
{
	struct value key = { 0 };
	json_t *labels = json_object_get(reader->scope->dot.json, "_labels"), *label;
	int code;

	reader->at += strlen(".Label");
	skip_blanks(reader);
	code = read_operand(reader, &key, err);
	if (code)
		return code;
	label = json_object_get(labels, json_is_string(key.json) ? json_string_value(key.json) : "");
	ret_value->json = label ? json_incref(label) : json_string("");
	value_free(&key);
	return 0;
}

static bool at_label(const struct reader *reader)
{
	static const char word[] = ".Label";
	size_t left = (size_t)(reader->end - reader->at);

	return left >= sizeof(word) && !strncmp(reader->at, word, sizeof(word) - 1) &&
	       isspace((unsigned char)reader->at[sizeof(word) - 1]);
}

/* Whether a function's name stands here; it is read over. */
static size_t read_function(struct reader *reader, const char **ret_name)
{
	struct reader start = *reader;
	size_t length;

	if (reader->at == reader->end || !isalpha((unsigned char)*reader->at))
		return 0;
	length = read_name(reader, ret_name);
	if (literal(*ret_name, length)) {
		*reader = start;
		return 0;
	}
	return length;
}

/* One command; piped (json NULL: nothing) is its last argument. */
static int read_command(struct reader *reader, const struct value *piped, struct value *ret_value,
			struct err *err)
{
	struct value args[MAX_ARGS + 1] = { 0 };
	const char *name;
	size_t length, n = 0;
	int code = 0;

	skip_blanks(reader);
	if (at_label(reader))
		return read_label(reader, ret_value, err);
	length = read_function(reader, &name);
	skip_blanks(reader);
	if (!length)
		return piped->json ? err_set(err, 0, "what stands behind | must be a function")
				   : read_operand(reader, ret_value, err);
	while (!code && n < MAX_ARGS && reader->at < reader->end && !at_char(reader, '|') &&
	       !at_char(reader, ')')) {
		code = read_operand(reader, &args[n], err);
		n += !code;
		skip_blanks(reader);
	}
	if (!code && piped->json)
		copy_value(piped, &args[n++]);
	if (!code)
		code = value_call(name, length, args, n, ret_value, err);
	for (size_t i = 0; i <= MAX_ARGS; i++)
		value_free(&args[i]);
	return code;
}

static int read_pipeline(struct reader *reader, struct value *ret_value, struct err *err)
{
	struct value piped = { 0 }, result = { 0 };
	int code;

	for (;;) {
		code = read_command(reader, &piped, &result, err);
		value_free(&piped);
		skip_blanks(reader);
		if (code || !at_char(reader, '|'))
			break;
		reader->at++;
		piped = result;
		result = (struct value){ 0 };
	}
	if (!code)
		*ret_value = result;
	return code;
}

int template_eval(const struct scope *scope, const char *text, size_t length, struct value *ret_value,
		  struct err *err)
{
	struct reader reader = { .scope = scope, .at = text, .end = text + length };
	int code = read_pipeline(&reader, ret_value, err);

	if (!code && reader.at < reader.end) {
		value_free(ret_value);
		code = err_set(err, 0, "unexpected \"%.*s\"", (int)(reader.end - reader.at), reader.at);
	}
	return code;
}
