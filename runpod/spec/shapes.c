/*
 * shapes: one table a structure of pod_spec.h; fields.c does all the work with
 * them. A member without a row here would be forgotten on the way to disk, so
 * a unit test marks every byte of a spec and looks which of them no row knows.
 */
#include "spec/fields.h"
#include "spec/pod_spec.h"

static const struct field ns_choice_fields[] = {
	{ "mode", FIELD_TEXT, offsetof(struct ns_choice, mode), NULL },
	{ "arg", FIELD_TEXT, offsetof(struct ns_choice, arg), NULL },
	{ 0 },
};
const struct shape ns_choice_shape = { sizeof(struct ns_choice), ns_choice_fields };

static const struct field port_map_fields[] = {
	{ "host_ip", FIELD_TEXT, offsetof(struct port_map, host_ip), NULL },
	{ "host_port", FIELD_INT, offsetof(struct port_map, host_port), NULL },
	{ "ctr_port", FIELD_INT, offsetof(struct port_map, ctr_port), NULL },
	{ "protocol", FIELD_TEXT, offsetof(struct port_map, protocol), NULL },
	{ 0 },
};
const struct shape port_map_shape = { sizeof(struct port_map), port_map_fields };

static const struct field mount_spec_fields[] = {
	{ "type", FIELD_TEXT, offsetof(struct mount_spec, type), NULL },
	{ "source", FIELD_TEXT, offsetof(struct mount_spec, source), NULL },
	{ "target", FIELD_TEXT, offsetof(struct mount_spec, target), NULL },
	{ "subpath", FIELD_TEXT, offsetof(struct mount_spec, subpath), NULL },
	{ "expand", FIELD_BOOL, offsetof(struct mount_spec, expand), NULL },
	{ "read_only", FIELD_BOOL, offsetof(struct mount_spec, read_only), NULL },
	{ "read_only_below", FIELD_BOOL, offsetof(struct mount_spec, read_only_below), NULL },
	{ "noexec", FIELD_BOOL, offsetof(struct mount_spec, noexec), NULL },
	{ "nosuid", FIELD_BOOL, offsetof(struct mount_spec, nosuid), NULL },
	{ "nodev", FIELD_BOOL, offsetof(struct mount_spec, nodev), NULL },
	{ "recursive", FIELD_BOOL, offsetof(struct mount_spec, recursive), NULL },
	{ "no_copy", FIELD_BOOL, offsetof(struct mount_spec, no_copy), NULL },
	{ "own", FIELD_BOOL, offsetof(struct mount_spec, own), NULL },
	{ "propagation", FIELD_TEXT, offsetof(struct mount_spec, propagation), NULL },
	{ "size", FIELD_INT, offsetof(struct mount_spec, size), NULL },
	{ "mode", FIELD_INT, offsetof(struct mount_spec, mode), NULL },
	{ 0 },
};
const struct shape mount_spec_shape = { sizeof(struct mount_spec), mount_spec_fields };

static const struct field limits_fields[] = {
	{ "memory", FIELD_INT, offsetof(struct limits, memory), NULL },
	{ "memory_swap", FIELD_INT, offsetof(struct limits, memory_swap), NULL },
	{ "memory_low", FIELD_INT, offsetof(struct limits, memory_low), NULL },
	{ "cpu_quota", FIELD_INT, offsetof(struct limits, cpu_quota), NULL },
	{ "cpu_period", FIELD_INT, offsetof(struct limits, cpu_period), NULL },
	{ "cpu_shares", FIELD_INT, offsetof(struct limits, cpu_shares), NULL },
	{ "cpuset_cpus", FIELD_TEXT, offsetof(struct limits, cpuset_cpus), NULL },
	{ "cpuset_mems", FIELD_TEXT, offsetof(struct limits, cpuset_mems), NULL },
	{ "pids", FIELD_INT, offsetof(struct limits, pids), NULL },
	{ "oom_score_adj", FIELD_INT, offsetof(struct limits, oom_score_adj), NULL },
	{ "oom_score_adj_set", FIELD_BOOL, offsetof(struct limits, oom_score_adj_set), NULL },
	{ 0 },
};
const struct shape limits_shape = { sizeof(struct limits), limits_fields };

