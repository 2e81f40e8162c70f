/*
 * kube_status: from records to the status of a Pod. The words are Kubernetes' API
 * reference's: PodStatus, ContainerStatus, PodCondition. Lesson 22 watches them change.
 */
#include "cli/kube_status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/kube_export.h"
#include "cli/show.h"
#include "pod/downward.h"
#include "spec/kube.h"

#define SECOND INT64_C(1000000000)

void kube_facts_make(const struct pod_view *pod, struct kube_facts *ret_facts)
{
	bool alive = false;

	*ret_facts = (struct kube_facts){ .ctrs = mem_zalloc((pod->n + 1) * sizeof(*ret_facts->ctrs)) };
	for (size_t i = 0; i < pod->n; i++) {
		alive = alive || ctr_view_alive(&pod->ctrs[i]);
		if (!pod->ctrs[i].infra)
			ret_facts->ctrs[ret_facts->facts.n++] = &pod->ctrs[i].now;
	}
	ret_facts->facts.pod = pod->name;
	ret_facts->facts.ctrs = ret_facts->ctrs;
	ret_facts->facts.policy = pod->record.spec.restart.name;
	ret_facts->facts.ended = !alive;
	ret_facts->facts.now = &pod->state;
}

void kube_facts_free(struct kube_facts *facts)
{
	free(facts->ctrs);
	*facts = (struct kube_facts){ 0 };
}

const char *kube_status_ip(const struct pod_view *pod)
{
	return pod->running ? pod->state.ip : NULL;
}

const char *kube_node(void)
{
	static char name[65];

	if (!name[0] && gethostname(name, sizeof(name) - 1))
		strcpy(name, "localhost");
	return name;
}

/* The steps and their limits are kubectl's (apimachinery's duration.HumanDuration). */
char *kube_age(int64_t nanoseconds)
{
	int64_t s = nanoseconds > 0 ? nanoseconds / SECOND : 0, m = s / 60, h = m / 60, d = h / 24,
		y = d / 365;

	if (s < 120)
		return text_format("%llds", (long long)s);
	if (m < 10)
		return s % 60 ? text_format("%lldm%llds", (long long)m, (long long)(s % 60))
			      : text_format("%lldm", (long long)m);
	if (m < 180)
		return text_format("%lldm", (long long)m);
	if (h < 8)
		return m % 60 ? text_format("%lldh%lldm", (long long)h, (long long)(m % 60))
			      : text_format("%lldh", (long long)h);
	if (h < 48)
		return text_format("%lldh", (long long)h);
	if (h < 192)
		return h % 24 ? text_format("%lldd%lldh", (long long)d, (long long)(h % 24))
			      : text_format("%lldd", (long long)d);
	if (y < 2)
		return text_format("%lldd", (long long)d);
	if (y < 8 && d % 365)
		return text_format("%lldy%lldd", (long long)y, (long long)(d % 365));
	return text_format("%lldy", (long long)y);
}

char *kube_time(int64_t when)
{
	time_t seconds = when / SECOND;
	struct tm parts;
	char text[32];

	if (!when || !gmtime_r(&seconds, &parts))
		return NULL;
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
	return text_dup(text);
}

/* Members that say nothing are left out. */
static void put(json_t *object, const char *key, const char *text)
{
	if (text && *text)
		json_object_set_new(object, key, show_text(text));
}

static void put_time(json_t *object, const char *key, int64_t when)
{
	cleanup_free char *text = kube_time(when);

	put(object, key, text);
}

static json_t *ended(const struct phase_end *end, const char *message, const char *id)
{
	json_t *inner = json_object();
	cleanup_free char *container = text_format("runpod://%s", id);

	json_object_set_new(inner, "exitCode", json_integer(end->exit_code));
	if (end->exit_code > EXIT_SIGNAL_BASE && end->exit_code <= EXIT_SIGNAL_BASE + 64)
		json_object_set_new(inner, "signal", json_integer(end->exit_code - EXIT_SIGNAL_BASE));
	put(inner, "reason", end->reason);
	put(inner, "message", message);
	put_time(inner, "startedAt", end->started);
	put_time(inner, "finishedAt", end->finished);
	put(inner, "containerID", container);
	return json_pack("{s:o}", "terminated", inner);
}

static json_t *state_of(const struct ctr_state *now, const struct phase_ctr *seen)
{
	json_t *inner = json_object();

	if (seen->is == CTR_TERMINATED) {
		json_decref(inner);
		return ended(&seen->end, seen->message, now->id);
	}
	if (seen->is == CTR_RUNNING) {
		put_time(inner, "startedAt", now->started);
		return json_pack("{s:o}", "running", inner);
	}
	put(inner, "reason", seen->reason);
	put(inner, "message", seen->message);
	return json_pack("{s:o}", "waiting", inner);
}

