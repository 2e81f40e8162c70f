/*
 * flags_values: the values on a command line that are more than a text or a
 * number. Each function is an opt_parse_fn; its name says for which option, its
 * comment which member it fills.
 */
#ifndef RUNPOD_SPEC_FLAGS_VALUES_H
#define RUNPOD_SPEC_FLAGS_VALUES_H

#include "spec/flags.h"

opt_parse_fn value_memory, value_memory_swap, value_memory_low, value_shm_size;	       /* int64_t: bytes */
opt_parse_fn value_cpus;							       /* int64_t: a quota */
opt_parse_fn value_oom;								       /* struct limits */
opt_parse_fn value_net, value_ipc, value_pid, value_uts, value_cgroupns, value_userns; /* struct ns_choice */
opt_parse_fn value_publish;							       /* struct port_list */
opt_parse_fn value_restart;			     /* struct restart_policy */
opt_parse_fn value_words;			     /* struct strv: infra-command */
opt_parse_fn value_label, value_attach;		     /* struct strv */
opt_parse_fn value_entrypoint, value_security;	     /* struct ctr_spec */
opt_parse_fn value_log_opt;			     /* struct log_spec */
opt_parse_fn value_volume, value_mount, value_tmpfs; /* struct run_request */
opt_parse_fn value_pod_volume;			     /* struct pod_request */
opt_parse_fn value_pod_security;		     /* struct strv, checked */

/* Puts --cpus where cpu_quota is; an error when both were given. */
int value_join_cpus(int64_t cpus, struct limits *limits, struct err *err);

#endif
