/*
 * phase_words: the columns of `get`, and the conditions of `describe`, as kubectl and the
 * kubelet word them. Plain rules over phase.h; no lesson.
 */
#include "pod/phase.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static void count_restarts(const struct ctr_state *ctr, struct phase_row *row)
{
	struct phase_ctr is;

	phase_ctr(ctr, &is);
	row->restarts += ctr->restarts;
	if (is.last.finished > row->last_restart)
		row->last_restart = is.last.finished;
}

static void put(struct phase_row *row, char *word)
{
	text_replace(&row->word, word);
}

/* The first init container that is not done gives the word. Returns whether there is one. */
static bool init_word(const struct phase_facts *facts, struct phase_row *row)
{
	int index = 0, total = 0;

	for (size_t i = 0; i < facts->n; i++)
		total += facts->ctrs[i]->role != NULL;
	for (size_t i = 0; i < facts->n; i++) {
		const struct ctr_state *ctr = facts->ctrs[i];
		struct phase_ctr is;

		phase_ctr(ctr, &is);
		if (!is.init)
			continue;
		index++;
		count_restarts(ctr, row);
		if (is.is == CTR_TERMINATED && !is.end.exit_code)
			continue;
		if (is.sidecar && is.is == CTR_RUNNING && ctr->up) {
			row->ready += ctr->ready;
			continue;
		}
		if (is.is == CTR_TERMINATED)
			put(row, text_format("Init:%s", is.reason));
		else if (is.reason && strcmp(is.reason, "PodInitializing"))
			put(row, text_format("Init:%s", is.reason));
		else if (is.is == CTR_RUNNING || is.reason)
			put(row, text_format("Init:%d/%d", index - 1, total));
		return true;
	}
	return false;
}

/* The first of the others that has something to say; running ones only count. Returns whether one runs and is ready. */
static bool apps_word(const struct phase_facts *facts, struct phase_row *row)
{
	bool running = false;

	for (size_t i = facts->n; i-- > 0;) {
		const struct ctr_state *ctr = facts->ctrs[i];
		struct phase_ctr is;

		phase_ctr(ctr, &is);
		if (is.init && !is.sidecar)
			continue;
		count_restarts(ctr, row);
		if (is.init)
			continue;
		if (is.is != CTR_RUNNING && is.reason)
			put(row, text_dup(is.reason));
		else if (is.is == CTR_RUNNING && ctr->ready) {
			running = true;
			row->ready++;
		}
	}
	return running;
}

static bool is_ready(const struct phase_facts *facts)
{
	return facts->now->all_ready != 0;
}

void phase_row(const struct phase_facts *facts, struct phase_row *ret_row)
{
	const char *phase = pod_phase(facts);
	bool initializing;

	*ret_row = (struct phase_row){ .word = text_dup(facts->now->reason ? facts->now->reason : phase) };
	for (size_t i = 0; i < facts->n; i++)
		ret_row->total += !facts->ctrs[i]->role || text_equal(facts->ctrs[i]->role, "sidecar");
	initializing = init_word(facts, ret_row);
	if (!initializing || facts->now->initialized) {
		ret_row->restarts = ret_row->last_restart = 0;
		if (apps_word(facts, ret_row) && !strcmp(ret_row->word, "Completed"))
			put(ret_row, text_dup(is_ready(facts) ? "Running" : "NotReady"));
	}
	if (facts->now->terminating && strcmp(phase, "Failed") && strcmp(phase, "Succeeded"))
		put(ret_row, text_dup("Terminating"));
}

/* The short names of those that an unmet condition is about: "[a b]". init: init containers that are not done; else others that are not
 * ready. NULL: none. */
static char *lacking(const struct phase_facts *facts, bool init)
{
	struct buf names = { 0 };

	for (size_t i = 0; i < facts->n; i++) {
		const struct ctr_state *ctr = facts->ctrs[i];
		struct phase_ctr is;
		bool good;

		phase_ctr(ctr, &is);
		if (init != is.init && !(is.sidecar && !init))
			continue;
		good = !init	    ? is.is == CTR_RUNNING && ctr->ready
		       : is.sidecar ? ctr->up
				    : is.is == CTR_TERMINATED && !is.end.exit_code;
		if (!good)
			buf_format(&names, "%s%s", names.len ? " " : "",
				   phase_short_name(facts->pod, ctr->name));
	}
	return names.data;
}

static void unmet(struct phase_condition *condition, const char *reason, const char *what, const char *names)
{
	condition->holds = false;
	condition->since = 0;
	condition->reason = reason;
	condition->message = text_format("containers with %s status: [%s]", what, names);
}

void phase_conditions(const struct phase_facts *facts, struct phase_condition ret_conditions[CONDITIONS])
{
	static const char *const types[] = { "PodScheduled", "Initialized", "ContainersReady", "Ready" };
	const char *phase = pod_phase(facts);
	char *init = facts->now->initialized ? NULL : lacking(facts, true), *ready = lacking(facts, false);
	int64_t since[] = { facts->now->created, facts->now->initialized, facts->now->all_ready,
			    facts->now->all_ready };

	for (int i = 0; i < CONDITIONS; i++)
		ret_conditions[i] =
			(struct phase_condition){ .type = types[i], .holds = true, .since = since[i] };
	if (init)
		unmet(&ret_conditions[COND_INITIALIZED], "ContainersNotInitialized", "incomplete", init);
	for (int i = COND_CTRS_READY; i <= COND_READY; i++) {
		if (!strcmp(phase, "Succeeded")) {
			ret_conditions[i].holds = false;
			ret_conditions[i].reason = "PodCompleted";
		} else if (ready) {
			unmet(&ret_conditions[i],
			      !strcmp(phase, "Failed") ? "PodFailed" : "ContainersNotReady", "unready",
			      ready);
		}
	}
	free(init);
	free(ready);
}

void phase_conditions_free(struct phase_condition conditions[CONDITIONS])
{
	for (int i = 0; i < CONDITIONS; i++)
		free(conditions[i].message);
}
