/*
 * kube_tree: looking into a tree, and noting what is wrong; kube_tree.h. The forms are those
 * of Kubernetes' field errors: "PATH: Invalid value: VALUE: WHY". Lesson 21.
 */
#include "spec/kube_tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* "…limits[cpu]" is a key of a map where yaml_at() knows places of a list. */
static const struct yaml_node *place_of(const struct yaml_node *root, const char *path)
{
	const char *bracket = strrchr(path, '[');
	const struct yaml_node *map = NULL, *value = NULL;

	if (bracket && text_ends(path, "]")) {
		cleanup_free char *above = text_ndup(path, (size_t)(bracket - path));
		cleanup_free char *key = text_ndup(bracket + 1, strlen(bracket) - 2);

		map = yaml_at(root, above);
		value = yaml_get(map, key);
	}
	return value ? value : yaml_at(root, path);
}

void kube_note(const struct kube_reader *reader, const char *path, const char *format, ...)
{
	struct buf text = { 0 };
	va_list args;

	va_start(args, format);
	buf_vformat(&text, format, args);
	va_end(args);
	diag_add(reader->diags, place_of(reader->root, path), "%s: %s", path, text.data);
	buf_free(&text);
}

void kube_invalid(const struct kube_reader *reader, const char *path, const json_t *value, const char *why)
{
	char *text = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

	kube_note(reader, path, "Invalid value: %s: %s", text ? text : "\"\"", why);
	free(text);
}

void kube_duplicate(const struct kube_reader *reader, const char *path, const char *value)
{
	kube_note(reader, path, "Duplicate value: \"%s\"", value);
}

void kube_required(const struct kube_reader *reader, const char *path, const char *why)
{
	kube_note(reader, path, "Required value%s%s", why ? ": " : "", why ? why : "");
}

void kube_forbidden(const struct kube_reader *reader, const char *path, const char *why)
{
	kube_note(reader, path, "Forbidden: %s", why);
}

const char *kube_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text && *text ? text : NULL;
}

int64_t kube_int(const json_t *object, const char *key, int64_t otherwise)
{
	const json_t *value = json_object_get(object, key);

	return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

bool kube_true(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

json_t *kube_get(const json_t *object, const char *path)
{
	json_t *found = (json_t *)object;
	struct strv parts = { 0 };

	strv_split(&parts, path, '.');
	for (size_t i = 0; i < parts.n; i++)
		found = json_object_get(found, parts.v[i]);
	strv_free(&parts);
	return found;
}

void kube_set_text(json_t *object, const char *key, const char *text)
{
	if (text)
		json_object_set_new(object, key, json_string(text));
}

bool kube_is_sidecar(const json_t *ctr)
{
	const char *policy = kube_text(ctr, "restartPolicy");

	return policy && !strcmp(policy, "Always");
}
