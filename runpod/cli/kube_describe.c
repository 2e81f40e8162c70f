/*
 * kube_describe: describe: all about a pod for a person, in the order that kubectl uses.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "cli/kube_describe.h"
#include "cli/kube_objects.h"
#include "cli/kube_pods.h"
#include "cli/kube_status.h"
#include "cli/verbs.h"
#include "pod/podevents.h"
#include "store/object.h"

const char *kubectl_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

char *kubectl_when(const char *stamp)
{
	struct tm parts = { 0 };
	char text[48];

	if (!stamp || !strptime(stamp, "%Y-%m-%dT%H:%M:%SZ", &parts))
		return text_dup(stamp ? stamp : "");
	timegm(&parts); /* fills in the day of the week */
	strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S +0000", &parts);
	return text_dup(text);
}

void kubectl_line(int indent, const char *name, const char *format, ...)
{
	cleanup_free char *title = text_format("%s:", name);
	struct buf text = { 0 };
	va_list args;

	va_start(args, format);
	buf_vformat(&text, format, args);
	va_end(args);
	printf("%*s%-*s %s\n", indent, "", indent ? 19 - indent : 17, title, text.data ? text.data : "");
	buf_free(&text);
}

/* A map below each other, the first beside its name. */
static void print_map(const char *name, const json_t *map)
{
	const char *key;
	json_t *value;
	bool first = true;

	if (!json_object_size(map))
		kubectl_line(0, name, "<none>");
	json_object_foreach((json_t *)map, key, value)
	{
		cleanup_free char *title = text_format("%s:", name);

		printf("%-17s %s%s%s\n", first ? title : "", key, strcmp(name, "Labels") ? ": " : "=",
		       json_string_value(value) ? json_string_value(value) : "");
		first = false;
	}
}

static void print_head(const json_t *pod)
{
	const json_t *metadata = json_object_get(pod, "metadata"), *status = json_object_get(pod, "status"),
		     *spec = json_object_get(pod, "spec");
	const char *namespace = kubectl_text(metadata, "namespace"), *ip = kubectl_text(status, "podIP");
	cleanup_free char *started = kubectl_when(kubectl_text(status, "startTime"));

	kubectl_line(0, "Name", "%s", kubectl_name(pod));
	kubectl_line(0, "Namespace", "%s", namespace ? namespace : "default");
	kubectl_line(0, "Node", "%s/%s", kubectl_text(spec, "nodeName"), kubectl_text(status, "hostIP"));
	kubectl_line(0, "Start Time", "%s", started);
	print_map("Labels", json_object_get(metadata, "labels"));
	print_map("Annotations", json_object_get(metadata, "annotations"));
	kubectl_line(0, "Status", "%s", kubectl_text(status, "phase"));
	if (kubectl_text(status, "reason"))
		kubectl_line(0, "Reason", "%s", kubectl_text(status, "reason"));
	kubectl_line(0, "IP", "%s", ip ? ip : "");
}

static void print_conditions(const json_t *pod)
{
	json_t *one;
	size_t i;

	puts("Conditions:\n  Type              Status");
	json_array_foreach(json_object_get(json_object_get(pod, "status"), "conditions"), i, one)
	{
		printf("  %-17s %s\n", kubectl_text(one, "type"), kubectl_text(one, "status"));
	}
}

static void print_events(const struct store *store, const char *pod_id)
{
	struct podevents events = { 0 };

	if (podevents_read(store, pod_id, &events, NULL) || !events.n) {
		puts("Events:            <none>");
		return;
	}
	puts("Events:\n  Type     Reason               Age                From       Message\n"
	     "  ----     ------               ----               ----       -------");
	for (size_t i = 0; i < events.n; i++) {
		const struct podevent *one = &events.v[i];
		cleanup_free char *last = kube_age(clock_wall() - one->last),
				  *first = kube_age(clock_wall() - one->first);
		cleanup_free char *age =
			one->count > 1 ? text_format("%s (x%" PRId64 " over %s)", last, one->count, first)
				       : text_dup(last);

		printf("  %-8s %-20s %-18s %-10s %s\n", one->type, one->reason, age, one->from, one->message);
	}
	podevents_free(&events);
}

