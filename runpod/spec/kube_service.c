/*
 * kube_service: a Service for the ports of a Pod, for the day when the pod has outgrown one
 * machine. No node port is asked for: the cluster chooses. Lesson 21.
 */
#include "base/cleanup.h"
#include "spec/kube.h"
#include "spec/kube_tree.h"

static void add_ports(const json_t *ctr, json_t *list)
{
	const json_t *port;
	size_t i;

	json_array_foreach(json_object_get(ctr, "ports"), i, port)
	{
		cleanup_free char *name = text_format("port-%zu", json_array_size(list));
		json_int_t number = kube_int(port, "containerPort", 0);
		json_int_t door = kube_int(port, "hostPort", 0);
		const char *protocol = kube_text(port, "protocol");

		json_array_append_new(list, json_pack("{s:s, s:I, s:I, s:s}", "name", name, "port",
						      door ? door : number, "targetPort", number, "protocol",
						      protocol ? protocol : "TCP"));
	}
}

json_t *kube_export_service(const json_t *pod)
{
	const json_t *metadata = json_object_get(pod, "metadata"), *ctr;
	const char *name = kube_text(metadata, "name");
	json_t *labels = json_object_get(metadata, "labels"), *ports = json_array();
	size_t i;

	json_array_foreach(kube_get(pod, "spec.containers"), i, ctr)
	{
		add_ports(ctr, ports);
	}
	if (!json_array_size(ports)) {
		json_decref(ports);
		return NULL;
	}
	labels = json_object_size(labels) ? json_incref(labels) : json_pack("{s:s}", "app", name);
	return json_pack("{s:s, s:s, s:{s:s, s:O}, s:{s:o, s:o}}", "apiVersion", "v1", "kind", "Service",
			 "metadata", "name", name, "labels", labels, "spec", "ports", ports, "selector",
			 labels);
}
