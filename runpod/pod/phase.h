/*
 * phase: what a pod is, in Kubernetes' words, and what is to be done next, decided from
 * the states of its containers alone. No side effects: the supervisor asks before it acts, and
 * `get` and `describe` ask the same functions about the records.
 */
#ifndef RUNPOD_POD_PHASE_H
#define RUNPOD_POD_PHASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/record.h"

struct phase_facts {
	const char *pod;		     /* its name */
	const struct ctr_state *const *ctrs; /* in the order of their making, without the infra */
	size_t n;
	const char *policy; /* restart policy of the pod: NULL or "no", on-failure, always, unless-stopped */
	bool ended;	    /* nothing of it runs and nothing will be started: its infra has gone */
	const struct pod_state *now; /* phase and reason that stay, initialized, all_ready, terminating */
};

/* A container as Kubernetes sees it. A zeroed last.reason means that there was no run before. */
struct phase_ctr {
	enum { CTR_WAITING, CTR_RUNNING, CTR_TERMINATED } is;
	const char *reason;  /* waiting, terminated; NULL: none */
	const char *message; /* to it; NULL: none */
	struct phase_end {
		int64_t exit_code, started, finished; /* times: nanoseconds since 1970 */
		const char *reason, *message;	      /* NULL: none */
	} end, last; /* terminated: this end; and the end before that or before this run */
	bool init;   /* one of the init containers, sidecars included */
	bool sidecar;
};

/* Fills ret_ctr, which borrows from state. */
void phase_ctr(const struct ctr_state *state, struct phase_ctr *ret_ctr);

/* Completed, Error, OOMKilled, ContainerStatusUnknown. */
const char *phase_end_reason(int64_t exit_code, bool oom_killed);

/* Pending, Running, Succeeded, Failed. */
const char *pod_phase(const struct phase_facts *facts);

/* The STATUS column of `get`, and its neighbours. The caller owns word. */
struct phase_row {
	char *word;	      /* Running, Init:1/2, CrashLoopBackOff, NotReady, Terminating, … */
	int ready, total;     /* READY */
	int64_t restarts;     /* RESTARTS */
	int64_t last_restart; /* when the last run before one of them ended; 0: never */
};

void phase_row(const struct phase_facts *facts, struct phase_row *ret_row);

enum { COND_SCHEDULED, COND_INITIALIZED, COND_CTRS_READY, COND_READY, CONDITIONS };

struct phase_condition {
	const char *type; /* PodScheduled, … */
	bool holds;
	const char *reason; /* why not (or, of a pod that has completed, why no more); NULL */
	char *message;	    /* owned; NULL */
	int64_t since;	    /* nanoseconds since 1970; 0: unknown */
};

void phase_conditions(const struct phase_facts *facts, struct phase_condition ret_conditions[CONDITIONS]);
void phase_conditions_free(struct phase_condition conditions[CONDITIONS]);

/* What a pod that is being brought up needs next. */
enum phase_step {
	STEP_WAIT,  /* for init container *ret_index */
	STEP_START, /* init container *ret_index */
	STEP_APPS,  /* all that came before is done: the others, all of them */
	STEP_FAIL,  /* init container *ret_index has failed for good */
};

enum phase_step phase_next(const struct phase_facts *facts, size_t *ret_index);

/* Whether all apps have ended, have run, and will not run again. */
bool phase_apps_done(const struct phase_facts *facts);

/* A container's name within its pod: what follows "POD-" (podman's names of a manifest's containers); points into ctr. */
const char *phase_short_name(const char *pod, const char *ctr);

#endif
