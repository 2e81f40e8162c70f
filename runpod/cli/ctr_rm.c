/*
 * ctr_rm: removing containers, named or all that do not run.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/act.h"
#include "cli/confirm.h"
#include "cli/verbs.h"
#include "pod/depend.h"

#define STATUS_MISSING 1 /* rm: it is not there */
#define STATUS_RUNNING 2 /* rm: it runs, and --force was not given */

struct rm_flags {
	struct choice choice;
	bool force, depend, volumes;
	int64_t time;
};

static const struct rm_flags rm_defaults = { .time = -1 };

static const struct opt rm_options[] = {
	{ "depend", 0, OPT_BOOL, offsetof(struct rm_flags, depend), NULL,
	  "Remove container and all containers that depend on it", NULL, NULL },
	{ "force", 'f', OPT_BOOL, offsetof(struct rm_flags, force), NULL,
	  "Stop a running container first; what is not there is no error", NULL, NULL },
	{ "timeout", 0, OPT_INT, offsetof(struct rm_flags, time), "int", NULL, NULL, NULL },
	{ "time", 't', OPT_INT, offsetof(struct rm_flags, time), "int",
	  "Seconds to wait for it to stop before it is killed (with --force)", NULL, NULL },
	{ "volumes", 'v', OPT_BOOL, offsetof(struct rm_flags, volumes), NULL,
	  "Remove anonymous volumes of the container too", NULL, NULL },
	{ .more = choice_ctr_ignore_options },
};

static bool any(const struct ctr_view *view)
{
	(void)view;
	return true;
}

static bool not_alive(const struct ctr_view *view)
{
	return !ctr_view_alive(view);
}

/* The ids of those that go with it, the last to be removed last. */
static void dependents(const struct store *store, const struct name_ref *ref, struct strv *ret_ids)
{
	struct strv ids = { 0 };

	depend_list(store, ref, &ids);
	for (size_t i = 0; i < ids.n; i++) {
		struct name_ref joined;

		if (strv_has(ret_ids, ids.v[i]) || name_find(store, NAME_CTR, ids.v[i], &joined, NULL))
			continue;
		dependents(store, &joined, ret_ids);
		strv_add(ret_ids, ids.v[i]);
	}
	strv_free(&ids);
}

/* Infra goes with its pod: prints the ids of all that was in it. */
static void remove_pod(struct cli *cli, struct pod_view *pod, const struct rm_flags *flags)
{
	struct err why = { 0 };

	if (pod_remove(&cli->store, pod->id, flags->force, flags->time, &why)) {
		cli_fail(cli, &why);
		return;
	}
	for (size_t i = 0; i < pod->n; i++)
		puts(pod->ctrs[i].now.id);
}

/* --depend: with infra go those who depend on it, the whole pod. Returns false when one is no infra. */
static bool removed_as_infra(struct cli *cli, const struct chosen_one *one, const struct rm_flags *flags)
{
	struct pod_view pod = { 0 };
	const struct ctr_view *infra =
		pod_view_read(&cli->store, one->ref.pod_id, &pod, NULL) ? NULL : pod_view_infra(&pod);
	bool meant = infra && !strcmp(infra->now.id, one->ref.ctr_id);

	if (meant)
		remove_pod(cli, &pod, flags);
	pod_view_free(&pod);
	return meant;
}

/* --all --force: infra is one of all. */
static int remove_pods(struct cli *cli, const struct rm_flags *flags, struct err *err)
{
	struct pod_views pods = { 0 };
	int code = pod_views_read(&cli->store, &pods, NULL, err);

	for (size_t i = 0; !code && i < pods.n; i++)
		if (pod_view_infra(&pods.v[i]))
			remove_pod(cli, &pods.v[i], flags);
	pod_views_free(&pods);
	return code;
}

