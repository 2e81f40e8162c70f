/*
 * object_json: ConfigMaps and Secrets from the JSON of a manifest or a file, and back. What
 * lies on disk is what `get -o json` prints: one form, Kubernetes' own. Lesson 21.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "base/num.h"
#include "store/object.h"

#define SECOND	INT64_C(1000000000)
#define KEY_MAX 253

const char *object_kind(const char *kind)
{
	return text_equal(kind, "ConfigMap") ? OBJECT_CONFIGMAP
	       : text_equal(kind, "Secret")  ? OBJECT_SECRET
					     : NULL;
}

static const char *kind_word(const struct object *object)
{
	return text_equal(object->kind, OBJECT_SECRET) ? "Secret" : "ConfigMap";
}

static int check_key(const struct object *object, const char *key, struct err *err)
{
	size_t good = strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

	if (*key && !key[good] && good <= KEY_MAX && strcmp(key, ".") && !text_starts(key, ".."))
		return 0;
	return err_set(
		err, 0,
		"%s \"%s\" is invalid: data[%s]: Invalid value: \"%s\": a valid config key must consist "
		"of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name', or 'KEY_NAME', or "
		"'key-name'), not start with '..', and be no longer than %d",
		kind_word(object), object->name ? object->name : "", key, key, KEY_MAX);
}

/* Lower-case letters, digits, '-' and '.'; each part between dots begins and ends with no '-'. */
static int check_name(const char *kind, const char *name, struct err *err)
{
	bool good = name && *name && strlen(name) <= KEY_MAX;

	for (const char *c = name; good && *c; c++) {
		bool edge = c == name || c[-1] == '.' || !c[1] || c[1] == '.';

		good = strchr("abcdefghijklmnopqrstuvwxyz0123456789", *c) || (!edge && *c == '-') ||
		       (*c == '.' && c != name && c[1] && c[-1] != '.');
	}
	if (good)
		return 0;
	return err_set(
		err, 0,
		"%s \"%s\" is invalid: metadata.name: Invalid value: \"%s\": a lowercase RFC 1123 "
		"subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
		"and end with an alphanumeric character (e.g. 'example.com')",
		kind, name ? name : "", name ? name : "");
}

const struct object_value *object_value(const struct object *object, const char *key)
{
	for (size_t i = 0; i < object->n; i++)
		if (!strcmp(object->v[i].key, key))
			return &object->v[i];
	return NULL;
}

/* Whether a JSON string can hold the bytes. */
static bool is_text(const void *bytes, size_t length)
{
	json_t *text = memchr(bytes, 0, length) ? NULL : json_stringn(bytes, length);

	json_decref(text);
	return text;
}

int object_add(struct object *object, const char *key, const void *bytes, size_t length, bool binary,
	       struct err *err)
{
	struct object_value *there = (struct object_value *)object_value(object, key);
	struct object_value value = { .binary = text_equal(object->kind, OBJECT_CONFIGMAP) &&
						(binary || !is_text(bytes, length)) };
	size_t total = length, at = 0;
	int code = check_key(object, key, err);

	for (size_t i = 0; i < object->n; i++)
		total += &object->v[i] == there ? 0 : object->v[i].length;
	if (!code && total > OBJECT_DATA_MAX)
		code = err_set(err, 0, "%s \"%s\" is invalid: data: Too long: may not be more than %d bytes",
			       kind_word(object), object->name ? object->name : "", OBJECT_DATA_MAX);
	if (code)
		return code;
	value.bytes = mem_zalloc(length + 1);
	memcpy(value.bytes, bytes, length);
	value.length = length;
	if (there) {
		free(there->bytes);
		value.key = there->key;
		*there = value;
		return 0;
	}
	value.key = text_dup(key);
	while (at < object->n && strcmp(object->v[at].key, key) < 0)
		at++;
	object->v = mem_realloc(object->v, (object->n + 1) * sizeof(*object->v));
	memmove(object->v + at + 1, object->v + at, (object->n++ - at) * sizeof(*object->v));
	object->v[at] = value;
	return 0;
}

/* One of data, binaryData, stringData. */
static int read_values(const json_t *value, const char *member, bool encoded, struct object *object,
		       struct err *err)
{
	const char *key;
	json_t *each;

	json_object_foreach(json_object_get(value, member), key, each)
	{
		struct buf bytes = { 0 };
		int code = 0;

		if (json_is_null(each))
			code = object_add(object, key, "", 0, false, err);
		else if (!json_is_string(each))
			code = err_set(err, 0, "%s.%s: must be a string", member, key);
		else if (!encoded)
			code = object_add(object, key, json_string_value(each), json_string_length(each),
					  false, err);
		else if (base64_decode(json_string_value(each), &bytes))
			code = err_set(err, 0, "%s.%s: illegal base64 data", member, key);
		else
			code = object_add(object, key, bytes.data, bytes.len, true, err);
		buf_free(&bytes);
		if (code)
			return code;
	}
	return 0;
}

