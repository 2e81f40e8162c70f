/*
 * ctr_start: starting containers that were made before, and attaching to those
 * that run.
 */
#include <errno.h>

#include "cli/act.h"
#include "cli/verbs.h"
#include "pod/depend.h"

struct start_flags {
	struct choice choice;
	bool attach, interactive, sig_proxy, no_stdin;
	char *detach_keys;
};

static const struct start_flags start_defaults = { .sig_proxy = true };

#define LATEST                                                                                               \
	{                                                                                                    \
		"latest", 'l', OPT_BOOL, offsetof(struct start_flags, choice.latest), NULL,                  \
			"The latest container", NULL, NULL                                                   \
	}
#define DETACH_KEYS                                                                                          \
	{                                                                                                    \
		"detach-keys", 0, OPT_TEXT, offsetof(struct start_flags, detach_keys), "string",             \
			"Key sequence that detaches (default ctrl-p,ctrl-q; \"\" for none)", NULL, NULL      \
	}
#define SIG_PROXY                                                                                            \
	{                                                                                                    \
		"sig-proxy", 0, OPT_BOOL, offsetof(struct start_flags, sig_proxy), NULL,                     \
			"Pass received signals on to the process (default true)", NULL, NULL                 \
	}

static const struct opt start_options[] = {
	{ "all", 0, OPT_BOOL, offsetof(struct start_flags, choice.all), NULL, "All containers", NULL, NULL },
	{ "attach", 'a', OPT_BOOL, offsetof(struct start_flags, attach), NULL,
	  "Attach the container's output to ours", NULL, NULL },
	{ "filter", 'f', OPT_STRV, offsetof(struct start_flags, choice.filters), "filter",
	  "Those that ps --filter shows", NULL, NULL },
	{ "interactive", 'i', OPT_BOOL, offsetof(struct start_flags, interactive), NULL,
	  "Attach our input to the container's", NULL, NULL },
	LATEST,
	DETACH_KEYS,
	SIG_PROXY,
	{ 0 },
};

static const struct opt attach_table[] = {
	LATEST,
	DETACH_KEYS,
	SIG_PROXY,
	{ "no-stdin", 0, OPT_BOOL, offsetof(struct start_flags, no_stdin), NULL, "Do not attach our input",
	  NULL, NULL },
	{ 0 },
};

static bool not_alive(const struct ctr_view *view)
{
	return !ctr_view_alive(view);
}

/* Attaches to the container, starting it unless it runs. Returns its exit code or -errno. */
static int attach_to(struct cli *cli, const struct name_ref *ref, const struct start_flags *flags, bool input,
		     bool may_start, struct err *err)
{
	struct attach_options options = { .in = input,
					  .out = true,
					  .err = true,
					  .sig_proxy = flags->sig_proxy,
					  .detach_keys = flags->detach_keys };
	struct action_notes notes = { 0 };
	struct pod_view pod;
	struct ctr_view *ctr;
	bool detached, alive;
	int exit_code = 0, code = pod_view_read(&cli->store, ref->pod_id, &pod, err);

	if (code)
		return code;
	ctr = pod_view_ctr(&pod, ref->ctr_id);
	code = ctr ? ctr_view_load(&cli->store, ctr, err) : err_set(err, ENOENT, "container %s", ref->ctr_id);
	alive = !code && ctr_view_alive(ctr);
	if (!code)
		options.tty = ctr->record.spec.tty;
	if (!code && input)
		options.in = ctr->record.spec.interactive; /* else nothing reads what we would send */
	pod_view_free(&pod);
	if (code)
		return code;
	if (!alive && !may_start)
		return err_set(err, 0, "you can only attach to running containers");
	code = alive ? 0 : depend_start(&cli->store, ref, err);
	if (code)
		return code;
	code = alive ? ctr_attach(&cli->store, ref, &options, &exit_code, &detached, err)
		     : ctr_start_attached(&cli->store, ref, &options, &notes, &exit_code, &detached, err);
	cli_warn(cli, &notes.lines);
	strv_free(&notes.lines);
	return code ? code : exit_code < 0 ? EXIT_OWN_ERROR : exit_code;
}

static int start(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct start_flags *flags = target;
	struct chosen chosen = { 0 };
	int code;

	flags->choice.filter_names = true;
	if (flags->choice.all && args->n)
		return err_set(err, 0,
			       "either start all containers or the container(s) provided in the arguments");
	if (args->n > 1 && flags->attach)
		return err_set(err, 0, "you cannot start and attach multiple containers at once");
	code = choose_ctrs(cli, &flags->choice, args, not_alive, 0, &chosen, err);
	if (!code && (flags->attach || flags->interactive) && chosen.n == 1)
		code = attach_to(cli, &chosen.v[0].ref, flags, flags->interactive, true, err);
	else if (!code)
		act_in_turn(cli, &chosen, &(struct action){ .op = "start" });
	chosen_free(&chosen);
	return code;
}

const struct verb verb_start = {
	.usage = "[options] CONTAINER [CONTAINER...]",
	.description = "Starts containers that were made before.",
	.examples = "start --latest\nstart 860a4b231279 5421ab43b45\nstart --interactive --attach imageID",
	.options = start_options,
	.flags_size = sizeof(struct start_flags),
	.defaults = &start_defaults,
	.max_args = -1,
	.run = start,
};

static int attach(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct start_flags *flags = target;
	struct name_ref ref;
	int code;

	if (args->n > 1 || (!args->n && !flags->choice.latest))
		return err_set(err, 0,
			       "attach requires the name or id of one running container or the latest flag");
	code = choose_ctr(cli, flags->choice.latest, args, &ref, err);
	return code ? code : attach_to(cli, &ref, flags, !flags->no_stdin, false, err);
}

const struct verb verb_attach = {
	.usage = "[options] CONTAINER",
	.description = "Connects our terminal to the first process of a running container.",
	.examples = "attach ctrID\nattach 1234\nattach --no-stdin foobar",
	.options = attach_table,
	.flags_size = sizeof(struct start_flags),
	.defaults = &start_defaults,
	.max_args = 1,
	.run = attach,
};
