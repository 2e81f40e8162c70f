/*
 * probe: the three probes of a container that runs; probe.h tells their rules.
 * The counting is probe_rule.c's, the asking handler.c's, and what follows from
 * a verdict is the kubelet's (pod.h); this file only passes it on. Lesson 22.
 */
#include "pod/probe.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "kern/cgroup.h"
#include "pod/handler.h"
#include "pod/podevents.h"
#include "pod/probe_rule.h"

enum { STARTUP, READINESS, LIVENESS, KINDS };

struct probe {
	const char *name; /* as events have it */
	const struct probe_spec *spec;
	struct probe_track track;
};

struct probes {
	int64_t began; /* when the container did, on the supervisor's clock */
	struct probe v[KINDS];
};

static bool exists(const struct probe *probe)
{
	return probe->spec->how.kind != NULL;
}

/* What is frozen, by `pause` or by somebody else, cannot answer, and that is not its fault. A program born in there would
 * be frozen with it, and we with the program. */
static bool frozen(const struct ctr *ctr)
{
	cleanup_free char *group = plan_group(&ctr->pod->facts, &ctr->pod->record, ctr->record.id);

	return group && cgroup_count(group, "cgroup.events", "frozen") == 1;
}

/* Startup is over: now the others. What the kubelet does about it comes last, for it may even end this container. */
static void come_up(struct ctr *ctr, struct probes *probes)
{
	bool ready_now = !exists(&probes->v[READINESS]);

	for (int i = READINESS; i < KINDS; i++)
		if (exists(&probes->v[i]))
			probe_begin(probes->v[i].spec, probes->began, supervisor_now(), &probes->v[i].track);
	if (!ctr->state->up)
		ctr_started_up(ctr);
	if (ready_now && ctr->state->up && !ctr->state->ready)
		ctr_ready(ctr, true);
}

void probes_begin(struct ctr *ctr)
{
	const struct ctr_spec *spec = &ctr->record.spec;
	struct probes *probes = mem_zalloc(sizeof(*probes));

	probes_end(ctr);
	*probes = (struct probes){ .began = supervisor_now(),
				   .v = { { .name = "Startup", .spec = &spec->startup },
					  { .name = "Readiness", .spec = &spec->readiness },
					  { .name = "Liveness", .spec = &spec->liveness } } };
	ctr->probes = probes;
	if (exists(&probes->v[STARTUP]) && !ctr->state->up)
		probe_begin(&spec->startup, probes->began, probes->began, &probes->v[STARTUP].track);
	else
		come_up(ctr, probes);
}

void probes_end(struct ctr *ctr)
{
	if (!ctr->probes)
		return;
	for (int i = 0; i < KINDS; i++)
		handler_cancel(ctr, &ctr->probes->v[i]);
	free(ctr->probes);
	ctr->probes = NULL;
}

static void act_upon(struct ctr *ctr, struct probe *probe, enum probe_verdict verdict, const char *message)
{
	if (verdict == PROBE_OPEN)
		return;
	if (probe == &ctr->probes->v[READINESS]) {
		if (ctr->state->ready != (verdict == PROBE_PASSED))
			ctr_ready(ctr, verdict == PROBE_PASSED);
		return;
	}
	if (verdict == PROBE_FAILED || probe == &ctr->probes->v[STARTUP])
		probe->track.next = 0; /* asked no more */
	if (verdict == PROBE_FAILED)
		ctr_unhealthy(ctr, probe->name, message, probe->spec->grace > 0 ? probe->spec->grace : -1);
	else if (probe == &ctr->probes->v[STARTUP])
		come_up(ctr, ctr->probes);
}

static void answered(struct ctr *ctr, void *context, bool success, const char *message)
{
	struct probe *probe = context;

	if (frozen(ctr))
		return probe_unanswered(probe->spec, &probe->track, supervisor_now());
	if (!success)
		podevent(ctr->pod, ctr, EVENT_WARNING, "Unhealthy", "%s probe failed: %s", probe->name,
			 message);
	act_upon(ctr, probe, probe_answered(probe->spec, &probe->track, success, supervisor_now()), message);
}

static void ask(struct ctr *ctr, struct probe *probe, int64_t now)
{
	struct err err = { 0 };

	probe_asked(&probe->track, now);
	if (frozen(ctr))
		return probe_unanswered(probe->spec, &probe->track, now);
	if (!handler_start(ctr, &probe->spec->how, probe_timeout(probe->spec), answered, probe, &err))
		return;
	probe_unanswered(probe->spec, &probe->track, now); /* our own fault, not the container's */
	podevent(ctr->pod, ctr, EVENT_WARNING, "Unhealthy", "%s probe errored: %s", probe->name, err.text);
}

void probes_tick(struct ctr *ctr, int64_t now, int64_t *io_next)
{
	for (int i = 0; ctr->probes && i < KINDS; i++) {
		struct probe *probe = &ctr->probes->v[i];

		if (probe_due(&probe->track, now))
			ask(ctr, probe, now);
		if (probe->track.next && (!*io_next || probe->track.next < *io_next))
			*io_next = probe->track.next;
	}
	handler_tick(ctr, now, io_next);
}
