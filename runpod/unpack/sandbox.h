/*
 * sandbox: gives away everything that unpacking does not need, before the
 * first byte of a stranger's archive is read.
 */
#ifndef RUNPOD_UNPACK_SANDBOX_H
#define RUNPOD_UNPACK_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Confines this process to the directory root for good: limits (no file above max_bytes), Landlock, chroot when
 * allowed, capabilities, no_new_privs, seccomp. root -1: to no directory at all, only to the descriptors that it has.
 * whiteouts: it may make overlayfs's device 0:0. *ret_privileged: it kept CAP_CHOWN.
 */
int sandbox_enter(int root, uint64_t max_bytes, bool whiteouts, bool *ret_privileged, struct err *err);

#endif
