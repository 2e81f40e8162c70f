/*
 * kube_logs: kubectl shows what a container wrote since it was started last, and with
 * --previous what the run before had written. A log here goes on over all runs, so these are
 * stretches of it.
 */
#include "cli/kube_logs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/kube_pods.h"
#include "pod/phase.h"

bool kube_logs_meant(struct cli *cli, const struct logs_flags *flags, const struct strv *args)
{
	struct name_ref ref;

	if (!args->n || cli_store(cli, NULL))
		return false;
	return flags->container || flags->previous || flags->all_containers || strchr(args->v[0], '/') ||
	       (name_find(&cli->store, NAME_CTR, args->v[0], &ref, NULL) == -ENOENT &&
		!name_find(&cli->store, NAME_POD, args->v[0], &ref, NULL));
}

/* The stretch of the log that is meant. */
static int choose_run(const struct pod_view *pod, const struct ctr_view *ctr, struct logs_flags *flags,
		      struct err *err)
{
	const char *name = phase_short_name(pod->name, ctr->now.name);
	struct phase_ctr seen;

	phase_ctr(&ctr->now, &seen);
	if (!flags->previous) {
		flags->from = ctr->now.restarts ? ctr->now.started : 0;
		return 0;
	}
	if (!seen.last.reason)
		return err_status(err,
				  err_set(err, 0,
					  "previous terminated container \"%s\" in pod \"%s\" not found",
					  name, pod->name),
				  1);
	flags->from = seen.last.started;
	flags->to = seen.last.finished;
	return 0;
}

static void choose(const struct pod_view *pod, const struct ctr_view *ctr, struct chosen *ret_chosen)
{
	struct chosen_one one = { .ref.kind = NAME_CTR };

	snprintf(one.ref.pod_id, sizeof(one.ref.pod_id), "%s", pod->id);
	snprintf(one.ref.ctr_id, sizeof(one.ref.ctr_id), "%s", ctr->now.id);
	ret_chosen->v = mem_realloc(ret_chosen->v, (ret_chosen->n + 1) * sizeof(one));
	ret_chosen->v[ret_chosen->n++] = one;
}

static int choose_all(struct pod_view *pod, struct logs_flags *flags, struct chosen *chosen)
{
	for (size_t i = 0; i < pod->n; i++)
		if (!pod->ctrs[i].infra)
			choose(pod, &pod->ctrs[i], chosen);
	flags->names = flags->names || flags->prefix;
	return 0;
}

int kube_logs(struct cli *cli, struct logs_flags *flags, const struct strv *args, struct err *err)
{
	const char *wanted = flags->container ? flags->container : args->n > 1 ? args->v[1] : NULL;
	struct chosen chosen = { 0 };
	struct ctr_view *ctr = NULL;
	struct pod_view pod;
	int code = kubectl_pod(cli, args->v[0], &pod, err);

	if (code)
		return code;
	if (flags->all_containers) {
		code = choose_all(&pod, flags, &chosen);
	} else {
		ctr = wanted ? kubectl_container(&pod, wanted, err) : kubectl_default_container(&pod, err);
		code = ctr ? choose_run(&pod, ctr, flags, err) : -ENOENT;
	}
	if (ctr && !code)
		choose(&pod, ctr, &chosen);
	pod_view_free(&pod);
	if (!code)
		code = logs_print(cli, flags, &chosen, flags->prefix, err);
	chosen_free(&chosen);
	return code;
}
