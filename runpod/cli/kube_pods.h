/*
 * kube_pods: pods and their containers as kubectl's verbs name them: a container by the name that
 * its manifest gives it, without the pod's in front.
 */
#ifndef RUNPOD_CLI_KUBE_PODS_H
#define RUNPOD_CLI_KUBE_PODS_H

#include "cli/cli.h"
#include "pod/status.h"

/* The pod of that name ("web" or "pod/web"), its record read. -ENOENT `pods "x" not found`, exit status 1. */
int kubectl_pod(struct cli *cli, const char *typed, struct pod_view *ret_pod, struct err *err);

/* The container of that name in the pod. NULL, with kubectl's words, when there is none. */
struct ctr_view *kubectl_container(struct pod_view *pod, const char *typed, struct err *err);

/* The one that is meant when none is named: the annotation kubectl.kubernetes.io/default-container, else the first that is no init
 * container; where there are several a line on stderr says which. NULL when the pod has none. */
struct ctr_view *kubectl_default_container(struct pod_view *pod, struct err *err);

#endif
