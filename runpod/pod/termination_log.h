/*
 * termination_log: the last words of a container: a file of ours mounted at terminationMessagePath. What a program
 * writes there becomes the message of its end.
 */
#ifndef RUNPOD_POD_TERMINATION_LOG_H
#define RUNPOD_POD_TERMINATION_LOG_H

#include "pod/pod.h"

/* Makes the file anew, and the mount for it. Returns 0 or -errno; without a termination_path, 0 and no mount. */
int termination_log_mount(const struct ctr *ctr, struct mount_list *mounts, struct err *err);

/*
 * After the end, with state->exit_code set: state->message becomes the last 4096 bytes of the file; where that is empty, the policy is FallbackToLogsOnError
 * and the container failed, the log's last lines (80, of at most 2048 bytes). NULL when there is nothing.
 */
void termination_message(struct ctr *ctr);

#endif
