/*
 * kube_check_pod: what must fit together in a pod. Lesson 21.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "spec/kube_tree.h"

#define CTRS_MAX 500 /* of one list; each is some processes, mounts and records here, before the first runs */

static const char *const ctr_lists[] = { "initContainers", "containers" };

/* Whether the lists are so long that nothing else about them matters. */
static bool too_many(const struct kube_reader *reader, const json_t *spec, const char *path)
{
	bool found = false;

	for (int list = 0; list < 2; list++) {
		cleanup_free char *place = text_format("%s.%s", path, ctr_lists[list]);
		size_t n = json_array_size(json_object_get(spec, ctr_lists[list]));

		if (n > CTRS_MAX)
			kube_note(reader, place, "Too many: %zu: must have at most %d items", n, CTRS_MAX);
		found = found || n > CTRS_MAX;
	}
	return found;
}

/* Every container of the pod has a name of its own, init containers too. */
static void check_names(const struct kube_reader *reader, const json_t *spec, const char *path)
{
	struct strv seen = { 0 };
	const json_t *ctr;
	size_t i;

	for (int list = 0; list < 2; list++)
		json_array_foreach(json_object_get(spec, ctr_lists[list]), i, ctr)
		{
			cleanup_free char *place = text_format("%s.%s[%zu].name", path, ctr_lists[list], i);
			const char *name = kube_text(ctr, "name");

			if (name && strv_has(&seen, name))
				kube_duplicate(reader, place, name);
			else if (name)
				strv_add(&seen, name);
		}
	strv_free(&seen);
}

static void check_dns(const struct kube_reader *reader, const json_t *spec, const char *path)
{
	cleanup_free char *place = text_format("%s.dnsConfig.nameservers", path);
	const json_t *servers = kube_get(spec, "dnsConfig.nameservers");
	const char *policy = kube_text(spec, "dnsPolicy");

	if (policy && !strcmp(policy, "None") && !json_array_size(servers))
		kube_required(reader, place,
			      "must provide at least one DNS nameserver when `dnsPolicy` is None");
	if (json_array_size(servers) > 3)
		kube_invalid(reader, place, servers, "must not have more than 3 nameservers");
}

/* What is the host's cannot be set for the pod, nor shared in it once more. */
static void check_host(const struct kube_reader *reader, const json_t *spec, const char *path)
{
	cleanup_free char *share = text_format("%s.shareProcessNamespace", path);
	const json_t *sysctl;
	struct strv seen = { 0 };
	size_t i;

	if (kube_true(spec, "hostPID") && kube_true(spec, "shareProcessNamespace"))
		kube_invalid(reader, share, json_object_get(spec, "shareProcessNamespace"),
			     "ShareProcessNamespace and HostPID cannot both be enabled");
	json_array_foreach(kube_get(spec, "securityContext.sysctls"), i, sysctl)
	{
		cleanup_free char *place = text_format("%s.securityContext.sysctls[%zu].name", path, i);
		const char *name = kube_text(sysctl, "name");
		bool of_net = name && text_starts(name, "net.");

		if (name && strv_has(&seen, name))
			kube_duplicate(reader, place, name);
		else if (name)
			strv_add(&seen, name);
		if (name && kube_true(spec, of_net ? "hostNetwork" : "hostIPC"))
			kube_invalid(reader, place, json_object_get(sysctl, "name"),
				     of_net ? "may not be specified when 'hostNetwork' is true"
					    : "may not be specified when 'hostIPC' is true");
	}
	strv_free(&seen);
}

static void check_ctr(const struct kube_reader *reader, const json_t *spec, const json_t *ctr, bool init,
		      const char *path)
{
	cleanup_free char *restart = text_format("%s.restartPolicy", path);
	cleanup_free char *resources = text_format("%s.resources", path);
	const char *policy = kube_text(ctr, "restartPolicy");

	if (!init && policy)
		kube_forbidden(reader, restart, "may not be set for non-init containers");
	else if (policy && !kube_is_sidecar(ctr))
		kube_note(reader, restart, "Unsupported value: \"%s\": supported values: \"Always\"", policy);
	kube_check_env(reader, spec, ctr, path);
	kube_check_mounts(reader, spec, ctr, path);
	kube_check_probes(reader, ctr, init && !kube_is_sidecar(ctr), path);
	kube_check_security(reader, spec, ctr, path);
	kube_check_resources(reader, json_object_get(ctr, "resources"), false, resources);
}

static void check_signals(const struct kube_reader *reader, const json_t *spec, const json_t *ctr,
			  const char *path)
{
	cleanup_free char *place = text_format("%s.lifecycle.stopSignal", path);

	if (kube_get(ctr, "lifecycle.stopSignal") && !kube_get(spec, "os.name"))
		kube_forbidden(reader, place, "may not be set for containers with empty `spec.os.name`");
}

void kube_check_pod(const struct kube_reader *reader, const json_t *spec, const char *path)
{
	cleanup_free char *resources = text_format("%s.resources", path);
	const json_t *ctr;
	size_t i;

	if (too_many(reader, spec, path))
		return;
	check_names(reader, spec, path);
	check_dns(reader, spec, path);
	check_host(reader, spec, path);
	kube_check_volumes(reader, spec, path);
	kube_check_ports(reader, spec, path);
	kube_check_resources(reader, json_object_get(spec, "resources"), false, resources);
	for (int list = 0; list < 2; list++)
		json_array_foreach(json_object_get(spec, ctr_lists[list]), i, ctr)
		{
			cleanup_free char *place = text_format("%s.%s[%zu]", path, ctr_lists[list], i);

			if (!json_is_object(ctr))
				continue;
			check_ctr(reader, spec, ctr, list == 0, place);
			check_signals(reader, spec, ctr, place);
		}
}
