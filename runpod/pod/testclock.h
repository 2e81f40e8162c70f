/*
 * testclock: the clock that all deadlines of a supervisor are on. With RUNPOD_TEST_CLOCK=1 in
 * the environment of the command that starts it, it stands still and is moved by `runpod __clock`,
 * so that tests of back-off, probes and grace periods are exact and wait for nothing.
 */
#ifndef RUNPOD_POD_TESTCLOCK_H
#define RUNPOD_POD_TESTCLOCK_H

#include <stdbool.h>

#include "pod/pod.h"

/* Decides which clock it is. In state: where a predecessor's has stopped. */
void testclock_begin(struct pod *pod);

/* Whether it stands still: then no timer is set. */
bool testclock_stands(void);

#endif
