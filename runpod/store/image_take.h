/*
 * image_take: an image that lies in a layout comes into the store. For store/image_load.c
 * and image_pull.c.
 */
#ifndef RUNPOD_STORE_IMAGE_TAKE_H
#define RUNPOD_STORE_IMAGE_TAKE_H

#include "store/image_layout.h"
#include "store/scratch.h"

/*
 * Unpacks the layers that are not here, checks everything against its digest and puts the image in place under the
 * source's names. dir: the layout. *ret_image is then as on disk.
 */
int image_take(const struct store *store, const struct scratch *scratch, int dir,
	       const struct image_source *source, struct progress *progress, struct image *ret_image,
	       struct err *err);

#endif
