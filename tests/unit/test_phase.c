/*
 * test_phase: what a pod is and what comes next, as tables. A container is a word: its role
 * (i init, s sidecar, o podman's once, a app) and how it is:
 *
 *	n  has not run, nobody said why       r  runs          w1  in back-off after exit 1
 *	p  waits: PodInitializing             u  is up         e0  ended with 0, for good
 *	c  waits: ContainerCreating           R  is ready      k   OOM killed   x  nobody knows how
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "pod/phase.h"

#define MAX 8

struct ground {
	struct ctr_state v[MAX];
	const struct ctr_state *list[MAX];
	struct pod_state now;
	struct phase_facts facts;
};

static void fill(const char *word, struct ctr_state *ctr)
{
	static const struct {
		char letter;
		char *role;
	} roles[] = { { 'i', "init" }, { 's', "sidecar" }, { 'o', "once" }, { 'a', NULL } };
	char how = word[1];

	*ctr = (struct ctr_state){ .status = "created", .name = "shop-x" };
	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++)
		if (roles[i].letter == word[0])
			ctr->role = roles[i].role;
	if (how == 'p' || how == 'c')
		ctr->waiting = how == 'p' ? "PodInitializing" : "ContainerCreating";
	if (strchr("np"
		   "c",
		   how))
		return;
	ctr->ran = true;
	ctr->started = 1;
	if (strchr("ruR", how)) {
		ctr->status = "running";
		ctr->up = how != 'r';
		ctr->ready = how == 'R';
		return;
	}
	ctr->status = "exited";
	ctr->finished = 2;
	ctr->exit_code = how == 'k' ? 137 : how == 'x' ? EXIT_UNKNOWN : word[2] - '0';
	ctr->oom_killed = how == 'k';
	if (how == 'w') {
		ctr->restart_at = 5;
		ctr->waiting = "CrashLoopBackOff";
		ctr->restarts = 2;
	}
}

/* "always: i e0, a r" as words with single blanks between. */
static void lay(struct ground *g, const char *policy, const char *words)
{
	*g = (struct ground){ .now = { .created = 1 } };
	g->facts = (struct phase_facts){
		.pod = "shop", .ctrs = g->list, .policy = (char *)policy, .now = &g->now
	};
	while (*words) {
		fill(words, &g->v[g->facts.n]);
		g->list[g->facts.n] = &g->v[g->facts.n];
		g->facts.n++;
		words += strcspn(words, " ");
		words += strspn(words, " ");
	}
}

static void test_phase(void **state)
{
	static const struct {
		const char *policy, *ctrs, *phase;
	} rows[] = {
		{ "always", "an", "Pending" },
		{ "always", "ac", "Pending" },
		{ "always", "ar", "Running" },
		{ "always", "ar an", "Pending" }, /* one that never ran is waiting */
		{ "always", "ar ae0", "Running" },
		{ "always", "aw1", "Running" }, /* all stopped */
		{ "always", "ae1", "Running" },
		{ "always", "ae0", "Running" },
		{ "on-failure", "ae0", "Succeeded" },
		{ "on-failure", "ae0 aw1", "Running" },
		{ "on-failure", "ae0 ae0", "Succeeded" },
		{ "no", "ae0 ae0", "Succeeded" },
		{ "no", "ae0 ae1", "Failed" },
		{ NULL, "ae0 ae1", "Failed" },
		{ "no", "ae1 ar", "Running" },
		{ "no", "ak", "Failed" },
		{ "no", "ax", "Failed" }, /* unknown is not 0 */
		/* init containers */
		{ "always", "ir ap", "Pending" },
		{ "always", "in an", "Pending" },
		{ "always", "iw1 ap", "Pending" },
		{ "no", "ie1 ap", "Failed" },
		{ "on-failure", "ie1 ap", "Pending" },
		{ "always", "ie0 ip ap", "Pending" },
		{ "always", "ie0 ar", "Running" },
		{ "no", "ie0 ae0", "Succeeded" },
		/* sidecars */
		{ "always", "sr ap", "Pending" },
		{ "always", "su ar", "Running" },
		{ "no", "su ae0", "Running" },	  /* it runs until it is told to stop */
		{ "no", "se1 ae0", "Succeeded" }, /* one that has ended never counts */
		{ "no", "se0 ae1", "Failed" },
		{ "always", "sw1 ar", "Running" },
	};
	struct ground g;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		lay(&g, rows[i].policy, rows[i].ctrs);
		if (strcmp(pod_phase(&g.facts), rows[i].phase))
			fail_msg("%s: %s: %s instead of %s", rows[i].policy, rows[i].ctrs,
				 pod_phase(&g.facts), rows[i].phase);
	}
}

