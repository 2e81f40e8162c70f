/*
 * environ: the environment and the arguments of a container whose manifest has values to be looked up: ConfigMaps
 * and Secrets, fields of the pod, $(NAME). At each start anew, so that a restart sees what has changed.
 */
#ifndef RUNPOD_POD_ENVIRON_H
#define RUNPOD_POD_ENVIRON_H

#include "pod/pod.h"

/* Whether anything is to be looked up. */
bool environ_needed(const struct ctr_record *ctr);

/*
 * Fills ret_env (the record's environment, and over it what the manifest declares) and ret_args. What was declared is also kept in the
 * container's run directory: programs of exec get the same. Returns 0, or what environ_config_error() knows when an object or a key is
 * missing, in the kubelet's words.
 */
int environ_resolve(struct pod *pod, struct ctr *ctr, struct strv *ret_env, struct strv *ret_args,
		    struct err *err);

/* Whether all that the container's variables need is there: the same look-up for a container that is not made yet, and nothing is kept. */
int environ_check(const struct store *store, const struct pod_spec *pod, const struct ctr_spec *ctr,
		  struct err *err);

/* The environment that the container was started with. Falls back on the record's. */
void environ_recall(const struct ctr *ctr, struct strv *ret_env);

/* Whether a start failed for what the manifest asks and the machine lacks: CreateContainerConfigError. */
bool environ_config_error(int code);

/* Makes code such an error: the errno that these carry. */
int environ_config_failure(int code);

#endif
