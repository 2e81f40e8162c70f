/*
 * image_take: configuration, layers, and then all at once. A chain of hashes
 * holds it together (OCI image specification): the manifest names the digest of the configuration and of each
 * blob, the configuration the digest of each uncompressed layer; its own is the image's id.
 *
 * Layers are unpacked without a lock, which may take minutes; so one that was there may be gone when the
 * image is put in place, and is unpacked then. Lesson 13.
 */
#include "store/image_take.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "store/image_config.h"
#include "store/image_store.h"
#include "store/layer.h"

#define TRIES_MAX 10 /* of others that remove our layers just now */

/* What is on its way. */
struct taking {
	const struct store *store;
	const struct scratch *scratch;
	int dir; /* the layout */
	const struct image_source *source;
	struct progress *progress;
	struct strv diffs; /* digests of the uncompressed layers, bottom first */
};

static bool unpacked_before(const struct taking *taking, const char *hex)
{
	cleanup_free char *path = text_format("layers/%s/layer.json", hex);

	return !faccessat(taking->scratch->fd, path, F_OK, 0);
}

/* What stands behind the layer's name: what came out is what was promised. */
static int check_digests(const struct image_blob *blob, const char *hex, const struct unpacked *unpacked,
			 struct err *err)
{
	if (blob->hex && !text_equal(blob->hex, unpacked->blob))
		return err_set(err, 0, "its digest is sha256:%s, the manifest says sha256:%s", unpacked->blob,
			       blob->hex);
	if (!text_equal(hex, unpacked->diff))
		return err_set(err, 0,
			       "uncompressed, its digest is sha256:%s, the configuration says sha256:%s",
			       unpacked->diff, hex);
	return 0;
}

/* Unpacks layer i into the scratch directory. */
static int unpack_layer(const struct taking *taking, size_t i, struct err *err)
{
	const struct image_blob *blob = &taking->source->layers[i];
	const char *hex = taking->diffs.v[i];
	cleanup_fd int fd = image_layout_open(taking->dir, taking->source, blob, NULL, err);
	struct unpacked unpacked;
	int code = fd < 0 ? fd
			  : layer_unpack(taking->store, taking->scratch, hex, fd, false, taking->progress,
					 &unpacked, err);

	if (!code)
		code = check_digests(blob, hex, &unpacked, err);
	if (!code)
		code = layer_done(taking->scratch, hex, hex, unpacked.bytes, err);
	return code ? err_context(err, code, "layer %zu of %zu", i + 1, taking->source->n) : 0;
}

static bool is_needed(const struct taking *taking, size_t i)
{
	return !layer_there(taking->store, taking->diffs.v[i], NULL) &&
	       !unpacked_before(taking, taking->diffs.v[i]);
}

/* Tells how much there is to read. A layer that cannot be opened is refused when its turn comes. */
static void begin_progress(const struct taking *taking)
{
	int64_t total = 0;

	if (!taking->progress)
		return;
	for (size_t i = 0; i < taking->source->n; i++) {
		int64_t size = 0;
		cleanup_fd int fd = is_needed(taking, i)
					    ? image_layout_open(taking->dir, taking->source,
								&taking->source->layers[i], &size, NULL)
					    : -1;

		total += fd < 0 ? 0 : size;
	}
	if (total)
		taking->progress->begin(taking->progress, "Unpacking", total);
}

static int unpack_layers(const struct taking *taking, struct err *err)
{
	int code = 0;

	begin_progress(taking);
	for (size_t i = 0; !code && i < taking->source->n; i++)
		if (is_needed(taking, i))
			code = unpack_layer(taking, i, err);
	return code;
}

/* Bytes of one layer, which is in one of two places. */
static int64_t layer_bytes(const struct taking *taking, const char *hex)
{
	struct store unplaced = { .root_fd = taking->scratch->fd };
	int64_t bytes = 0;

	if (!layer_there(taking->store, hex, &bytes))
		layer_there(&unplaced, hex, &bytes);
	return bytes;
}

/* All but the layers: id, names, configuration. */
static int describe(struct taking *taking, struct image *image, struct err *err)
{
	const struct image_source *source = taking->source;
	struct buf text = { 0 };
	char id[SHA256_HEX_SIZE];
	int code = image_layout_text(taking->dir, source, &source->config, &text, id, err);

	if (!code)
		code = image_config_parse(&text, image, &taking->diffs, err);
	buf_free(&text);
	if (code)
		return code;
	if (taking->diffs.n != source->n)
		return err_set(err, 0, "it has %zu layers, its configuration %zu diff_ids", source->n,
			       taking->diffs.n);
	if (!source->n || source->n > IMAGE_LAYERS_MAX)
		return err_set(err, 0, "it has %zu layers: an overlay needs one and takes no more than %d",
			       source->n, IMAGE_LAYERS_MAX);
	image->id = text_dup(id);
	image->digest = text_dup(source->digest);
	image->type = text_dup(source->type);
	for (size_t i = taking->diffs.n; i-- > 0;)
		strv_add(&image->layers, taking->diffs.v[i]);
	return 0;
}

static int take(struct taking *taking, struct image *image, struct err *err)
{
	int code = describe(taking, image, err);

	for (size_t i = 0; !code && i < taking->source->names.n; i++) {
		char *full = NULL;

		code = image_name_changeable(taking->source->names.v[i], &full, err);
		if (!code)
			strv_take(&image->names, full);
	}
	for (int tries = 0; !code; tries++) {
		code = unpack_layers(taking, err);
		image->size = 0;
		for (size_t i = 0; !code && i < taking->diffs.n; i++)
			image->size += layer_bytes(taking, taking->diffs.v[i]);
		if (!code)
			code = image_adopt(taking->store, taking->scratch, image, err);
		if (code != -EAGAIN)
			return code;
		if (tries < TRIES_MAX)
			code = 0;
		else
			err_set(err, EAGAIN, "its layers are removed as fast as they are unpacked");
	}
	return code;
}

int image_take(const struct store *store, const struct scratch *scratch, int dir,
	       const struct image_source *source, struct progress *progress, struct image *ret_image,
	       struct err *err)
{
	struct taking taking = {
		.store = store, .scratch = scratch, .dir = dir, .source = source, .progress = progress
	};
	int code;

	*ret_image = (struct image){ 0 };
	code = take(&taking, ret_image, err);
	strv_free(&taking.diffs);
	if (code)
		image_free(ret_image);
	return code;
}