static const struct field restart_policy_fields[] = {
	{ "name", FIELD_TEXT, offsetof(struct restart_policy, name), NULL },
	{ "tries", FIELD_INT, offsetof(struct restart_policy, tries), NULL },
	{ 0 },
};
const struct shape restart_policy_shape = { sizeof(struct restart_policy), restart_policy_fields };

static const struct field name_service_fields[] = {
	{ "hosts", FIELD_STRV, offsetof(struct name_service, hosts), NULL },
	{ "servers", FIELD_STRV, offsetof(struct name_service, servers), NULL },
	{ "search", FIELD_STRV, offsetof(struct name_service, search), NULL },
	{ "options", FIELD_STRV, offsetof(struct name_service, options), NULL },
	{ "no_hosts", FIELD_BOOL, offsetof(struct name_service, no_hosts), NULL },
	{ 0 },
};
const struct shape name_service_shape = { sizeof(struct name_service), name_service_fields };

static const struct field log_spec_fields[] = {
	{ "driver", FIELD_TEXT, offsetof(struct log_spec, driver), NULL },
	{ "path", FIELD_TEXT, offsetof(struct log_spec, path), NULL },
	{ "max_size", FIELD_INT, offsetof(struct log_spec, max_size), NULL },
	{ 0 },
};
const struct shape log_spec_shape = { sizeof(struct log_spec), log_spec_fields };

