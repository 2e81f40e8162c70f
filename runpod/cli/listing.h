/*
 * listing: how every listing verb prints: a table with headings, a --format
 * template a row, or JSON. The default table is a template too.
 */
#ifndef RUNPOD_CLI_LISTING_H
#define RUNPOD_CLI_LISTING_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/text.h"

/* The title above a field that is not its name in capitals. */
struct heading {
	const char *field, *title;
};

struct listing {
	const char *format;		/* --format, or NULL */
	const char *usual;		/* the template without it: "table {{.ID}}\t{{.Name}}" */
	const struct heading *headings; /* ends with field NULL */
	bool no_heading;		/* --noheading, -n */
};

/*
 * Prints rows, an array of objects, by the template. Members whose name begins with '_' serve functions
 * only. Before any row is printed the whole is known to be good. -EINVAL for a bad template.
 */
int listing_print(const struct listing *listing, const json_t *rows, struct err *err);

/* The same, appended to ret_text. */
int listing_text(const struct listing *listing, const json_t *rows, struct buf *ret_text, struct err *err);

/* Whether --format asks for JSON: "json" or "{{json .}}" as podman reads it. */
bool listing_is_json(const char *format);

/* Prints JSON as podman does: indented, with a newline behind. width: of an indent. */
void json_print(const json_t *value, int width);

/* Prints value by the template, with a newline behind: what inspect --format does. */
int template_print(const char *format, json_t *value, struct err *err);

#endif
