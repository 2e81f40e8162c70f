/*
 * kube_default: what an API server fills in. Most of it stands in the table of fields; here
 * is what depends on another field: the pull policy on the image's tag, requests on limits, host
 * ports on hostNetwork. After it a tree says everything that `get -o yaml` shows. Lesson 21.
 */
#include <stdlib.h>
#include <string.h>

#include "spec/kube_tree.h"

static json_t *fallback_value(const struct kube_field *row)
{
	switch (row->type) {
	case KUBE_INT:
	case KUBE_LONG:
		return json_integer(atoll(row->fallback));
	case KUBE_BOOL:
		return json_boolean(!strcmp(row->fallback, "true"));
	case KUBE_OBJECT:
		return json_object();
	default:
		return json_string(row->fallback);
	}
}

/* Empty text asks for nothing, as Go's zero value. */
static bool is_unset(const json_t *value)
{
	return !value || (json_is_string(value) && !json_string_length(value));
}

/* Nor does a 0 where only more than 0 could be meant (periodSeconds and the like). */
static bool is_unset_field(const struct kube_field *row, const json_t *value)
{
	return is_unset(value) ||
	       (row->check == kube_word_positive && json_is_integer(value) && !json_integer_value(value));
}

/* Afterwards the keys stand in the order of the table, so that equal objects are equal texts too. */
static void default_struct(const struct kube_struct *of, json_t *object)
{
	if (!json_is_object(object))
		return; /* what could not be read */
	for (const struct kube_field *row = of->fields; row->name; row++) {
		json_t *value = json_object_get(object, row->name), *item;
		size_t i;

		value = row->fallback && is_unset_field(row, value) ? fallback_value(row)
								    : json_incref(value);
		if (!value)
			continue;
		json_object_del(object, row->name);
		json_object_set_new(object, row->name, value);
		if (row->type == KUBE_OBJECT && json_is_object(value))
			default_struct(row->of, value);
		if (row->type == KUBE_LIST)
			json_array_foreach(value, i, item)
			{
				default_struct(row->of, item);
			}
	}
}

/* No tag, or :latest, is pulled each time; what has a digest never changes. */
static const char *pull_policy(const char *image)
{
	const char *slash = image ? strrchr(image, '/') : NULL;
	const char *tag = image ? strchr(slash ? slash : image, ':') : NULL;

	if (image && strchr(image, '@'))
		return "IfNotPresent";
	return !tag || !strcmp(tag, ":latest") ? "Always" : "IfNotPresent";
}

/* A request that is not made is the limit. */
static void default_requests(json_t *resources)
{
	json_t *limits = json_object_get(resources, "limits"), *requests, *value;
	const char *name;

	if (!json_object_size(limits))
		return;
	requests = json_object_get(resources, "requests");
	if (!json_is_object(requests)) {
		requests = json_object();
		json_object_set_new(resources, "requests", requests);
	}
	json_object_foreach(limits, name, value)
	{
		if (!json_object_get(requests, name))
			json_object_set(requests, name, value);
	}
}

static void default_ctr(json_t *ctr, bool host_network)
{
	json_t *ports = json_object_get(ctr, "ports"), *port;
	size_t i;

	if (is_unset(json_object_get(ctr, "imagePullPolicy")))
		kube_set_text(ctr, "imagePullPolicy", pull_policy(kube_text(ctr, "image")));
	default_requests(json_object_get(ctr, "resources"));
	json_array_foreach(ports, i, port)
	{
		if (host_network && !kube_int(port, "hostPort", 0) && kube_int(port, "containerPort", 0))
			json_object_set(port, "hostPort", json_object_get(port, "containerPort"));
	}
}

/* A volume of which only the name is said is an empty one (only where no other source was even tried). */
static void default_volume(json_t *volume)
{
	if (json_object_size(volume) == 1 && json_object_get(volume, "name"))
		json_object_set_new(volume, "emptyDir", json_object());
}

void kube_default_pod(json_t *spec)
{
	static const char *const lists[] = { "initContainers", "containers" };
	bool host_network = kube_true(spec, "hostNetwork");
	json_t *item;
	size_t i;

	for (int list = 0; list < 2; list++)
		json_array_foreach(json_object_get(spec, lists[list]), i, item)
		{
			default_ctr(item, host_network);
		}
	json_array_foreach(json_object_get(spec, "volumes"), i, item)
	{
		default_volume(item);
	}
	default_requests(json_object_get(spec, "resources"));
	/* two names for one thing: a cluster writes both */
	if (kube_text(spec, "serviceAccount") && !kube_text(spec, "serviceAccountName"))
		kube_set_text(spec, "serviceAccountName", kube_text(spec, "serviceAccount"));
}

void kube_default(const struct kube_kind *kind, json_t *object)
{
	json_t *template = kube_get(object, "spec.template.spec");

	if (template)
		kube_default_pod(template);
	else if (kind->of == &kube_pod)
		kube_default_pod(json_object_get(object, "spec"));
	default_struct(kind->of, object);
}
