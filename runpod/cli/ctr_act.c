/*
 * ctr_act: stop, restart, kill, pause and unpause of containers. Each chooses,
 * then asks pod/ for one action a container, and prints who it was.
 */
#include <string.h>

#include "cli/act.h"
#include "cli/verbs.h"
#include "spec/signals.h"

static bool alive(const struct ctr_view *view)
{
	return ctr_view_alive(view);
}

static bool running(const struct ctr_view *view)
{
	return text_equal(view->now.status, "running");
}

static bool paused(const struct ctr_view *view)
{
	return text_equal(view->now.status, "paused");
}

static bool any(const struct ctr_view *view)
{
	(void)view;
	return true;
}

/* Does action to all that are chosen, at once; restarts in the order given, as one may stand on another. */
static int act(struct cli *cli, const struct choice *choice, const struct strv *args, choose_ctr_fn *wanted,
	       const struct action *action, struct err *err)
{
	struct chosen chosen = { 0 };
	int code = choose_ctrs(cli, choice, args, wanted, 0, &chosen, err);

	if (!code && !strcmp(action->op, "restart"))
		act_in_turn(cli, &chosen, action);
	else if (!code)
		act_together(cli, &chosen, action);
	chosen_free(&chosen);
	return code;
}

struct timed_flags {
	struct choice choice;
	int64_t time;
	bool running; /* restart --running */
};

static const struct timed_flags timed_defaults = { .time = -1 };

#define TIME                                                                                                 \
	{ "time",                                                                                            \
	  't',                                                                                               \
	  OPT_INT,                                                                                           \
	  offsetof(struct timed_flags, time),                                                                \
	  "int",                                                                                             \
	  "Seconds to wait for it to stop before it is killed; -1 for ever (default: the "                   \
	  "container's own)",                                                                                \
	  NULL,                                                                                              \
	  NULL },                                                                                            \
	{                                                                                                    \
		"timeout", 0, OPT_INT, offsetof(struct timed_flags, time), "int", NULL, NULL, NULL           \
	}

static const struct opt stop_options[] = { TIME, { .more = choice_ctr_ignore_options } };

static int stop(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct timed_flags *flags = target;
	struct action action = { .op = "stop", .timeout = flags->time };

	return act(cli, &flags->choice, args, alive, &action, err);
}

const struct verb verb_stop = {
	.usage = "[options] CONTAINER [CONTAINER...]",
	.description =
		"Stops containers: sends the stop signal (SIGTERM, or --stop-signal of run), and after the\n"
		"  time SIGKILL.",
	.examples = "stop ctrID\nstop --latest\nstop --time 2 mywebserver 6e534f14da9d",
	.options = stop_options,
	.flags_size = sizeof(struct timed_flags),
	.defaults = &timed_defaults,
	.max_args = -1,
	.run = stop,
};

static const struct opt restart_options[] = {
	TIME,
	{ "running", 0, OPT_BOOL, offsetof(struct timed_flags, running), NULL,
	  "Restart only running containers", NULL, NULL },
	{ .more = choice_ctr_options },
};

static int restart(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct timed_flags *flags = target;
	struct action action = { .op = "restart", .timeout = flags->time };

	if (flags->running && !args->n)
		flags->choice.all = true;
	return act(cli, &flags->choice, args, flags->running ? running : any, &action, err);
}

const struct verb verb_restart = {
	.usage = "[options] CONTAINER [CONTAINER...]",
	.description = "Stops containers if they run, and starts them again.",
	.examples = "restart ctrID\nrestart --latest\nrestart ctrID1 ctrID2",
	.options = restart_options,
	.flags_size = sizeof(struct timed_flags),
	.defaults = &timed_defaults,
	.max_args = -1,
	.run = restart,
};

struct kill_flags {
	struct choice choice;
	char *signal;
};

static const struct opt kill_options[] = {
	{ "signal", 's', OPT_TEXT, offsetof(struct kill_flags, signal), "string",
	  "Signal to send to the container (default KILL)", NULL, NULL },
	{ .more = choice_ctr_options },
};

static int kill_run(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct kill_flags *flags = target;
	struct action action = { .op = "kill" };

	action.signal = signal_parse(flags->signal ? flags->signal : "KILL", err);
	if (action.signal < 0)
		return action.signal;
	return act(cli, &flags->choice, args, running, &action, err);
}

const struct verb verb_kill = {
	.usage = "[options] CONTAINER [CONTAINER...]",
	.description = "Sends a signal to the first process of running containers.",
	.examples = "kill mywebserver\nkill 860a4b23\nkill --signal TERM ctrID",
	.options = kill_options,
	.flags_size = sizeof(struct kill_flags),
	.max_args = -1,
	.run = kill_run,
};

static int pause_run(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	static const struct action action = { .op = "pause" };

	return act(cli, flags, args, running, &action, err);
}

const struct verb verb_pause = {
	.usage = "[options] CONTAINER [CONTAINER...]",
	.description = "Freezes all processes of containers where they are.",
	.examples = "pause mywebserver\npause -a",
	.options = choice_ctr_options,
	.flags_size = sizeof(struct choice),
	.max_args = -1,
	.run = pause_run,
};

static int unpause_run(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	static const struct action action = { .op = "unpause" };

	return act(cli, flags, args, paused, &action, err);
}

const struct verb verb_unpause = {
	.usage = "[options] CONTAINER [CONTAINER...]",
	.description = "Lets the processes of paused containers go on.",
	.examples = "unpause ctrID\nunpause --all",
	.options = choice_ctr_options,
	.flags_size = sizeof(struct choice),
	.max_args = -1,
	.run = unpause_run,
};
