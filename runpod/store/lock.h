/*
 * lock: one command at a time changes a pod. flock(2) on RUN/pods/POD/lock;
 * the kernel lets go when the holder dies, so a killed command jams nothing.
 */
#ifndef RUNPOD_STORE_LOCK_H
#define RUNPOD_STORE_LOCK_H

#include "store/paths.h"

/* Takes the lock of a pod, waiting at most timeout_ms (-1: for ever, 0: not at all, then -EWOULDBLOCK).
 * Makes the pod's run directory when missing. Returns a descriptor (closing it unlocks) or -errno. */
int lock_pod(const struct store *store, const char *pod_id, int timeout_ms, struct err *err);

/* Opens the file that lock_pod locks, without making or locking it: run_dir is the pod's run directory. Then lock_try takes the lock if nobody
 * has it: 0, or -EWOULDBLOCK. For the supervisor, whose directory may be removed under it and must not come back. */
int lock_open(int run_dir);
int lock_try(int fd);

/* The same for a named lock of the whole store: "userns", "net". */
int lock_named(const struct store *store, const char *name, struct err *err);

#endif
