/*
 * adopt: a new supervisor takes over what an earlier one, killed, left running.
 */
#ifndef RUNPOD_POD_ADOPT_H
#define RUNPOD_POD_ADOPT_H

#include "pod/pod.h"

/* Reads the pod's state record, if there is one, and takes up each container in it: those that live are
 * watched again, the others have ended meanwhile. Returns 0 or -errno. */
int adopt_pod(struct pod *pod, struct err *err);

#endif
