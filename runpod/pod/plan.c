/*
 * plan: from records to operations; plan.h says why it is data. Lesson 16 has
 * the same list as a sequence of calls, lesson 21 makes it from a manifest.
 *
 * The order is the argument of the whole runtime: a process is born into its
 * cgroup, so the cgroup comes first; a port that is taken must stop everything
 * before a process exists; the network is laid while the child builds its root;
 * and only the last operation lets the program run.
 */
#include "pod/plan.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "spec/limits.h"

#define DEFAULT_PIDS 2048 /* podman's: a fork bomb stays in its container */

const char *op_name(enum op_kind kind)
{
	static const char *const names[OP_KINDS] = {
		"cgroup", "limit", "volumes", "streams", "listen", "lease",   "bridge",
		"spawn",  "lo",	   "local",   "attach",	 "pasta",  "publish", "go",
	};

	return names[kind];
}

static void add(struct plan *plan, enum op_kind kind, const char *object, const char *key, char *value)
{
	plan->v = mem_realloc(plan->v, (plan->n + 1) * sizeof(*plan->v));
	plan->v[plan->n++] = (struct op){ kind, text_dup(object), text_dup(key), value };
}

char *plan_group(const struct plan_facts *facts, const struct pod_record *pod, const char *ctr_id)
{
	const char *parent = pod->spec.cgroup_parent ? pod->spec.cgroup_parent : "runpod";

	if (!facts->cgroup_base)
		return NULL;
	while (*parent == '/')
		parent++;
	return text_format("%s%s%s/%s%s%s", facts->cgroup_base, *facts->cgroup_base ? "/" : "", parent,
			   pod->id, ctr_id ? "/" : "", ctr_id ? ctr_id : "");
}

char *plan_helpers(const struct plan_facts *facts, const struct pod_record *pod, const char *ctr_id)
{
	cleanup_free char *group = plan_group(facts, pod, ctr_id);

	return group ? text_format("%s-helpers", group) : NULL;
}

/* The operations that set limits on group; there is none where there is no cgroup: run.c refuses a
 * limit then, by the operation's failing. */
static void add_limits(struct plan *plan, const char *group, const struct limits *limits)
{
	if (limits->memory > 0)
		add(plan, OP_LIMIT, group, "memory.max", text_format("%lld", (long long)limits->memory));
	if (limits->memory_low > 0)
		add(plan, OP_LIMIT, group, "memory.low", text_format("%lld", (long long)limits->memory_low));
	if (limits->memory_swap > 0) /* cgroup v2 counts swap alone, the flag counts both */
		add(plan, OP_LIMIT, group, "memory.swap.max",
		    text_format("%lld", (long long)(limits->memory_swap - limits->memory)));
	if (limits->cpu_quota > 0)
		add(plan, OP_LIMIT, group, "cpu.max", limits_cpu_max(limits->cpu_quota, limits->cpu_period));
	if (limits->cpu_shares > 0)
		add(plan, OP_LIMIT, group, "cpu.weight",
		    text_format("%lld", (long long)limits_cpu_weight(limits->cpu_shares)));
	if (limits->cpuset_cpus)
		add(plan, OP_LIMIT, group, "cpuset.cpus", text_dup(limits->cpuset_cpus));
	if (limits->cpuset_mems)
		add(plan, OP_LIMIT, group, "cpuset.mems", text_dup(limits->cpuset_mems));
	if (limits->pids > 0)
		add(plan, OP_LIMIT, group, "pids.max", text_format("%lld", (long long)limits->pids));
}

/* One namespace of a container, from what was asked for and what the pod shares. */
static struct ns_part part_of(const struct pod_record *pod, const struct ctr_record *ctr, const char *kind,
			      const struct ns_choice *choice, const struct ns_choice *infra_choice,
			      const char *donor)
{
	const char *mode = ctr->infra ? infra_choice->mode : choice->mode;
	bool shared = pod->infra_id && !ctr->infra && strv_has(&pod->spec.share, kind);

	if (text_equal(mode, "host"))
		return (struct ns_part){ NS_HOST, NULL };
	if (text_equal(mode, "ns"))
		return (struct ns_part){ NS_PATH, ctr->infra ? infra_choice->arg : choice->arg };
	if (text_equal(mode, "container"))
		return (struct ns_part){ NS_DONOR, donor };
	if (shared && (!mode || text_equal(mode, "pod") || text_equal(mode, "default")))
		return (struct ns_part){ text_equal(infra_choice->mode, "host") ? NS_HOST : NS_INFRA, NULL };
	return (struct ns_part){ NS_NEW, NULL };
}

