/*
 * scratch: half-made things. What takes long to make is made in a directory
 * under ROOT/tmp and renamed into place when it is whole.
 *
 * The maker holds flock(2) on its directory. The kernel drops a lock with
 * its holder, so a directory that can be locked belongs to nobody alive
 * and is swept away by the next command: no PID to compare, none to be recycled.
 */
#ifndef RUNPOD_STORE_SCRATCH_H
#define RUNPOD_STORE_SCRATCH_H

#include "base/err.h"
#include "store/paths.h"

struct scratch {
	int tmp_fd;    /* ROOT/tmp */
	int fd;	       /* the directory itself, locked */
	char name[65]; /* its name under ROOT/tmp */
};

/* Makes an empty locked directory (mode 0700), after sweeping away what dead commands left. */
int scratch_make(const struct store *store, struct scratch *ret_scratch, struct err *err);

/* Renames the whole directory to path under dir. -EEXIST when something is there already. */
int scratch_place(const struct scratch *scratch, int dir, const char *path, struct err *err);

/* The other way: renames path under dir into the scratch directory. From then on nobody finds
 * it, however long removing it takes. */
int scratch_take(const struct scratch *scratch, int dir, const char *path, struct err *err);

/* Removes the directory with what is in it (unless it was put in place) and unlocks. */
void scratch_end(struct scratch *scratch);

/* Removes what dead commands left. Never an error: what cannot be removed stays for the next time. */
void scratch_sweep(const struct store *store);

#endif
