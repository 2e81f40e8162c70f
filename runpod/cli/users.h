/*
 * users: which containers use an image or a volume, for the store, which asks before it removes one.
 */
#ifndef RUNPOD_CLI_USERS_H
#define RUNPOD_CLI_USERS_H

#include "base/text.h"
#include "store/paths.h"

/* As image_users_fn: adds the full ids of the containers made of the image. */
int users_of_image(const struct store *store, const char *id, struct strv *ret_users, struct err *err);

/* As volume_users_fn: adds the full ids of the containers that mount the volume. */
int users_of_volume(const struct store *store, const char *name, struct strv *ret_users, struct err *err);

#endif
