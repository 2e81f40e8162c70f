/*
 * kube_down: taking away what a manifest made: for kube down and for kube play --wait and --down.
 */
#ifndef RUNPOD_CLI_KUBE_DOWN_H
#define RUNPOD_CLI_KUBE_DOWN_H

#include "cli/cli.h"
#include "spec/kube.h"

/* The ids of the objects' pods that are here. */
void kube_down_ids(struct cli *cli, const struct kube_objects *objects, struct strv *ret_ids);

/* Stops and removes them, and their ConfigMaps and Secrets; their volumes too with volumes set. Prints what went, as
 * podman does; what failed is noted with cli_fail. Returns 0. */
int kube_down(struct cli *cli, const struct kube_objects *objects, bool volumes, struct err *err);

#endif
