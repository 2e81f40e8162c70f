/*
 * filter: which rows a listing shows; filter.h tells the rules, which are podman's.
 */
#include "cli/filter.h"

#include <regex.h>
#include <string.h>
#include <strings.h>

#include "cli/when.h"

int filter_check(const struct strv *filters, const char *known, struct err *err)
{
	struct strv keys = { 0 };
	int code = 0;

	strv_split(&keys, known, ' ');
	for (size_t i = 0; !code && i < filters->n; i++) {
		char *key = text_ndup(filters->v[i], strcspn(filters->v[i], "="));

		if (!strchr(filters->v[i], '='))
			code = err_set(err, 0,
				       "filter input must be in the form of filter=value: %s is invalid",
				       filters->v[i]);
		else if (!strv_has(&keys, key))
			code = err_set(err, 0, "%s is an invalid filter", key);
		text_replace(&key, NULL);
	}
	strv_free(&keys);
	return code;
}

/* The value when the filter is of that key, else NULL. */
static const char *value_of(const char *filter, const char *key)
{
	size_t length = strlen(key);

	return !strncmp(filter, key, length) && filter[length] == '=' ? filter + length + 1 : NULL;
}

bool filter_has(const struct strv *filters, const char *key)
{
	for (size_t i = 0; i < filters->n; i++)
		if (value_of(filters->v[i], key))
			return true;
	return false;
}

bool filter_any(const struct strv *filters, const char *key, filter_fn *match, const void *thing)
{
	bool asked = false;

	for (size_t i = 0; i < filters->n; i++) {
		const char *value = value_of(filters->v[i], key);

		if (value && match(value, thing))
			return true;
		asked |= value != NULL;
	}
	return !asked;
}

bool filter_all(const struct strv *filters, const char *key, filter_fn *match, const void *thing)
{
	for (size_t i = 0; i < filters->n; i++) {
		const char *value = value_of(filters->v[i], key);

		if (value && !match(value, thing))
			return false;
	}
	return true;
}

int filter_time(const struct strv *filters, const char *key, int64_t *ret_when, struct err *err)
{
	return when_parse(strv_get(filters, key), key, false, ret_when, err);
}

bool filter_regex(const char *expression, const char *text)
{
	regex_t compiled;
	bool found;

	if (regcomp(&compiled, expression, REG_EXTENDED | REG_NOSUB))
		return !strcmp(expression, text);
	found = !regexec(&compiled, text, 0, NULL, 0);
	regfree(&compiled);
	return found;
}

bool filter_id(const char *value, const void *id)
{
	if (value[strspn(value, "0123456789abcdefABCDEF")])
		return filter_regex(value, id);
	return !strncasecmp(id, value, strlen(value));
}

bool filter_name(const char *value, const void *name)
{
	return name && filter_regex(value, name);
}

bool filter_label(const char *value, const void *labels)
{
	size_t key = strcspn(value, "=");
	const struct strv *list = labels;

	for (size_t i = 0; i < list->n; i++) {
		const char *label = list->v[i];

		if (strncmp(label, value, key) || (label[key] && label[key] != '='))
			continue;
		if (!value[key] || !strcmp(label[key] ? label + key + 1 : "", value + key + 1))
			return true;
	}
	return false;
}

bool filter_no_label(const char *value, const void *labels)
{
	return !filter_label(value, labels);
}
