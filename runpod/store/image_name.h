/*
 * image_name: what an image may be called, and its whole name.
 *
 *	web                  localhost/web:latest
 *	library/web:1        localhost/library/web:1
 *	quay.io/a/web        quay.io/a/web:latest
 *	docker.io/web        docker.io/library/web:latest
 *
 * The grammar is docker's ("reference"), with podman's localhost/ in front: the
 * part before the first slash is a registry when it has a dot or a colon in it
 * or is localhost.
 */
#ifndef RUNPOD_STORE_IMAGE_NAME_H
#define RUNPOD_STORE_IMAGE_NAME_H

#include <stdbool.h>

#include "base/err.h"

/* The whole name, owned by the caller. -EINVAL `parsing reference "X": invalid reference format`, with
 * the reason, for what is no name; digests (NAME@sha256:…) are none here. */
int image_name_complete(const char *typed, char **ret_name, struct err *err);

/*
 * Whether the image with that whole name may be meant by what was typed, though it is not exactly
 * that: a name without a registry fits any registry (busybox fits docker.io/library/busybox:latest), and
 * docker.io/library/X fits localhost/X. The tags must be equal.
 */
bool image_name_fits(const char *full, const char *typed);

#endif
