/*
 * projection: ConfigMaps, Secrets and fields of the pod as files that change all at once.
 *
 *	NAME/..2026_11_21_17_15_00.123456789/KEY    the files
 *	NAME/..data -> ..2026_11_21_17_15_00.123456789
 *	NAME/KEY -> ..data/KEY                      what programs open
 *
 * An update writes a directory beside the old one and renames the link ..data over: a reader that entered through ..data before
 * goes on reading the old files, one that comes later gets the new ones, nobody gets some of each. The
 * kubelet's layout, which programs know how to watch.
 */
#ifndef RUNPOD_POD_PROJECTION_H
#define RUNPOD_POD_PROJECTION_H

#include <sys/types.h>

#include "pod/downward.h"

struct projected_file {
	char *path; /* below the volume */
	char *bytes;
	size_t length;
	mode_t mode;
};

struct projected {
	struct projected_file *v;
	size_t n;
};

/* Collects what the volume is to hold now. A missing object or key that is not optional: an error in the kubelet's words. */
int projection_collect(const struct store *store, const struct pod_volume *volume,
		       const struct downward *about, struct projected *ret_files, struct err *err);
void projected_free(struct projected *files);

/*
 * Makes the directory dir show exactly these files; group (0: none) becomes theirs, readable. Nothing is touched when it does already. Returns 0
 * or -errno, and then the old files are still there. atomic_dir.c
 */
int projection_write(int dir, const struct projected *files, int64_t group, struct err *err);

#endif
