/*
 * kube_check_ctr: ports, probes, power and resources of a container. Lesson 21.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "spec/kube_tree.h"
#include "spec/quantity.h"

static const char *const ctr_lists[] = { "initContainers", "containers" };

/* One port. taken: "TCP/0.0.0.0/8080" of all before it in the pod; names: of this container. */
static void check_port(const struct kube_reader *reader, const json_t *port, bool host_network,
		       struct strv *taken, struct strv *names, const char *path)
{
	cleanup_free char *name_place = text_format("%s.name", path);
	cleanup_free char *host_place = text_format("%s.hostPort", path);
	cleanup_free char *ctr_place = text_format("%s.containerPort", path);
	const char *name = kube_text(port, "name"), *ip = kube_text(port, "hostIP");
	int64_t host = kube_int(port, "hostPort", 0), inside = kube_int(port, "containerPort", 0);
	cleanup_free char *door =
		text_format("%s/%s/%lld", kube_text(port, "protocol"), ip ? ip : "", (long long)host);

	if (name && strv_has(names, name))
		kube_duplicate(reader, name_place, name);
	else if (name)
		strv_add(names, name);
	if (host_network && host && inside && host != inside)
		kube_invalid(reader, ctr_place, json_object_get(port, "containerPort"),
			     "must match `hostPort` when `hostNetwork` is true");
	if (host && strv_has(taken, door))
		kube_duplicate(reader, host_place, door);
	else if (host)
		strv_add(taken, door);
}

void kube_check_ports(const struct kube_reader *reader, const json_t *spec, const char *path)
{
	bool host_network = kube_true(spec, "hostNetwork");
	struct strv taken = { 0 };
	const json_t *ctr, *port;
	size_t i, j;

	for (int list = 0; list < 2; list++)
		json_array_foreach(json_object_get(spec, ctr_lists[list]), i, ctr)
		{
			struct strv names = { 0 };

			json_array_foreach(json_object_get(ctr, "ports"), j, port)
			{
				cleanup_free char *place =
					text_format("%s.%s[%zu].ports[%zu]", path, ctr_lists[list], i, j);

				check_port(reader, port, host_network, &taken, &names, place);
			}
			strv_free(&names);
		}
	strv_free(&taken);
}

/* A probe or hook is made from one handler. */
static void check_handler(const struct kube_reader *reader, const json_t *ctr, const json_t *from,
			  const char *path)
{
	static const char *const kinds[] = { "exec", "httpGet", "tcpSocket", "sleep", "grpc" };
	const json_t *port, *other;
	int n = 0;
	size_t i;

	for (int kind = 0; kind < 5; kind++) {
		cleanup_free char *place = text_format("%s.%s", path, kinds[kind]);
		cleanup_free char *port_place = text_format("%s.port", place);
		const json_t *handler = json_object_get(from, kinds[kind]);
		bool found = false;

		if (handler && n++)
			kube_forbidden(reader, place, "may not specify more than 1 handler type");
		port = json_object_get(handler, "port");
		if (!json_is_string(port) || !json_string_length(port))
			continue;
		json_array_foreach(json_object_get(ctr, "ports"), i, other)
		{
			found = found || json_equal(port, json_object_get(other, "name"));
		}
		if (!found)
			kube_invalid(reader, port_place, port, "couldn't find port with that name in ports");
	}
	if (!n && json_is_object(from))
		kube_required(reader, path, "must specify a handler type");
}

static void check_once(const struct kube_reader *reader, const json_t *probe, const char *path)
{
	cleanup_free char *place = text_format("%s.successThreshold", path);

	if (kube_int(probe, "successThreshold", 1) != 1)
		kube_invalid(reader, place, json_object_get(probe, "successThreshold"), "must be 1");
}

