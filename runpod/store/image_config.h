/*
 * image_config: an image's configuration, as the OCI writes it, for the files of
 * store/image* alone.
 */
#ifndef RUNPOD_STORE_IMAGE_CONFIG_H
#define RUNPOD_STORE_IMAGE_CONFIG_H

#include <jansson.h>

#include "store/image.h"

/*
 * Fills the zeroed image from the text of its configuration (OCI image specification, "Image Configuration"; docker's
 * has the same keys): all but its id, names, layers and size. *ret_layers gets the diff_ids as 64 hex digits each,
 * bottom first. -EINVAL names the key that is wrong.
 */
int image_config_parse(const struct buf *text, struct image *image, struct strv *ret_layers, struct err *err);

/* "sha256:HEX" → HEX, inside text; NULL for anything else. */
const char *image_digest_hex(const char *text);

/* The strings of a JSON list; null is an empty one. -EINVAL for what is neither, naming it as what. */
int image_json_list(const json_t *list, const char *what, struct strv *ret_list, struct err *err);

#endif