static const struct field ctr_spec_fields[] = {
	{ "name", FIELD_TEXT, offsetof(struct ctr_spec, name), NULL },
	{ "image", FIELD_TEXT, offsetof(struct ctr_spec, image), NULL },
	{ "rootfs", FIELD_TEXT, offsetof(struct ctr_spec, rootfs), NULL },
	{ "pull", FIELD_TEXT, offsetof(struct ctr_spec, pull), NULL },
	{ "publish_all", FIELD_BOOL, offsetof(struct ctr_spec, publish_all), NULL },
	{ "expose", FIELD_STRV, offsetof(struct ctr_spec, expose), NULL },
	{ "entrypoint", FIELD_STRV, offsetof(struct ctr_spec, entrypoint), NULL },
	{ "entrypoint_set", FIELD_BOOL, offsetof(struct ctr_spec, entrypoint_set), NULL },
	{ "command", FIELD_STRV, offsetof(struct ctr_spec, command), NULL },
	{ "env", FIELD_STRV, offsetof(struct ctr_spec, env), NULL },
	{ "env_unset", FIELD_STRV, offsetof(struct ctr_spec, env_unset), NULL },
	{ "env_clear", FIELD_BOOL, offsetof(struct ctr_spec, env_clear), NULL },
	{ "env_files", FIELD_STRV, offsetof(struct ctr_spec, env_files), NULL },
	{ "workdir", FIELD_TEXT, offsetof(struct ctr_spec, workdir), NULL },
	{ "user", FIELD_TEXT, offsetof(struct ctr_spec, user), NULL },
	{ "group_add", FIELD_STRV, offsetof(struct ctr_spec, group_add), NULL },
	{ "hostname", FIELD_TEXT, offsetof(struct ctr_spec, hostname), NULL },
	{ "umask", FIELD_TEXT, offsetof(struct ctr_spec, umask), NULL },
	{ "timezone", FIELD_TEXT, offsetof(struct ctr_spec, timezone), NULL },
	{ "tty", FIELD_BOOL, offsetof(struct ctr_spec, tty), NULL },
	{ "interactive", FIELD_BOOL, offsetof(struct ctr_spec, interactive), NULL },
	{ "init", FIELD_BOOL, offsetof(struct ctr_spec, init), NULL },
	{ "auto_remove", FIELD_BOOL, offsetof(struct ctr_spec, auto_remove), NULL },
	{ "read_only", FIELD_BOOL, offsetof(struct ctr_spec, read_only), NULL },
	{ "privileged", FIELD_BOOL, offsetof(struct ctr_spec, privileged), NULL },
	{ "allow_new_privileges", FIELD_BOOL, offsetof(struct ctr_spec, allow_new_privileges), NULL },
	{ "seccomp", FIELD_TEXT, offsetof(struct ctr_spec, seccomp), NULL },
	{ "masks", FIELD_STRV, offsetof(struct ctr_spec, masks), NULL },
	{ "unmasks", FIELD_STRV, offsetof(struct ctr_spec, unmasks), NULL },
	{ "cap_add", FIELD_STRV, offsetof(struct ctr_spec, cap_add), NULL },
	{ "cap_drop", FIELD_STRV, offsetof(struct ctr_spec, cap_drop), NULL },
	{ "mounts", FIELD_LIST, offsetof(struct ctr_spec, mounts), &mount_spec_shape },
	{ "ports", FIELD_LIST, offsetof(struct ctr_spec, ports), &port_map_shape },
	{ "net", FIELD_OBJECT, offsetof(struct ctr_spec, net), &ns_choice_shape },
	{ "ipc", FIELD_OBJECT, offsetof(struct ctr_spec, ipc), &ns_choice_shape },
	{ "pid", FIELD_OBJECT, offsetof(struct ctr_spec, pid), &ns_choice_shape },
	{ "uts", FIELD_OBJECT, offsetof(struct ctr_spec, uts), &ns_choice_shape },
	{ "cgroupns", FIELD_OBJECT, offsetof(struct ctr_spec, cgroupns), &ns_choice_shape },
	{ "userns", FIELD_OBJECT, offsetof(struct ctr_spec, userns), &ns_choice_shape },
	{ "limits", FIELD_OBJECT, offsetof(struct ctr_spec, limits), &limits_shape },
	{ "sysctls", FIELD_STRV, offsetof(struct ctr_spec, sysctls), NULL },
	{ "ulimits", FIELD_STRV, offsetof(struct ctr_spec, ulimits), NULL },
	{ "devices", FIELD_STRV, offsetof(struct ctr_spec, devices), NULL },
	{ "restart", FIELD_OBJECT, offsetof(struct ctr_spec, restart), &restart_policy_shape },
	{ "stop_signal", FIELD_TEXT, offsetof(struct ctr_spec, stop_signal), NULL },
	{ "stop_timeout", FIELD_INT, offsetof(struct ctr_spec, stop_timeout), NULL },
	{ "timeout", FIELD_INT, offsetof(struct ctr_spec, timeout), NULL },
	{ "shm_size", FIELD_INT, offsetof(struct ctr_spec, shm_size), NULL },
	{ "labels", FIELD_STRV, offsetof(struct ctr_spec, labels), NULL },
	{ "annotations", FIELD_STRV, offsetof(struct ctr_spec, annotations), NULL },
	{ "names", FIELD_OBJECT, offsetof(struct ctr_spec, names), &name_service_shape },
	{ "log", FIELD_OBJECT, offsetof(struct ctr_spec, log), &log_spec_shape },
	{ "init_ctr", FIELD_TEXT, offsetof(struct ctr_spec, init_ctr), NULL },
	{ "depends_on", FIELD_STRV, offsetof(struct ctr_spec, depends_on), NULL },
	{ "cgroup_parent", FIELD_TEXT, offsetof(struct ctr_spec, cgroup_parent), NULL },
	{ "env_sources", FIELD_LIST, offsetof(struct ctr_spec, env_sources), &env_source_shape },
	{ "expand", FIELD_BOOL, offsetof(struct ctr_spec, expand), NULL },
	{ "run_as_non_root", FIELD_BOOL, offsetof(struct ctr_spec, run_as_non_root), NULL },
	{ "liveness", FIELD_OBJECT, offsetof(struct ctr_spec, liveness), &probe_spec_shape },
	{ "readiness", FIELD_OBJECT, offsetof(struct ctr_spec, readiness), &probe_spec_shape },
	{ "startup", FIELD_OBJECT, offsetof(struct ctr_spec, startup), &probe_spec_shape },
	{ "post_start", FIELD_OBJECT, offsetof(struct ctr_spec, post_start), &handler_spec_shape },
	{ "pre_stop", FIELD_OBJECT, offsetof(struct ctr_spec, pre_stop), &handler_spec_shape },
	{ "termination_path", FIELD_TEXT, offsetof(struct ctr_spec, termination_path), NULL },
	{ "termination_policy", FIELD_TEXT, offsetof(struct ctr_spec, termination_policy), NULL },
	{ 0 },
};
const struct shape ctr_spec_shape = { sizeof(struct ctr_spec), ctr_spec_fields };