static void read_pairs(const json_t *pairs, struct strv *ret_pairs)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)pairs, name, value)
	{
		strv_addf(ret_pairs, "%s=%s", name, json_is_string(value) ? json_string_value(value) : "");
	}
}

static void read_metadata(const json_t *metadata, struct object *object)
{
	const char *version = json_string_value(json_object_get(metadata, "resourceVersion"));
	const char *created = json_string_value(json_object_get(metadata, "creationTimestamp"));
	struct tm when = { 0 };

	object->name = text_dup(json_string_value(json_object_get(metadata, "name")));
	read_pairs(json_object_get(metadata, "labels"), &object->labels);
	read_pairs(json_object_get(metadata, "annotations"), &object->annotations);
	if (version)
		num_i64(version, 0, INT64_MAX, &object->version);
	if (created && strptime(created, "%Y-%m-%dT%H:%M:%SZ", &when))
		object->created = timegm(&when) * SECOND;
}

int object_from_json(const json_t *value, struct object *ret_object, struct err *err)
{
	const char *kind = json_string_value(json_object_get(value, "kind"));
	struct object object = { .kind = object_kind(kind) };
	bool secret = text_equal(object.kind, OBJECT_SECRET);
	int code;

	*ret_object = (struct object){ 0 };
	if (!object.kind)
		return err_set(err, 0, "%s is no ConfigMap and no Secret", kind ? kind : "(no kind)");
	read_metadata(json_object_get(value, "metadata"), &object);
	object.immutable = json_is_true(json_object_get(value, "immutable"));
	if (secret)
		object.type = text_dup(json_string_value(json_object_get(value, "type")));
	if (secret && !object.type)
		object.type = text_dup("Opaque");
	code = check_name(kind, object.name, err);
	if (!code)
		code = read_values(value, "data", secret, &object, err);
	if (!code)
		code = secret ? read_values(value, "stringData", false, &object, err)
			      : read_values(value, "binaryData", true, &object, err);
	if (code)
		object_free(&object);
	else
		*ret_object = object;
	return code;
}

static void write_pairs(json_t *metadata, const char *member, const struct strv *pairs)
{
	json_t *object = json_object();

	for (size_t i = 0; i < pairs->n; i++) {
		const char *equal = strchrnul(pairs->v[i], '=');
		cleanup_free char *name = text_ndup(pairs->v[i], (size_t)(equal - pairs->v[i]));

		json_object_set_new(object, name, json_string(*equal ? equal + 1 : ""));
	}
	if (pairs->n)
		json_object_set(metadata, member, object);
	json_decref(object);
}

/* The values as one member; which: those that are binary, or those that are not. */
static void write_values(json_t *value, const char *member, const struct object *object, bool binary)
{
	bool encoded = binary || text_equal(object->kind, OBJECT_SECRET);
	json_t *values = json_object();

	for (size_t i = 0; i < object->n; i++) {
		const struct object_value *each = &object->v[i];
		cleanup_free char *text = encoded ? base64_encode(each->bytes, each->length) : NULL;

		if (each->binary == binary)
			json_object_set_new(values, each->key,
					    encoded ? json_string(text)
						    : json_stringn(each->bytes, each->length));
	}
	if (json_object_size(values))
		json_object_set(value, member, values);
	json_decref(values);
}

json_t *object_to_json(const struct object *object)
{
	json_t *value = json_pack("{s:s, s:s}", "apiVersion", "v1", "kind", kind_word(object));
	json_t *metadata = json_pack("{s:s}", "name", object->name);
	time_t seconds = (time_t)(object->created / SECOND);
	char created[32];
	struct tm when;

	strftime(created, sizeof(created), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &when));
	if (object->created)
		json_object_set_new(metadata, "creationTimestamp", json_string(created));
	if (object->version)
		json_object_set_new(metadata, "resourceVersion",
				    json_sprintf("%lld", (long long)object->version));
	write_pairs(metadata, "labels", &object->labels);
	write_pairs(metadata, "annotations", &object->annotations);
	json_object_set_new(value, "metadata", metadata);
	if (object->immutable)
		json_object_set_new(value, "immutable", json_true());
	write_values(value, "data", object, false);
	write_values(value, "binaryData", object, true);
	if (object->type)
		json_object_set_new(value, "type", json_string(object->type));
	return value;
}
