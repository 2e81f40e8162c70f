/*
 * image_filter: --filter of images and of image prune.
 */
#ifndef RUNPOD_CLI_IMAGE_FILTER_H
#define RUNPOD_CLI_IMAGE_FILTER_H

#include "base/text.h"
#include "store/image.h"

struct image_filter {
	const struct strv *filters; /* KEY=VALUE each */
	int64_t before, since;	    /* nanoseconds since 1970; 0: not asked for */
};

/* Prepares the filters, which filter_check() has seen; images is where before= and since= look for theirs. Returns 0 or
 * -errno. */
int image_filter_open(struct image_filter *filter, const struct strv *filters, const struct images *images,
		      struct err *err);

/* Whether the image meets them all. */
bool image_filter_match(const struct image_filter *filter, const struct image *image);

/* Whether that name of an image is meant by what was typed: whole or from some slash on, with its tag or without, and
 * with *, ? and [] as in a shell. */
bool image_name_meant(const char *name, const char *typed);

#endif