void kube_check_probes(const struct kube_reader *reader, const json_t *ctr, bool init, const char *path)
{
	static const char *const keys[] = { "livenessProbe", "readinessProbe", "startupProbe",
					    "lifecycle.postStart", "lifecycle.preStop" };

	for (int key = 0; key < 5; key++) {
		cleanup_free char *place = text_format("%s.%s", path, keys[key]);
		cleanup_free char *grace = text_format("%s.terminationGracePeriodSeconds", place);
		const json_t *from = kube_get(ctr, keys[key]);

		if (from && init)
			kube_forbidden(reader, place,
				       "may not be set for init containers without restartPolicy=Always");
		if (from)
			check_handler(reader, ctr, from, place);
		if (key == 0 || key == 2)
			check_once(reader, from, place);
		if (key == 1 && json_object_get(from, "terminationGracePeriodSeconds"))
			kube_invalid(reader, grace, json_object_get(from, "terminationGracePeriodSeconds"),
				     "must not be set for readinessProbes");
	}
}

static const json_t *merged(const json_t *spec, const json_t *security, const char *key)
{
	const json_t *own = json_object_get(security, key);

	return own ? own : json_object_get(json_object_get(spec, "securityContext"), key);
}

void kube_check_security(const struct kube_reader *reader, const json_t *spec, const json_t *ctr,
			 const char *path)
{
	cleanup_free char *place = text_format("%s.securityContext", path);
	cleanup_free char *user_place = text_format("%s.runAsUser", place);
	const json_t *security = json_object_get(ctr, "securityContext"), *capability;
	const json_t *user = merged(spec, security, "runAsUser");
	bool no_gain = json_is_false(json_object_get(security, "allowPrivilegeEscalation"));
	size_t i;

	if (no_gain && kube_true(security, "privileged"))
		kube_invalid(reader, place, security,
			     "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
	json_array_foreach(kube_get(security, "capabilities.add"), i, capability)
	{
		if (no_gain && (text_equal(json_string_value(capability), "SYS_ADMIN") ||
				text_equal(json_string_value(capability), "CAP_SYS_ADMIN")))
			kube_invalid(reader, place, security,
				     "cannot set `allowPrivilegeEscalation` to false and "
				     "`capabilities.Add` CAP_SYS_ADMIN");
	}
	if (json_is_true(merged(spec, security, "runAsNonRoot")) && json_is_integer(user) &&
	    !json_integer_value(user))
		kube_invalid(reader, user_place, user, "container's runAsUser breaks non-root policy");
}

/* cpu and memory are known; disk is counted by nobody; anything else (devices, huge pages) is not there. */
static void check_amount(const struct kube_reader *reader, const char *name, const json_t *value, bool claim,
			 const char *path)
{
	const char *text = json_string_value(value);
	int64_t amount;

	if (claim ? strcmp(name, "storage")
		  : strcmp(name, "cpu") && strcmp(name, "memory") && strcmp(name, "ephemeral-storage"))
		kube_forbidden(reader, path,
			       claim ? "not supported here: storage is there"
				     : "not supported here: cpu and memory are there");
	else if (text && *text == '-')
		kube_invalid(reader, path, value, "must be greater than or equal to 0");
	else if (text && quantity_milli(text, &amount) == -ERANGE && quantity_value(text, &amount))
		kube_invalid(reader, path, value, "is too large");
}

static bool is_more(const char *request, const char *limit)
{
	int64_t a, b;

	/* thousandths are exact, whole units reach further */
	if (quantity_milli(request, &a) || quantity_milli(limit, &b))
		if (quantity_value(request, &a) || quantity_value(limit, &b))
			return false;
	return a > b;
}

void kube_check_resources(const struct kube_reader *reader, const json_t *resources, bool claim,
			  const char *path)
{
	static const char *const maps[] = { "limits", "requests" };
	const json_t *limits = json_object_get(resources, "limits");
	const char *name;
	json_t *value;

	for (int map = 0; map < 2; map++)
		json_object_foreach(json_object_get(resources, maps[map]), name, value)
		{
			cleanup_free char *place = text_format("%s.%s[%s]", path, maps[map], name);
			const char *limit = kube_text(limits, name);

			if (!map ||
			    !text_equal(
				    limit,
				    json_string_value(
					    value))) /* a request that is the limit's copy was looked at with it */
				check_amount(reader, name, value, claim, place);
			if (map && limit && json_is_string(value) &&
			    is_more(json_string_value(value), limit)) {
				cleanup_free char *requests = text_format("%s.requests", path);
				cleanup_free char *why = text_format(
					"must be less than or equal to %s limit of %s", name, limit);

				kube_invalid(reader, requests, value, why);
			}
		}
}