static json_t *container(struct cli *cli, const struct pod_view *pod, struct ctr_view *ctr)
{
	const struct ctr_state *now = &ctr->now;
	json_t *status = json_object();
	struct phase_ctr seen;

	phase_ctr(now, &seen);
	put(status, "name", phase_short_name(pod->name, now->name));
	json_object_set_new(status, "state", state_of(now, &seen));
	json_object_set_new(status, "lastState",
			    seen.last.reason ? ended(&seen.last, seen.last.message, now->id) : json_object());
	/* one that has done its work is ready, for the kubelet */
	json_object_set_new(status, "ready",
			    json_boolean(now->ready || (seen.init && !seen.sidecar &&
							seen.is == CTR_TERMINATED && !seen.end.exit_code)));
	json_object_set_new(status, "started", json_boolean(now->up));
	json_object_set_new(status, "restartCount", json_integer(now->restarts));
	if (!ctr_view_load(&cli->store, ctr, NULL)) {
		cleanup_free char *id = ctr->record.image_id ? text_format("sha256:%s", ctr->record.image_id)
							     : text_dup(ctr->record.image_name);

		put(status, "image", ctr->record.image_name);
		put(status, "imageID", id);
	}
	if (now->started) {
		cleanup_free char *id = text_format("runpod://%s", now->id);

		put(status, "containerID", id);
	}
	return status;
}

static json_t *conditions(const struct phase_facts *facts, int64_t created)
{
	struct phase_condition all[CONDITIONS];
	json_t *list = json_array();

	phase_conditions(facts, all);
	for (int i = 0; i < CONDITIONS; i++) {
		json_t *one = json_object();

		put(one, "type", all[i].type);
		put(one, "status", all[i].holds ? "True" : "False");
		put_time(one, "lastTransitionTime", all[i].since ? all[i].since : created);
		put(one, "reason", all[i].reason);
		put(one, "message", all[i].message);
		json_array_append_new(list, one);
	}
	phase_conditions_free(all);
	return list;
}

/* Init containers and sidecars stand in one list, debug containers in another, apps in the third. */
static void put_containers(struct cli *cli, struct pod_view *pod, json_t *status)
{
	json_t *inits = json_array(), *debug = json_array(), *apps = json_array();

	for (size_t i = 0; i < pod->n; i++) {
		const char *role = pod->ctrs[i].now.role;

		if (!pod->ctrs[i].infra)
			json_array_append_new(!role		       ? apps
					      : !strcmp(role, "debug") ? debug
								       : inits,
					      container(cli, pod, &pod->ctrs[i]));
	}
	if (json_array_size(inits))
		json_object_set(status, "initContainerStatuses", inits);
	json_object_set(status, "containerStatuses", apps);
	if (json_array_size(debug))
		json_object_set(status, "ephemeralContainerStatuses", debug);
	json_decref(inits);
	json_decref(debug);
	json_decref(apps);
}

static json_t *status_of(struct cli *cli, struct pod_view *pod, const json_t *manifest)
{
	json_t *status = json_object();
	struct kube_facts known;

	kube_facts_make(pod, &known);
	put(status, "phase", pod_phase(&known.facts));
	put(status, "reason", pod->state.reason);
	json_object_set_new(status, "conditions", conditions(&known.facts, pod->created));
	put(status, "hostIP", "127.0.0.1");
	put(status, "podIP", kube_status_ip(pod));
	if (kube_status_ip(pod))
		json_object_set_new(status, "podIPs", json_pack("[{s:s}]", "ip", kube_status_ip(pod)));
	put_time(status, "startTime", pod->created);
	put_containers(cli, pod, status);
	put(status, "qosClass", kube_qos(manifest));
	kube_facts_free(&known);
	return status;
}

json_t *kube_status_pod(struct cli *cli, struct pod_view *pod, struct err *err)
{
	json_t *value = kube_manifest_of(cli, pod, NULL, err), *metadata;

	if (!value)
		return NULL;
	metadata = json_object_get(value, "metadata");
	put_time(metadata, "creationTimestamp", pod->created);
	json_object_set_new(metadata, "uid", show_take(pod_uid(pod->id)));
	json_object_set_new(json_object_get(value, "spec"), "nodeName", json_string(kube_node()));
	json_object_set_new(value, "status", status_of(cli, pod, value));
	return value;
}
