/*
 * depend: who joined whom. A donor's directory has a symbolic link
 * `joined-ID` for each container made with container:DONOR, so that removing a donor
 * needs no look at all the others.
 */
#ifndef RUNPOD_POD_DEPEND_H
#define RUNPOD_POD_DEPEND_H

#include "store/names.h"
#include "store/record.h"

/* Notes with each donor of the container that it has joined. Returns 0 or -errno. */
int depend_note(const struct store *store, const struct ctr_record *ctr, struct err *err);

/* Replaces what --requires names by full ids. pod_id: the pod that the container goes into, or NULL. Returns 0 or -errno. */
int depend_resolve(const struct store *store, struct ctr_spec *ctr, const char *pod_id, struct err *err);

/* Starts what the container requires, and first what that requires; what runs already is left alone. */
int depend_start(const struct store *store, const struct name_ref *ref, struct err *err);

/* Adds the full ids of the containers that joined this one and are still there. */
void depend_list(const struct store *store, const struct name_ref *donor, struct strv *ret_ids);

#endif