static void test_phases_that_stay(void **state)
{
	struct ground g;

	(void)state;
	lay(&g, "always", "ar");
	g.now.phase = "Failed";
	assert_string_equal(pod_phase(&g.facts), "Failed");
	/* stopped as a whole: what the policy wants does not matter any more */
	lay(&g, "always", "ae0 ae0");
	g.facts.ended = true;
	assert_string_equal(pod_phase(&g.facts), "Succeeded");
	lay(&g, "always", "ae0 ae1");
	g.facts.ended = true;
	assert_string_equal(pod_phase(&g.facts), "Failed");
	lay(&g, "on-failure", "ie0 an"); /* stopped before an app ever ran */
	g.facts.ended = true;
	assert_string_equal(pod_phase(&g.facts), "Pending");
	/* once initialized, a sidecar that comes back does not make it Pending */
	lay(&g, "always", "sr ar");
	assert_string_equal(pod_phase(&g.facts), "Pending");
	g.now.initialized = 7;
	assert_string_equal(pod_phase(&g.facts), "Running");
}

static void test_next(void **state)
{
	static const struct {
		const char *ctrs;
		enum phase_step step;
		size_t index;
	} rows[] = {
		{ "an", STEP_APPS, 0 },
		{ "in an", STEP_START, 0 },
		{ "ir an", STEP_WAIT, 0 },
		{ "iw1 an", STEP_WAIT, 0 },
		{ "ie1 an", STEP_FAIL, 0 },
		{ "ix an", STEP_FAIL, 0 },
		{ "ie0 ip ap", STEP_START, 1 },
		{ "ie0 ir ap", STEP_WAIT, 1 },
		{ "ie0 ie0 ap", STEP_APPS, 0 },
		{ "on on an", STEP_START, 0 },
		{ "oe0 oe2 an", STEP_FAIL, 1 },
		/* a sidecar lets the next one go when it is up, not before, and need not be ready */
		{ "sn in an", STEP_START, 0 },
		{ "sr in an", STEP_WAIT, 0 },
		{ "su in an", STEP_START, 1 },
		{ "su ie0 an", STEP_APPS, 0 },
		{ "sw1 in an", STEP_WAIT, 0 },
		/* whatever the order of apps among them */
		{ "an in", STEP_START, 1 },
	};
	struct ground g;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t index = 99;
		enum phase_step step;

		lay(&g, "always", rows[i].ctrs);
		step = phase_next(&g.facts, &index);
		if (step != rows[i].step || (step != STEP_APPS && index != rows[i].index))
			fail_msg("%s: step %d of %zu", rows[i].ctrs, step, index);
	}
}

static void test_words(void **state)
{
	static const struct {
		const char *policy, *ctrs;
		bool initialized, all_ready;
		const char *word;
		int ready, total;
		int64_t restarts;
	} rows[] = {
		{ "always", "an", false, false, "Pending", 0, 1, 0 },
		{ "always", "ac ac", false, false, "ContainerCreating", 0, 2, 0 },
		{ "always", "aR", true, true, "Running", 1, 1, 0 },
		{ "always", "aR au", true, false, "Running", 1, 2, 0 },
		{ "always", "aw1 aR", true, false, "CrashLoopBackOff", 1, 2, 2 },
		{ "no", "ae0", true, false, "Completed", 0, 1, 0 },
		{ "no", "ae1", true, false, "Error", 0, 1, 0 },
		{ "no", "ak", true, false, "OOMKilled", 0, 1, 0 },
		{ "no", "ax", true, false, "ContainerStatusUnknown", 0, 1, 0 },
		{ "no", "ae0 aR", true, false, "NotReady", 1, 2, 0 },
		{ "no", "ie0 ae0 aR", true, true, "Running", 1, 2, 0 },
		{ "always", "in an", false, false, "Pending", 0, 1, 0 },
		{ "always", "ip ip ap", false, false, "Init:0/2", 0, 1, 0 },
		{ "always", "ir ip ap", false, false, "Init:0/2", 0, 1, 0 },
		{ "always", "ie0 ir ap", false, false, "Init:1/2", 0, 1, 0 },
		{ "always", "ie0 ie0 ap", false, false, "PodInitializing", 0, 1, 0 },
		{ "always", "iw1 ap", false, false, "Init:CrashLoopBackOff", 0, 1, 2 },
		{ "no", "ie1 ap", false, false, "Init:Error", 0, 1, 0 },
		{ "no", "ik ap", false, false, "Init:OOMKilled", 0, 1, 0 },
		{ "always", "sr ip ap", false, false, "Init:0/2", 0, 2, 0 },
		{ "always", "su ir ap", false, false, "Init:1/2", 0, 2, 0 },
		{ "always", "sR ie0 aR", true, true, "Running", 2, 2, 0 },
		{ "no", "sR ae0", true, false, "Completed", 1, 2, 0 },
	};
	struct ground g;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct phase_row row;

		lay(&g, rows[i].policy, rows[i].ctrs);
		g.now.initialized = rows[i].initialized;
		g.now.all_ready = rows[i].all_ready;
		phase_row(&g.facts, &row);
		if (strcmp(row.word, rows[i].word) || row.ready != rows[i].ready ||
		    row.total != rows[i].total || row.restarts != rows[i].restarts)
			fail_msg("%s: %s %d/%d restarts %d", rows[i].ctrs, row.word, row.ready, row.total,
				 (int)row.restarts);
		free(row.word);
	}
}

