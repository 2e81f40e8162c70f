/*
 * hostinfo: what this machine can do, for `info`: kernel, cgroups, memory, tools.
 */
#ifndef RUNPOD_POD_HOSTINFO_H
#define RUNPOD_POD_HOSTINFO_H

#include <jansson.h>

#include "store/paths.h"

/* A new object, under podman's keys where it has them. */
json_t *hostinfo_read(const struct store *store);

#endif
