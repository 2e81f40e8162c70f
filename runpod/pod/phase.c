/*
 * phase: Pending, Running, Succeeded or Failed, and which container comes next. The
 * rules are Kubernetes' (pod-lifecycle, init-containers and sidecar-containers in its
 * documentation); podman's two kinds of init containers follow the same order.
 * Lesson 22 builds a small one.
 */
#include "pod/phase.h"

#include <string.h>

#include "base/text.h"

/* How far a container is, in the life of the pod's present infra. */
enum member {
	MEMBER_NEW,	/* has not run */
	MEMBER_RUNNING, /* runs */
	MEMBER_WAITING, /* will be started again at a set time */
	MEMBER_ENDED,	/* has run, and that was it */
};

static bool runs(const struct ctr_state *ctr)
{
	return text_equal(ctr->status, "running") || text_equal(ctr->status, "stopping") ||
	       text_equal(ctr->status, "paused");
}

static enum member member(const struct ctr_state *ctr)
{
	if (runs(ctr))
		return MEMBER_RUNNING;
	if (ctr->restart_at)
		return MEMBER_WAITING;
	return ctr->ran ? MEMBER_ENDED : MEMBER_NEW;
}

static bool is_sidecar(const struct ctr_state *ctr)
{
	return text_equal(ctr->role, "sidecar");
}

static bool never(const struct phase_facts *facts)
{
	return !facts->policy || !strcmp(facts->policy, "no");
}

/* How many containers are in which condition. */
struct tally {
	int pending_init, failed_init; /* init containers that run to their end */
	int pending_sidecars;	       /* that are not up yet */
	int running, waiting, stopped, succeeded;
};

static void tally_init(const struct ctr_state *ctr, struct tally *tally)
{
	enum member is = member(ctr);

	if (is == MEMBER_NEW || is == MEMBER_RUNNING || !ctr->ran)
		tally->pending_init++;
	else if (ctr->exit_code)
		tally->failed_init++;
}

/* Sidecars that have ended never count. */
static void tally_sidecar(const struct ctr_state *ctr, struct tally *tally)
{
	enum member is = member(ctr);

	if (is == MEMBER_RUNNING) {
		tally->running++;
		tally->pending_sidecars += !ctr->up;
	} else if (!ctr->ran) {
		tally->pending_sidecars++;
		tally->waiting++;
	}
}

static void tally_app(const struct ctr_state *ctr, struct tally *tally)
{
	enum member is = member(ctr);

	if (is == MEMBER_RUNNING) {
		tally->running++;
	} else if (is == MEMBER_ENDED || ctr->ran) {
		tally->stopped++;
		tally->succeeded += is == MEMBER_ENDED && !ctr->exit_code;
	} else {
		tally->waiting++;
	}
}

/* DOC: phase */
const char *pod_phase(const struct phase_facts *facts)
{
	struct tally tally = { 0 };

	if (facts->now->phase)
		return facts->now->phase; /* Failed and Succeeded stay */
	for (size_t i = 0; i < facts->n; i++) {
		const struct ctr_state *ctr = facts->ctrs[i];

		if (!ctr->role)
			tally_app(ctr, &tally);
		else if (is_sidecar(ctr))
			tally_sidecar(ctr, &tally);
		else
			tally_init(ctr, &tally);
	}
	if (tally.failed_init && never(facts))
		return "Failed";
	if (tally.pending_init || (tally.pending_sidecars && !facts->now->initialized) || tally.waiting)
		return "Pending";
	if (tally.running)
		return "Running";
	if (!tally.stopped)
		return "Pending";
	if (tally.stopped == tally.succeeded && (facts->ended || !text_equal(facts->policy, "always")))
		return "Succeeded";
	return facts->ended || never(facts) ? "Failed" : "Running";
}

/* DOC: who-comes-next */
enum phase_step phase_next(const struct phase_facts *facts, size_t *ret_index)
{
	for (size_t i = 0; i < facts->n; i++) {
		const struct ctr_state *ctr = facts->ctrs[i];
		enum member is = member(ctr);

		*ret_index = i;
		if (!ctr->role)
			continue;
		if (is == MEMBER_NEW)
			return STEP_START;
		if (is_sidecar(ctr) ? is == MEMBER_RUNNING && ctr->up : is == MEMBER_ENDED && !ctr->exit_code)
			continue;
		if (is != MEMBER_ENDED)
			return STEP_WAIT;
		if (!is_sidecar(ctr))
			return STEP_FAIL;
	}
	return STEP_APPS;
}

bool phase_apps_done(const struct phase_facts *facts)
{
	bool any = false;

	for (size_t i = 0; i < facts->n; i++) {
		if (facts->ctrs[i]->role)
			continue;
		if (member(facts->ctrs[i]) != MEMBER_ENDED)
			return false;
		any = true;
	}
	return any;
}

const char *phase_end_reason(int64_t exit_code, bool oom_killed)
{
	if (oom_killed)
		return "OOMKilled";
	if (exit_code == EXIT_UNKNOWN)
		return "ContainerStatusUnknown";
	return exit_code ? "Error" : "Completed";
}

static struct phase_end an_end(int64_t exit_code, int64_t started, int64_t finished, bool oom_killed)
{
	if (!finished && !exit_code)
		return (struct phase_end){ 0 };
	return (struct phase_end){ exit_code, started, finished, phase_end_reason(exit_code, oom_killed),
				   NULL };
}

void phase_ctr(const struct ctr_state *state, struct phase_ctr *ret_ctr)
{
	struct phase_end end = an_end(state->exit_code, state->started, state->finished, state->oom_killed);
	struct phase_end last = an_end(state->last_exit_code, state->last_started, state->last_finished,
				       state->last_oom_killed);

	*ret_ctr = (struct phase_ctr){
		.init = state->role, .sidecar = is_sidecar(state), .last = last, .message = state->message
	};
	ret_ctr->last.message = state->last_message;
	if (runs(state)) {
		ret_ctr->is = CTR_RUNNING;
	} else if (state->waiting || text_equal(state->status, "created")) {
		ret_ctr->is = CTR_WAITING;
		ret_ctr->reason = state->waiting;
		ret_ctr->last = state->finished ? end : last;
		ret_ctr->last.message = state->last_message;
	} else {
		ret_ctr->is = CTR_TERMINATED;
		ret_ctr->end = end;
		ret_ctr->end.message = state->message;
		ret_ctr->reason = end.reason ? end.reason : phase_end_reason(state->exit_code, false);
	}
}

const char *phase_short_name(const char *pod, const char *ctr)
{
	size_t len = pod ? strlen(pod) : 0;

	return len && !strncmp(ctr, pod, len) && ctr[len] == '-' && ctr[len + 1] ? ctr + len + 1 : ctr;
}
