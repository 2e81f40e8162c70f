/*
 * kube_export: a pod made with flags as a Pod that a cluster takes. What has no words there
 * is left out, and said. A pod that came from a manifest is that manifest. Lesson 21, and
 * docs/TO-KUBERNETES.md.
 */
#include "spec/kube_export.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "spec/kube_tree.h"

char *kube_label_of(const char *text)
{
	struct buf label = { 0 };

	for (; *text && label.len < 63; text++) {
		char c = (char)tolower((unsigned char)*text);

		if (islower((unsigned char)c) || isdigit((unsigned char)c))
			buf_add(&label, &c, 1);
		else if (label.len)
			buf_text(&label, "-");
	}
	while (label.len && label.data[label.len - 1] == '-')
		label.data[--label.len] = '\0';
	if (!label.len)
		buf_text(&label, "x");
	return label.data;
}

/* {labels: …}: those that Kubernetes takes; without any, one to be selected by. */
static void set_labels(struct kube_writer *writer, const char *name, json_t *metadata)
{
	const struct strv *labels = &writer->pod->labels;
	json_t *map = json_object();

	for (size_t i = 0; i < labels->n; i++) {
		const char *equals = strchr(labels->v[i], '=');
		cleanup_free char *key = equals ? text_ndup(labels->v[i], (size_t)(equals - labels->v[i]))
						: text_dup(labels->v[i]);

		if (kube_word_qualified(key) || kube_word_label_value(equals ? equals + 1 : ""))
			strv_addf(writer->notes, "label %s is none that Kubernetes takes: left out",
				  labels->v[i]);
		else
			kube_set_text(map, key, equals ? equals + 1 : "");
	}
	if (!json_object_size(map))
		kube_set_text(map, "app", name);
	json_object_set_new(metadata, "labels", map);
}

static bool is_host(const struct ns_choice *choice)
{
	return text_equal(choice->mode, "host");
}

/* A lone container (in a hidden pod) has its own choices where a pod's have the pod's. */
static void set_namespaces(struct kube_writer *writer, const struct ctr_spec *lone)
{
	const struct pod_spec *pod = writer->pod;
	static const char *const always[] = { "net", "ipc", "uts" };

	if (is_host(lone ? &lone->net : &pod->net))
		json_object_set_new(writer->spec, "hostNetwork", json_true());
	if (is_host(lone ? &lone->pid : &pod->pid))
		json_object_set_new(writer->spec, "hostPID", json_true());
	else if (strv_has(&pod->share, "pid"))
		json_object_set_new(writer->spec, "shareProcessNamespace", json_true());
	if (is_host(lone ? &lone->ipc : &pod->ipc))
		json_object_set_new(writer->spec, "hostIPC", json_true());
	for (int i = 0; i < 3 && !lone; i++)
		if (!strv_has(&pod->share, always[i]))
			strv_addf(writer->notes, "the containers do not share %s: in Kubernetes they do",
				  always[i]);
}

static void set_aliases(struct kube_writer *writer, const struct strv *hosts)
{
	json_t *aliases = json_array();

	for (size_t i = 0; i < hosts->n; i++) { /* "a;b:ADDRESS" */
		const char *colon = strchr(hosts->v[i], ':');
		cleanup_free char *names = text_ndup(hosts->v[i], colon ? (size_t)(colon - hosts->v[i]) : 0);
		json_t *list = json_array();
		struct strv each = { 0 };

		strv_split(&each, names, ';');
		for (size_t j = 0; j < each.n; j++)
			json_array_append_new(list, json_string(each.v[j]));
		strv_free(&each);
		if (colon && strcmp(colon + 1, "host-gateway"))
			json_array_append_new(aliases,
					      json_pack("{s:s, s:O}", "ip", colon + 1, "hostnames", list));
		else
			strv_addf(writer->notes, "--add-host %s has no words in Kubernetes: left out",
				  hosts->v[i]);
		json_decref(list);
	}
	if (json_array_size(aliases))
		json_object_set(writer->spec, "hostAliases", aliases);
	json_decref(aliases);
}

static json_t *string_list(const struct strv *strings)
{
	json_t *list = json_array();

	for (size_t i = 0; i < strings->n; i++)
		json_array_append_new(list, json_string(strings->v[i]));
	return list;
}

static void set_dns(struct kube_writer *writer, const struct name_service *names)
{
	json_t *dns = json_object(), *options = json_array();

	for (size_t i = 0; i < names->options.n; i++) { /* "ndots:2" */
		const char *colon = strchr(names->options.v[i], ':');
		cleanup_free char *name = text_ndup(names->options.v[i], strcspn(names->options.v[i], ":"));
		json_t *option = json_pack("{s:s}", "name", name);

		if (colon)
			kube_set_text(option, "value", colon + 1);
		json_array_append_new(options, option);
	}
	if (names->servers.n)
		json_object_set_new(dns, "nameservers", string_list(&names->servers));
	if (names->search.n)
		json_object_set_new(dns, "searches", string_list(&names->search));
	if (json_array_size(options))
		json_object_set(dns, "options", options);
	if (json_object_size(dns)) {
		kube_set_text(writer->spec, "dnsPolicy", names->servers.n ? "None" : "Default");
		json_object_set(writer->spec, "dnsConfig", dns);
	}
	json_decref(options);
	json_decref(dns);
}

