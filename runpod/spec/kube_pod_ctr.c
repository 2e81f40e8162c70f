/*
 * kube_pod_ctr: a Container as a ctr_spec. What it takes from elsewhere (keys of ConfigMaps,
 * the pod's address) stays a name here: it is looked up each time the container starts. Lesson 21.
 */
#include "spec/kube_pod.h"

#include <stdlib.h>
#include <string.h>

#include "spec/fields.h"
#include "spec/kube_tree.h"

static struct env_source *add_source(struct env_source_list *sources, const char *kind, const json_t *ref)
{
	struct env_source *source = fields_append(&env_source_shape, sources);

	source->kind = text_dup(kind);
	source->object = text_dup(kube_text(ref, "name"));
	source->key = text_dup(kube_text(ref, "key"));
	source->optional = kube_true(ref, "optional");
	return source;
}

static void add_env_from(const json_t *from, struct env_source_list *sources)
{
	const json_t *map = json_object_get(from, "configMapRef");
	struct env_source *source = add_source(sources, map ? "configmap" : "secret",
					       map ? map : json_object_get(from, "secretRef"));

	source->prefix = text_dup(kube_text(from, "prefix"));
}

static void add_env(const json_t *env, const char *ctr, struct env_source_list *sources)
{
	const json_t *from = json_object_get(env, "valueFrom");
	const json_t *map = json_object_get(from, "configMapKeyRef");
	const json_t *secret = json_object_get(from, "secretKeyRef");
	const json_t *field = json_object_get(from, "fieldRef");
	const json_t *resource = json_object_get(from, "resourceFieldRef");
	struct env_source *source;

	if (map || secret) {
		source = add_source(sources, map ? "configmap" : "secret", map ? map : secret);
	} else if (field) {
		source = add_source(sources, "field", NULL);
		source->key = text_dup(kube_text(field, "fieldPath"));
	} else if (resource) {
		const char *other = kube_text(resource, "containerName");

		source = add_source(sources, "resource", NULL);
		source->object = text_dup(other ? other : ctr);
		source->key = text_dup(kube_text(resource, "resource"));
		source->divisor = text_dup(kube_text(resource, "divisor"));
	} else {
		source = add_source(sources, NULL, NULL);
		source->value = text_dup(kube_text(env, "value") ? kube_text(env, "value") : "");
	}
	source->name = text_dup(kube_text(env, "name"));
}

/* Podman's words for what Kubernetes calls None, HostToContainer and Bidirectional. */
static const char *propagation(const char *word)
{
	if (text_equal(word, "HostToContainer"))
		return "rslave";
	return text_equal(word, "Bidirectional") ? "rshared" : NULL;
}

static void add_mount(const json_t *from, struct mount_list *mounts)
{
	struct mount_spec *mount = fields_append(&mount_spec_shape, mounts);
	const char *expr = kube_text(from, "subPathExpr");
	const char *below = kube_text(from, "recursiveReadOnly");

	mount->type = text_dup("pod");
	mount->source = text_dup(kube_text(from, "name"));
	mount->target = text_dup(kube_text(from, "mountPath"));
	mount->subpath = text_dup(expr ? expr : kube_text(from, "subPath"));
	mount->expand = expr;
	mount->read_only = kube_true(from, "readOnly");
	mount->read_only_below = below && strcmp(below, "Disabled");
	mount->recursive = true;
	mount->propagation = text_dup(propagation(kube_text(from, "mountPropagation")));
}

/* What everybody gets without asking (":latest" → Always) need not be reachable when an image is here: "newer". */
static const char *pull_word(const json_t *ctr)
{
	const char *policy = kube_text(ctr, "imagePullPolicy"), *image = kube_text(ctr, "image");
	const char *slash = image ? strrchr(image, '/') : NULL;
	const char *tag = image ? strchr(slash ? slash : image, ':') : NULL;

	if (text_equal(policy, "Never"))
		return "never";
	if (text_equal(policy, "IfNotPresent"))
		return "missing";
	return !tag || !strcmp(tag, ":latest") ? "newer" : "always";
}

static void set_program(const json_t *from, struct ctr_spec *ctr)
{
	const json_t *item;
	size_t i;

	ctr->image = text_dup(kube_text(from, "image"));
	ctr->pull = text_dup(pull_word(from));
	kube_strings(json_object_get(from, "command"), &ctr->entrypoint);
	ctr->entrypoint_set = ctr->entrypoint.n;
	kube_strings(json_object_get(from, "args"), &ctr->command);
	ctr->expand = true;
	ctr->workdir = text_dup(kube_text(from, "workingDir"));
	ctr->tty = kube_true(from, "tty");
	ctr->interactive = kube_true(from, "stdin");
	json_array_foreach(json_object_get(from, "envFrom"), i, item)
	{
		add_env_from(item, &ctr->env_sources);
	}
	json_array_foreach(json_object_get(from, "env"), i, item)
	{
		add_env(item, kube_text(from, "name"), &ctr->env_sources);
	}
	json_array_foreach(json_object_get(from, "volumeMounts"), i, item)
	{
		add_mount(item, &ctr->mounts);
	}
}

/* An init container that ended well is never run again: Always can only mean OnFailure. */
static void set_role(const json_t *spec, const json_t *from, bool init, struct ctr_spec *ctr)
{
	const char *policy = kube_restart_name(kube_text(spec, "restartPolicy"));
	bool sidecar = init && kube_is_sidecar(from);

	if (init)
		ctr->init_ctr = text_dup(sidecar ? "sidecar" : "init");
	if (init && !strcmp(policy, "always"))
		policy = "on-failure";
	ctr->restart.name = text_dup(sidecar ? "always" : policy);
}

static void set_life(const json_t *spec, const json_t *from, struct ctr_spec *ctr)
{
	const json_t *lifecycle = json_object_get(from, "lifecycle");

	kube_fill_probe(from, "livenessProbe", &ctr->liveness);
	kube_fill_probe(from, "readinessProbe", &ctr->readiness);
	kube_fill_probe(from, "startupProbe", &ctr->startup);
	kube_fill_hook(from, "postStart", &ctr->post_start);
	kube_fill_hook(from, "preStop", &ctr->pre_stop);
	ctr->stop_signal = text_dup(kube_text(lifecycle, "stopSignal"));
	ctr->stop_timeout = kube_int(spec, "terminationGracePeriodSeconds", 30);
	ctr->termination_path = text_dup(kube_text(from, "terminationMessagePath"));
	if (text_equal(kube_text(from, "terminationMessagePolicy"), "FallbackToLogsOnError"))
		ctr->termination_policy = text_dup("FallbackToLogsOnError");
}

void kube_fill_ctr(const json_t *pod, const json_t *from, bool init, struct ctr_specs *ctrs)
{
	const json_t *spec = json_object_get(pod, "spec"), *metadata = json_object_get(pod, "metadata");
	struct ctr_spec *ctr = fields_append(&ctr_spec_shape, ctrs);

	ctr->name = text_format("%s-%s", kube_text(metadata, "name"), kube_text(from, "name"));
	strv_addf(&ctr->labels, "io.kubernetes.container.name=%s", kube_text(from, "name"));
	kube_pairs(json_object_get(metadata, "labels"), &ctr->labels);
	set_program(from, ctr);
	set_role(spec, from, init, ctr);
	set_life(spec, from, ctr);
	kube_fill_security(spec, from, ctr);
}
