/*
 * kube_pod: the parts of a Pod that become parts of a spec; used by kube_pod*.c alone.
 */
#ifndef RUNPOD_SPEC_KUBE_POD_H
#define RUNPOD_SPEC_KUBE_POD_H

#include <jansson.h>

#include "spec/kube.h"

/* {"a": "b"} → a=b; ["a"] → a. */
void kube_pairs(const json_t *map, struct strv *pairs);
void kube_strings(const json_t *list, struct strv *strings);

/* Always, OnFailure, Never in podman's words. */
const char *kube_restart_name(const char *policy);

/* Appends one container of pod. */
void kube_fill_ctr(const json_t *pod, const json_t *ctr, bool init, struct ctr_specs *ctrs);

/* Fills in who it runs as: the pod's securityContext, then its own over it. */
void kube_fill_security(const json_t *spec, const json_t *from, struct ctr_spec *ctr);

/* A probe or hook; names of ports are looked up in ctr. Nothing when value is NULL. */
void kube_fill_probe(const json_t *ctr, const char *key, struct probe_spec *ret_probe);
void kube_fill_hook(const json_t *ctr, const char *key, struct handler_spec *ret_handler);

/* Appends a volume's spec. */
void kube_fill_volume(const json_t *volume, struct pod_volume_list *volumes);

/* Limits of each container (in the order of spec) and of the pod, and how the kernel is to choose when
 * memory runs out. capacity: of this machine, in bytes. */
void kube_fill_limits(const json_t *spec, int64_t capacity, struct pod_spec *pod, struct ctr_specs *ctrs);

#endif
