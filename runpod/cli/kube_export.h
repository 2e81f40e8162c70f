/*
 * kube_export: a pod that is here as a Kubernetes manifest; in kube_generate.c.
 */
#ifndef RUNPOD_CLI_KUBE_EXPORT_H
#define RUNPOD_CLI_KUBE_EXPORT_H

#include <jansson.h>

#include "cli/cli.h"
#include "pod/status.h"

/* The manifest that it was made from, or for one that was made with flags the nearest; a new reference. What has no words in
 * Kubernetes is noted in ret_notes (may be NULL). NULL with err set. */
json_t *kube_manifest_of(struct cli *cli, struct pod_view *pod, struct strv *ret_notes, struct err *err);

#endif
