/*
 * kube_describe_ctr: containers as describe prints them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/kube_describe.h"
#include "cli/kube_objects.h"

static json_t *find(const json_t *list, const char *name)
{
	json_t *one;
	size_t i;

	json_array_foreach((json_t *)list, i, one)
	{
		if (text_equal(kubectl_text(one, "name"), name))
			return one;
	}
	return NULL;
}

/* "80/TCP, 443/TCP" of the member key of each port. */
static void print_ports(const json_t *ctr, const char *title, const char *key)
{
	struct buf text = { 0 };
	char name[16];
	json_t *port;
	size_t i;

	json_array_foreach(json_object_get(ctr, "ports"), i, port)
	{
		buf_format(&text, "%s%" JSON_INTEGER_FORMAT "/%s", i ? ", " : "",
			   json_integer_value(json_object_get(port, key)),
			   kubectl_text(port, "protocol") ? kubectl_text(port, "protocol") : "TCP");
	}
	snprintf(name, sizeof(name), "%s%s", title, i > 1 ? "s" : "");
	kubectl_line(4, name, "%s", text.len ? text.data : "<none>");
	buf_free(&text);
}

static void print_words(const json_t *ctr, const char *title, const char *key)
{
	json_t *word;
	size_t i;

	if (!json_array_size(json_object_get(ctr, key)))
		return;
	printf("    %s:\n", title);
	json_array_foreach(json_object_get(ctr, key), i, word)
	{
		printf("      %s\n", json_string_value(word));
	}
}

static void print_time(const json_t *object, const char *title, const char *key)
{
	cleanup_free char *when = kubectl_when(kubectl_text(object, key));

	if (*when)
		kubectl_line(6, title, "%s", when);
}

static void print_state(const char *title, const json_t *state)
{
	static const char *const shown[][2] = { { "reason", "Reason" }, { "message", "Message" } };
	const char *kind;
	json_t *inner;

	json_object_foreach((json_t *)state, kind, inner)
	{
		char name[16];

		snprintf(name, sizeof(name), "%s", kind);
		name[0] = (char)(name[0] - 'a' + 'A');
		kubectl_line(4, title, "%s", name);
		for (size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++)
			if (kubectl_text(inner, shown[i][0]))
				kubectl_line(6, shown[i][1], "%s", kubectl_text(inner, shown[i][0]));
		if (!strcmp(kind, "terminated"))
			kubectl_line(6, "Exit Code", "%" JSON_INTEGER_FORMAT,
				     json_integer_value(json_object_get(inner, "exitCode")));
		print_time(inner, "Started", "startedAt");
		print_time(inner, "Finished", "finishedAt");
	}
}

static void print_amounts(const json_t *ctr, const char *title, const char *key)
{
	const json_t *amounts = json_object_get(json_object_get(ctr, "resources"), key);
	const char *name;
	json_t *value;

	if (!json_object_size(amounts))
		return;
	printf("    %s:\n", title);
	json_object_foreach((json_t *)amounts, name, value)
	{
		kubectl_line(6, name, "%s", json_string_value(value));
	}
}

static int number(const json_t *object, const char *key)
{
	return (int)json_integer_value(json_object_get(object, key));
}

/* "http-get http://:8080/healthz delay=0s timeout=1s period=10s #success=1 #failure=3" */
static void print_probe(const json_t *ctr, const char *title, const char *key)
{
	const json_t *probe = json_object_get(ctr, key), *http = json_object_get(probe, "httpGet"),
		     *tcp = json_object_get(probe, "tcpSocket"), *exec = json_object_get(probe, "exec");
	const json_t *port = json_object_get(http ? http : tcp, "port");
	struct buf how = { 0 };
	json_t *word;
	size_t i;

	if (!probe)
		return;
	if (exec)
		buf_text(&how, "exec [");
	json_array_foreach(json_object_get(exec, "command"), i, word)
	{
		buf_format(&how, "%s%s", i ? " " : "", json_string_value(word));
	}
	if (exec) {
		buf_text(&how, "]");
	} else {
		cleanup_free char *named = json_is_string(port)
						   ? text_dup(json_string_value(port))
						   : text_format("%d", (int)json_integer_value(port));
		const char *host = kubectl_text(http ? http : tcp, "host"),
			   *path = kubectl_text(http, "path");

		buf_format(&how, http ? "http-get http://%s:%s%s" : "tcp-socket %s:%s%s", host ? host : "",
			   named, path ? path : "");
	}
	kubectl_line(4, title, "%s delay=%ds timeout=%ds period=%ds #success=%d #failure=%d", how.data,
		     number(probe, "initialDelaySeconds"), number(probe, "timeoutSeconds"),
		     number(probe, "periodSeconds"), number(probe, "successThreshold"),
		     number(probe, "failureThreshold"));
	buf_free(&how);
}

