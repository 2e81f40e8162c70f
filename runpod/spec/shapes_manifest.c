/*
 * shapes_manifest: one row a field of manifest_spec.h, as shapes.c has them for
 * pod_spec.h. No lesson: plain data.
 */
#include "spec/fields.h"
#include "spec/manifest_spec.h"

static const struct field handler_spec_fields[] = {
	{ "kind", FIELD_TEXT, offsetof(struct handler_spec, kind), NULL },
	{ "command", FIELD_STRV, offsetof(struct handler_spec, command), NULL },
	{ "host", FIELD_TEXT, offsetof(struct handler_spec, host), NULL },
	{ "path", FIELD_TEXT, offsetof(struct handler_spec, path), NULL },
	{ "port", FIELD_INT, offsetof(struct handler_spec, port), NULL },
	{ "headers", FIELD_STRV, offsetof(struct handler_spec, headers), NULL },
	{ "seconds", FIELD_INT, offsetof(struct handler_spec, seconds), NULL },
	{ 0 },
};
const struct shape handler_spec_shape = { sizeof(struct handler_spec), handler_spec_fields };

static const struct field probe_spec_fields[] = {
	{ "how", FIELD_OBJECT, offsetof(struct probe_spec, how), &handler_spec_shape },
	{ "initial_delay", FIELD_INT, offsetof(struct probe_spec, initial_delay), NULL },
	{ "period", FIELD_INT, offsetof(struct probe_spec, period), NULL },
	{ "timeout", FIELD_INT, offsetof(struct probe_spec, timeout), NULL },
	{ "success", FIELD_INT, offsetof(struct probe_spec, success), NULL },
	{ "failure", FIELD_INT, offsetof(struct probe_spec, failure), NULL },
	{ "grace", FIELD_INT, offsetof(struct probe_spec, grace), NULL },
	{ 0 },
};
const struct shape probe_spec_shape = { sizeof(struct probe_spec), probe_spec_fields };

static const struct field env_source_fields[] = {
	{ "name", FIELD_TEXT, offsetof(struct env_source, name), NULL },
	{ "value", FIELD_TEXT, offsetof(struct env_source, value), NULL },
	{ "kind", FIELD_TEXT, offsetof(struct env_source, kind), NULL },
	{ "object", FIELD_TEXT, offsetof(struct env_source, object), NULL },
	{ "key", FIELD_TEXT, offsetof(struct env_source, key), NULL },
	{ "prefix", FIELD_TEXT, offsetof(struct env_source, prefix), NULL },
	{ "divisor", FIELD_TEXT, offsetof(struct env_source, divisor), NULL },
	{ "optional", FIELD_BOOL, offsetof(struct env_source, optional), NULL },
	{ 0 },
};
const struct shape env_source_shape = { sizeof(struct env_source), env_source_fields };

static const struct field projection_item_fields[] = {
	{ "key", FIELD_TEXT, offsetof(struct projection_item, key), NULL },
	{ "ctr", FIELD_TEXT, offsetof(struct projection_item, ctr), NULL },
	{ "divisor", FIELD_TEXT, offsetof(struct projection_item, divisor), NULL },
	{ "path", FIELD_TEXT, offsetof(struct projection_item, path), NULL },
	{ "mode", FIELD_INT, offsetof(struct projection_item, mode), NULL },
	{ 0 },
};
static const struct shape projection_item_shape = { sizeof(struct projection_item), projection_item_fields };

static const struct field projection_fields[] = {
	{ "kind", FIELD_TEXT, offsetof(struct projection, kind), NULL },
	{ "object", FIELD_TEXT, offsetof(struct projection, object), NULL },
	{ "optional", FIELD_BOOL, offsetof(struct projection, optional), NULL },
	{ "items", FIELD_LIST, offsetof(struct projection, items), &projection_item_shape },
	{ 0 },
};
static const struct shape projection_shape = { sizeof(struct projection), projection_fields };

static const struct field pod_volume_fields[] = {
	{ "name", FIELD_TEXT, offsetof(struct pod_volume, name), NULL },
	{ "kind", FIELD_TEXT, offsetof(struct pod_volume, kind), NULL },
	{ "path", FIELD_TEXT, offsetof(struct pod_volume, path), NULL },
	{ "host_type", FIELD_TEXT, offsetof(struct pod_volume, host_type), NULL },
	{ "size", FIELD_INT, offsetof(struct pod_volume, size), NULL },
	{ "mode", FIELD_INT, offsetof(struct pod_volume, mode), NULL },
	{ "read_only", FIELD_BOOL, offsetof(struct pod_volume, read_only), NULL },
	{ "sources", FIELD_LIST, offsetof(struct pod_volume, sources), &projection_shape },
	{ 0 },
};
const struct shape pod_volume_shape = { sizeof(struct pod_volume), pod_volume_fields };
