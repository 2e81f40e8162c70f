/*
 * check: what can be known to be wrong before any host is asked: small
 * grammars, and things that exclude each other. The texts are podman's where
 * scripts know them.
 *
 * All return 0 or -EINVAL and change nothing but their ret_ argument.
 */
#ifndef RUNPOD_SPEC_CHECK_H
#define RUNPOD_SPEC_CHECK_H

#include "base/err.h"
#include "spec/pod_spec.h"

/*
 * Reads --network, --ipc, --pid, --uts, --cgroupns or --userns (kind: net, ipc,
 * pid, uts, cgroup, user): private, host, pod, container:X, ns:PATH; net also
 * none, bridge and pasta, ipc also shareable and none. "" and "default" leave
 * the mode NULL. user knows only host: a rootless runpod has one user namespace
 * for all. What is in *choice is replaced.
 */
int ns_parse(const char *kind, const char *text, struct ns_choice *choice, struct err *err);

/* Reads no, always, unless-stopped, on-failure[:TRIES]. */
int restart_parse(const char *text, struct restart_policy *policy, struct err *err);

/* Reads --share: names separated by commas, "none", or +names to add to ipc,net,uts. NULL: the default. Each name is
 * there once, in the order given. */
int share_parse(const char *text, struct strv *share, struct err *err);

/* A hostname as the kernel takes it and /etc/hosts can hold it: 1…64 of letters, digits, '.', '-' and '_'. */
int check_hostname(const char *text, struct err *err);

/* NAME=value of a sysctl that belongs to a network or IPC namespace; all others are the host's. */
int check_sysctl(const char *text, struct err *err);

int check_add_host(const char *text, struct err *err); /* NAME:IP or NAME:host-gateway */
/* --device HOST[:CONTAINER[:rwm]]: absolute paths, the container's below /dev. */
int check_device(const char *text, struct err *err);
int check_dns(const char *text, struct err *err);	 /* an address */
int check_umask(const char *text, struct err *err);	 /* octal */
int check_annotation(const char *text, struct err *err); /* NAME=value */

/* Whole specs: every value, and what excludes each other. */
int check_ctr(const struct ctr_spec *ctr, struct err *err);
int check_pod(const struct pod_spec *pod, struct err *err);

/* A container that is to join that pod: it can neither publish ports nor have a hostname of its own where the
 * namespace is the pod's. */
int check_member(const struct ctr_spec *ctr, const struct pod_spec *pod, struct err *err);

#endif