/* The pod's policy, or that of the first container which has one; a container without any is not restarted. */
static const char *restart_word(const struct kube_writer *writer, const struct ctr_specs *ctrs)
{
	const char *name = writer->pod->restart.name;

	for (size_t i = 0; i < ctrs->n; i++) {
		const char *own = ctrs->v[i].restart.name;

		if (name && own && strcmp(name, own))
			strv_addf(writer->notes,
				  "container %s: restart policy %s: all containers have one policy",
				  ctrs->v[i].name, own);
		else if (!name)
			name = own;
	}
	if (text_equal(name, "always") || text_equal(name, "unless-stopped"))
		return "Always";
	return text_equal(name, "on-failure") ? "OnFailure" : "Never";
}

static void set_sysctls(struct kube_writer *writer, const struct strv *sysctls)
{
	json_t *list = json_array();

	for (size_t i = 0; i < sysctls->n; i++) {
		const char *equals = strchr(sysctls->v[i], '=');
		cleanup_free char *name = text_ndup(sysctls->v[i], strcspn(sysctls->v[i], "="));

		json_array_append_new(
			list, json_pack("{s:s, s:s}", "name", name, "value", equals ? equals + 1 : ""));
	}
	if (json_array_size(list))
		json_object_set_new(writer->spec, "securityContext", json_pack("{s:O}", "sysctls", list));
	json_decref(list);
}

/* One time for all: the longest. */
static void set_grace(struct kube_writer *writer, const struct ctr_specs *ctrs)
{
	int64_t longest = -1;

	for (size_t i = 0; i < ctrs->n; i++)
		if (ctrs->v[i].stop_timeout > longest)
			longest = ctrs->v[i].stop_timeout;
	if (longest >= 0)
		json_object_set_new(writer->spec, "terminationGracePeriodSeconds", json_integer(longest));
}

static void set_ctrs(struct kube_writer *writer, const struct ctr_specs *ctrs)
{
	json_t *init = json_array(), *apps = json_array();

	for (size_t i = 0; i < ctrs->n; i++) {
		const struct ctr_spec *ctr = &ctrs->v[i];
		json_t *list = ctr->init_ctr ? init : apps;

		if (ctr->rootfs)
			strv_addf(writer->notes,
				  "container %s has a directory as its root, and no image: left out",
				  ctr->name);
		else
			json_array_append_new(
				list, kube_export_ctr(writer, ctr, list == apps && !json_array_size(apps)));
	}
	if (json_array_size(init))
		json_object_set(writer->spec, "initContainers", init);
	json_object_set_new(writer->spec, "containers", apps);
	json_decref(init);
}

static json_t *export_spec(struct kube_writer *writer, const struct ctr_specs *ctrs)
{
	const struct pod_spec *pod = writer->pod;
	const struct ctr_spec *lone = pod->hidden && ctrs->n == 1 ? &ctrs->v[0] : NULL;
	const char *hostname = lone ? lone->hostname : pod->hostname;
	const struct name_service *names = lone ? &lone->names : &pod->names;

	set_sysctls(writer, lone ? &lone->sysctls : &pod->sysctls);
	set_ctrs(writer, ctrs);
	set_namespaces(writer, lone);
	if (hostname && !text_equal(hostname, pod->name))
		kube_set_text(writer->spec, "hostname", hostname);
	set_aliases(writer, &names->hosts);
	set_dns(writer, names);
	kube_set_text(writer->spec, "restartPolicy", restart_word(writer, ctrs));
	set_grace(writer, ctrs);
	return writer->spec;
}

json_t *kube_export(const struct pod_spec *pod, const struct ctr_specs *ctrs, struct strv *ret_notes)
{
	struct kube_writer writer = { pod, json_object(), ret_notes };
	cleanup_free char *name = NULL, *whole = text_format("%s%s", pod->name, pod->hidden ? "-pod" : "");
	json_t *metadata = json_object();

	if (pod->manifest) {
		json_decref(writer.spec);
		json_decref(metadata);
		return json_loads(pod->manifest, 0, NULL);
	}
	name = kube_label_of(whole);
	if (strcmp(name, whole))
		strv_addf(ret_notes, "pod %s is called %s: Kubernetes takes small letters, digits and '-'",
			  whole, name);
	kube_set_text(metadata, "name", name);
	set_labels(&writer, name, metadata);
	return json_pack("{s:s, s:s, s:o, s:o}", "apiVersion", "v1", "kind", "Pod", "metadata", metadata,
			 "spec", export_spec(&writer, ctrs));
}
