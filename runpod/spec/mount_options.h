/*
 * mount_options: the words behind the last colon of -v and --tmpfs, and the
 * keys of --mount that mean the same.
 */
#ifndef RUNPOD_SPEC_MOUNT_OPTIONS_H
#define RUNPOD_SPEC_MOUNT_OPTIONS_H

#include "base/err.h"
#include "spec/pod_spec.h"

/* Reads "ro,noexec,size=64m" into the mount, whose type and target are known. Returns 0 or -EINVAL. */
int mount_options_parse(struct mount_spec *mount, const char *text, struct err *err);

/* One of them; value NULL where none was given. Also --mount's long forms: readonly[=true], tmpfs-size=, … */
int mount_option_set(struct mount_spec *mount, const char *key, const char *value, struct err *err);

#endif
