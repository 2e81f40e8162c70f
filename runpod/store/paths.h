/*
 * paths: where things lie. Two directories: the root directory keeps what must
 * survive a reboot (definitions, images, volumes, logs), the run directory what
 * must not (who is running, under which PID).
 *
 *	ROOT/names/NAME → pod:ID or ctr:POD/ID   a symbolic link each; making one is how a name is taken
 *	ROOT/names/ID   → the same, for full ids
 *	ROOT/pods/POD/pod.json                   what was asked for (struct pod_record)
 *	ROOT/pods/POD/ctr/ID/ctr.json            what was asked for (struct ctr_record)
 *	ROOT/pods/POD/ctr/ID/{upper,work,ctr.log,exit.json,termination-log}
 *	ROOT/pods/POD/volumes/NAME/              its emptyDirs
 *	ROOT/objects/{configmap,secret}/NAME.json
 *	ROOT/images/ ROOT/layers/ ROOT/volumes/ ROOT/tmp/
 *	RUN/pods/POD/state.json                  what runs (struct pod_state), written by the supervisor only
 *	RUN/pods/POD/{lock,control,hosts,hostname,resolv.conf,shm/,ctr/ID/}
 *	RUN/pods/POD/ctr/ID/{stdin,stdout,stderr,environ}
 *	RUN/pods/POD/volumes/NAME/               files of ConfigMaps and Secrets
 *	RUN/events, RUN/events.1                 what has happened (journal.h)
 *	RUN/net/                                 addresses in use, a lock
 *
 * Rule: link(2), symlink(2), mkdir(2) and rename(2) are atomic; everything that
 * two commands may do at the same time is decided by one of them.
 */
#ifndef RUNPOD_STORE_PATHS_H
#define RUNPOD_STORE_PATHS_H

#include <stdbool.h>

#include "base/err.h"

struct store {
	char *root;  /* absolute path of the root directory */
	char *run;   /* absolute path of the run directory */
	int root_fd; /* the same as descriptors, or -1 */
	int run_fd;
	bool rootless; /* we are not uid 0 of the machine's first user namespace */
};

/*
 * Finds and makes both directories. root and run (may be NULL) come from --root
 * and --runroot; then RUNPOD_ROOT and RUNPOD_RUN from the environment; then
 * /var/lib/runpod and /run/runpod, for an ordinary user $XDG_DATA_HOME/runpod
 * (~/.local/share/runpod) and $XDG_RUNTIME_DIR/runpod (/tmp/runpod-UID when unset).
 * Errors name the directory and what to do.
 */
int store_open(const char *root, const char *run, struct store *ret_store, struct err *err);
void store_close(struct store *store);

#endif
