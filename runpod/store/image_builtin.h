/*
 * image_builtin: three images that need no download.
 *
 *	busybox   a small Unix made of the machine's static busybox
 *	host      this machine's own root, read-only below an overlay
 *	pause     nothing but the embedded pause binary: what infra runs
 *
 * host and pause are no files on disk: they are marked (image->builtin), and
 * pod/ makes their roots. busybox is an ordinary image, made when it is first
 * asked for.
 */
#ifndef RUNPOD_STORE_IMAGE_BUILTIN_H
#define RUNPOD_STORE_IMAGE_BUILTIN_H

#include "store/image.h"

/* Their short names ("busybox", …), ending with NULL. */
extern const char *const image_builtin_names[];

/* Which built-in image that whole name is ("localhost/host:latest": "host"), or NULL. */
const char *image_builtin_of(const char *full_name);

/* The built-in image of that short name; busybox is made when it is not there yet. -ENOENT with the
 * package to install where busybox is missing, -EINVAL where it is not static. */
int image_builtin_get(const struct store *store, const char *name, struct image *ret_image, struct err *err);

/* The same, but nothing is made: until then busybox has no layers and no size. */
int image_builtin_describe(const struct store *store, const char *name, struct image *ret_image,
			   struct err *err);

#endif
