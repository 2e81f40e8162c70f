/*
 * logs: logs and pod logs: which containers, and how their lines are printed.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/kube_logs.h"
#include "cli/logs_print.h"
#include "cli/verbs.h"

static const struct logs_flags defaults = { .tail = -1 };

#define ROW(name, letter, type, member, metavar, help)                                                       \
	{                                                                                                    \
		name, letter, type, offsetof(struct logs_flags, member), metavar, help, NULL, NULL           \
	}

#define COMMON_ROWS                                                                                          \
	ROW("color", 0, OPT_BOOL, color, NULL,                                                               \
	    "Output the containers with different colors, on a terminal"),                                   \
		ROW("follow", 'f', OPT_BOOL, follow, NULL, "Follow log output until the container ends"),    \
		ROW("latest", 'l', OPT_BOOL, latest, NULL, "The latest one"),                                \
		ROW("names", 'n', OPT_BOOL, names, NULL, "Output the container name in the log"),            \
		ROW("since", 0, OPT_TEXT, since, "string",                                                   \
		    "Show logs since TIMESTAMP (RFC 3339, unix time, or a duration like 10m)"),              \
		ROW("tail", 0, OPT_INT, tail, "int",                                                         \
		    "Output the last lines only (default -1, which prints all)"),                            \
		ROW("timestamps", 't', OPT_BOOL, timestamps, NULL, "Output the timestamps in the log"),      \
		ROW("until", 0, OPT_TEXT, until, "string", "Show logs until TIMESTAMP")

static const struct opt options[] = {
	ROW("all-containers", 0, OPT_BOOL, all_containers, NULL, "Of a pod: all of its containers"),
	ROW("container", 'c', OPT_TEXT, container, "name", "Of a pod: this container of it"),
	ROW("prefix", 0, OPT_BOOL, prefix, NULL, "Of a pod: the container in front of each line"),
	ROW("previous", 'p', OPT_BOOL, previous, NULL, "Of a pod: what the run before this one wrote"),
	COMMON_ROWS,
	{ 0 },
};

static const struct opt common_options[] = { COMMON_ROWS, { 0 } };

static int logs(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct logs_flags *flags = target;
	struct choice choice = { .latest = flags->latest };
	struct chosen chosen = { 0 };
	int code;

	if (!args->n && !flags->latest)
		return err_set(err, 0, "specify at least one container name or ID to log");
	if (args->n && flags->latest)
		return err_set(err, 0, "--latest and containers cannot be used together");
	if (kube_logs_meant(cli, flags, args))
		return kube_logs(cli, flags, args, err);
	code = choose_ctrs(cli, &choice, args, NULL, 0, &chosen, err);
	if (!code)
		code = logs_print(cli, flags, &chosen, chosen.n > 1, err);
	chosen_free(&chosen);
	return code;
}

const struct verb verb_logs = {
	.usage = "[options] CONTAINER|POD [CONTAINER...]",
	.description =
		"Prints what the first process of containers has written. Of a pod: one of its containers,\n"
		"  as kubectl does, since it was started last.",
	.examples = "logs ctrID\nlogs --tail 2 mywebserver\nlogs --follow=true --since 10m ctrID\n"
		    "logs mypod -c web --previous",
	.options = options,
	.flags_size = sizeof(struct logs_flags),
	.defaults = &defaults,
	.passes_output = true,
	.max_args = -1,
	.run = logs,
};

static const struct opt pod_options[] = {
	ROW("container", 'c', OPT_TEXT, container, "string", "Filter logs by container name or id"),
	{ .more = common_options },
};

static void choose_of_pod(const struct pod_view *pod, const char *container, struct chosen *ret_chosen)
{
	for (size_t i = 0; i < pod->n; i++) {
		const struct ctr_view *ctr = &pod->ctrs[i];
		struct chosen_one one = { .ref.kind = NAME_CTR };

		if (ctr->infra ||
		    (container && strcmp(container, ctr->now.name) && !text_starts(ctr->now.id, container)))
			continue;
		snprintf(one.ref.pod_id, sizeof(one.ref.pod_id), "%s", pod->id);
		snprintf(one.ref.ctr_id, sizeof(one.ref.ctr_id), "%s", ctr->now.id);
		ret_chosen->v = mem_realloc(ret_chosen->v, (ret_chosen->n + 1) * sizeof(one));
		ret_chosen->v[ret_chosen->n++] = one;
	}
}

static int pod_logs(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct logs_flags *flags = target;
	struct chosen chosen = { 0 };
	struct name_ref ref;
	struct pod_view pod;
	bool several;
	int code = 0;

	if (!args->n && !flags->latest)
		return err_set(err, 0, "specify at least one pod name or ID to log");
	code = choose_pod(cli, flags->latest, args, &ref, err);
	if (!code)
		code = pod_view_read(&cli->store, ref.pod_id, &pod, err);
	if (code)
		return code;
	choose_of_pod(&pod, flags->container, &chosen);
	several = !flags->container && pod.n > 1; /* the infra, which writes nothing, counts as in podman */
	pod_view_free(&pod);
	if (flags->container && !chosen.n)
		code = err_set(err, 0, "container %s is not in pod %s: no such container", flags->container,
			       args->n ? args->v[0] : ref.pod_id);
	else
		code = logs_print(cli, flags, &chosen, several, err);
	chosen_free(&chosen);
	return code;
}

const struct verb verb_pod_logs = {
	.usage = "[options] POD",
	.description = "Prints what the containers of a pod have written.",
	.examples = "pod logs podID\npod logs -c ctrID podName",
	.options = pod_options,
	.flags_size = sizeof(struct logs_flags),
	.defaults = &defaults,
	.passes_output = true,
	.max_args = 1,
	.run = pod_logs,
};
