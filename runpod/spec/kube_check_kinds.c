/*
 * kube_check_kinds: what must fit together in an object that is no Pod, and in everybody's
 * metadata. Lesson 21.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "spec/kube_tree.h"

/* A key of a map: it has no value of its own to be shown. */
static void invalid_text(const struct kube_reader *reader, const char *path, const char *text,
			 const char *why)
{
	json_t *value = json_string(text);

	if (why)
		kube_invalid(reader, path, value, why);
	json_decref(value);
}

static void check_labels(const struct kube_reader *reader, const json_t *labels, const char *path)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)labels, key, value)
	{
		invalid_text(reader, path, key, kube_word_qualified(key));
		if (json_is_string(value))
			invalid_text(reader, path, json_string_value(value),
				     kube_word_label_value(json_string_value(value)));
	}
}

/* Keys of annotations may have capitals where labels may not. */
static void check_annotations(const struct kube_reader *reader, const json_t *annotations, const char *path)
{
	size_t size = 0;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)annotations, key, value)
	{
		cleanup_free char *lower = text_dup(key);

		for (char *c = lower; *c; c++)
			*c |= *c >= 'A' && *c <= 'Z' ? 'a' - 'A' : 0;
		invalid_text(reader, path, key, kube_word_qualified(lower));
		size += strlen(key) + json_string_length(value);
	}
	if (size > 256 * 1024)
		kube_note(reader, path, "Too long: may not be more than 262144 bytes");
}

void kube_check_metadata(const struct kube_reader *reader, const json_t *metadata, const char *path,
			 bool named)
{
	cleanup_free char *name = text_format("%s.name", path);
	cleanup_free char *labels = text_format("%s.labels", path);
	cleanup_free char *annotations = text_format("%s.annotations", path);
	const json_t *value = json_object_get(metadata, "name");
	bool silent = !value || (json_is_string(value) && !json_string_length(value));

	if (named && silent && kube_text(metadata, "generateName"))
		kube_required(reader, name, "no names are made up here: give one instead of generateName");
	else if (named && silent)
		kube_required(reader, name, "name or generateName is required");
	else if (json_is_string(value) && !silent && kube_word_subdomain(value))
		kube_invalid(reader, name, value, kube_word_subdomain(value));
	check_labels(reader, json_object_get(metadata, "labels"), labels);
	check_annotations(reader, json_object_get(metadata, "annotations"), annotations);
}

/* Keys become names of files and of variables. */
static void check_keys(const struct kube_reader *reader, const json_t *object, const char *map)
{
	const json_t *data = json_object_get(object, map), *others = json_object_get(object, "data");
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)data, key, value)
	{
		cleanup_free char *path = text_format("%s[%s]", map, key);
		json_t *name = json_string(key);

		invalid_text(reader, path, key, kube_word_key(name));
		json_decref(name);
		if (!strcmp(map, "binaryData") && json_object_get(others, key))
			invalid_text(reader, path, key, "duplicate of key present in data");
	}
}

/* Every label that the selector names must be on the pods, or it would never find them. */
static void check_selector(const struct kube_reader *reader, const json_t *spec)
{
	const json_t *wanted = kube_get(spec, "selector.matchLabels");
	const json_t *labels = kube_get(spec, "template.metadata.labels");
	const char *key;
	json_t *value;

	if (json_is_object(json_object_get(spec, "selector")) && !json_object_size(wanted) &&
	    !kube_get(spec, "selector.matchExpressions"))
		kube_invalid(reader, "spec.selector", json_object_get(spec, "selector"),
			     "empty selector is invalid for deployment");
	json_object_foreach((json_t *)wanted, key, value)
	{
		if (json_equal(value, json_object_get(labels, key)))
			continue;
		kube_invalid(reader, "spec.template.metadata.labels", labels,
			     "`selector` does not match template `labels`");
		return;
	}
}

static void check_one(const struct kube_reader *reader, const json_t *spec, const char *key)
{
	cleanup_free char *path = text_format("spec.%s", key);
	int64_t number = kube_int(spec, key, 1);

	if (number < 0)
		kube_invalid(reader, path, json_object_get(spec, key), "must be greater than or equal to 0");
	else if (number != 1)
		kube_forbidden(reader, path,
			       "not supported here: one pod is made, so only 1 can be asked for");
}

static void check_deployment(const struct kube_reader *reader, const json_t *spec)
{
	const char *policy = kube_text(kube_get(spec, "template.spec"), "restartPolicy");

	check_one(reader, spec, "replicas");
	check_selector(reader, spec);
	if (policy && (!strcmp(policy, "Never") || !strcmp(policy, "OnFailure")))
		kube_note(reader, "spec.template.spec.restartPolicy",
			  "Unsupported value: \"%s\": supported values: \"Always\"", policy);
	if (json_object_get(kube_get(spec, "template.spec"), "activeDeadlineSeconds"))
		kube_forbidden(reader, "spec.template.spec.activeDeadlineSeconds",
			       "activeDeadlineSeconds in Deployment is not Supported");
}

static void check_job(const struct kube_reader *reader, const json_t *spec)
{
	const char *policy = kube_text(kube_get(spec, "template.spec"), "restartPolicy");

	check_one(reader, spec, "parallelism");
	check_one(reader, spec, "completions");
	if (policy && !strcmp(policy, "Always"))
		kube_required(reader, "spec.template.spec.restartPolicy",
			      "valid values: \"OnFailure\", \"Never\"");
}

void kube_check_object(const struct kube_reader *reader, const struct kube_kind *kind, const json_t *object)
{
	const json_t *spec = json_object_get(object, "spec");

	kube_check_values(reader, kind->of, object, "");
	kube_check_metadata(reader, json_object_get(object, "metadata"), "metadata", true);
	if (kind->of == &kube_pod)
		kube_check_pod(reader, spec, "spec");
	if (kind->of == &kube_config_map || kind->of == &kube_secret) {
		check_keys(reader, object, "data");
		check_keys(reader, object, "binaryData");
		check_keys(reader, object, "stringData");
	}
	if (kind->of == &kube_claim)
		kube_check_resources(reader, json_object_get(spec, "resources"), true, "spec.resources");
	if (kind->of == &kube_deployment)
		check_deployment(reader, spec);
	if (kind->of == &kube_job)
		check_job(reader, spec);
	if (kind->of == &kube_deployment || kind->of == &kube_job) {
		kube_check_metadata(reader, kube_get(spec, "template.metadata"), "spec.template.metadata",
				    false);
		kube_check_pod(reader, kube_get(spec, "template.spec"), "spec.template.spec");
	}
}
