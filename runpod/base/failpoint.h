/*
 * failpoint: lets a test break any step. RUNPOD_FAILPOINT=name kills this
 * process at the step of that name; RUNPOD_FAILPOINT=name:error makes the step
 * fail with EIO; name:error:3 only at its third time. Unset, it costs one getenv(3).
 */
#ifndef RUNPOD_BASE_FAILPOINT_H
#define RUNPOD_BASE_FAILPOINT_H

#include "base/err.h"

/* Returns 0, or -EIO with an error that names the step, or does not return (SIGKILL). */
int failpoint(const char *name, struct err *err);

#endif
