/*
 * kube_check_volume: the pod's volumes, and their places in the containers. A path that a
 * manifest chooses must not lead out of its volume (CVE-2017-1002101), so `..` is refused before
 * anything is mounted; the mount itself does not trust that either. Lesson 21.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "spec/kube_tree.h"

/* The one thing that a volume, probe or hook is made from: counts the keys besides those in other. */
static size_t count_kinds(const json_t *object, const char *other, const char **ret_second)
{
	size_t n = 0;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value)
	{
		if (strcmp(key, other) && ++n == 2)
			*ret_second = key;
	}
	return n;
}

static void check_downward(const struct kube_reader *reader, const json_t *spec, const json_t *source,
			   const char *path)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(source, "items"), i, item)
	{
		cleanup_free char *place = text_format("%s.items[%zu]", path, i);
		const json_t *field = json_object_get(item, "fieldRef");
		const json_t *resource = json_object_get(item, "resourceFieldRef");

		if (field && resource)
			kube_invalid(reader, place, json_object_get(item, "path"),
				     "fieldRef and resourceFieldRef can not be specified simultaneously");
		else if (!field && !resource)
			kube_required(reader, place, "one of fieldRef and resourceFieldRef is required");
		if (field)
			kube_check_field_ref(reader, field, true, place);
		if (resource)
			kube_check_resource_ref(reader, spec, resource, true, place);
	}
}

/* Two sources that write one file: which one wins would depend on their order. */
static void check_paths(const struct kube_reader *reader, const json_t *sources, const char *path)
{
	static const char *const kinds[] = { "configMap", "secret", "downwardAPI" };
	struct strv seen = { 0 };
	const json_t *source, *item;
	size_t i, j;

	json_array_foreach((json_t *)sources, i, source)
	{
		for (int kind = 0; kind < 3; kind++)
			json_array_foreach(json_object_get(json_object_get(source, kinds[kind]), "items"), j,
					   item)
			{
				cleanup_free char *place = text_format("%s.sources[%zu].%s.items[%zu].path",
								       path, i, kinds[kind], j);
				const char *file = kube_text(item, "path");

				if (file && strv_has(&seen, file))
					kube_invalid(reader, place, json_object_get(item, "path"),
						     "conflicting duplicate paths");
				else if (file)
					strv_add(&seen, file);
			}
	}
	strv_free(&seen);
}

static void check_projected(const struct kube_reader *reader, const json_t *spec, const json_t *projected,
			    const char *path)
{
	const json_t *sources = json_object_get(projected, "sources"), *source;
	const char *second = NULL;
	size_t i;

	json_array_foreach((json_t *)sources, i, source)
	{
		cleanup_free char *place = text_format("%s.sources[%zu]", path, i);
		cleanup_free char *downward = text_format("%s.downwardAPI", place);
		size_t n = count_kinds(source, "", &second);

		if (n == 0 && json_is_object(source))
			kube_required(reader, place, "must specify a volume type");
		if (n > 1)
			kube_forbidden(reader, place, "may not specify more than 1 volume type");
		check_downward(reader, spec, json_object_get(source, "downwardAPI"), downward);
	}
	check_paths(reader, sources, path);
}

static void check_host_path(const struct kube_reader *reader, const json_t *host, const char *path)
{
	cleanup_free char *place = text_format("%s.path", path);
	const json_t *value = json_object_get(host, "path");
	json_t *below;

	if (!kube_text(host, "path"))
		return;
	below = json_string(kube_text(host, "path") + 1); /* '..' is looked for in relative paths */
	if (kube_word_absolute(value))
		kube_invalid(reader, place, value, kube_word_absolute(value));
	else if (*json_string_value(below) != '/' && kube_word_below(below))
		kube_invalid(reader, place, value, kube_word_below(below));
	json_decref(below);
}

static void check_size(const struct kube_reader *reader, const json_t *empty, const char *path)
{
	cleanup_free char *place = text_format("%s.sizeLimit", path);
	const char *size = kube_text(empty, "sizeLimit");

	if (size && *size == '-')
		kube_forbidden(reader, place, "SizeLimit field must be a valid resource quantity");
}

