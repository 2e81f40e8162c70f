/*
 * kube_logs: logs of a pod in kubectl's way: of one container of it, and of its present run.
 */
#ifndef RUNPOD_CLI_KUBE_LOGS_H
#define RUNPOD_CLI_KUBE_LOGS_H

#include "cli/logs_print.h"

/* Whether the words can only be kubectl's: a name that is a pod and no container. */
bool kube_logs_meant(struct cli *cli, const struct logs_flags *flags, const struct strv *args);

/* Prints them. args: POD [CONTAINER], or pod/NAME. Returns 0 or -errno. */
int kube_logs(struct cli *cli, struct logs_flags *flags, const struct strv *args, struct err *err);

#endif
