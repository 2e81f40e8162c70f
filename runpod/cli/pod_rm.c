/*
 * pod_rm: removing pods, named or all that have ended.
 */
#include <stdio.h>
#include <string.h>

#include "cli/act.h"
#include "cli/confirm.h"
#include "cli/verbs.h"

struct rm_flags {
	struct choice choice;
	bool force;
	int64_t time;
};

static const struct rm_flags rm_defaults = { .time = -1 };

static const struct opt rm_options[] = {
	{ "force", 'f', OPT_BOOL, offsetof(struct rm_flags, force), NULL,
	  "Stop the pod's containers first; what is not there is no error", NULL, NULL },
	{ "timeout", 0, OPT_INT, offsetof(struct rm_flags, time), "int", NULL, NULL, NULL },
	{ "time", 't', OPT_INT, offsetof(struct rm_flags, time), "int",
	  "Seconds to wait for the containers to stop before they are killed (with --force)", NULL, NULL },
	{ .more = choice_pod_ignore_options },
};

static bool any(const struct pod_view *view)
{
	(void)view;
	return true;
}

static bool ended(const struct pod_view *view)
{
	return !strcmp(pod_view_status(view), "Exited") || !strcmp(pod_view_status(view), "Stopped");
}

static void remove_chosen(struct cli *cli, const struct chosen *chosen, bool force, int64_t time)
{
	for (size_t i = 0; i < chosen->n; i++) {
		struct err why = { 0 };

		if (pod_remove(&cli->store, chosen->v[i].ref.pod_id, force, time, &why))
			cli_fail(cli, &why);
		else
			puts(chosen->v[i].shown);
		fflush(stdout);
	}
}

/* As in ctr_rm.c: all stop at once. */
static void stop_chosen(struct cli *cli, const struct chosen *chosen, int64_t time)
{
	const struct action stop = { .op = "stop", .timeout = time < 0 ? 0 : time };

	if (chosen->n > 1)
		act_quietly(cli, chosen, &stop);
}

static int rm(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct rm_flags *flags = target;
	struct chosen chosen = { 0 };
	int code;

	flags->choice.ignore |= flags->force;
	code = choose_pods(cli, &flags->choice, args, any, 1, &chosen, err);
	if (!code && flags->force)
		stop_chosen(cli, &chosen, flags->time);
	if (!code)
		remove_chosen(cli, &chosen, flags->force, flags->time);
	if (!code && flags->choice.all)
		name_release_all(&cli->store, NULL); /* of commands that were killed on their way */
	chosen_free(&chosen);
	return code;
}

const struct verb verb_pod_rm = {
	.usage = "[options] POD [POD...]",
	.description =
		"Removes pods with all their containers. Without --force the containers must have stopped.",
	.examples = "pod rm mywebserverpod\npod rm -f 860a4b23\npod rm -f -a",
	.options = rm_options,
	.flags_size = sizeof(struct rm_flags),
	.defaults = &rm_defaults,
	.max_args = -1,
	.run = rm,
};

static const struct opt prune_options[] = {
	{ "force", 'f', OPT_BOOL, offsetof(struct rm_flags, force), NULL, "Do not prompt for confirmation",
	  NULL, NULL },
	{ 0 },
};

static int prune(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct rm_flags *flags = target;
	struct choice all = { .all = true };
	struct chosen chosen = { 0 };
	int code;

	if (!flags->force && !confirm_removal("all stopped/exited pods"))
		return 0;
	code = choose_pods(cli, &all, args, ended, 0, &chosen, err);
	if (!code)
		remove_chosen(cli, &chosen, false, -1);
	chosen_free(&chosen);
	return code;
}

const struct verb verb_pod_prune = {
	.usage = "[options]",
	.description = "Removes all pods whose containers have ended.",
	.examples = "pod prune\npod prune --force",
	.options = prune_options,
	.flags_size = sizeof(struct rm_flags),
	.run = prune,
};
