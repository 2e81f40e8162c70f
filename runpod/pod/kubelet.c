/*
 * kubelet: a container from its first instruction to being ready, and what the whole
 * pod becomes by that: its phase, its conditions, and its end when its work is done. The
 * agent that does this on a cluster's machine gave the file its name. Lesson 22.
 */
#include "pod/kubelet.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "pod/handler.h"
#include "pod/podevents.h"
#include "pod/probe.h"

bool kubelet_pod(const struct pod *pod)
{
	return pod->record.spec.manifest != NULL;
}

const char *kubelet_name(const struct ctr *ctr)
{
	return phase_short_name(ctr->pod->state.name, ctr->record.spec.name);
}

bool ctr_has_role(const struct ctr *ctr, const char *role)
{
	return text_equal(ctr->record.spec.init_ctr, role);
}

bool kubelet_asks(const struct ctr_spec *spec)
{
	return spec->post_start.kind || spec->startup.how.kind || spec->readiness.how.kind ||
	       spec->liveness.how.kind;
}

void kubelet_facts(const struct pod *pod, struct phase_facts *ret_facts)
{
	const struct ctr_state **v;
	size_t n = 0;

	for (const struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		n += !ctr->record.infra;
	v = mem_zalloc((n + 1) * sizeof(*v));
	*ret_facts = (struct phase_facts){ .pod = pod->state.name,
					   .ctrs = v,
					   .n = n,
					   .policy = pod->record.spec.restart.name,
					   .ended = pod_idle(pod),
					   .now = &pod->state };
	n = 0;
	for (const struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		if (!ctr->record.infra)
			v[n++] = ctr->state;
}

void kubelet_facts_free(struct phase_facts *facts)
{
	free((void *)facts->ctrs);
}

struct ctr *kubelet_member(struct pod *pod, size_t index)
{
	struct ctr *ctr = pod->ctrs;

	while (ctr->record.infra || index--)
		ctr = ctr->next;
	return ctr;
}

void ctr_started_up(struct ctr *ctr)
{
	if (ctr->state->up)
		return;
	ctr->state->up = true;
	ctr->pod->changed = true;
}

void ctr_ready(struct ctr *ctr, bool ready)
{
	if (ctr->state->ready == ready)
		return;
	ctr->state->ready = ready;
	ctr->pod->changed = true;
}

void ctr_unhealthy(struct ctr *ctr, const char *which, const char *message, int64_t grace)
{
	cleanup_free char *word = text_dup(which);

	(void)message; /* whoever asked has told it as an event */
	*word = (char)(*word | 0x20);
	podevent(ctr->pod, ctr, EVENT_NORMAL, "Killing", "Container %s failed %s probe, will be restarted",
		 kubelet_name(ctr), word);
	ctr_terminate(ctr, grace);
}

/* The answer of the postStart hook: without it the container is no use. */
static void post_start_done(struct ctr *ctr, void *context, bool success, const char *message)
{
	(void)context;
	if (success) {
		probes_begin(ctr);
		return;
	}
	podevent(ctr->pod, ctr, EVENT_WARNING, "FailedPostStartHook", "PostStartHook failed%s%s",
		 *message ? ": " : "", message);
	podevent(ctr->pod, ctr, EVENT_NORMAL, "Killing", "FailedPostStartHook");
	ctr_terminate(ctr, -1);
}

void ctr_born(struct ctr *ctr)
{
	const struct handler_spec *hook = &ctr->record.spec.post_start;
	struct err err = { 0 };

	if (!kubelet_asks(&ctr->record.spec))
		return; /* it was up and ready from the start: ctr_launch */
	if (!hook->kind)
		probes_begin(ctr);
	else if (handler_start(ctr, hook, 0, post_start_done, NULL, &err))
		post_start_done(ctr, NULL, false, err.text);
}

/* Since when all are ready; the init containers but for sidecars do not count. */
static void note_readiness(struct pod *pod, const struct phase_facts *facts)
{
	bool ready = facts->n > 0;

	for (size_t i = 0; i < facts->n; i++) {
		const struct ctr_state *ctr = facts->ctrs[i];

		if (!ctr->role || !strcmp(ctr->role, "sidecar"))
			ready = ready && ctr->ready;
	}
	if (ready == !!pod->state.all_ready)
		return;
	pod->state.all_ready = ready ? clock_wall() : 0;
	pod->changed = true;
}

static void note_phase(struct pod *pod, const struct phase_facts *facts)
{
	const char *phase = pod_phase(facts);

	if (pod->state.phase || (strcmp(phase, "Failed") && strcmp(phase, "Succeeded")))
		return;
	pod->state.phase = text_dup(phase);
	pod->changed = true;
}

/* activeDeadlineSeconds are over. */
static void check_deadline(struct pod *pod)
{
	static const char words[] = "Pod was active on the node longer than the specified deadline";

	if (!pod->state.deadline_at || pod->state.deadline_at > supervisor_now() || pod->stopping)
		return;
	pod->state.deadline_at = 0;
	text_replace(&pod->state.phase, text_dup("Failed"));
	text_replace(&pod->state.reason, text_dup("DeadlineExceeded"));
	podevent(pod, NULL, EVENT_NORMAL, "DeadlineExceeded", "%s", words);
	pod_terminate(pod, -1);
}

void pod_settle(struct pod *pod)
{
	struct phase_facts facts;

	if (!kubelet_pod(pod))
		return;
	check_deadline(pod);
	kubelet_facts(pod, &facts);
	note_readiness(pod, &facts);
	if (!pod->state.bring_up && pod->state.grounded) {
		note_phase(pod, &facts);
		if (!pod->stopping && (pod->state.phase || phase_apps_done(&facts)))
			pod_terminate(pod, -1);
	}
	kubelet_facts_free(&facts);
}
