/*
 * verbs: the verbs that the command table of main.c names, by the file they are in.
 */
#ifndef RUNPOD_CLI_VERBS_H
#define RUNPOD_CLI_VERBS_H

#include "cli/cli.h"

/* run.c */
extern const struct verb verb_run, verb_create;
/* ctr_act.c */
extern const struct verb verb_stop, verb_restart, verb_kill, verb_pause, verb_unpause;
/* ctr_start.c */
extern const struct verb verb_start, verb_attach;
/* ctr_rm.c */
extern const struct verb verb_rm, verb_container_prune;
/* ctr_wait.c */
extern const struct verb verb_wait, verb_container_exists;
/* ps.c, exec.c, logs.c, port.c */
extern const struct verb verb_ps, verb_exec, verb_logs, verb_port;
/* pod_create.c, pod_act.c, pod_rm.c */
extern const struct verb verb_pod_create, verb_pod_start, verb_pod_stop, verb_pod_restart, verb_pod_kill,
	verb_pod_pause, verb_pod_unpause, verb_pod_rm, verb_pod_prune;
/* pod_ps.c, pod_inspect.c, pod_ns.c, pod_logs in logs.c */
extern const struct verb verb_pod_ps, verb_pod_inspect, verb_pod_exists, verb_pod_ns, verb_pod_logs;
/* inspect.c */
extern const struct verb verb_inspect, verb_container_inspect, verb_image_inspect, verb_volume_inspect;
/* images.c, image_act.c, image_load.c, image_prune.c */
extern const struct verb verb_images, verb_image_exists, verb_image_rm, verb_tag, verb_untag, verb_load,
	verb_pull, verb_import, verb_image_prune;
/* volume.c */
extern const struct verb verb_volume_create, verb_volume_ls, verb_volume_rm, verb_volume_exists,
	verb_volume_prune;
/* stats.c, top.c */
extern const struct verb verb_stats, verb_pod_stats, verb_top, verb_pod_top;
/* network.c, refused.c, compat.c */
extern const struct verb verb_network_ls, verb_network_inspect, verb_network_exists, verb_refused,
	verb_compat;
/* info.c, events.c, version.c, completion.c, complete.c */
extern const struct verb verb_info, verb_events, verb_version, verb_completion, verb_complete;
/* clock.c */
extern const struct verb verb_clock;

/* kube_*.c, kubelet.c */
extern const struct verb verb_kube_play, verb_kube_down, verb_kube_generate, verb_kube_apply,
	verb_kube_delete, verb_kube_explain, verb_kube_create_configmap, verb_kube_create_secret,
	verb_kube_get, verb_kube_describe, verb_kube_debug, verb_kubelet;

#endif
