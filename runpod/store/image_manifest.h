/*
 * image_manifest: the JSON of layouts, for store/image_layout.c.
 */
#ifndef RUNPOD_STORE_IMAGE_MANIFEST_H
#define RUNPOD_STORE_IMAGE_MANIFEST_H

#include <jansson.h>

#include "store/image_layout.h"

/* What the OCI calls this machine's processor. */
#if defined(__x86_64__)
#define IMAGE_ARCHITECTURE "amd64"
#else
#define IMAGE_ARCHITECTURE "arm64"
#endif

/* Parses text, an object or a list. what: the file, for the error. */
int image_json_load(const struct buf *text, const char *what, json_t **ret_value, struct err *err);

/* Adds the images of docker's manifest.json: [{"Config": …, "RepoTags": […], "Layers": […]}]. */
int image_read_saved(const json_t *list, struct image_sources *sources, struct err *err);

/* Adds the image of a manifest (OCI's, or docker's version 2 schema 2), whose blobs lie under prefix and whose own digest
 * is hex. */
int image_read_manifest(const json_t *manifest, const char *prefix, const char *hex,
			struct image_sources *sources, struct err *err);

/* Adds the images of an OCI index that are for this machine, reading their manifests from dir. */
int image_read_index(int dir, const json_t *index, struct image_sources *sources, struct err *err);

#endif
