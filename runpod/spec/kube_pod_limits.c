/*
 * kube_pod_limits: requests and limits as what cgroups and the OOM killer are told, by the
 * kubelet's rules (qos.h). A request for cpu is a weight; one for memory only decides who
 * is killed first when the machine has none left. Lessons 14 and 22.
 */
#include "spec/kube_pod.h"

#include <stdlib.h>

#include "spec/kube_tree.h"
#include "spec/qos.h"
#include "spec/quantity.h"

/* -1: not there. */
static int64_t amount(const json_t *resources, const char *which, const char *what)
{
	const char *text = kube_text(json_object_get(resources, which), what);
	int64_t value = -1;

	if (text && what[0] == 'c')
		quantity_milli(text, &value);
	else if (text)
		quantity_value(text, &value);
	return value;
}

static struct qos_ctr read_amounts(const json_t *ctr, bool init)
{
	const json_t *resources = json_object_get(ctr, "resources");

	return (struct qos_ctr){ .cpu_request = amount(resources, "requests", "cpu"),
				 .cpu_limit = amount(resources, "limits", "cpu"),
				 .memory_request = amount(resources, "requests", "memory"),
				 .memory_limit = amount(resources, "limits", "memory"),
				 .init = init,
				 .sidecar = init && kube_is_sidecar(ctr) };
}

/* Without a request there is nothing to weigh, and no controller is needed. */
static void set_cgroup(struct limits *limits, int64_t cpu_request, int64_t cpu_limit, int64_t memory_limit)
{
	if (cpu_request > 0)
		limits->cpu_shares = qos_cpu_shares(cpu_request);
	if (cpu_limit > 0)
		limits->cpu_quota = qos_cpu_quota(cpu_limit);
	if (memory_limit > 0)
		limits->memory = memory_limit;
}

/* DOC: pod-limits */
static void set_pod(const json_t *spec, const struct qos_ctr *amounts, int n, struct pod_spec *pod)
{
	const json_t *own = json_object_get(spec, "resources");
	struct qos_sum requests, limits;
	bool cpu = n > 0, memory = n > 0;
	int64_t said;

	/* a sum over containers of which one may use everything would be no limit of the pod */
	for (int i = 0; i < n; i++) {
		cpu = cpu && amounts[i].cpu_limit > 0;
		memory = memory && amounts[i].memory_limit > 0;
	}
	qos_effective(amounts, n, true, &requests);
	qos_effective(amounts, n, false, &limits);
	if ((said = amount(own, "requests", "cpu")) > 0)
		requests.cpu = said;
	if ((said = amount(own, "limits", "cpu")) > 0)
		limits.cpu = said;
	cpu = cpu || said > 0;
	if ((said = amount(own, "limits", "memory")) > 0)
		limits.memory = said;
	memory = memory || said > 0;
	set_cgroup(&pod->limits, requests.cpu, cpu ? limits.cpu : 0, memory ? limits.memory : 0);
}

/* Resources of the pod itself decide alone, where there are some. */
static const char *class_of_pod(const json_t *spec, const struct qos_ctr *amounts, int n)
{
	struct qos_ctr own = read_amounts(spec, false);

	if (own.cpu_request >= 0 || own.memory_request >= 0)
		return qos_class(&own, 1);
	return qos_class(amounts, n);
}

/* Those of all containers, in the order of spec; the caller frees. */
static struct qos_ctr *read_all(const json_t *spec, size_t *ret_n)
{
	const json_t *init = json_object_get(spec, "initContainers");
	const json_t *apps = json_object_get(spec, "containers");
	size_t n_init = json_array_size(init), n = n_init + json_array_size(apps);
	struct qos_ctr *amounts = mem_zalloc((n + 1) * sizeof(*amounts));

	for (size_t i = 0; i < n; i++)
		amounts[i] = i < n_init ? read_amounts(json_array_get(init, i), true)
					: read_amounts(json_array_get(apps, i - n_init), false);
	*ret_n = n;
	return amounts;
}

const char *kube_qos(const json_t *pod)
{
	const json_t *spec = json_object_get(pod, "spec");
	size_t n;
	struct qos_ctr *amounts = read_all(spec, &n);
	const char *class = class_of_pod(spec, amounts, (int)n);

	free(amounts);
	return class;
}

void kube_fill_limits(const json_t *spec, int64_t capacity, struct pod_spec *pod, struct ctr_specs *ctrs)
{
	size_t n;
	struct qos_ctr *amounts = read_all(spec, &n);
	const char *class = class_of_pod(spec, amounts, (int)n);

	for (size_t i = 0; i < ctrs->n; i++) {
		struct limits *limits = &ctrs->v[i].limits;
		int64_t request = amounts[i].memory_request > 0 ? amounts[i].memory_request : 0;

		set_cgroup(limits, amounts[i].cpu_request, amounts[i].cpu_limit, amounts[i].memory_limit);
		limits->oom_score_adj = qos_oom_score_adj(class, request, capacity);
		limits->oom_score_adj_set = true;
	}
	set_pod(spec, amounts, (int)ctrs->n, pod);
	free(amounts);
}
