/*
 * place: where an entry goes. Names in an archive are a stranger's; here each
 * becomes a directory descriptor beneath the root and one plain name in it.
 *
 * Rule: openat2(2) with RESOLVE_IN_ROOT resolves links as the container will
 * see them, and nothing it opens can lie outside of the root.
 */
#ifndef RUNPOD_UNPACK_PLACE_H
#define RUNPOD_UNPACK_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define PLACE_SHOWN 200 /* bytes of a name in an error, with the NUL */

/* The name for people: control characters as '?', cut when long. Returns text. */
const char *place_show(const char *path, char text[PLACE_SHOWN]);

/*
 * Checks a name from the archive and cleans it: "./a//b/" becomes "a/b", the root itself ".". The caller owns
 * *ret_clean. -EINVAL for a name that is missing, absolute, too deep, or has ".." in it; also for a whiteout, but for
 * the last part of a name in a layer.
 */
int place_check(const char *path, bool layer, char **ret_clean, struct err *err);

/*
 * Opens the directory that a clean name lies in, making the missing ones (mode 0755); *ret_name points to the
 * last part of path. Never makes anything behind a symbolic link that leads nowhere.
 * Returns an O_PATH descriptor or -errno.
 */
int place_parent(int root, const char *path, const char **ret_name, struct err *err);

/* The same for what must be there already and be reached without any symbolic link: a hard link's target. */
int place_target(int root, const char *path, const char **ret_name, struct err *err);

#endif
