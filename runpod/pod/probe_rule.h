/*
 * probe_rule: when a probe asks next, and what its answers amount to. Pure: times
 * and answers in, verdicts and times out; no clock is read here and nothing is done.
 *
 * The rule is the kubelet's (Kubernetes, "Configure Liveness, Readiness and Startup Probes"): the same
 * answer `failure` or `success` times in a row is a verdict, and any other answer begins the count
 * anew. Lesson 22.
 */
#ifndef RUNPOD_POD_PROBE_RULE_H
#define RUNPOD_POD_PROBE_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "spec/manifest_spec.h"

/* What one probe remembers. Zeroed: it does not ask. All times are nanoseconds of one clock, never 0. */
struct probe_track {
	int64_t next;  /* the next question is due then; 0: none is */
	int64_t asked; /* when the question under way was asked; 0: none is */
	bool last;     /* the last answer */
	int64_t run;   /* how often it has come in a row; 0: no answer yet */
};

enum probe_verdict {
	PROBE_OPEN, /* too few equal answers */
	PROBE_PASSED,
	PROBE_FAILED,
};

/* It may begin: initial_delay after the container did (began), but not before now. */
void probe_begin(const struct probe_spec *spec, int64_t began, int64_t now, struct probe_track *track);

/* Whether a question is due. One that is under way is waited for, however long its period is over. */
bool probe_due(const struct probe_track *track, int64_t now);

/* It is asked. */
void probe_asked(struct probe_track *track, int64_t now);

/* The answer. The next question is due a period after this one was asked. */
enum probe_verdict probe_answered(const struct probe_spec *spec, struct probe_track *track, bool success,
				  int64_t now);

/* There will be no answer, and that says nothing about the container. */
void probe_unanswered(const struct probe_spec *spec, struct probe_track *track, int64_t now);

/* How long an answer may take, ns. */
int64_t probe_timeout(const struct probe_spec *spec);

#endif
