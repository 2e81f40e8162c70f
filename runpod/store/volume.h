/*
 * volume: named directories that outlive containers.
 *
 *	ROOT/volumes/NAME/volume.json    struct volume, below
 *	ROOT/volumes/NAME/_data/         what containers see
 *
 * Making the directory takes the name: it is put together under ROOT/tmp and
 * renamed into place, and rename(2) onto a directory that is not empty fails for all but
 * the first of two callers.
 */
#ifndef RUNPOD_STORE_VOLUME_H
#define RUNPOD_STORE_VOLUME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "store/paths.h"

struct volume {
	char *name;
	int64_t created;    /* nanoseconds since 1970 */
	struct strv labels; /* key=value */
	bool anonymous;	    /* made for a container without a name: goes with it */
};

struct volumes {
	struct volume *v;
	size_t n;
};

/* Adds the names of the containers that use the volume of that name. Returns 0 or -errno. */
typedef int volume_users_fn(const struct store *store, const char *name, struct strv *ret_users,
			    struct err *err);

void volume_free(struct volume *volume);
void volumes_free(struct volumes *volumes);

/*
 * Makes a volume. name NULL or "": 64 random hex digits, anonymous as asked. driver: NULL or "local".
 * -EEXIST "volume with name NAME already exists: volume already exists".
 */
int volume_create(const struct store *store, const char *name, const char *driver, const struct strv *labels,
		  bool anonymous, struct volume *ret_volume, struct err *err);

/* Finds the volume, or makes it: what `-v NAME:/path` does. */
int volume_ensure(const struct store *store, const char *name, struct volume *ret_volume, struct err *err);

/* Finds what the user typed: a name or a prefix of one name. -ENOENT "no volume with name \"NAME\" found: no such volume", -EEXIST for
 * a prefix that fits several. */
int volume_find(const struct store *store, const char *typed, struct volume *ret_volume, struct err *err);

/* All volumes by name. Unreadable ones are passed over; *ret_broken (may be NULL) gets "NAME: why". */
int volume_list(const struct store *store, struct volumes *ret_volumes, struct strv *ret_broken,
		struct err *err);

/* Its data directory: as an absolute path, owned by the caller, and as a descriptor (O_PATH) or -errno. */
char *volume_data_path(const struct store *store, const char *name);
int volume_open_data(const struct store *store, const char *name, struct err *err);

/* Removes a volume. -EBUSY "volume NAME is being used by the following container(s): A, B: volume
 * is being used" where users (may be NULL) finds any. */
int volume_remove(const struct store *store, const char *typed, volume_users_fn *users, struct err *err);

/*
 * First use: an empty volume gets a copy of what the image has at path (docker and podman do so),
 * with owners, modes and times of the directory itself too. data and rootfs are directories; path is resolved inside
 * rootfs and never leaves it. Does nothing when the volume is not empty or the image has nothing there.
 */
int volume_copy_up(int data, int rootfs, const char *path, struct err *err);

#endif