static int describe_pod(struct cli *cli, const char *name, struct err *err)
{
	struct pod_view view;
	json_t *pod;
	int code = kubectl_pod(cli, name, &view, err);

	if (code)
		return code;
	pod = kube_status_pod(cli, &view, err);
	if (!pod) {
		pod_view_free(&view);
		return -EINVAL;
	}
	print_head(pod);
	kube_describe_containers(pod, "Init Containers", "initContainers", "initContainerStatuses");
	kube_describe_containers(pod, "Containers", "containers", "containerStatuses");
	print_conditions(pod);
	kube_describe_volumes(pod);
	kubectl_line(0, "QoS Class", "%s", kubectl_text(json_object_get(pod, "status"), "qosClass"));
	print_events(&cli->store, view.id);
	json_decref(pod);
	pod_view_free(&view);
	return 0;
}

/* Of a Secret only how long each value is. */
static int describe_object(struct cli *cli, const char *kind, const char *name, struct err *err)
{
	struct object object = { 0 };
	int code = object_get(&cli->store, object_kind(kind), name, &object, err);

	if (code)
		return err_status(err, code, 1);
	kubectl_line(0, "Name", "%s", object.name);
	kubectl_line(0, "Namespace", "default");
	if (object.type)
		printf("\nType:  %s\n", object.type);
	puts("\nData\n====");
	for (size_t i = 0; i < object.n; i++) {
		const struct object_value *value = &object.v[i];

		if (!strcmp(kind, "Secret") || value->binary)
			printf("%s:  %zu bytes\n", value->key, value->length);
		else
			printf("%s:\n----\n%s\n\n", value->key, value->bytes);
	}
	object_free(&object);
	return 0;
}

static int describe_all(struct cli *cli, const char *kind, struct err *err)
{
	struct pod_views views;
	int n = 0, code = pod_views_read(&cli->store, &views, NULL, err);

	if (code || strcmp(kind, "Pod"))
		return code ? code : err_set(err, 0, "describe %s needs a name", kind);
	for (size_t i = 0; i < views.n; i++) {
		if (views.v[i].hidden)
			continue;
		if (n++)
			puts("\n");
		if (describe_pod(cli, views.v[i].name, err))
			cli_fail(cli, err);
	}
	pod_views_free(&views);
	return 0;
}

static int describe(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	const char *slash = strchr(args->v[0], '/');
	cleanup_free char *word =
		text_ndup(args->v[0], slash ? (size_t)(slash - args->v[0]) : strlen(args->v[0]));
	const char *kind = kubectl_kind(word);
	int code = cli_store(cli, err);

	(void)flags;
	if (!code && (!kind || !strcmp(kind, "PersistentVolumeClaim")))
		code = err_status(err,
				  err_set(err, 0, "the server doesn't have a resource type \"%s\"", word), 1);
	if (!code && args->n == 1 && !slash)
		return describe_all(cli, kind, err);
	for (size_t i = slash ? 0 : 1; i < args->n && !code; i++) {
		const char *name = i ? args->v[i] : slash + 1;

		code = strcmp(kind, "Pod") ? describe_object(cli, kind, name, err)
					   : describe_pod(cli, name, err);
	}
	return code;
}

const struct verb verb_kube_describe = {
	.usage = "KIND [NAME...]",
	.description =
		"Shows all that is known of a pod: what was asked for, how each container is and was, and\n"
		"  what happened. KIND is pods, configmaps or secrets.",
	.examples = "describe pod web\ndescribe pods",
	.min_args = 1,
	.max_args = -1,
	.run = describe,
};