static const struct field pod_spec_fields[] = {
	{ "name", FIELD_TEXT, offsetof(struct pod_spec, name), NULL },
	{ "hostname", FIELD_TEXT, offsetof(struct pod_spec, hostname), NULL },
	{ "share", FIELD_STRV, offsetof(struct pod_spec, share), NULL },
	{ "no_infra", FIELD_BOOL, offsetof(struct pod_spec, no_infra), NULL },
	{ "infra_name", FIELD_TEXT, offsetof(struct pod_spec, infra_name), NULL },
	{ "infra_command", FIELD_STRV, offsetof(struct pod_spec, infra_command), NULL },
	{ "ports", FIELD_LIST, offsetof(struct pod_spec, ports), &port_map_shape },
	{ "mounts", FIELD_LIST, offsetof(struct pod_spec, mounts), &mount_spec_shape },
	{ "net", FIELD_OBJECT, offsetof(struct pod_spec, net), &ns_choice_shape },
	{ "userns", FIELD_OBJECT, offsetof(struct pod_spec, userns), &ns_choice_shape },
	{ "pid", FIELD_OBJECT, offsetof(struct pod_spec, pid), &ns_choice_shape },
	{ "uts", FIELD_OBJECT, offsetof(struct pod_spec, uts), &ns_choice_shape },
	{ "ipc", FIELD_OBJECT, offsetof(struct pod_spec, ipc), &ns_choice_shape },
	{ "labels", FIELD_STRV, offsetof(struct pod_spec, labels), NULL },
	{ "restart", FIELD_OBJECT, offsetof(struct pod_spec, restart), &restart_policy_shape },
	{ "exit_policy", FIELD_TEXT, offsetof(struct pod_spec, exit_policy), NULL },
	{ "limits", FIELD_OBJECT, offsetof(struct pod_spec, limits), &limits_shape },
	{ "sysctls", FIELD_STRV, offsetof(struct pod_spec, sysctls), NULL },
	{ "security_opt", FIELD_STRV, offsetof(struct pod_spec, security_opt), NULL },
	{ "devices", FIELD_STRV, offsetof(struct pod_spec, devices), NULL },
	{ "shm_size", FIELD_INT, offsetof(struct pod_spec, shm_size), NULL },
	{ "names", FIELD_OBJECT, offsetof(struct pod_spec, names), &name_service_shape },
	{ "cgroup_parent", FIELD_TEXT, offsetof(struct pod_spec, cgroup_parent), NULL },
	{ "hidden", FIELD_BOOL, offsetof(struct pod_spec, hidden), NULL },
	{ "manifest", FIELD_TEXT, offsetof(struct pod_spec, manifest), NULL },
	{ "annotations", FIELD_STRV, offsetof(struct pod_spec, annotations), NULL },
	{ "volumes", FIELD_LIST, offsetof(struct pod_spec, volumes), &pod_volume_shape },
	{ "active_deadline", FIELD_INT, offsetof(struct pod_spec, active_deadline), NULL },
	{ "fs_group", FIELD_INT, offsetof(struct pod_spec, fs_group), NULL },
	{ 0 },
};
const struct shape pod_spec_shape = { sizeof(struct pod_spec), pod_spec_fields };