static void check_volume(const struct kube_reader *reader, const json_t *spec, const json_t *volume,
			 const char *path)
{
	cleanup_free char *empty = text_format("%s.emptyDir", path);
	cleanup_free char *host = text_format("%s.hostPath", path);
	cleanup_free char *downward = text_format("%s.downwardAPI", path);
	cleanup_free char *projected = text_format("%s.projected", path);
	const char *second = NULL;
	size_t n = count_kinds(volume, "name", &second);

	if (n == 0)
		kube_required(reader, path, "must specify a volume type");
	if (n > 1) {
		cleanup_free char *place = text_format("%s.%s", path, second);

		kube_forbidden(reader, place, "may not specify more than 1 volume type");
	}
	check_size(reader, json_object_get(volume, "emptyDir"), empty);
	check_host_path(reader, json_object_get(volume, "hostPath"), host);
	check_downward(reader, spec, json_object_get(volume, "downwardAPI"), downward);
	check_projected(reader, spec, json_object_get(volume, "projected"), projected);
}

void kube_check_volumes(const struct kube_reader *reader, const json_t *spec, const char *path)
{
	struct strv seen = { 0 };
	const json_t *volume;
	size_t i;

	json_array_foreach(json_object_get(spec, "volumes"), i, volume)
	{
		cleanup_free char *place = text_format("%s.volumes[%zu]", path, i);
		cleanup_free char *name_place = text_format("%s.name", place);
		const char *name = kube_text(volume, "name");

		if (!json_is_object(volume))
			continue;
		if (name && strv_has(&seen, name))
			kube_duplicate(reader, name_place, name);
		else if (name)
			strv_add(&seen, name);
		check_volume(reader, spec, volume, place);
	}
	strv_free(&seen);
}

static bool has_volume(const json_t *spec, const char *name)
{
	const json_t *volume;
	size_t i;

	json_array_foreach(json_object_get(spec, "volumes"), i, volume)
	{
		if (text_equal(kube_text(volume, "name"), name))
			return true;
	}
	return false;
}

static void check_read_only(const struct kube_reader *reader, const json_t *mount, const char *path)
{
	cleanup_free char *place = text_format("%s.recursiveReadOnly", path);
	const char *word = kube_text(mount, "recursiveReadOnly");
	const char *propagation = kube_text(mount, "mountPropagation");

	if (!word || !strcmp(word, "Disabled"))
		return;
	if (!kube_true(mount, "readOnly"))
		kube_forbidden(reader, place, "may only be specified when readOnly is true");
	if (propagation && strcmp(propagation, "None"))
		kube_forbidden(reader, place,
			       "may only be specified when mountPropagation is None or not specified");
}

static void check_mount(const struct kube_reader *reader, const json_t *spec, const json_t *ctr,
			const json_t *mount, const char *path)
{
	cleanup_free char *name = text_format("%s.name", path);
	cleanup_free char *propagation = text_format("%s.mountPropagation", path);
	cleanup_free char *expr = text_format("%s.subPathExpr", path);

	if (kube_text(mount, "name") && !has_volume(spec, kube_text(mount, "name")))
		kube_note(reader, name, "Not found: \"%s\"", kube_text(mount, "name"));
	if (kube_text(mount, "subPath") && kube_text(mount, "subPathExpr"))
		kube_invalid(reader, expr, json_object_get(mount, "subPathExpr"),
			     "subPathExpr and subPath are mutually exclusive");
	if (text_equal(kube_text(mount, "mountPropagation"), "Bidirectional") &&
	    !kube_true(json_object_get(ctr, "securityContext"), "privileged"))
		kube_forbidden(reader, propagation,
			       "Bidirectional mount propagation is available only to privileged containers");
	check_read_only(reader, mount, path);
}

void kube_check_mounts(const struct kube_reader *reader, const json_t *spec, const json_t *ctr,
		       const char *path)
{
	struct strv seen = { 0 };
	const json_t *mount;
	size_t i;

	json_array_foreach(json_object_get(ctr, "volumeMounts"), i, mount)
	{
		cleanup_free char *place = text_format("%s.volumeMounts[%zu]", path, i);
		cleanup_free char *target_place = text_format("%s.mountPath", place);
		const char *target = kube_text(mount, "mountPath");

		if (target && strv_has(&seen, target))
			kube_invalid(reader, target_place, json_object_get(mount, "mountPath"),
				     "must be unique");
		else if (target)
			strv_add(&seen, target);
		if (json_is_object(mount))
			check_mount(reader, spec, ctr, mount, place);
	}
	strv_free(&seen);
}
