/*
 * pod_act: start, stop, restart, kill, pause and unpause of whole pods.
 */
#include <string.h>

#include "cli/act.h"
#include "cli/verbs.h"
#include "spec/signals.h"

static bool any(const struct pod_view *view)
{
	(void)view;
	return true;
}

static int act(struct cli *cli, const struct choice *choice, const struct strv *args,
	       const struct action *action, struct err *err)
{
	struct chosen chosen = { 0 };
	int code = choose_pods(cli, choice, args, any, 0, &chosen, err);

	if (!code && (!strcmp(action->op, "start") || !strcmp(action->op, "restart")))
		act_in_turn(cli, &chosen, action);
	else if (!code)
		act_together(cli, &chosen, action);
	chosen_free(&chosen);
	return code;
}

struct pod_flags_act {
	struct choice choice;
	int64_t time;
	char *signal;
};

static const struct pod_flags_act defaults = { .time = -1 };

static int start(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct pod_flags_act *flags = target;
	struct action action = { .op = "start" };

	return act(cli, &flags->choice, args, &action, err);
}

const struct verb verb_pod_start = {
	.usage = "[options] POD [POD...]",
	.description = "Starts pods: the infra container first, then those that join its namespaces.",
	.examples = "pod start podID\npod start --latest\npod start --all",
	.options = choice_pod_options,
	.flags_size = sizeof(struct pod_flags_act),
	.max_args = -1,
	.run = start,
};

static const struct opt stop_options[] = {
	{ "timeout", 0, OPT_INT, offsetof(struct pod_flags_act, time), "int", NULL, NULL, NULL },
	{ "time", 't', OPT_INT, offsetof(struct pod_flags_act, time), "int",
	  "Seconds to wait for the containers to stop before they are killed (default: their own)", NULL,
	  NULL },
	{ .more = choice_pod_ignore_options },
};

static int stop(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct pod_flags_act *flags = target;
	struct action action = { .op = "stop", .timeout = flags->time };

	return act(cli, &flags->choice, args, &action, err);
}

const struct verb verb_pod_stop = {
	.usage = "[options] POD [POD...]",
	.description = "Stops all containers of pods: the stop signal, and after the time SIGKILL.",
	.examples = "pod stop mywebserverpod\npod stop --latest\npod stop --time 0 490eb 3557fb",
	.options = stop_options,
	.flags_size = sizeof(struct pod_flags_act),
	.defaults = &defaults,
	.max_args = -1,
	.run = stop,
};

static int restart(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct pod_flags_act *flags = target;
	struct action action = { .op = "restart", .timeout = flags->time };

	return act(cli, &flags->choice, args, &action, err);
}

const struct verb verb_pod_restart = {
	.usage = "[options] POD [POD...]",
	.description = "Stops the containers of pods and starts them again.",
	.examples = "pod restart podID1 podID2\npod restart --latest\npod restart --all",
	.options = choice_pod_options,
	.flags_size = sizeof(struct pod_flags_act),
	.defaults = &defaults,
	.max_args = -1,
	.run = restart,
};

static const struct opt kill_options[] = {
	{ "signal", 's', OPT_TEXT, offsetof(struct pod_flags_act, signal), "string",
	  "Signal to send to the containers in the pod (default KILL)", NULL, NULL },
	{ .more = choice_pod_options },
};

static int kill_run(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct pod_flags_act *flags = target;
	struct action action = { .op = "kill" };

	action.signal = signal_parse(flags->signal ? flags->signal : "KILL", err);
	return action.signal < 0 ? action.signal : act(cli, &flags->choice, args, &action, err);
}

const struct verb verb_pod_kill = {
	.usage = "[options] POD [POD...]",
	.description = "Sends a signal to the first process of each container of pods.",
	.examples = "pod kill podID\npod kill --signal TERM mywebserver\npod kill --latest",
	.options = kill_options,
	.flags_size = sizeof(struct pod_flags_act),
	.max_args = -1,
	.run = kill_run,
};

static int pause_run(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct pod_flags_act *flags = target;
	struct action action = { .op = "pause" };

	return act(cli, &flags->choice, args, &action, err);
}

const struct verb verb_pod_pause = {
	.usage = "[options] POD [POD...]",
	.description = "Freezes all processes of pods where they are.",
	.examples = "pod pause podID1 podID2\npod pause --latest\npod pause --all",
	.options = choice_pod_options,
	.flags_size = sizeof(struct pod_flags_act),
	.max_args = -1,
	.run = pause_run,
};

static int unpause_run(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct pod_flags_act *flags = target;
	struct action action = { .op = "unpause" };

	return act(cli, &flags->choice, args, &action, err);
}

const struct verb verb_pod_unpause = {
	.usage = "[options] POD [POD...]",
	.description = "Lets the processes of paused pods go on.",
	.examples = "pod unpause podID1 podID2\npod unpause --latest\npod unpause --all",
	.options = choice_pod_options,
	.flags_size = sizeof(struct pod_flags_act),
	.max_args = -1,
	.run = unpause_run,
};
