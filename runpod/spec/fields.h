/*
 * fields: one table for each structure, and everything that can be done with
 * it by walking that table: to JSON, from JSON, copy, free, compare.
 *
 * A structure that has a `struct shape` needs no hand-written encoder, and a
 * field added to its table is saved, loaded, copied and freed from then on.
 */
#ifndef RUNPOD_SPEC_FIELDS_H
#define RUNPOD_SPEC_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/text.h"

enum field_type {
	FIELD_BOOL,   /* bool */
	FIELD_INT,    /* int64_t */
	FIELD_TEXT,   /* char *, owned */
	FIELD_STRV,   /* struct strv */
	FIELD_OBJECT, /* a structure inside, with a shape of its own */
	FIELD_LIST,   /* struct { T *v; size_t n; } of structures with a shape */
};

struct shape;

struct field {
	const char *name; /* the JSON key */
	enum field_type type;
	size_t offset;		   /* in the structure */
	const struct shape *shape; /* of FIELD_OBJECT and of a FIELD_LIST's elements */
};

struct shape {
	size_t size;		    /* of the structure */
	const struct field *fields; /* ends with name NULL */
};

/* A new JSON object. Fields that are zero, NULL or empty are left out. */
json_t *fields_encode(const struct shape *shape, const void *structure);

/* Fills the zeroed structure from object. Keys that the table lacks are passed
 * over (a newer runpod wrote them); a key of the wrong type is an error that
 * names it. On error what was filled is freed. Returns 0 or -EINVAL. */
int fields_decode(const struct shape *shape, const json_t *object, void *structure, struct err *err);

/* Adds the structure as text: what json_dumps(fields_encode(…), JSON_COMPACT) makes, at a tenth of its price. */
void fields_write(const struct shape *shape, const void *structure, struct buf *out);

/* Reads such a text into the zeroed structure. Returns whether it was that and nothing else; if not, the structure is zeroed again and the
 * text is to be parsed and decoded. */
bool fields_read(const struct shape *shape, const char *text, void *structure);

/* Deep copy into the zeroed structure to. */
void fields_copy(const struct shape *shape, const void *from, void *to);

/* Whether both say the same (as their JSON would). */
bool fields_equal(const struct shape *shape, const void *a, const void *b);

/* Frees what the structure owns and zeroes it. */
void fields_free(const struct shape *shape, void *structure);

/* Grows a list { T *v; size_t n; } by count zeroed elements of the shape's size and returns the first of them. */
void *fields_append_many(const struct shape *element, void *list, size_t count);

/* The same for one. */
void *fields_append(const struct shape *element, void *list);

/* The shapes of pod_spec.h (shapes.c holds the tables). */
extern const struct shape ns_choice_shape, port_map_shape, mount_spec_shape, limits_shape,
	restart_policy_shape, name_service_shape, log_spec_shape, ctr_spec_shape, pod_spec_shape;
/* Those of manifest_spec.h (shapes_manifest.c). */
extern const struct shape handler_spec_shape, probe_spec_shape, env_source_shape, pod_volume_shape;

#endif