static void test_word_of_the_pod(void **state)
{
	struct ground g;
	struct phase_row row;

	(void)state;
	lay(&g, "always", "aR");
	g.now.terminating = true;
	phase_row(&g.facts, &row);
	assert_string_equal(row.word, "Terminating");
	free(row.word);
	g.now.phase = "Succeeded"; /* its end is no news */
	phase_row(&g.facts, &row);
	assert_string_equal(row.word, "Succeeded");
	free(row.word);
	lay(&g, "always", "ae1");
	g.now.phase = "Failed";
	g.now.reason = "DeadlineExceeded";
	g.v[0].waiting = NULL;
	phase_row(&g.facts, &row);
	assert_string_equal(row.word, "Error");
	free(row.word);
	lay(&g, "always", "aw1");
	g.v[0].finished = 77;
	phase_row(&g.facts, &row);
	assert_int_equal(row.last_restart, 77);
	free(row.word);
}

static void test_container(void **state)
{
	struct ground g;
	struct phase_ctr ctr;

	(void)state;
	lay(&g, "always", "aw1 aR ak an");
	phase_ctr(&g.v[0], &ctr);
	assert_int_equal(ctr.is, CTR_WAITING);
	assert_string_equal(ctr.reason, "CrashLoopBackOff");
	assert_int_equal(ctr.last.exit_code, 1);
	assert_string_equal(ctr.last.reason, "Error");
	g.v[0].message = "back-off";
	g.v[0].last_message = "last words";
	phase_ctr(&g.v[0], &ctr);
	assert_string_equal(ctr.message, "back-off");
	assert_string_equal(ctr.last.message, "last words");
	g.v[1].last_finished = 9;
	g.v[1].last_oom_killed = true;
	phase_ctr(&g.v[1], &ctr);
	assert_int_equal(ctr.is, CTR_RUNNING);
	assert_string_equal(ctr.last.reason, "OOMKilled");
	phase_ctr(&g.v[2], &ctr);
	assert_int_equal(ctr.is, CTR_TERMINATED);
	assert_string_equal(ctr.end.reason, "OOMKilled");
	assert_null(ctr.last.reason);
	phase_ctr(&g.v[3], &ctr);
	assert_int_equal(ctr.is, CTR_WAITING);
	assert_null(ctr.reason);
}

static void test_conditions(void **state)
{
	struct phase_condition conditions[CONDITIONS];
	struct ground g;

	(void)state;
	lay(&g, "always", "sr ip ap au");
	g.v[0].name = "shop-proxy", g.v[1].name = "shop-setup", g.v[2].name = "shop-web",
	g.v[3].name = "other";
	phase_conditions(&g.facts, conditions);
	assert_true(conditions[COND_SCHEDULED].holds);
	assert_false(conditions[COND_INITIALIZED].holds);
	assert_string_equal(conditions[COND_INITIALIZED].reason, "ContainersNotInitialized");
	assert_string_equal(conditions[COND_INITIALIZED].message,
			    "containers with incomplete status: [proxy setup]");
	assert_string_equal(conditions[COND_READY].message,
			    "containers with unready status: [proxy web other]");
	phase_conditions_free(conditions);

	lay(&g, "always", "ie0 aR");
	g.now.initialized = 4;
	g.now.all_ready = 5;
	phase_conditions(&g.facts, conditions);
	for (int i = 0; i < CONDITIONS; i++)
		assert_true(conditions[i].holds && !conditions[i].message);
	assert_int_equal(conditions[COND_INITIALIZED].since, 4);
	assert_int_equal(conditions[COND_CTRS_READY].since, 5);
	phase_conditions_free(conditions);

	lay(&g, "no", "ae0");
	g.now.initialized = 4;
	phase_conditions(&g.facts, conditions);
	assert_false(conditions[COND_READY].holds);
	assert_string_equal(conditions[COND_READY].reason, "PodCompleted");
	phase_conditions_free(conditions);
}

static void test_apps_done_and_names(void **state)
{
	struct ground g;

	(void)state;
	lay(&g, "no", "sr ae0 ae1");
	assert_true(phase_apps_done(&g.facts));
	lay(&g, "no", "ae0 aw1");
	assert_false(phase_apps_done(&g.facts));
	lay(&g, "no", "ae0 an");
	assert_false(phase_apps_done(&g.facts));
	lay(&g, "no", "se0");
	assert_false(phase_apps_done(&g.facts));
	assert_string_equal(phase_short_name("shop", "shop-web"), "web");
	assert_string_equal(phase_short_name("shop", "shopping"), "shopping");
	assert_string_equal(phase_short_name("shop", "shop-"), "shop-");
	assert_string_equal(phase_short_name(NULL, "web"), "web");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_phase),
		cmocka_unit_test(test_phases_that_stay),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_word_of_the_pod),
		cmocka_unit_test(test_container),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_apps_done_and_names),
	};

	return cmocka_run_group_tests_name("phase", tests, NULL, NULL);
}
