/*
 * yaml_scalar: what a plain scalar means. Quoted ones are text, always.
 *
 * Rule: YAML 1.1 as go-yaml v2 applies it, which is what kubectl reads manifests with: yes, no, on, off, y and
 * n are bools, 0x1f, 0o17, 017 and 0b11 are integers, 1_000 is a thousand, 08 and 1e3 are
 * numbers with a point. Dates are text.
 */
#include "spec/yaml_tree.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static bool one_of(const struct yaml_node *node, const char *const *words)
{
	if (!node || node->kind != YAML_SCALAR || !node->plain || !node->text)
		return false;
	for (; *words; words++)
		if (!strcmp(node->text, *words))
			return true;
	return false;
}

bool yaml_is_null(const struct yaml_node *node)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL", NULL };

	return one_of(node, words);
}

bool yaml_is_bool(const struct yaml_node *node, bool *ret_value)
{
	static const char *const yes[] = { "true", "True", "TRUE", "yes", "Yes", "YES",
					   "on",   "On",   "ON",   "y",	  "Y",	 NULL };
	static const char *const no[] = { "false", "False", "FALSE", "no", "No", "NO",
					  "off",   "Off",   "OFF",   "n",  "N",	 NULL };

	*ret_value = one_of(node, yes);
	return *ret_value || one_of(node, no);
}

/* The text without its underscores when it may be a number (it begins with a digit or a sign), else NULL. */
static char *without_underscores(const struct yaml_node *node)
{
	struct buf plain = { 0 };

	if (!node || node->kind != YAML_SCALAR || !node->plain || !node->text || !*node->text ||
	    !strchr("+-0123456789", *node->text))
		return NULL;
	for (const char *at = node->text; *at; at++)
		if (*at != '_')
			buf_add(&plain, at, 1);
	return plain.data;
}

/* An integer in any base. Returns 0; -EINVAL when it is none; -ERANGE when it is beyond int64_t. */
static int integer(const char *text, int64_t *ret_value)
{
	static const struct {
		const char *prefixes; /* the letter behind a leading 0; "": nothing but a 0 */
		int base;
		const char *digits;
	} bases[] = {
		{ "xX", 16, "0123456789abcdefABCDEF" },
		{ "oO", 8, "01234567" },
		{ "bB", 2, "01" },
		{ "", 8, "01234567" },
	};
	bool minus = *text == '-';
	const char *start = text + (minus || *text == '+'), *digits = "0123456789";
	uint64_t size, limit = (uint64_t)INT64_MAX + minus;
	int base = 10;

	if (*start == '0' && *++start) {
		size_t i = 0;

		while (*bases[i].prefixes && !strchr(bases[i].prefixes, *start))
			i++;
		start += *bases[i].prefixes != '\0';
		base = bases[i].base;
		digits = bases[i].digits;
	} else if (start > text && start[-1] == '0') {
		start--; /* a lone 0 */
	}
	if (!*start || start[strspn(start, digits)])
		return -EINVAL;
	errno = 0;
	size = strtoull(start, NULL, base);
	if (errno || size > limit)
		return -ERANGE;
	*ret_value = (int64_t)(minus ? -size : size);
	return 0;
}

bool yaml_is_int(const struct yaml_node *node, int64_t *ret_value)
{
	cleanup_free char *text = without_underscores(node);

	*ret_value = 0;
	return text && !integer(text, ret_value);
}

/* Digits, perhaps with a point among or before them, perhaps with an exponent, and within a double's range. */
static bool is_decimal(const char *text)
{
	const char *at = text + (*text == '-' || *text == '+');
	size_t whole = strspn(at, "0123456789"), fraction = 0;

	at += whole;
	if (*at == '.') {
		fraction = strspn(++at, "0123456789");
		at += fraction;
	}
	if (!whole && !fraction)
		return false;
	if (*at == 'e' || *at == 'E') {
		at += at[1] == '-' || at[1] == '+' ? 2 : 1;
		if (!*at)
			return false;
		at += strspn(at, "0123456789");
	}
	return !*at && !isinf(strtod(text, NULL));
}

bool yaml_is_float(const struct yaml_node *node)
{
	static const char *const words[] = { ".nan",  ".NaN",  ".NAN",	".inf",	 ".Inf",  ".INF", "+.inf",
					     "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", NULL };
	cleanup_free char *text = without_underscores(node);
	int64_t value;

	if (text) /* an integer too large for us is still a number */
		return integer(text, &value) == -ERANGE || (integer(text, &value) && is_decimal(text)) ||
		       one_of(node, words);
	return one_of(node, words) || (node && node->kind == YAML_SCALAR && node->plain && node->text &&
				       *node->text == '.' && is_decimal(node->text));
}

void yaml_apply_tag(struct yaml_node *node, const char *tag, struct diags *diags)
{
	static const char prefix[] = "tag:yaml.org,2002:";
	bool flag, fits = true;
	int64_t number;

	node->plain = text_starts(tag, prefix);
	if (!node->plain)
		return;
	tag += strlen(prefix);
	if (!strcmp(tag, "int"))
		fits = yaml_is_int(node, &number);
	else if (!strcmp(tag, "float"))
		fits = yaml_is_int(node, &number) || yaml_is_float(node);
	else if (!strcmp(tag, "bool"))
		fits = yaml_is_bool(node, &flag);
	else if (!strcmp(tag, "null"))
		fits = yaml_is_null(node);
	else if (!strcmp(tag, "binary"))
		diag_add(diags, node, "the tag !!binary is not supported: write base64 as text");
	else
		node->plain = false;
	if (!fits)
		diag_add(diags, node, "cannot decode `%s` as a !!%s", node->text, tag);
}
