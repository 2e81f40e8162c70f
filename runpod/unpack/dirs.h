/*
 * dirs: what is put off until all files are there. A directory of mode 555
 * could not be filled by an ordinary user, and filling one changes its time.
 */
#ifndef RUNPOD_UNPACK_DIRS_H
#define RUNPOD_UNPACK_DIRS_H

#include <stddef.h>
#include <sys/types.h>
#include <time.h>

#include "base/err.h"

struct dirs {
	struct dir *v;	 /* in the order of the archive */
	size_t n;	 /* how many */
	size_t capacity; /* how many fit */
};

/* Remembers mode and times (as for futimens(3)) of the directory with that clean name. */
void dirs_add(struct dirs *dirs, const char *path, mode_t mode, const struct timespec times[2]);

/* Sets them all beneath root, children before parents. Returns 0 or -errno. */
int dirs_apply(struct dirs *dirs, int root, struct err *err);

void dirs_free(struct dirs *dirs);

#endif
