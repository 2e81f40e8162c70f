/*
 * fs_group: a group that owns a volume, so that containers with different users share it.
 */
#ifndef RUNPOD_POD_FS_GROUP_H
#define RUNPOD_POD_FS_GROUP_H

#include <stdint.h>

#include "base/err.h"

/*
 * Gives the directory behind fd, and all in it, to group (0 or less: does nothing): readable and writable for it, directories
 * set-group-id, so that what is made later belongs to it too. Links are not followed. Returns 0 or -errno.
 */
int fs_group_apply(int fd, int64_t group, const char *what, struct err *err);

#endif
