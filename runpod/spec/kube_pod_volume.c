/*
 * kube_pod_volume: the pod's volumes as data. A configMap, secret or downwardAPI volume is a
 * projected one with a single source. Lesson 21.
 */
#include "spec/kube_pod.h"

#include <stdlib.h>
#include <string.h>

#include "spec/fields.h"
#include "spec/kube_tree.h"
#include "spec/quantity.h"

static struct projection *add_projection(struct pod_volume *volume, const char *kind)
{
	struct projection *source;

	volume->sources.v =
		mem_realloc(volume->sources.v, (volume->sources.n + 1) * sizeof(*volume->sources.v));
	source = &volume->sources.v[volume->sources.n++];
	*source = (struct projection){ .kind = text_dup(kind) };
	return source;
}

static void add_item(const json_t *from, struct projection *source)
{
	const json_t *resource = json_object_get(from, "resourceFieldRef");
	const json_t *field = json_object_get(from, "fieldRef");
	struct projection_item *item;

	source->items.v = mem_realloc(source->items.v, (source->items.n + 1) * sizeof(*source->items.v));
	item = &source->items.v[source->items.n++];
	*item = (struct projection_item){ .mode = kube_int(from, "mode", -1) };
	item->path = text_dup(kube_text(from, "path"));
	if (resource) {
		item->key = text_dup(kube_text(resource, "resource"));
		item->ctr = text_dup(kube_text(resource, "containerName"));
		item->divisor = text_dup(kube_text(resource, "divisor"));
	} else {
		item->key = text_dup(field ? kube_text(field, "fieldPath") : kube_text(from, "key"));
	}
}

/* name_key: a secret volume says secretName where all others say name. */
static void add_source(const json_t *from, const char *kind, const char *name_key, struct pod_volume *volume)
{
	struct projection *source;
	const json_t *item;
	size_t i;

	if (!from)
		return;
	source = add_projection(volume, kind);
	source->object = text_dup(kube_text(from, name_key));
	source->optional = kube_true(from, "optional");
	json_array_foreach(json_object_get(from, "items"), i, item)
	{
		add_item(item, source);
	}
}

static void set_projection(const json_t *from, struct pod_volume *volume)
{
	static const char *const kinds[] = { "configMap", "secret", "downwardAPI", "projected" };
	const json_t *projected = json_object_get(from, "projected"), *source;
	size_t i;

	volume->kind = text_dup("projection");
	for (int kind = 0; kind < 4; kind++)
		if (json_object_get(from, kinds[kind]))
			volume->mode = kube_int(json_object_get(from, kinds[kind]), "defaultMode", 0644);
	add_source(json_object_get(from, "configMap"), "configmap", "name", volume);
	add_source(json_object_get(from, "secret"), "secret", "secretName", volume);
	add_source(json_object_get(from, "downwardAPI"), "downward", "name", volume);
	json_array_foreach(json_object_get(projected, "sources"), i, source)
	{
		add_source(json_object_get(source, "configMap"), "configmap", "name", volume);
		add_source(json_object_get(source, "secret"), "secret", "name", volume);
		add_source(json_object_get(source, "downwardAPI"), "downward", "name", volume);
	}
}

void kube_fill_volume(const json_t *from, struct pod_volume_list *volumes)
{
	struct pod_volume *volume = fields_append(&pod_volume_shape, volumes);
	const json_t *empty = json_object_get(from, "emptyDir"), *host = json_object_get(from, "hostPath");
	const json_t *claim = json_object_get(from, "persistentVolumeClaim");
	const char *limit = kube_text(empty, "sizeLimit");

	volume->name = text_dup(kube_text(from, "name"));
	if (empty) {
		volume->kind = text_dup(kube_text(empty, "medium") ? "memory" : "empty");
		if (limit)
			quantity_value(limit, &volume->size);
	} else if (host) {
		volume->kind = text_dup("host");
		volume->path = text_dup(kube_text(host, "path"));
		volume->host_type = text_dup(kube_text(host, "type"));
	} else if (claim) {
		volume->kind = text_dup("claim");
		volume->path = text_dup(kube_text(claim, "claimName"));
		volume->read_only = kube_true(claim, "readOnly");
	} else {
		set_projection(from, volume);
	}
}
