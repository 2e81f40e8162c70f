/*
 * kube_check_env: where a container's variables come from. Lesson 21.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "spec/kube_tree.h"

/* metadata.labels['x'] → the x, to be freed; NULL when field is not of that form. */
static char *subscript(const char *field, const char *map)
{
	size_t length = strlen(map);

	if (!text_starts(field, map) || strncmp(field + length, "['", 2) || !text_ends(field, "']") ||
	    strlen(field) < length + 4)
		return NULL;
	return text_ndup(field + length + 2, strlen(field) - length - 4);
}

#define OF_BOTH "metadata.name|metadata.namespace|metadata.uid"
#define OF_ENV                                                                                               \
	OF_BOTH                                                                                              \
	"|spec.nodeName|spec.serviceAccountName|status.hostIP|status.hostIPs|status.podIP|"                  \
	"status.podIPs"
#define OF_FILE OF_BOTH "|metadata.annotations|metadata.labels"

static bool is_known(const char *field, const char *words)
{
	struct strv known = { 0 };
	bool there;

	strv_split(&known, words, '|');
	there = strv_has(&known, field);
	strv_free(&known);
	return there;
}

void kube_check_field_ref(const struct kube_reader *reader, const json_t *ref, bool file, const char *path)
{
	cleanup_free char *place = text_format("%s.fieldRef.fieldPath", path);
	const json_t *value = json_object_get(ref, "fieldPath");
	const char *field = kube_text(ref, "fieldPath"), *why;
	cleanup_free char *key = NULL;

	if (!field || is_known(field, file ? OF_FILE : OF_ENV))
		return;
	key = subscript(field, "metadata.labels");
	if (!key)
		key = subscript(field, "metadata.annotations");
	why = key ? kube_word_qualified(key) : NULL;
	if (why)
		kube_invalid(reader, place, value, why);
	else if (key)
		return;
	else if (is_known(field, OF_ENV "|" OF_FILE))
		kube_note(reader, place,
			  "Unsupported value: \"%s\": supported values: \"metadata.name\", "
			  "\"metadata.namespace\", \"metadata.uid\", %s",
			  field,
			  file ? "\"metadata.labels\", \"metadata.annotations\""
			       : "\"spec.nodeName\", \"spec.serviceAccountName\", \"status.hostIP\", "
				 "\"status.hostIPs\", \"status.podIP\", \"status.podIPs\"");
	else {
		cleanup_free char *text =
			text_format("error converting fieldPath: field label not supported: %s", field);

		kube_invalid(reader, place, value, text);
	}
}

static bool has_ctr(const json_t *spec, const char *name)
{
	static const char *const lists[] = { "initContainers", "containers" };
	const json_t *ctr;
	size_t i;

	for (int list = 0; list < 2; list++)
		json_array_foreach(json_object_get(spec, lists[list]), i, ctr)
		{
			if (text_equal(kube_text(ctr, "name"), name))
				return true;
		}
	return false;
}

void kube_check_resource_ref(const struct kube_reader *reader, const json_t *spec, const json_t *ref,
			     bool file, const char *path)
{
	cleanup_free char *place = text_format("%s.resourceFieldRef.containerName", path);
	const char *name = kube_text(ref, "containerName");

	if (file && !name && json_is_object(ref))
		kube_required(reader, place, NULL);
	else if (name && !has_ctr(spec, name))
		kube_note(reader, place, "Not found: \"%s\"", name);
}

static void check_source(const struct kube_reader *reader, const json_t *spec, const json_t *env,
			 const char *path)
{
	cleanup_free char *place = text_format("%s.valueFrom", path);
	const json_t *from = json_object_get(env, "valueFrom");
	size_t n = json_object_size(from);

	if (!json_is_object(from))
		return;
	if (kube_text(env, "value"))
		kube_invalid(reader, place, NULL, "may not be specified when `value` is not empty");
	if (n == 0)
		kube_invalid(reader, place, NULL,
			     "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or "
			     "`secretKeyRef`");
	if (n > 1)
		kube_invalid(reader, place, NULL, "may not have more than one field specified at a time");
	kube_check_field_ref(reader, json_object_get(from, "fieldRef"), false, place);
	kube_check_resource_ref(reader, spec, json_object_get(from, "resourceFieldRef"), false, place);
}

void kube_check_env(const struct kube_reader *reader, const json_t *spec, const json_t *ctr, const char *path)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(ctr, "env"), i, item)
	{
		cleanup_free char *place = text_format("%s.env[%zu]", path, i);

		check_source(reader, spec, item, place);
	}
	json_array_foreach(json_object_get(ctr, "envFrom"), i, item)
	{
		cleanup_free char *place = text_format("%s.envFrom[%zu]", path, i);
		bool map = json_object_get(item, "configMapRef"), secret = json_object_get(item, "secretRef");

		if (map && secret)
			kube_invalid(reader, place, NULL,
				     "may not have more than one field specified at a time");
		else if (!map && !secret && json_is_object(item))
			kube_invalid(reader, place, NULL,
				     "must specify one of: `configMapRef` or `secretRef`");
	}
}
