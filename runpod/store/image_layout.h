/*
 * image_layout: the ways in which images lie in a directory or archive, for the
 * files of store/image* alone.
 *
 *	index.json, blobs/sha256/HEX               an OCI image layout
 *	manifest.json (a list), any files          what `docker save` writes
 *	manifest.json (a manifest), HEX            what skopeo writes to dir:
 *
 * All become the same list of sources. Nothing here was checked against its digest but what was read.
 */
#ifndef RUNPOD_STORE_IMAGE_LAYOUT_H
#define RUNPOD_STORE_IMAGE_LAYOUT_H

#include "store/image.h"

/* A file of the layout. */
struct image_blob {
	char *path;   /* in the directory */
	char *hex;    /* its sha256, or NULL where the layout does not tell */
	int64_t size; /* its bytes, or -1 */
};

/* One image of a layout. */
struct image_source {
	struct strv names; /* full names */
	char *digest;	   /* sha256 of its manifest, or NULL */
	char *type;	   /* media type of its manifest, or NULL */
	struct image_blob config;
	struct image_blob *layers; /* bottom first */
	size_t n;
	bool links; /* a file may be a symbolic link to another one of the layout */
};

struct image_sources {
	struct image_source *v;
	size_t n;
};

void image_sources_free(struct image_sources *sources);

/* Finds out what layout the directory dir is, and lists its images for this machine's architecture. -EINVAL with the
 * reason for what is none, or broken; *ret_sources is to be freed in any case. */
int image_layout_read(int dir, struct image_sources *ret_sources, struct err *err);

/* Opens a file of the layout. Never leaves the directory; only where source->links is set, links are followed. Checks
 * its size. Returns the descriptor or -errno. */
int image_layout_open(int dir, const struct image_source *source, const struct image_blob *blob,
		      int64_t *ret_size, struct err *err);

/* Reads one whole, no more than 4 MiB, and checks its digest. ret_hex: what it is. */
int image_layout_text(int dir, const struct image_source *source, const struct image_blob *blob,
		      struct buf *ret_text, char *ret_hex, struct err *err);

#endif
