/*
 * json_text: texts in JSON, also those that are no UTF-8.
 */
#ifndef RUNPOD_SPEC_JSON_TEXT_H
#define RUNPOD_SPEC_JSON_TEXT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/text.h"

/* A new JSON value for text: a string, or {"hex": "…"} when it is no UTF-8. */
json_t *json_text_encode(const char *text);

/* The way back; *ret_text is replaced. Returns 0 or -EINVAL. */
int json_text_decode(const json_t *value, char **ret_text, struct err *err);

/* Reads what --entrypoint takes: ["a", "b"] as a list, everything else as one word; "" as none. */
void json_text_words(const char *text, struct strv *list);

#endif
