/*
 * kube_pod_probe: probes and hooks of a manifest as data for the supervisor. Lesson 22.
 */
#include "spec/kube_pod.h"

#include <stdlib.h>
#include <string.h>

#include "spec/kube_tree.h"

/* A number, or the name of one of the container's ports; 0: there is none of that name. */
static int64_t port_number(const json_t *ctr, const json_t *value)
{
	const json_t *port;
	size_t i;

	if (json_is_integer(value))
		return json_integer_value(value);
	json_array_foreach(json_object_get(ctr, "ports"), i, port)
	{
		if (text_equal(kube_text(port, "name"), json_string_value(value)))
			return kube_int(port, "containerPort", 0);
	}
	return 0;
}

static void set_http(const json_t *ctr, const json_t *http, struct handler_spec *handler)
{
	const json_t *header;
	const char *path = kube_text(http, "path");
	size_t i;

	handler->kind = text_dup("http");
	handler->path = text_format("%s%s", path && *path == '/' ? "" : "/", path ? path : "");
	handler->host = text_dup(kube_text(http, "host"));
	handler->port = port_number(ctr, json_object_get(http, "port"));
	json_array_foreach(json_object_get(http, "httpHeaders"), i, header)
	{
		strv_addf(&handler->headers, "%s=%s", kube_text(header, "name"),
			  kube_text(header, "value") ? kube_text(header, "value") : "");
	}
}

static void set_handler(const json_t *ctr, const json_t *from, struct handler_spec *handler)
{
	const json_t *exec = json_object_get(from, "exec"), *http = json_object_get(from, "httpGet");
	const json_t *tcp = json_object_get(from, "tcpSocket"), *sleep = json_object_get(from, "sleep");

	if (exec) {
		handler->kind = text_dup("exec");
		kube_strings(json_object_get(exec, "command"), &handler->command);
	} else if (http) {
		set_http(ctr, http, handler);
	} else if (tcp) {
		handler->kind = text_dup("tcp");
		handler->host = text_dup(kube_text(tcp, "host"));
		handler->port = port_number(ctr, json_object_get(tcp, "port"));
	} else if (sleep) {
		handler->kind = text_dup("sleep");
		handler->seconds = kube_int(sleep, "seconds", 0);
	}
}

void kube_fill_probe(const json_t *ctr, const char *key, struct probe_spec *probe)
{
	const json_t *from = json_object_get(ctr, key);

	if (!from)
		return;
	set_handler(ctr, from, &probe->how);
	probe->initial_delay = kube_int(from, "initialDelaySeconds", 0);
	probe->period = kube_int(from, "periodSeconds", 10);
	probe->timeout = kube_int(from, "timeoutSeconds", 1);
	probe->success = kube_int(from, "successThreshold", 1);
	probe->failure = kube_int(from, "failureThreshold", 3);
	probe->grace = kube_int(from, "terminationGracePeriodSeconds", -1);
}

void kube_fill_hook(const json_t *ctr, const char *key, struct handler_spec *handler)
{
	const json_t *from = json_object_get(json_object_get(ctr, "lifecycle"), key);

	if (from)
		set_handler(ctr, from, handler);
}
