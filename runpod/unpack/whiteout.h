/*
 * whiteout: what a layer says of the layers below it: that a file is gone, or
 * that nothing of theirs shows in a directory.
 *
 * In an archive (the OCI image specification, "Layer Filesystem Changeset") these are
 * files named .wh.NAME and .wh..wh..opq; for overlayfs they are a device 0:0 called NAME
 * and an attribute of the directory.
 */
#ifndef RUNPOD_UNPACK_WHITEOUT_H
#define RUNPOD_UNPACK_WHITEOUT_H

#include "unpack/entry.h"

#define WHITEOUT_PREFIX ".wh."

/* Writes the entry called name (it begins with .wh.) in the directory parent; path is its clean name from the
 * root. -EINVAL for a whiteout of nothing. */
int whiteout_write(struct unpack *unpack, int parent, const char *name, const char *path, struct err *err);

/* Removes a whiteout that is in the way of a directory. True when there was one: then the directory must be opaque. */
bool whiteout_lift(int parent, const char *name);

/* Marks the directory fd, whose clean name is path, as opaque. */
int whiteout_opaque(struct unpack *unpack, int fd, const char *path, struct err *err);

#endif
