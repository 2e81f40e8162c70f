/*
 * merge: what a container is to be, from what was asked for and what its image,
 * its donors and its volumes say.
 */
#ifndef RUNPOD_POD_MERGE_H
#define RUNPOD_POD_MERGE_H

#include "store/record.h"

/* Fills args, env, workdir, user, stop_signal, layers and the image's names from spec and image. Image volumes become
 * mounts of the spec. Returns 0 or -errno. */
int merge_image(const struct store *store, struct ctr_record *ctr, struct err *err);

/* What only this host can tell of a spec's words: whether it knows the limits and the time zone. Returns 0 or -errno. */
int check_words(const struct ctr_spec *spec, struct err *err);

/* Finds the containers of container:X and notes their full ids. */
int resolve_donors(const struct store *store, struct ctr_record *ctr, struct err *err);

/* Makes named volumes that are missing and gives anonymous ones a name; checks that bind sources are there. ctr (may
 * be NULL): whose image fills an empty volume. */
int resolve_mounts(const struct store *store, struct mount_list *mounts, const struct ctr_record *ctr,
		   struct err *err);

/* Removes the volumes that were made for this container alone. */
void remove_anonymous_volumes(const struct store *store, const struct ctr_record *ctr);

#endif
