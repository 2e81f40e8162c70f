/*
 * kube_pod: a Pod as a pod_spec: what the containers share. Its containers are in kube_pod_ctr.c,
 * its volumes in kube_pod_volume.c, its limits in kube_pod_limits.c.
 *
 * A manifest ends in the same structures as a command line does; nothing behind this point knows
 * where a spec came from, but for the tree itself, which is kept to be shown and compared.
 * Lesson 21.
 */
#include "spec/kube_pod.h"

#include <stdlib.h>
#include <string.h>

#include "spec/fields.h"
#include "spec/kube_tree.h"

#define HOST_NAME_LENGTH 63 /* of a label (RFC 1123) */

void kube_pairs(const json_t *map, struct strv *pairs)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)map, key, value)
	{
		strv_addf(pairs, "%s=%s", key, json_string_value(value) ? json_string_value(value) : "");
	}
}

void kube_strings(const json_t *list, struct strv *strings)
{
	json_t *value;
	size_t i;

	json_array_foreach((json_t *)list, i, value)
	{
		if (json_is_string(value))
			strv_add(strings, json_string_value(value));
	}
}

/* A pod's name may be longer than a host's: it is cut, and must not end in what separates. */
static char *host_name(const char *hostname, const char *name)
{
	char *text =
		text_ndup(hostname ? hostname : name, strnlen(hostname ? hostname : name, HOST_NAME_LENGTH));
	size_t length = strlen(text);

	while (length && (text[length - 1] == '-' || text[length - 1] == '.'))
		text[--length] = '\0';
	return text;
}

/* DOC: what-a-pod-shares */
static void set_namespaces(const json_t *spec, struct pod_spec *pod)
{
	bool host_pid = kube_true(spec, "hostPID");

	strv_add(&pod->share, "ipc");
	strv_add(&pod->share, "net");
	strv_add(&pod->share, "uts");
	if (host_pid || kube_true(spec, "shareProcessNamespace"))
		strv_add(&pod->share, "pid");
	if (host_pid)
		pod->pid.mode = text_dup("host");
	if (kube_true(spec, "hostIPC"))
		pod->ipc.mode = text_dup("host");
	if (kube_true(spec, "hostNetwork")) { /* and with the address goes the name */
		pod->net.mode = text_dup("host");
		pod->uts.mode = text_dup("host");
	}
}

static void set_dns(const json_t *spec, struct name_service *names)
{
	const json_t *dns = json_object_get(spec, "dnsConfig"), *alias, *option, *name;
	size_t i, j;

	kube_strings(json_object_get(dns, "nameservers"), &names->servers);
	kube_strings(json_object_get(dns, "searches"), &names->search);
	if (!names->search.n && text_equal(kube_text(spec, "dnsPolicy"), "None"))
		strv_add(&names->search, "."); /* nothing: else the host's would be taken */
	json_array_foreach(json_object_get(dns, "options"), i, option)
	{
		const char *value = kube_text(option, "value");

		strv_addf(&names->options, "%s%s%s", kube_text(option, "name"), value ? ":" : "",
			  value ? value : "");
	}
	json_array_foreach(json_object_get(spec, "hostAliases"), i, alias)
	{
		json_array_foreach(json_object_get(alias, "hostnames"), j, name)
		{
			strv_addf(&names->hosts, "%s:%s", json_string_value(name), kube_text(alias, "ip"));
		}
	}
}

/* Only what has a host port leads somewhere; with the host's network every port does so by itself. */
static void set_ports(const json_t *ctr, struct port_list *ports)
{
	const json_t *port;
	size_t i;

	json_array_foreach(json_object_get(ctr, "ports"), i, port)
	{
		const char *protocol = kube_text(port, "protocol");
		struct port_map *map;

		if (!kube_int(port, "hostPort", 0))
			continue;
		map = fields_append(&port_map_shape, ports);
		map->host_ip = text_dup(kube_text(port, "hostIP"));
		map->host_port = kube_int(port, "hostPort", 0);
		map->ctr_port = kube_int(port, "containerPort", 0);
		map->protocol = text_dup(protocol && !strcmp(protocol, "UDP") ? "udp" : "tcp");
	}
}