/* Where a variable's value comes from. */
static void print_source(const char *name, const json_t *from)
{
	const json_t *field = json_object_get(from, "fieldRef"),
		     *amount = json_object_get(from, "resourceFieldRef"),
		     *map = json_object_get(from, "configMapKeyRef"),
		     *secret = json_object_get(from, "secretKeyRef");
	const json_t *key = map ? map : secret;

	if (field)
		kubectl_line(6, name, " (%s:%s)",
			     kubectl_text(field, "apiVersion") ? kubectl_text(field, "apiVersion") : "v1",
			     kubectl_text(field, "fieldPath"));
	else if (amount)
		kubectl_line(6, name, " (%s)", kubectl_text(amount, "resource"));
	else
		kubectl_line(6, name, "<set to the key '%s' %s '%s'>  Optional: %s", kubectl_text(key, "key"),
			     map ? "of config map" : "in secret", kubectl_text(key, "name"),
			     json_is_true(json_object_get(key, "optional")) ? "true" : "false");
}

static void print_env(const json_t *ctr)
{
	const json_t *env = json_object_get(ctr, "env"), *all = json_object_get(ctr, "envFrom");
	json_t *one;
	size_t i;

	if (json_array_size(all))
		puts("    Environment Variables from:");
	json_array_foreach((json_t *)all, i, one)
	{
		const json_t *map = json_object_get(one, "configMapRef"),
			     *ref = map ? map : json_object_get(one, "secretRef");

		printf("      %s  %s  Optional: %s\n", kubectl_text(ref, "name"),
		       map ? "ConfigMap" : "Secret",
		       json_is_true(json_object_get(ref, "optional")) ? "true" : "false");
	}
	if (!json_array_size(env))
		kubectl_line(4, "Environment", "<none>");
	else
		puts("    Environment:");
	json_array_foreach((json_t *)env, i, one)
	{
		const json_t *from = json_object_get(one, "valueFrom");

		if (from)
			print_source(kubectl_text(one, "name"), from);
		else
			kubectl_line(6, kubectl_text(one, "name"), "%s",
				     kubectl_text(one, "value") ? kubectl_text(one, "value") : "");
	}
}

static void print_mounts(const json_t *ctr)
{
	json_t *one;
	size_t i;

	if (!json_array_size(json_object_get(ctr, "volumeMounts")))
		kubectl_line(4, "Mounts", "<none>");
	else
		puts("    Mounts:");
	json_array_foreach(json_object_get(ctr, "volumeMounts"), i, one)
	{
		const char *below = kubectl_text(one, "subPath");

		printf("      %s from %s (%s%s%s)\n", kubectl_text(one, "mountPath"),
		       kubectl_text(one, "name"),
		       json_is_true(json_object_get(one, "readOnly")) ? "ro" : "rw", below ? ",path=" : "",
		       below ? below : "");
	}
}

static void print_container(const json_t *ctr, const json_t *status)
{
	const char *id = kubectl_text(status, "containerID"), *image = kubectl_text(status, "imageID");

	printf("  %s:\n", kubectl_text(ctr, "name"));
	kubectl_line(4, "Container ID", "%s", id ? id : "");
	kubectl_line(4, "Image", "%s", kubectl_text(ctr, "image"));
	kubectl_line(4, "Image ID", "%s", image ? image : "");
	print_ports(ctr, "Port", "containerPort");
	print_ports(ctr, "Host Port", "hostPort");
	print_words(ctr, "Command", "command");
	print_words(ctr, "Args", "args");
	print_state("State", json_object_get(status, "state"));
	print_state("Last State", json_object_get(status, "lastState"));
	kubectl_line(4, "Ready", "%s", json_is_true(json_object_get(status, "ready")) ? "True" : "False");
	kubectl_line(4, "Restart Count", "%d", number(status, "restartCount"));
	print_amounts(ctr, "Limits", "limits");
	print_amounts(ctr, "Requests", "requests");
	print_probe(ctr, "Liveness", "livenessProbe");
	print_probe(ctr, "Readiness", "readinessProbe");
	print_probe(ctr, "Startup", "startupProbe");
	print_env(ctr);
	print_mounts(ctr);
}

void kube_describe_containers(const json_t *pod, const char *title, const char *specs, const char *states)
{
	const json_t *list = json_object_get(json_object_get(pod, "spec"), specs);
	json_t *ctr;
	size_t i;

	if (json_array_size(list))
		printf("%s:\n", title);
	json_array_foreach((json_t *)list, i, ctr)
	{
		print_container(ctr, find(json_object_get(json_object_get(pod, "status"), states),
					  kubectl_text(ctr, "name")));
	}
}
