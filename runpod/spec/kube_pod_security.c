/*
 * kube_pod_security: who a container runs as. The pod's securityContext speaks for all, a container's
 * own goes before it, field by field.
 *
 * Kubernetes lets a program gain power by execve unless told otherwise, and
 * filters no system calls; here it is the other way round, as for every container of this
 * runtime: a manifest that wants that says so. See no_new_privs in prctl(2). Lesson 18.
 */
#include "spec/kube_pod.h"

#include <stdlib.h>
#include <string.h>

#include "spec/kube_tree.h"

/* The container's word, else the pod's. */
static const json_t *merged(const json_t *spec, const json_t *ctr, const char *key)
{
	const json_t *own = json_object_get(json_object_get(ctr, "securityContext"), key);

	return own ? own : json_object_get(json_object_get(spec, "securityContext"), key);
}

/* "USER:GROUP"; ":GROUP" is the image's user in that group. */
static char *user_text(const json_t *user, const json_t *group)
{
	struct buf text = { 0 };

	if (json_is_integer(user))
		buf_format(&text, "%lld", (long long)json_integer_value(user));
	if (json_is_integer(group))
		buf_format(&text, ":%lld", (long long)json_integer_value(group));
	return text.data;
}

static void add_groups(const json_t *spec, struct ctr_spec *ctr)
{
	const json_t *security = json_object_get(spec, "securityContext"), *group;
	size_t i;

	json_array_foreach(json_object_get(security, "supplementalGroups"), i, group)
	{
		strv_addf(&ctr->group_add, "%lld", (long long)json_integer_value(group));
	}
	if (json_object_get(security, "fsGroup"))
		strv_addf(&ctr->group_add, "%lld", (long long)kube_int(security, "fsGroup", 0));
}

void kube_fill_security(const json_t *spec, const json_t *from, struct ctr_spec *ctr)
{
	const json_t *own = json_object_get(from, "securityContext");
	const char *seccomp = kube_text(merged(spec, from, "seccompProfile"), "type");

	ctr->user = user_text(merged(spec, from, "runAsUser"), merged(spec, from, "runAsGroup"));
	add_groups(spec, ctr);
	ctr->run_as_non_root = json_is_true(merged(spec, from, "runAsNonRoot"));
	kube_strings(kube_get(own, "capabilities.add"), &ctr->cap_add);
	kube_strings(kube_get(own, "capabilities.drop"), &ctr->cap_drop);
	ctr->privileged = kube_true(own, "privileged");
	ctr->allow_new_privileges = kube_true(own, "allowPrivilegeEscalation");
	ctr->read_only = kube_true(own, "readOnlyRootFilesystem");
	if (text_equal(seccomp, "Unconfined"))
		ctr->seccomp = text_dup("unconfined");
}
