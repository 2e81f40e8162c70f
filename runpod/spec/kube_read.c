/*
 * kube_read: a file's text to objects: each document is looked at for its kind, decoded by the
 * table, filled with defaults and checked. Nothing stops at the first error: who
 * mends a file wants to know all of them at once. Lesson 21.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "spec/kube.h"
#include "spec/kube_tree.h"

struct reading {
	const struct kube_options *options;
	struct kube_objects *objects;
	struct diags *diags;
};

/* One warning for all fields that have no effect for the same reason. */
static void warn_kept(struct kube_reader *reader, const struct kube_kind *kind, const char *name)
{
	for (size_t i = 0; i < reader->kept.n; i++) {
		const char *equals = strchr(reader->kept.v[i], '=');

		strv_addf(reader->warnings, "%s/%s: %s: no effect here: %.*s", kind->plural, name, equals + 1,
			  (int)(equals - reader->kept.v[i]), reader->kept.v[i]);
	}
	strv_free(&reader->kept);
}

/* What a manifest says in so many words and this machine does otherwise. */
static void warn_words(struct kube_reader *reader, const struct kube_kind *kind, const char *name)
{
	const char *path = kind->of == &kube_pod ? "spec.dnsPolicy" : "spec.template.spec.dnsPolicy";
	const struct yaml_node *policy = reader->root;
	struct strv parts = { 0 };

	strv_split(&parts, path, '.');
	for (size_t i = 0; i < parts.n; i++)
		policy = yaml_get(policy, parts.v[i]);
	strv_free(&parts);
	if (policy && policy->kind == YAML_SCALAR && text_starts(policy->text, "ClusterFirst"))
		strv_addf(reader->warnings, "%s/%s: %s: %s is read as Default: there is no cluster DNS",
			  kind->plural, name, path, policy->text);
}

static void read_object(struct reading *reading, const struct kube_kind *kind, const struct yaml_node *node)
{
	struct kube_reader reader = { node, reading->diags, &reading->objects->warnings, { 0 } };
	struct kube_objects *objects = reading->objects;
	json_t *value = kube_decode(&reader, kind->of, node);
	const char *name;

	kube_default(kind, value);
	kube_check_object(&reader, kind, value);
	name = kube_text(json_object_get(value, "metadata"), "name");
	warn_kept(&reader, kind, name ? name : "");
	warn_words(&reader, kind, name ? name : "");
	objects->v = mem_realloc(objects->v, (objects->n + 1) * sizeof(*objects->v));
	objects->v[objects->n++] =
		(struct kube_object){ text_dup(kind->kind), text_dup(name ? name : ""), value, node };
}

static const char *text_of(const struct yaml_node *node, const char *key)
{
	const struct yaml_node *value = yaml_get(node, key);

	return value && value->kind == YAML_SCALAR && *value->text ? value->text : NULL;
}

/* A kind that we do not run: an error, or passed over. */
static void refuse_kind(struct reading *reading, const struct yaml_node *node, const char *kind,
			const char *version, const char *why)
{
	const struct yaml_node *place = yaml_get(node, "kind");
	const char *name = text_of(yaml_get(node, "metadata"), "name");

	if (reading->options && reading->options->skip_unsupported)
		strv_addf(&reading->objects->warnings, "%s %s is passed over: not supported here%s%s", kind,
			  name ? name : "", why ? ": " : "", why ? why : "");
	else if (why)
		diag_add(reading->diags, place, "kind \"%s\" is not supported here: %s", kind, why);
	else
		diag_add(reading->diags, place, "no matches for kind \"%s\" in version \"%s\"", kind,
			 version);
}

static void read_document(struct reading *reading, const struct yaml_node *node);

static void read_list(struct reading *reading, const struct yaml_node *node)
{
	const struct yaml_node *items = yaml_get(node, "items");

	for (size_t i = 0; items && items->kind == YAML_LIST && i < items->n; i++)
		read_document(reading, &items->items[i]);
}

static void read_document(struct reading *reading, const struct yaml_node *node)
{
	const char *kind = text_of(node, "kind"), *version = text_of(node, "apiVersion");
	const struct kube_kind *row = kind ? kube_kind_find(kind) : NULL;

	if (node->kind != YAML_MAP)
		diag_add(reading->diags, node,
			 "json: cannot unmarshal %s: an object with apiVersion and kind "
			 "is expected",
			 node->kind == YAML_LIST ? "array" : "string");
	else if (!kind)
		diag_add(reading->diags, node, "Object 'Kind' is missing");
	else if (!version)
		diag_add(reading->diags, node, "Object 'apiVersion' is missing");
	else if (!strcmp(kind, "List"))
		read_list(reading, node);
	else if (row && strcmp(row->version, version))
		refuse_kind(reading, node, kind, version, NULL);
	else if (!row || !row->of)
		refuse_kind(reading, node, kind, version, row ? row->why : NULL);
	else
		read_object(reading, row, node);
}

/* Two of one kind and name in one file: the second would silently replace the first. */
static void check_twice(struct reading *reading)
{
	const struct kube_objects *objects = reading->objects;

	for (size_t i = 0; i < objects->n; i++)
		for (size_t j = 0; j < i; j++) {
			const struct kube_object *a = &objects->v[i], *b = &objects->v[j];

			if (*a->name && !strcmp(a->kind, b->kind) && !strcmp(a->name, b->name)) {
				diag_add(reading->diags, yaml_at(a->node, "metadata.name"),
					 "metadata.name: Duplicate value: \"%s\": another %s of the file has "
					 "it",
					 a->name, a->kind);
				break;
			}
		}
}

int kube_read(const char *text, size_t length, const struct kube_options *options,
	      struct kube_objects *ret_objects, struct diags *diags)
{
	struct reading reading = { options, ret_objects, diags };
	size_t before = diags->n;

	if (!yaml_read(text, length, &ret_objects->docs, diags))
		for (size_t i = 0; i < ret_objects->docs.n; i++)
			read_document(&reading, &ret_objects->docs.v[i]);
	check_twice(&reading);
	if (diags->n == before && !ret_objects->n && !ret_objects->warnings.n)
		diag_add(diags, NULL, "no objects in it");
	return diags->n > before ? -EINVAL : 0;
}

void kube_objects_free(struct kube_objects *objects)
{
	for (size_t i = 0; i < objects->n; i++) {
		free(objects->v[i].kind);
		free(objects->v[i].name);
		json_decref(objects->v[i].value);
	}
	free(objects->v);
	yaml_docs_free(&objects->docs);
	strv_free(&objects->warnings);
	*objects = (struct kube_objects){ 0 };
}
