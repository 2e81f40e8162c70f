/*
 * record_shapes: one row a field of the records in record.h. A field without a
 * row here is not kept on disk; a row that is taken away makes old files lose
 * that field and nothing else (see fields.h). No lesson: plain data.
 */
#include "store/record_shapes.h"

#include "store/record.h"

#define FIELD(structure, member, type)                                                                       \
	{                                                                                                    \
#member, type, offsetof(struct structure, member), NULL                                      \
	}
#define INSIDE(structure, member, type, shape)                                                               \
	{                                                                                                    \
#member, type, offsetof(struct structure, member), &shape                                    \
	}
#define SHAPE(structure)                                                                                     \
	{                                                                                                    \
		sizeof(struct structure), structure##_fields                                                 \
	}

static const struct field pod_record_fields[] = {
	FIELD(pod_record, id, FIELD_TEXT),
	FIELD(pod_record, created, FIELD_INT),
	FIELD(pod_record, infra_id, FIELD_TEXT),
	FIELD(pod_record, create_command, FIELD_STRV),
	INSIDE(pod_record, spec, FIELD_OBJECT, pod_spec_shape),
	{ 0 },
};

static const struct field ctr_record_fields[] = {
	FIELD(ctr_record, id, FIELD_TEXT),
	FIELD(ctr_record, pod_id, FIELD_TEXT),
	FIELD(ctr_record, created, FIELD_INT),
	FIELD(ctr_record, create_command, FIELD_STRV),
	INSIDE(ctr_record, spec, FIELD_OBJECT, ctr_spec_shape),
	FIELD(ctr_record, args, FIELD_STRV),
	FIELD(ctr_record, env, FIELD_STRV),
	FIELD(ctr_record, workdir, FIELD_TEXT),
	FIELD(ctr_record, user, FIELD_TEXT),
	FIELD(ctr_record, stop_signal, FIELD_TEXT),
	FIELD(ctr_record, image_id, FIELD_TEXT),
	FIELD(ctr_record, image_name, FIELD_TEXT),
	FIELD(ctr_record, layers, FIELD_STRV),
	FIELD(ctr_record, builtin, FIELD_TEXT),
	FIELD(ctr_record, infra, FIELD_BOOL),
	FIELD(ctr_record, hidden_pod, FIELD_BOOL),
	FIELD(ctr_record, net_donor, FIELD_TEXT),
	FIELD(ctr_record, ipc_donor, FIELD_TEXT),
	FIELD(ctr_record, pid_donor, FIELD_TEXT),
	FIELD(ctr_record, uts_donor, FIELD_TEXT),
	FIELD(ctr_record, cgroup_donor, FIELD_TEXT),
	{ 0 },
};

static const struct field ctr_state_fields[] = {
	FIELD(ctr_state, id, FIELD_TEXT),
	FIELD(ctr_state, name, FIELD_TEXT),
	FIELD(ctr_state, created, FIELD_INT),
	FIELD(ctr_state, status, FIELD_TEXT),
	FIELD(ctr_state, pid, FIELD_INT),
	FIELD(ctr_state, start_ticks, FIELD_INT),
	FIELD(ctr_state, started, FIELD_INT),
	FIELD(ctr_state, finished, FIELD_INT),
	FIELD(ctr_state, exit_code, FIELD_INT),
	FIELD(ctr_state, restarts, FIELD_INT),
	FIELD(ctr_state, oom_killed, FIELD_BOOL),
	FIELD(ctr_state, stopped_by_user, FIELD_BOOL),
	FIELD(ctr_state, infra, FIELD_BOOL),
	FIELD(ctr_state, log_lost, FIELD_INT),
	FIELD(ctr_state, error, FIELD_TEXT),
	FIELD(ctr_state, execs, FIELD_STRV),
	FIELD(ctr_state, role, FIELD_TEXT),
	FIELD(ctr_state, up, FIELD_BOOL),
	FIELD(ctr_state, ready, FIELD_BOOL),
	FIELD(ctr_state, waiting, FIELD_TEXT),
	FIELD(ctr_state, message, FIELD_TEXT),
	FIELD(ctr_state, last_started, FIELD_INT),
	FIELD(ctr_state, last_finished, FIELD_INT),
	FIELD(ctr_state, last_exit_code, FIELD_INT),
	FIELD(ctr_state, last_oom_killed, FIELD_BOOL),
	FIELD(ctr_state, last_message, FIELD_TEXT),
	FIELD(ctr_state, ran, FIELD_BOOL),
	FIELD(ctr_state, restart_at, FIELD_INT),
	FIELD(ctr_state, stop_by, FIELD_INT),
	FIELD(ctr_state, kill_at, FIELD_INT),
	FIELD(ctr_state, timeout_at, FIELD_INT),
	FIELD(ctr_state, healthy_since, FIELD_INT),
	FIELD(ctr_state, failures, FIELD_INT),
	{ 0 },
};

static const struct field pod_state_fields[] = {
	FIELD(pod_state, id, FIELD_TEXT),
	FIELD(pod_state, name, FIELD_TEXT),
	FIELD(pod_state, created, FIELD_INT),
	FIELD(pod_state, hidden, FIELD_BOOL),
	FIELD(pod_state, supervisor_pid, FIELD_INT),
	FIELD(pod_state, supervisor_ticks, FIELD_INT),
	FIELD(pod_state, publisher_pid, FIELD_INT),
	FIELD(pod_state, publisher_ticks, FIELD_INT),
	FIELD(pod_state, pasta_pid, FIELD_INT),
	FIELD(pod_state, pasta_ticks, FIELD_INT),
	FIELD(pod_state, ip, FIELD_TEXT),
	FIELD(pod_state, network, FIELD_TEXT),
	FIELD(pod_state, cgroup, FIELD_TEXT),
	INSIDE(pod_state, ctrs, FIELD_LIST, ctr_state_shape),
	INSIDE(pod_state, ports, FIELD_LIST, port_map_shape),
	FIELD(pod_state, phase, FIELD_TEXT),
	FIELD(pod_state, reason, FIELD_TEXT),
	FIELD(pod_state, initialized, FIELD_INT),
	FIELD(pod_state, all_ready, FIELD_INT),
	FIELD(pod_state, terminating, FIELD_BOOL),
	FIELD(pod_state, stopping, FIELD_BOOL),
	FIELD(pod_state, bring_up, FIELD_BOOL),
	FIELD(pod_state, grounded, FIELD_BOOL),
	FIELD(pod_state, deadline_at, FIELD_INT),
	FIELD(pod_state, test_clock, FIELD_INT),
	{ 0 },
};

static const struct field exit_record_fields[] = {
	FIELD(exit_record, started, FIELD_INT),
	FIELD(exit_record, finished, FIELD_INT),
	FIELD(exit_record, exit_code, FIELD_INT),
	FIELD(exit_record, oom_killed, FIELD_BOOL),
	FIELD(exit_record, restarts, FIELD_INT),
	FIELD(exit_record, log_lost, FIELD_INT),
	{ 0 },
};

const struct shape pod_record_shape = SHAPE(pod_record);
const struct shape ctr_record_shape = SHAPE(ctr_record);
const struct shape ctr_state_shape = SHAPE(ctr_state);
const struct shape pod_state_shape = SHAPE(pod_state);
const struct shape exit_record_shape = SHAPE(exit_record);