static void set_pod(const json_t *object, struct pod_spec *pod)
{
	const json_t *spec = json_object_get(object, "spec"), *item;
	const json_t *metadata = json_object_get(object, "metadata");
	size_t i;

	pod->name = text_dup(kube_text(metadata, "name"));
	kube_pairs(json_object_get(metadata, "labels"), &pod->labels);
	kube_pairs(json_object_get(metadata, "annotations"), &pod->annotations);
	set_namespaces(spec, pod);
	if (!pod->uts.mode)
		pod->hostname = host_name(kube_text(spec, "hostname"), pod->name);
	set_dns(spec, &pod->names);
	if (!pod->net.mode) {
		json_array_foreach(json_object_get(spec, "initContainers"), i, item)
		{
			set_ports(item, &pod->ports);
		}
		json_array_foreach(json_object_get(spec, "containers"), i, item)
		{
			set_ports(item, &pod->ports);
		}
	}
	json_array_foreach(kube_get(spec, "securityContext.sysctls"), i, item)
	{
		strv_addf(&pod->sysctls, "%s=%s", kube_text(item, "name"),
			  kube_text(item, "value") ? kube_text(item, "value") : "");
	}
	pod->restart.name = text_dup(kube_restart_name(kube_text(spec, "restartPolicy")));
	pod->exit_policy = text_dup("stop");
	pod->active_deadline = kube_int(spec, "activeDeadlineSeconds", 0);
	pod->fs_group = kube_int(json_object_get(spec, "securityContext"), "fsGroup", -1);
	pod->manifest = json_dumps(object, JSON_COMPACT);
}

const char *kube_restart_name(const char *policy)
{
	if (text_equal(policy, "Never"))
		return "no";
	return text_equal(policy, "OnFailure") ? "on-failure" : "always";
}

int kube_pod_specs(const json_t *object, int64_t capacity, struct pod_spec *ret_pod,
		   struct ctr_specs *ret_ctrs, struct strv *ret_notes, struct err *err)
{
	const json_t *spec = json_object_get(object, "spec"), *item;
	size_t i;

	if (!kube_text(json_object_get(object, "metadata"), "name") || !json_is_object(spec))
		return err_set(err, 0, "a pod needs metadata.name and spec");
	set_pod(object, ret_pod);
	json_array_foreach(json_object_get(spec, "volumes"), i, item)
	{
		kube_fill_volume(item, &ret_pod->volumes);
	}
	json_array_foreach(json_object_get(spec, "initContainers"), i, item)
	{
		kube_fill_ctr(object, item, true, ret_ctrs);
	}
	json_array_foreach(json_object_get(spec, "containers"), i, item)
	{
		kube_fill_ctr(object, item, false, ret_ctrs);
	}
	kube_fill_limits(spec, capacity, ret_pod, ret_ctrs);
	if (ret_notes && ret_pod->names.servers.n && !text_equal(kube_text(spec, "dnsPolicy"), "None"))
		strv_add(ret_notes,
			 "spec.dnsConfig.nameservers are taken instead of the host's, not after them");
	return 0;
}

void ctr_specs_free(struct ctr_specs *ctrs)
{
	for (size_t i = 0; i < ctrs->n; i++)
		fields_free(&ctr_spec_shape, &ctrs->v[i]);
	free(ctrs->v);
	*ctrs = (struct ctr_specs){ 0 };
}

json_t *kube_template_pod(const struct kube_object *workload)
{
	json_t *pod = json_pack("{s:s, s:s}", "apiVersion", "v1", "kind", "Pod");
	const json_t *from = kube_get(workload->value, "spec.template");
	json_t *metadata = json_object(), *own = json_deep_copy(json_object_get(from, "metadata"));
	const json_t *deadline = kube_get(workload->value, "spec.activeDeadlineSeconds");
	char *name = text_format("%s-pod", workload->name);

	json_object_set_new(metadata, "name", json_string(name));
	free(name);
	json_object_update_missing(metadata, own);
	json_decref(own);
	json_object_set_new(pod, "metadata", metadata);
	json_object_set_new(pod, "spec", json_deep_copy(json_object_get(from, "spec")));
	if (deadline)
		json_object_set(json_object_get(pod, "spec"), "activeDeadlineSeconds", (json_t *)deadline);
	return pod;
}