/* DOC: who-joins-what */
void plan_namespaces(const struct pod_record *pod, const struct ctr_record *ctr, struct ns_parts *ret_parts)
{
	static const struct ns_choice none;
	const struct ctr_spec *spec = &ctr->spec;

	ret_parts->net = part_of(pod, ctr, "net", &spec->net, &pod->spec.net, ctr->net_donor);
	ret_parts->ipc = part_of(pod, ctr, "ipc", &spec->ipc, &pod->spec.ipc, ctr->ipc_donor);
	ret_parts->uts = part_of(pod, ctr, "uts", &spec->uts, &pod->spec.uts, ctr->uts_donor);
	ret_parts->pid = part_of(pod, ctr, "pid", &spec->pid, &pod->spec.pid, ctr->pid_donor);
	ret_parts->cgroup = part_of(pod, ctr, "cgroup", &spec->cgroupns, &none, ctr->cgroup_donor);
	/* an infra that nobody shares a pid or cgroup namespace with needs none of its own */
	if (ctr->infra && !strv_has(&pod->spec.share, "pid"))
		ret_parts->pid = (struct ns_part){ NS_HOST, NULL };
	if (ctr->infra && !strv_has(&pod->spec.share, "cgroup"))
		ret_parts->cgroup = (struct ns_part){ NS_HOST, NULL };
}

const char *plan_network(const struct pod_record *pod, const struct ctr_record *ctr,
			 const struct plan_facts *facts)
{
	const char *mode = ctr->infra ? pod->spec.net.mode : ctr->spec.net.mode;

	if (text_equal(mode, "none") || text_equal(mode, "bridge") || text_equal(mode, "pasta"))
		return mode;
	if (!facts->rootless)
		return "bridge";
	return facts->pasta ? "pasta" : "none";
}

/* The operations that give a new network namespace its network, before and after its holder is born. */
static void add_network_before(struct plan *plan, const char *network, const char *holder)
{
	if (strcmp(network, "bridge"))
		return;
	add(plan, OP_LEASE, holder, NULL, NULL);
	add(plan, OP_BRIDGE, holder, NULL, NULL);
}

static void add_network_after(struct plan *plan, const char *network, const char *holder)
{
	if (!strcmp(network, "bridge"))
		add(plan, OP_ATTACH, holder, NULL, NULL);
	else if (!strcmp(network, "pasta")) {
		add(plan, OP_LO, holder, NULL, NULL);
		add(plan, OP_PASTA, holder, NULL, NULL);
	} else
		add(plan, OP_LOCAL, holder, NULL, NULL);
}

void plan_pod(const struct pod_record *pod, const struct plan_facts *facts, struct plan *ret_plan)
{
	cleanup_free char *group = plan_group(facts, pod, NULL);

	if (group)
		add(ret_plan, OP_CGROUP, group, NULL, NULL);
	add_limits(ret_plan, group ? group : "", &pod->spec.limits);
	if (pod->spec.volumes.n)
		add(ret_plan, OP_VOLUMES, pod->id, NULL, NULL);
}

void plan_ctr(const struct pod_record *pod, const struct ctr_record *ctr, const struct plan_facts *facts,
	      struct plan *ret_plan)
{
	cleanup_free char *group = plan_group(facts, pod, ctr->id);
	cleanup_free char *helpers = plan_helpers(facts, pod, ctr->id);
	bool owns, publishes;
	const char *network = plan_network(pod, ctr, facts);
	const struct port_list *ports = ctr->infra ? &pod->spec.ports : &ctr->spec.ports;
	struct limits limits = ctr->spec.limits;
	struct ns_parts parts;

	plan_namespaces(pod, ctr, &parts);
	if (!limits.pids && facts->pids_controller && !ctr->infra)
		limits.pids = DEFAULT_PIDS;
	if (group)
		add(ret_plan, OP_CGROUP, group, NULL, NULL);
	add_limits(ret_plan, group ? group : "", &limits);
	if (pod->spec.manifest && limits.memory > 0) /* as the kubelet: all of it goes, or nothing */
		add(ret_plan, OP_LIMIT, group ? group : "", "memory.oom.group", text_dup("1"));
	if (!ctr->infra)
		add(ret_plan, OP_STREAMS, ctr->id, NULL, NULL);
	owns = parts.net.source == NS_NEW;
	publishes = ports->n && (owns || parts.net.source == NS_PATH);
	if (publishes)
		add(ret_plan, OP_LISTEN, ctr->id, NULL, NULL);
	if (helpers && (publishes || (owns && !strcmp(network, "pasta"))))
		add(ret_plan, OP_CGROUP, helpers, NULL, NULL); /* for the publisher and pasta */
	if (owns)
		add_network_before(ret_plan, network, ctr->id);
	add(ret_plan, OP_SPAWN, ctr->id, NULL, NULL);
	if (owns)
		add_network_after(ret_plan, network, ctr->id);
	if (publishes)
		add(ret_plan, OP_PUBLISH, ctr->id, NULL, NULL);
	add(ret_plan, OP_GO, ctr->id, NULL, NULL);
}

void plan_print(const struct plan *plan, struct buf *ret_text)
{
	for (size_t i = 0; i < plan->n; i++) {
		const struct op *op = &plan->v[i];

		buf_format(ret_text, "%s %s", op_name(op->kind), op->object);
		if (op->key)
			buf_format(ret_text, " %s %s", op->key, op->value);
		buf_text(ret_text, "\n");
	}
}

void plan_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->n; i++) {
		free(plan->v[i].object);
		free(plan->v[i].key);
		free(plan->v[i].value);
	}
	free(plan->v);
	*plan = (struct plan){ 0 };
}
