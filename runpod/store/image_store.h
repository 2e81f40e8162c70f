/*
 * image_store: how images lie on disk, for the files of store/image* alone.
 */
#ifndef RUNPOD_STORE_IMAGE_STORE_H
#define RUNPOD_STORE_IMAGE_STORE_H

#include "spec/fields.h"
#include "store/image.h"
#include "store/scratch.h"

extern const struct shape image_shape; /* image.json */

/* Reads ROOT/images/ID/image.json. -ENOENT when it is not there. */
int image_read(const struct store *store, const char *id, struct image *ret_image, struct err *err);

/* Replaces the image.json of an image that is in place. The caller holds the lock "images". */
int image_write(const struct store *store, const struct image *image, struct err *err);

/*
 * Puts a whole image in place: its layers, which the scratch directory has (layer_done()) unless they are there, then image.json
 * in a directory of its own. Where that id is there already, it only gets the names. Takes the names
 * away from whoever had them. Takes the lock "images" itself; *image is then as on disk. -EAGAIN when a layer is
 * missing that was there before: it has to be unpacked after all.
 */
int image_adopt(const struct store *store, const struct scratch *scratch, struct image *image,
		struct err *err);

/* Takes name off every image but the one with the id except. The caller holds the lock "images". */
int image_free_name(const struct store *store, const char *name, const char *except, struct err *err);

/* All images on disk, newest first; as image_list() otherwise. */
int image_read_all(const struct store *store, struct images *ret_images, struct strv *ret_broken,
		   struct err *err);

/* image_find(), which makes a built-in image only when make is set. */
int image_lookup(const struct store *store, const char *typed, bool make, struct image *ret_image,
		 struct err *err);

/* Completes a name that is about to be given or taken. -EINVAL for that of a built-in image: those stay. */
int image_name_changeable(const char *typed, char **ret_name, struct err *err);

/* Takes the text out of the list. Returns whether it was there. */
bool image_drop_name(struct strv *names, const char *name);

#endif
