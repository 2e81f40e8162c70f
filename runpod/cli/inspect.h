/*
 * inspect: things as JSON, with podman's keys. Each returns a new object.
 */
#ifndef RUNPOD_CLI_INSPECT_H
#define RUNPOD_CLI_INSPECT_H

#include <jansson.h>

#include "cli/cli.h"
#include "pod/status.h"
#include "store/image.h"
#include "store/volume.h"

/* The container, whose record is loaded, in its pod. */
json_t *inspect_ctr(const struct store *store, struct pod_view *pod, struct ctr_view *ctr);

/* Its HostConfig. inspect_host.c */
json_t *inspect_host_config(const struct store *store, struct pod_view *pod, const struct ctr_view *ctr);

/* The pod, whose record is loaded. */
json_t *inspect_pod(struct pod_view *pod);

json_t *inspect_image(const struct image *image);
/* ["NAME@sha256:…"], for each of its names. */
json_t *inspect_digests(const struct image *image);
json_t *inspect_volume(const struct store *store, const struct volume *volume);

/* Limits under the keys of HostConfig, put into object. */
void inspect_limits(json_t *object, const struct limits *limits);

/* Finds the thing called name and makes its JSON. -ENOENT when there is none. */
typedef int inspect_fn(struct cli *cli, const char *name, json_t **ret_object, struct err *err);
inspect_fn inspect_find_ctr, inspect_find_pod, inspect_find_image, inspect_find_volume;

/* The same for one that has been found. */
int inspect_ctr_ref(struct cli *cli, const struct name_ref *ref, json_t **ret_object, struct err *err);
int inspect_pod_ref(struct cli *cli, const struct name_ref *ref, json_t **ret_object, struct err *err);

#endif
