/*
 * zone: the host's files of time zones; child_zone.c says what they are for.
 */
#ifndef RUNPOD_POD_ZONE_H
#define RUNPOD_POD_ZONE_H

#include "base/err.h"

/* Opens (O_PATH) the file of a zone: "Area/City", or "local" for the host's own. Returns a descriptor; -EINVAL `unknown
 * time zone X`; -ENOENT when "local" is asked for and the host has none. */
int zone_open(const char *name, struct err *err);

#endif
