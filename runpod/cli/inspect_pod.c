/*
 * inspect_pod: a pod as JSON, with podman's keys.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/inspect.h"
#include "cli/show.h"

void inspect_limits(json_t *object, const struct limits *limits)
{
	json_object_set_new(object, "Memory", json_integer(limits->memory));
	json_object_set_new(object, "MemoryReservation", json_integer(limits->memory_low));
	json_object_set_new(object, "MemorySwap", json_integer(limits->memory_swap));
	json_object_set_new(
		object, "NanoCpus",
		json_integer(limits->cpu_period ? limits->cpu_quota * 1000000000 / limits->cpu_period : 0));
	json_object_set_new(object, "CpuQuota", json_integer(limits->cpu_quota));
	json_object_set_new(object, "CpuPeriod", json_integer(limits->cpu_period));
	json_object_set_new(object, "CpuShares", json_integer(limits->cpu_shares));
	json_object_set_new(object, "CpusetCpus", show_text(limits->cpuset_cpus));
	json_object_set_new(object, "CpusetMems", show_text(limits->cpuset_mems));
	json_object_set_new(object, "PidsLimit", json_integer(limits->pids ? limits->pids : 2048));
	json_object_set_new(object, "OomScoreAdj", json_integer(limits->oom_score_adj));
}

static json_t *infra_config(const struct pod_view *pod)
{
	const struct pod_spec *spec = &pod->record.spec;
	const struct port_list *ports = pod->state.ports.n ? &pod->state.ports : &spec->ports;
	const char *network = pod->state.network ? pod->state.network : spec->net.mode;
	json_t *config = json_object();

	json_object_set_new(config, "PortBindings", show_port_map(ports));
	json_object_set_new(config, "HostNetwork", json_boolean(text_equal(spec->net.mode, "host")));
	json_object_set_new(config, "StaticIP", json_string(""));
	json_object_set_new(config, "StaticMAC", json_string(""));
	json_object_set_new(config, "NoManageResolvConf", json_false());
	json_object_set_new(config, "DNSServer", show_list(&spec->names.servers));
	json_object_set_new(config, "DNSSearch", show_list(&spec->names.search));
	json_object_set_new(config, "DNSOption", show_list(&spec->names.options));
	json_object_set_new(config, "NoManageHosts", json_boolean(spec->names.no_hosts));
	json_object_set_new(config, "HostAdd", show_list(&spec->names.hosts));
	json_object_set_new(config, "Networks", network ? json_pack("[s]", network) : json_array());
	json_object_set_new(config, "NetworkOptions", json_null());
	json_object_set_new(config, "pid_ns", show_text(spec->pid.mode ? spec->pid.mode : "private"));
	json_object_set_new(config, "uts_ns", show_text(spec->uts.mode ? spec->uts.mode : "private"));
	return config;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static json_t *shared(const struct pod_spec *spec)
{
	struct strv sorted = { 0 };
	json_t *list;

	strv_copy(&sorted, &spec->share);
	if (sorted.n)
		qsort(sorted.v, sorted.n, sizeof(*sorted.v), by_text);
	list = show_list(&sorted);
	strv_free(&sorted);
	return list;
}

static json_t *containers(const struct pod_view *pod)
{
	json_t *list = json_array();

	for (size_t i = 0; i < pod->n; i++)
		json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "Id", show_text(pod->ctrs[i].now.id),
						      "Name", show_text(pod->ctrs[i].now.name), "State",
						      show_text(pod->ctrs[i].now.status)));
	return list;
}

static char *restart_text(const struct restart_policy *restart)
{
	if (restart->tries)
		return text_format("%s:%d", restart->name, (int)restart->tries);
	return text_dup(restart->name ? restart->name : "no");
}

json_t *inspect_pod(struct pod_view *pod)
{
	const struct pod_spec *spec = &pod->record.spec;
	const struct ctr_view *infra = pod_view_infra(pod);
	json_t *object = json_object();

	json_object_set_new(object, "Id", show_text(pod->id));
	json_object_set_new(object, "Name", show_text(pod->name));
	json_object_set_new(object, "Namespace", json_string(""));
	json_object_set_new(object, "Created", show_time(pod->created));
	json_object_set_new(object, "CreateCommand", show_list(&pod->record.create_command));
	json_object_set_new(object, "ExitPolicy",
			    show_text(spec->exit_policy ? spec->exit_policy : "continue"));
	json_object_set_new(object, "State", show_text(pod_view_status(pod)));
	json_object_set_new(object, "Hostname", show_text(spec->hostname ? spec->hostname : pod->name));
	json_object_set_new(object, "Labels", show_map(&spec->labels));
	json_object_set_new(object, "CreateCgroup", json_true());
	json_object_set_new(object, "CgroupParent",
			    show_text(spec->cgroup_parent ? spec->cgroup_parent : "runpod"));
	json_object_set_new(object, "CgroupPath", show_text(pod->state.cgroup));
	json_object_set_new(object, "CreateInfra", json_boolean(!spec->no_infra));
	json_object_set_new(object, "InfraContainerID", show_text(infra ? infra->now.id : NULL));
	json_object_set_new(object, "InfraConfig", infra ? infra_config(pod) : json_null());
	json_object_set_new(object, "SharedNamespaces", shared(spec));
	json_object_set_new(object, "NumContainers", json_integer((json_int_t)pod->n));
	json_object_set_new(object, "Containers", containers(pod));
	json_object_set_new(object, "RestartPolicy", show_take(restart_text(&spec->restart)));
	inspect_limits(object, &spec->limits);
	json_object_set_new(object, "security_opt", show_list(&spec->security_opt));
	return object;
}
