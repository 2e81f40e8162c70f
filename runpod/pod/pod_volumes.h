/*
 * pod_volumes: the volumes of a manifest's pod. They are made before infra is born and belong to the pod:
 *
 *	empty       ROOT/pods/ID/volumes/NAME; kept until the pod is removed. Its size is not watched over: Kubernetes
 *	            evicts a pod that outgrows it, and here nobody does
 *	memory      a tmpfs in infra's root (child_root.c), which containers take through the donor; gone with infra
 *	host        a path of the machine, checked and made as its type says
 *	claim       a named volume (store/volume.h), made when missing; it outlives the pod
 *	projection  RUN/pods/ID/volumes/NAME: ConfigMaps, Secrets, the downward API as files (projection.h). RUN is a
 *	            tmpfs on any usual machine, so no Secret reaches a disk from here; where
 *	            it is not, the pod's events say so
 */
#ifndef RUNPOD_POD_POD_VOLUMES_H
#define RUNPOD_POD_POD_VOLUMES_H

#include "pod/pod.h"
#include "spec/kube.h"

/*
 * Looks whether all that the pod will need is there, and changes nothing: each ConfigMap and Secret with the keys that are named, each
 * host path, each claim's name. For before anything is made. Returns 0 or -errno in the kubelet's words.
 */
int pod_volumes_ready(const struct store *store, const struct pod_spec *pod, const struct ctr_specs *ctrs,
		      struct err *err);

/*
 * What the mount (of type "pod") of a container means: *io_mount becomes one of type "bind", or "infra" with the path in infra's root as its
 * source. env: what $(NAME) in its subpath stands for. Returns 0 or -errno.
 */
int pod_volume_mount(const struct pod *pod, const struct strv *env, struct mount_spec *io_mount,
		     struct err *err);

/* Writes the projected volumes of a running pod anew; unchanged ones are left alone. An object that has gone keeps its files, as with the
 * kubelet. Returns 0, or the first error. */
int pod_volumes_refresh(struct pod *pod, struct err *err);

/* After an object changed: has the supervisors of all pods that show it as files do that. pods_refresh.c */
void pods_refresh(const struct store *store, const char *kind, const char *name);

#endif
