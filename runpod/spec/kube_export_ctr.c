/*
 * kube_export_ctr: a container made with flags as a Container. Lesson 21.
 */
#include "spec/kube_export.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "spec/fields.h"
#include "spec/kube_tree.h"
#include "spec/ports.h"
#include "spec/signals.h"

/* Nothing is looked up in what a command line said, so $( and $$ must stay what they are. */
static char *escape(const char *text, bool expand)
{
	struct buf out = { 0 };

	buf_text(&out, "");
	for (; *text; text++) {
		if (!expand && text[0] == '$' && (text[1] == '$' || text[1] == '('))
			buf_text(&out, "$");
		buf_add(&out, text, 1);
	}
	return out.data;
}

static void set_words(json_t *to, const char *key, const struct strv *words, bool expand)
{
	json_t *list = json_array();

	for (size_t i = 0; i < words->n; i++) {
		cleanup_free char *word = escape(words->v[i], expand);

		json_array_append_new(list, json_string(word));
	}
	if (json_array_size(list))
		json_object_set(to, key, list);
	json_decref(list);
}

/* --entrypoint "" leaves the image's out: the command is all there is. */
static void set_program(const struct ctr_spec *ctr, json_t *to)
{
	bool alone = ctr->entrypoint_set && !ctr->entrypoint.n;

	set_words(to, "command", alone ? &ctr->command : &ctr->entrypoint, ctr->expand);
	if (!alone)
		set_words(to, "args", &ctr->command, ctr->expand);
	kube_set_text(to, "workingDir", ctr->workdir);
	if (ctr->interactive)
		json_object_set_new(to, "stdin", json_true());
	if (ctr->tty)
		json_object_set_new(to, "tty", json_true());
}

static void set_env(const struct ctr_spec *ctr, json_t *to)
{
	json_t *list = json_array();

	for (size_t i = 0; i < ctr->env.n; i++) {
		cleanup_free char *name = text_ndup(ctr->env.v[i], strcspn(ctr->env.v[i], "="));
		const char *equals = strchr(ctr->env.v[i], '=');
		cleanup_free char *value = escape(equals ? equals + 1 : "", false);

		json_t *env = json_pack("{s:s}", "name", name);

		if (*value)
			kube_set_text(env, "value", value);
		json_array_append_new(list, env);
	}
	if (ctr->timezone && strcmp(ctr->timezone, "local"))
		json_array_append_new(list, json_pack("{s:s, s:s}", "name", "TZ", "value", ctr->timezone));
	if (json_array_size(list))
		json_object_set(to, "env", list);
	json_decref(list);
}

static json_t *port_json(const struct port_map *map)
{
	json_t *port = json_pack("{s:I}", "containerPort", (json_int_t)map->ctr_port);

	if (map->host_port)
		json_object_set_new(port, "hostPort", json_integer(map->host_port));
	if (map->host_port)
		kube_set_text(port, "hostIP", map->host_ip);
	kube_set_text(port, "protocol", text_equal(map->protocol, "udp") ? "UDP" : "TCP");
	return port;
}

static void add_ports(struct kube_writer *writer, const struct port_list *ports, json_t *list)
{
	for (size_t i = 0; i < ports->n; i++) {
		json_array_append_new(list, port_json(&ports->v[i]));
		if (!ports->v[i].host_port)
			strv_addf(writer->notes,
				  "port %lld: the host's port is chosen at each start: left out",
				  (long long)ports->v[i].ctr_port);
	}
}

/* --expose 80-90/udp: ports that are told of, and published nowhere. */
static void add_exposed(const struct strv *expose, json_t *list)
{
	struct pod_spec parsed = { 0 };
	struct err err;

	for (size_t i = 0; i < expose->n; i++)
		ports_parse(expose->v[i], &parsed.ports,
			    &err); /* what is none was refused when it was made */
	for (size_t i = 0; i < parsed.ports.n; i++)
		json_array_append_new(list, port_json(&parsed.ports.v[i]));
	fields_free(&pod_spec_shape, &parsed);
}

static const char *pull_word(const char *pull)
{
	if (text_equal(pull, "always") || text_equal(pull, "newer"))
		return "Always";
	if (text_equal(pull, "never"))
		return "Never";
	return text_equal(pull, "missing") ? "IfNotPresent" : NULL;
}

/* Kubernetes takes the field only with the operating system that has such signals. */
static void set_signal(struct kube_writer *writer, const struct ctr_spec *ctr, json_t *to)
{
	int number = ctr->stop_signal ? signal_parse(ctr->stop_signal, NULL) : 0;
	char name[SIGNAL_NAME_SIZE];

	if (number <= 0 || number == SIGTERM)
		return;
	json_object_set_new(to, "lifecycle", json_pack("{s:s}", "stopSignal", signal_name(number, name)));
	json_object_set_new(writer->spec, "os", json_pack("{s:s}", "name", "linux"));
}

/* POD-NAME is NAME again. */
static char *short_name(struct kube_writer *writer, const struct ctr_spec *ctr)
{
	const char *pod = writer->pod->name, *name = ctr->name;
	size_t length = pod ? strlen(pod) : 0;
	char *label;

	if (pod && text_starts(name, pod) && name[length] == '-' && name[length + 1])
		name += length + 1;
	label = kube_label_of(name);
	if (strcmp(label, name))
		strv_addf(writer->notes,
			  "container %s is called %s: Kubernetes takes small letters, digits and '-'", name,
			  label);
	return label;
}

json_t *kube_export_ctr(struct kube_writer *writer, const struct ctr_spec *ctr, bool first)
{
	cleanup_free char *name = short_name(writer, ctr);
	json_t *to = json_object(), *ports = json_array();

	kube_set_text(to, "name", name);
	kube_set_text(to, "image", ctr->image);
	kube_set_text(to, "imagePullPolicy", pull_word(ctr->pull));
	set_program(ctr, to);
	set_env(ctr, to);
	if (first)
		add_ports(writer, &writer->pod->ports, ports);
	add_ports(writer, &ctr->ports, ports);
	add_exposed(&ctr->expose, ports);
	if (json_array_size(ports))
		json_object_set(to, "ports", ports);
	json_decref(ports);
	kube_export_mounts(writer, ctr, to);
	kube_export_limits(writer, ctr, to);
	kube_export_security(writer, ctr, to);
	set_signal(writer, ctr, to);
	kube_export_left_out(writer, ctr);
	return to;
}
