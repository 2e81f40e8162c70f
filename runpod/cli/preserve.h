/*
 * preserve: --preserve-fds.
 */
#ifndef RUNPOD_CLI_PRESERVE_H
#define RUNPOD_CLI_PRESERVE_H

#include <stdint.h>

#include "base/err.h"

/* Whether the n descriptors from 3 on are there to be handed on. To be asked before anything of ours is opened, which would
 * take their numbers. Returns 0 or -errno. */
int preserve_check(int64_t n, struct err *err);

#endif
