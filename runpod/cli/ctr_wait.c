/*
 * ctr_wait: waiting for containers, and asking whether one is there.
 */
#include <errno.h>
#include <stdio.h>

#include "cli/choose.h"
#include "cli/verbs.h"
#include "pod/actions.h"

struct wait_flags {
	struct choice choice;
	struct strv conditions;
	char *interval;
};

static const struct opt wait_options[] = {
	{ "condition", 0, OPT_LIST, offsetof(struct wait_flags, conditions), "strings",
	  "Condition to wait on: created, running, paused, stopping, stopped, exited (default stopped)", NULL,
	  NULL },
	{ "ignore", 0, OPT_BOOL, offsetof(struct wait_flags, choice.ignore), NULL,
	  "Print -1 for a container that is not there", NULL, NULL },
	/* there is no polling here: the kernel tells at once */
	{ "interval", 'i', OPT_TEXT, offsetof(struct wait_flags, interval), "string",
	  "Accepted and without effect: the end is reported at once", NULL, NULL },
	{ "latest", 'l', OPT_BOOL, offsetof(struct wait_flags, choice.latest), NULL, "The latest container",
	  NULL, NULL },
	{ 0 },
};

static int check_conditions(const struct strv *conditions, struct err *err)
{
	struct strv known = { 0 };
	int code = 0;

	strv_split(&known, "configured created initialized running paused stopping stopped exited removing",
		   ' ');
	for (size_t i = 0; !code && i < conditions->n; i++)
		if (!strv_has(&known, conditions->v[i]))
			code = err_set(err, 0, "unknown container state: %s: invalid argument",
				       conditions->v[i]);
	strv_free(&known);
	return code;
}

static void wait_one(struct cli *cli, const struct name_ref *ref, const struct wait_flags *flags)
{
	struct err why = { 0 };
	int exit_code = 0, code = ctr_wait(&cli->store, ref, &flags->conditions, &exit_code, &why);

	if (code == -ENOENT && flags->choice.ignore)
		exit_code = -1; /* removed meanwhile */
	else if (code) {
		cli_fail(cli, &why);
		return;
	}
	printf("%d\n", exit_code);
	fflush(stdout);
}

static int wait_run(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct wait_flags *flags = target;
	int code = check_conditions(&flags->conditions, err);

	if (!code && !args->n && !flags->choice.latest)
		code = err_set(err, 0, "you must provide at least one name or id");
	if (!code && args->n && flags->choice.latest)
		code = err_set(err, 0, "--latest and containers cannot be used together");
	if (!code)
		code = cli_store(cli, err);
	for (size_t i = 0; !code && i < args->n; i++) {
		struct name_ref ref;
		struct err why = { 0 };
		int found = name_find(&cli->store, NAME_CTR, args->v[i], &ref, &why);

		if (!found)
			wait_one(cli, &ref, flags);
		else if (found == -ENOENT && flags->choice.ignore)
			puts("-1");
		else
			cli_fail(cli, &why);
	}
	if (!code && flags->choice.latest) {
		struct name_ref ref;

		code = choose_ctr(cli, true, args, &ref, flags->choice.ignore ? NULL : err);
		if (code && flags->choice.ignore) {
			puts("-1");
			return 0;
		}
		if (!code)
			wait_one(cli, &ref, flags);
	}
	return code;
}

const struct verb verb_wait = {
	.usage = "[options] CONTAINER [CONTAINER...]",
	.description = "Waits until containers stop (or are in another state) and prints their exit codes.",
	.examples = "wait --latest\nwait ctrID\nwait ctrID1 ctrID2",
	.options = wait_options,
	.flags_size = sizeof(struct wait_flags),
	.max_args = -1,
	.run = wait_run,
};

static const struct opt exists_options[] = {
	{ "external", 0, OPT_BOOL, 0, NULL, "Accepted and without effect: there are no external containers",
	  NULL, NULL },
	{ 0 },
};

static int exists(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	struct name_ref ref;
	int code = cli_store(cli, err);

	(void)flags;
	return code ? code : name_find(&cli->store, NAME_CTR, args->v[0], &ref, NULL) != 0;
}

const struct verb verb_container_exists = {
	.usage = "[options] CONTAINER",
	.description = "Ends with 0 when the container is there, with 1 when it is not.",
	.examples = "container exists mycontainer",
	.options = exists_options,
	.flags_size = sizeof(bool),
	.min_args = 1,
	.max_args = 1,
	.run = exists,
};
