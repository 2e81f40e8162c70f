/*
 * act: requests to the supervisors of all that were chosen; act.h says in which order. Lesson 19.
 */
#include "cli/act.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pod/depend.h"

#define AT_ONCE 100 /* a connection each; a process may have 1024 descriptors (RLIMIT_NOFILE) */

/* What has become of one of them. */
struct outcome {
	struct act_sent sent;
	struct err why;
	int code;
};

static void tell(struct cli *cli, const struct chosen_one *one, int code, const struct err *why,
		 struct action_notes *notes)
{
	if (code)
		cli_fail(cli, why);
	else
		puts(one->shown);
	fflush(stdout);
	cli_warn(cli, &notes->lines);
	strv_free(&notes->lines);
}

void act_in_turn(struct cli *cli, const struct chosen *chosen, const struct action *action)
{
	for (size_t i = 0; i < chosen->n; i++) {
		struct action_notes notes = { 0 };
		struct err why = { 0 };
		int code = 0;

		if (!strcmp(action->op, "start") && *chosen->v[i].ref.ctr_id)
			code = depend_start(&cli->store, &chosen->v[i].ref, &why);
		if (!code)
			code = ctr_act(&cli->store, &chosen->v[i].ref, action, &notes, &why);

		tell(cli, &chosen->v[i], code, &why, &notes);
	}
}

static void act_on_some(struct cli *cli, const struct chosen_one *v, size_t n, const struct action *action,
			bool quiet)
{
	struct outcome *outcomes = mem_zalloc(n * sizeof(*outcomes));

	for (size_t i = 0; i < n; i++)
		outcomes[i].code =
			act_send(&cli->store, &v[i].ref, action, &outcomes[i].sent, &outcomes[i].why);
	for (size_t i = 0; i < n; i++) {
		struct outcome *one = &outcomes[i];
		struct action_notes notes = { 0 };

		if (!one->code)
			one->code = act_finish(&cli->store, &one->sent, &notes, &one->why);
		if (!quiet)
			tell(cli, &v[i], one->code, &one->why, &notes);
		strv_free(&notes.lines);
	}
	free(outcomes);
}

static void act_on_all(struct cli *cli, const struct chosen *chosen, const struct action *action, bool quiet)
{
	for (size_t i = 0; i < chosen->n; i += AT_ONCE)
		act_on_some(cli, &chosen->v[i], chosen->n - i < AT_ONCE ? chosen->n - i : AT_ONCE, action,
			    quiet);
}

void act_together(struct cli *cli, const struct chosen *chosen, const struct action *action)
{
	act_on_all(cli, chosen, action, false);
}

void act_quietly(struct cli *cli, const struct chosen *chosen, const struct action *action)
{
	act_on_all(cli, chosen, action, true);
}
