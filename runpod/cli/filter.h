/*
 * filter: --filter KEY=VALUE. Values of one key are alternatives, different
 * keys must all hold; every label must hold.
 */
#ifndef RUNPOD_CLI_FILTER_H
#define RUNPOD_CLI_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

/* Checks that each is KEY=VALUE with a KEY of known, a list separated by blanks. */
int filter_check(const struct strv *filters, const char *known, struct err *err);

/* Whether the value meets what one filter asks for. */
typedef bool filter_fn(const char *value, const void *thing);

/* True without a filter of that key, or when one of them matches. */
bool filter_any(const struct strv *filters, const char *key, filter_fn *match, const void *thing);

/* True when all filters of that key match: for labels. */
bool filter_all(const struct strv *filters, const char *key, filter_fn *match, const void *thing);

/* The time that the last filter of that key names (until=10m), in nanoseconds since 1970; 0 without one. */
int filter_time(const struct strv *filters, const char *key, int64_t *ret_when, struct err *err);

/* Whether there is one of that key. */
bool filter_has(const struct strv *filters, const char *key);

/* Whether the extended regular expression is found in text (see regex(7)); one that is malformed is
 * compared as it stands. */
bool filter_regex(const char *expression, const char *text);

/* As filter_fn for ids (a prefix or an expression) and for a strv of labels ("key" or "key=value"). */
bool filter_id(const char *value, const void *id);
bool filter_label(const char *value, const void *labels);
bool filter_no_label(const char *value, const void *labels);
/* As filter_fn: the expression is found in the text. */
bool filter_name(const char *value, const void *name);

#endif
