/*
 * image: finding images; image.h tells what lies where and what is promised.
 *
 * Lives by overlayfs's rule that lower directories are only read: any number
 * of containers stand on one image (see the kernel's overlayfs document). Lesson 13.
 */
#include "store/image.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "store/image_builtin.h"
#include "store/image_name.h"
#include "store/image_store.h"
#include "store/layer.h"

/* Moves the image out of the list, which forgets it. */
static void take_image(struct images *images, size_t i, struct image *ret_image)
{
	*ret_image = images->v[i];
	images->v[i] = (struct image){ 0 };
}

/* Finds by name: exactly that one, else the newest that fits. */
static int find_name(const struct images *images, const char *full, const char *typed, size_t *ret_i)
{
	for (size_t i = 0; i < images->n; i++)
		if (strv_has(&images->v[i].names, full)) {
			*ret_i = i;
			return 0;
		}
	for (size_t i = 0; i < images->n; i++)
		for (size_t j = 0; j < images->v[i].names.n; j++)
			if (image_name_fits(images->v[i].names.v[j], typed)) {
				*ret_i = i;
				return 0;
			}
	return -ENOENT;
}

/* Finds by the beginning of an id. -EEXIST when several begin so. */
static int find_prefix(const struct images *images, const char *prefix, size_t *ret_i)
{
	size_t found = 0;

	if (!*prefix)
		return -ENOENT;
	for (size_t i = 0; i < images->n; i++)
		if (text_starts(images->v[i].id, prefix)) {
			*ret_i = i;
			found++;
		}
	return !found ? -ENOENT : found == 1 ? 0 : -EEXIST;
}

/* Searches all images, those built in too, by name and by id. */
static int search(const struct store *store, const char *full, const char *typed, struct image *ret_image,
		  struct err *err)
{
	bool digest = text_starts(typed, "sha256:");
	struct images images;
	size_t i = 0;
	int code = image_list(store, &images, NULL, err);

	if (code)
		return code;
	code = full && !digest ? find_name(&images, full, typed, &i) : -ENOENT;
	if (code)
		code = find_prefix(&images, digest ? typed + strlen("sha256:") : typed, &i);
	if (!code)
		take_image(&images, i, ret_image);
	images_free(&images);
	if (code == -EEXIST)
		err_set(err, 0, "%s: more than one image has an id that begins so", typed);
	else if (code)
		err_set(err, 0, "%s: image not known", typed);
	return code;
}

int image_lookup(const struct store *store, const char *typed, bool make, struct image *ret_image,
		 struct err *err)
{
	cleanup_free char *full = NULL;
	const char *builtin = NULL;
	int code;

	*ret_image = (struct image){ 0 };
	if (layer_hex_valid(typed) && !image_read(store, typed, ret_image, NULL))
		return 0;
	if (!image_name_complete(typed, &full, NULL))
		builtin = image_builtin_of(full);
	if (!builtin) { /* no search for those: theirs are the most common names of all */
		code = search(store, full, typed, ret_image, err);
		if (code || ret_image->builtin || ret_image->layers.n)
			return code;
		image_free(ret_image); /* without layers: listed, but not made yet */
		builtin = "busybox";
	}
	return make ? image_builtin_get(store, builtin, ret_image, err)
		    : image_builtin_describe(store, builtin, ret_image, err);
}

int image_find(const struct store *store, const char *typed, struct image *ret_image, struct err *err)
{
	return image_lookup(store, typed, true, ret_image, err);
}

int image_list(const struct store *store, struct images *ret_images, struct strv *ret_broken, struct err *err)
{
	int code = image_read_all(store, ret_images, ret_broken, err);

	for (size_t i = 0; !code && image_builtin_names[i]; i++) {
		struct image image;
		bool there = false;

		if (image_builtin_describe(store, image_builtin_names[i], &image, NULL))
			continue; /* this machine has no static busybox */
		for (size_t j = 0; j < ret_images->n; j++)
			there |= text_equal(ret_images->v[j].id, image.id);
		if (there) {
			image_free(&image);
			continue;
		}
		ret_images->v = mem_realloc(ret_images->v, (ret_images->n + 1) * sizeof(*ret_images->v));
		ret_images->v[ret_images->n++] = image;
	}
	return code;
}

void image_layers(const struct store *store, const struct image *image, struct strv *ret_paths)
{
	for (size_t i = 0; i < image->layers.n; i++) {
		cleanup_free char *path = text_format("%s/layers/%s/root", store->root, image->layers.v[i]);

		/* overlayfs takes no directory twice (ELOOP); the upper one hides all that the lower one would bring */
		if (!strv_has(ret_paths, path))
			strv_add(ret_paths, path);
	}
}