/* Returns false when others depend on it and can_wait is set: then it is tried again. */
static bool remove_one(struct cli *cli, const struct chosen_one *one, const struct rm_flags *flags,
		       bool can_wait)
{
	struct strv gone = { 0 };
	struct err why = { 0 };
	int code;

	if (flags->depend && removed_as_infra(cli, one, flags))
		return true;
	if (flags->depend)
		dependents(&cli->store, &one->ref, &gone);
	code = ctr_remove(&cli->store, &one->ref, flags->force, flags->depend, flags->volumes, flags->time,
			  &why);

	for (size_t i = 0; !code && i < gone.n; i++)
		puts(gone.v[i]);
	strv_free(&gone);
	if (!code || (code == -ENOENT && flags->choice.ignore)) {
		puts(one->shown);
		return true;
	}
	if (can_wait && strstr(why.text, "has dependent containers"))
		return false;
	if (!why.status && code == -EBUSY && strstr(why.text, "container state improper"))
		why.status = STATUS_RUNNING;
	cli_fail(cli, &why);
	return true;
}

/* A donor goes after those who joined it, in whatever order they were named: round after round, until one
 * gets no further. */
static void remove_chosen(struct cli *cli, const struct chosen *chosen, const struct rm_flags *flags)
{
	bool *done = mem_zalloc(chosen->n * sizeof(*done)), can_wait = true;

	for (size_t left = chosen->n, before; left; can_wait = left < before) {
		before = left;
		for (size_t i = 0; i < chosen->n; i++) {
			if (done[i] || !remove_one(cli, &chosen->v[i], flags, can_wait))
				continue;
			done[i] = true;
			left--;
		}
	}
	free(done);
}

/* With --all they are stopped at once before they are removed one by one; what goes wrong is found again there.
 * Not those that are named: one of them may have to stay, and then it goes on running. */
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
	code = choose_ctrs(cli, &flags->choice, args, any, STATUS_MISSING, &chosen, err);
	if (!code && flags->force && flags->choice.all)
		stop_chosen(cli, &chosen, flags->time);
	if (!code)
		remove_chosen(cli, &chosen, flags);
	if (!code && flags->force && flags->choice.all && !flags->choice.filters.n)
		code = remove_pods(cli, flags, err);
	if (!code && flags->choice.all)
		name_release_all(&cli->store, NULL); /* of commands that were killed on their way */
	chosen_free(&chosen);
	return code;
}

const struct verb verb_rm = {
	.usage = "[options] CONTAINER [CONTAINER...]",
	.description = "Removes containers with their writable layer and their log.",
	.examples = "rm ctrID\nrm mywebserver myflaskserver 860a4b23\nrm --force --all",
	.options = rm_options,
	.flags_size = sizeof(struct rm_flags),
	.defaults = &rm_defaults,
	.max_args = -1,
	.run = rm,
};

static const struct opt prune_options[] = {
	{ "filter", 0, OPT_STRV, offsetof(struct rm_flags, choice.filters), "filter",
	  "Remove only those: label, label! or until", NULL, NULL },
	{ "force", 'f', OPT_BOOL, offsetof(struct rm_flags, force), NULL, "Do not prompt for confirmation",
	  NULL, NULL },
	{ 0 },
};

static int prune(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct rm_flags *flags = target;
	struct rm_flags plain = { .time = -1 };
	struct chosen chosen = { 0 };
	int code;

	if (!flags->force && !confirm_removal("all non running containers"))
		return 0;
	flags->choice.all = true;
	flags->choice.filter_keys = "label label! until";
	code = choose_ctrs(cli, &flags->choice, args, not_alive, 0, &chosen, err);
	if (!code)
		remove_chosen(cli, &chosen, &plain);
	chosen_free(&chosen);
	return code;
}

const struct verb verb_container_prune = {
	.usage = "[options]",
	.description = "Removes all containers that do not run.",
	.examples = "container prune\ncontainer prune --force",
	.options = prune_options,
	.flags_size = sizeof(struct rm_flags),
	.run = prune,
};
