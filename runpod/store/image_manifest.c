/*
 * image_manifest: indexes, manifests and descriptors (OCI image specification,
 * "Image Layout", "Image Index", "Image Manifest"), and docker's list of saved images.
 *
 * An index names manifests, or indexes of manifests for several platforms. Of the latter the first that fits this machine
 * is taken; of the images at the top all that fit. Lesson 13.
 */
#include "store/image_manifest.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/sha256.h"
#include "store/image_config.h"
#include "store/image_name.h"
#include "store/layer.h"

#define BLOBS	  "blobs/sha256/"
#define DEPTH_MAX 4 /* of indexes in indexes */

int image_json_load(const struct buf *text, const char *what, json_t **ret_value, struct err *err)
{
	json_error_t where;

	*ret_value = json_loadb(text->data ? text->data : "", text->len, 0, &where);
	return *ret_value ? 0 : err_set(err, 0, "%s: line %d: %s", what, where.line, where.text);
}

static const char *get(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static struct image_source *add_source(struct image_sources *sources)
{
	sources->v = mem_realloc(sources->v, (sources->n + 1) * sizeof(*sources->v));
	sources->v[sources->n] = (struct image_source){ .config.size = -1 };
	return &sources->v[sources->n++];
}

static struct image_blob *add_layer(struct image_source *source)
{
	source->layers = mem_realloc(source->layers, (source->n + 1) * sizeof(*source->layers));
	source->layers[source->n] = (struct image_blob){ .size = -1 };
	return &source->layers[source->n++];
}

/* A descriptor: where its blob lies, what it hashes to, how long it is. */
static int read_descriptor(const json_t *object, const char *prefix, struct image_blob *ret_blob,
			   struct err *err)
{
	const char *hex = image_digest_hex(get(object, "digest"));
	json_t *size = json_object_get(object, "size");

	if (!hex)
		return err_set(err, 0, "a descriptor without a valid sha256 digest");
	if (!json_is_integer(size) || json_integer_value(size) < 0)
		return err_set(err, 0, "a descriptor without a valid size");
	ret_blob->hex = text_dup(hex);
	ret_blob->path = text_format("%s%s", prefix, hex);
	ret_blob->size = json_integer_value(size);
	return 0;
}

int image_read_manifest(const json_t *manifest, const char *prefix, const char *hex,
			struct image_sources *sources, struct err *err)
{
	json_t *layers = json_object_get(manifest, "layers"), *layer;
	struct image_source *source;
	size_t i;
	int code;

	if (!json_is_object(json_object_get(manifest, "config")) || !json_is_array(layers))
		return err_set(err, 0, "a manifest without config and layers");
	source = add_source(sources);
	source->digest = text_dup(hex);
	source->type = text_dup(get(manifest, "mediaType") ? get(manifest, "mediaType")
							   : "application/vnd.oci.image.manifest.v1+json");
	code = read_descriptor(json_object_get(manifest, "config"), prefix, &source->config, err);
	json_array_foreach(layers, i, layer)
	{
		if (!code)
			code = read_descriptor(layer, prefix, add_layer(source), err);
	}
	return code ? err_context(err, code, "manifest sha256:%s", hex) : 0;
}

/* Whether a descriptor is for this machine; one that does not say is. */
static bool is_ours(const json_t *descriptor)
{
	const json_t *platform = json_object_get(descriptor, "platform");

	return !json_is_object(platform) || (text_equal(get(platform, "os"), "linux") &&
					     text_equal(get(platform, "architecture"), IMAGE_ARCHITECTURE));
}

static bool is_index(const json_t *descriptor)
{
	const char *type = get(descriptor, "mediaType");

	return text_equal(type, "application/vnd.oci.image.index.v1+json") ||
	       text_equal(type, "application/vnd.docker.distribution.manifest.list.v2+json");
}

static int read_level(int dir, const json_t *index, int depth, struct image_sources *sources,
		      struct err *err);

/* Reads what a descriptor of an index names: a manifest, or another index. */
static int follow(int dir, const json_t *descriptor, int depth, struct image_sources *sources,
		  struct err *err)
{
	const struct image_source plain = { 0 };
	struct image_blob blob = { 0 };
	char hex[SHA256_HEX_SIZE];
	struct buf text = { 0 };
	json_t *value = NULL;
	int code = read_descriptor(descriptor, BLOBS, &blob, err);

	if (!code)
		code = image_layout_text(dir, &plain, &blob, &text, hex, err);
	if (!code)
		code = image_json_load(&text, "manifest", &value, err);
	if (!code)
		code = is_index(descriptor) ? read_level(dir, value, depth + 1, sources, err)
					    : image_read_manifest(value, BLOBS, hex, sources, err);
	json_decref(value);
	buf_free(&text);
	free(blob.path);
	free(blob.hex);
	return code;
}

/* The name that an index gives: containerd's annotation, else the OCI's. */
static int read_name(const json_t *descriptor, struct strv *names, struct err *err)
{
	const json_t *annotations = json_object_get(descriptor, "annotations");
	const char *typed = get(annotations, "io.containerd.image.name");
	char *full;
	int code;

	if (!typed)
		typed = get(annotations, "org.opencontainers.image.ref.name");
	if (!typed || !*typed)
		return 0;
	code = image_name_complete(typed, &full, NULL);
	if (code) /* not shown: it may be anything */
		return err_set(err, 0, "the name in the index: invalid reference format");
	strv_take(names, full);
	return 0;
}

static int read_level(int dir, const json_t *index, int depth, struct image_sources *sources, struct err *err)
{
	json_t *manifests = json_object_get(index, "manifests"), *descriptor;
	size_t i, before = sources->n;
	int code = 0;

	if (!json_is_array(manifests))
		return err_set(err, 0, "an index without manifests");
	if (depth > DEPTH_MAX)
		return err_set(err, 0, "an index in an index, %d deep", depth);
	json_array_foreach(manifests, i, descriptor)
	{
		size_t first = sources->n;

		if (code || !is_ours(descriptor) || (depth && first > before))
			continue; /* below the top, the first that fits */
		code = follow(dir, descriptor, depth, sources, err);
		if (!code && !depth && sources->n > first)
			code = read_name(descriptor, &sources->v[first].names, err);
	}
	if (!code && sources->n == before)
		return err_set(err, 0,
			       "no image found in image index for architecture \"" IMAGE_ARCHITECTURE
			       "\", variant \"\", OS \"linux\"");
	return code;
}

int image_read_index(int dir, const json_t *index, struct image_sources *sources, struct err *err)
{
	return read_level(dir, index, 0, sources, err);
}

/* docker's names without a registry are docker.io's. */
static int saved_name(const char *typed, struct strv *names, struct err *err)
{
	const char *slash = strchr(typed, '/');
	cleanup_free char *first = slash ? text_ndup(typed, (size_t)(slash - typed)) : NULL;
	bool registry = first && (strpbrk(first, ".:") || text_equal(first, "localhost"));
	cleanup_free char *whole = registry ? text_dup(typed) : text_format("docker.io/%s", typed);
	char *full;
	int code = image_name_complete(whole, &full, NULL);

	if (code)
		return err_set(err, 0, "one of RepoTags: invalid reference format");
	strv_take(names, full);
	return 0;
}

/* The digest that a file of docker's is named after: HEX.json, HEX.tar, blobs/sha256/HEX. */
static char *named_hex(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	char *hex = text_ndup(name, strcspn(name, "."));

	if (layer_hex_valid(hex))
		return hex;
	free(hex);
	return NULL;
}

static int read_saved_one(const json_t *object, struct image_sources *sources, struct err *err)
{
	struct image_source *source = add_source(sources);
	struct strv tags = { 0 }, layers = { 0 };
	const char *config = get(object, "Config");
	int code = image_json_list(json_object_get(object, "RepoTags"), "RepoTags", &tags, err);

	if (!code)
		code = image_json_list(json_object_get(object, "Layers"), "Layers", &layers, err);
	if (!code && !config)
		code = err_set(err, 0, "an image without Config");
	if (!code) {
		source->links = true; /* docker writes one for a layer that comes twice */
		source->config.path = text_dup(config);
		source->config.hex = named_hex(config);
	}
	for (size_t i = 0; !code && i < tags.n; i++)
		code = saved_name(tags.v[i], &source->names, err);
	for (size_t i = 0; !code && i < layers.n; i++)
		add_layer(source)->path =
			text_dup(layers.v[i]); /* its content is checked by the config's diff_id */
	strv_free(&tags);
	strv_free(&layers);
	return code;
}

int image_read_saved(const json_t *list, struct image_sources *sources, struct err *err)
{
	json_t *object;
	size_t i;

	json_array_foreach(list, i, object)
	{
		int code = read_saved_one(object, sources, err);

		if (code)
			return err_context(err, code, "manifest.json");
	}
	return 0;
}
