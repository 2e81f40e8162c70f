/*
 * template_literal: quoted text and numbers in a template's expressions.
 */
#include <ctype.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "cli/template.h"

/* "text" with \" \\ \n \t, or `text`. */
static int read_string(const char **at, const char *end, struct value *ret_value, struct err *err)
{
	char quote = *(*at)++;
	struct buf text = { 0 };

	buf_text(&text, "");
	while (*at < end && **at != quote) {
		char c = *(*at)++;

		if (c == '\\' && quote == '"' && *at < end) {
			c = *(*at)++;
			c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
		}
		buf_add(&text, &c, 1);
	}
	if (*at < end)
		ret_value->json = json_stringn(text.data, text.len);
	buf_free(&text);
	if (!ret_value->json)
		return err_set(err, 0, "unterminated or malformed quoted text");
	++*at;
	return 0;
}

static int read_number(const char **at, const char *end, struct value *ret_value, struct err *err)
{
	const char *start = *at;
	cleanup_free char *text = NULL;
	int64_t number;

	if (*at < end && **at == '-')
		++*at;
	while (*at < end && isdigit((unsigned char)**at))
		++*at;
	text = text_ndup(start, (size_t)(*at - start));
	if (num_i64(text, INT64_MIN, INT64_MAX, &number))
		return err_set(err, 0, "bad number: %s", text);
	ret_value->json = json_integer(number);
	return 0;
}

int template_literal(const char **at, const char *end, struct value *ret_value, struct err *err)
{
	return **at == '"' || **at == '`' ? read_string(at, end, ret_value, err)
					  : read_number(at, end, ret_value, err);
}
