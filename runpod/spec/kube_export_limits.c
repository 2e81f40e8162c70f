/*
 * kube_export_limits: a container's limits and power in Kubernetes' words, and what has none. Lesson 21.
 */
#include "spec/kube_export.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "spec/kube_tree.h"
#include "spec/quantity.h"

char *kube_size_text(int64_t bytes)
{
	cleanup_free char *plain = text_format("%lld", (long long)bytes);
	char *unit = NULL;

	for (int64_t whole = bytes, step = 0; whole && whole % 1024 == 0 && step < 4; step++) {
		whole /= 1024;
		text_replace(&unit, text_format("%lld%ci", (long long)whole, "KMGT"[step]));
	}
	return unit ? unit : take_ptr(plain);
}

static void set_cpu(json_t *map, int64_t milli)
{
	cleanup_free char *plain = text_format("%lldm", (long long)milli);
	cleanup_free char *text = quantity_canonical(plain);

	kube_set_text(map, "cpu", text);
}

static void set_memory(json_t *map, int64_t bytes)
{
	cleanup_free char *text = kube_size_text(bytes);

	kube_set_text(map, "memory", text);
}

void kube_export_limits(struct kube_writer *writer, const struct ctr_spec *ctr, json_t *to)
{
	const struct limits *from = &ctr->limits;
	int64_t period = from->cpu_period ? from->cpu_period : 100000;
	int64_t cpu = from->cpu_quota > 0 ? from->cpu_quota * 1000 / period : 0;
	int64_t share = from->cpu_shares * 1000 / 1024;
	json_t *limits = json_object(), *requests = json_object(), *resources = json_object();

	if (cpu > 0)
		set_cpu(limits, cpu);
	if (from->memory > 0)
		set_memory(limits, from->memory);
	if (share > 0 && cpu > 0 && share > cpu)
		strv_addf(writer->notes,
			  "container %s: a weight above its limit cannot be asked for: left out", ctr->name);
	else if (share > 0)
		set_cpu(requests, share);
	if (from->memory_low > 0)
		set_memory(requests, from->memory_low);
	if (json_object_size(limits))
		json_object_set(resources, "limits", limits);
	if (json_object_size(requests))
		json_object_set(resources, "requests", requests);
	if (json_object_size(resources))
		json_object_set(to, "resources", resources);
	json_decref(limits);
	json_decref(requests);
	json_decref(resources);
}

static json_t *capability_list(const struct strv *names)
{
	json_t *list = json_array();

	for (size_t i = 0; i < names->n; i++) {
		cleanup_free char *name = text_dup(names->v[i]);

		for (char *c = name; *c; c++)
			*c = (char)toupper((unsigned char)*c);
		json_array_append_new(list, json_string(text_starts(name, "CAP_") ? name + 4 : name));
	}
	return list;
}

static void set_user(struct kube_writer *writer, const struct ctr_spec *ctr, json_t *security)
{
	cleanup_free char *user = ctr->user ? text_ndup(ctr->user, strcspn(ctr->user, ":")) : NULL;
	const char *group = ctr->user ? strchr(ctr->user, ':') : NULL;
	uint64_t uid, gid;

	if (!user || !*user)
		return;
	if (num_u64(user, INT32_MAX, &uid) || (group && num_u64(group + 1, INT32_MAX, &gid))) {
		strv_addf(writer->notes, "container %s: user %s: Kubernetes takes numbers: left out",
			  ctr->name, ctr->user);
		return;
	}
	json_object_set_new(security, "runAsUser", json_integer((json_int_t)uid));
	if (group)
		json_object_set_new(security, "runAsGroup", json_integer((json_int_t)gid));
}

void kube_export_security(struct kube_writer *writer, const struct ctr_spec *ctr, json_t *to)
{
	json_t *security = json_object(), *capabilities = json_object();

	set_user(writer, ctr, security);
	if (ctr->cap_add.n)
		json_object_set_new(capabilities, "add", capability_list(&ctr->cap_add));
	if (ctr->cap_drop.n)
		json_object_set_new(capabilities, "drop", capability_list(&ctr->cap_drop));
	if (json_object_size(capabilities))
		json_object_set(security, "capabilities", capabilities);
	if (ctr->privileged)
		json_object_set_new(security, "privileged", json_true());
	if (ctr->allow_new_privileges)
		json_object_set_new(security, "allowPrivilegeEscalation", json_true());
	if (ctr->read_only)
		json_object_set_new(security, "readOnlyRootFilesystem", json_true());
	if (text_equal(ctr->seccomp, "unconfined"))
		json_object_set_new(security, "seccompProfile", json_pack("{s:s}", "type", "Unconfined"));
	if (json_object_size(security))
		json_object_set(to, "securityContext", security);
	json_decref(capabilities);
	json_decref(security);
}

void kube_export_left_out(struct kube_writer *writer, const struct ctr_spec *ctr)
{
	const struct limits *limits = &ctr->limits;
	const struct {
		bool given;
		const char *option;
	} rows[] = {
		{ ctr->group_add.n, "--group-add" },
		{ ctr->umask, "--umask" },
		{ ctr->init, "--init" },
		{ ctr->auto_remove, "--rm" },
		{ ctr->masks.n || ctr->unmasks.n, "--security-opt mask, unmask" },
		{ ctr->ulimits.n, "--ulimit" },
		{ ctr->devices.n || writer->pod->devices.n, "--device" },
		{ ctr->publish_all, "--publish-all" },
		{ ctr->timeout > 0, "--timeout" },
		{ ctr->shm_size > 0, "--shm-size" },
		{ ctr->labels.n, "--label" },
		{ ctr->annotations.n, "--annotation" },
		{ ctr->depends_on.n, "--requires" },
		{ limits->memory_swap, "--memory-swap" },
		{ limits->cpuset_cpus || limits->cpuset_mems, "--cpuset-cpus, --cpuset-mems" },
		{ limits->pids, "--pids-limit" },
		{ limits->oom_score_adj_set, "--oom-score-adj" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].given)
			strv_addf(writer->notes, "container %s: %s has no words in Kubernetes: left out",
				  ctr->name, rows[i].option);
}
