/*
 * kube_down: kube down: everything of a file is taken away.
 */
#include "cli/kube_down.h"

#include <stdio.h>

#include "cli/kube_file.h"
#include "cli/kube_objects.h"
#include "cli/verbs.h"
#include "pod/actions.h"

void kube_down_ids(struct cli *cli, const struct kube_objects *objects, struct strv *ret_ids)
{
	for (size_t i = 0; i < objects->n; i++) {
		json_t *pod = kube_file_pod(&objects->v[i]);
		struct name_ref ref;

		if (pod && !name_find(&cli->store, NAME_POD, kubectl_name(pod), &ref, NULL))
			strv_add(ret_ids, ref.pod_id);
		json_decref(pod);
	}
}

static void print_list(const char *title, const struct strv *lines)
{
	puts(title);
	for (size_t i = 0; i < lines->n; i++)
		puts(lines->v[i]);
}

/* Podman's kube down: its headings too, whether something stands below them or not. */
int kube_down(struct cli *cli, const struct kube_objects *objects, bool volumes, struct err *err)
{
	struct strv ids = { 0 }, stopped = { 0 }, removed = { 0 }, secrets = { 0 }, claims = { 0 };
	struct action stop = { .op = "stop", .timeout = -1 };

	kube_down_ids(cli, objects, &ids);
	for (size_t i = 0; i < ids.n; i++) {
		if (pod_act(&cli->store, ids.v[i], &stop, NULL, err))
			cli_fail(cli, err);
		else
			strv_add(&stopped, ids.v[i]);
		if (pod_remove(&cli->store, ids.v[i], true, -1, err))
			cli_fail(cli, err);
		else
			strv_add(&removed, ids.v[i]);
	}
	for (size_t i = 0; i < objects->n; i++)
		kube_object_drop(cli, &objects->v[i], volumes, &secrets, &claims);
	print_list("Pods stopped:", &stopped);
	print_list("Pods removed:", &removed);
	print_list("Secrets removed:", &secrets);
	print_list("Volumes removed:", &claims);
	strv_free(&ids);
	strv_free(&stopped);
	strv_free(&removed);
	strv_free(&secrets);
	strv_free(&claims);
	return 0;
}

struct down_flags {
	bool force, volumes;
};

static const struct opt down_options[] = {
	{ "force", 0, OPT_BOOL, offsetof(struct down_flags, force), NULL, "Remove volumes too", NULL, NULL },
	{ "volumes", 0, OPT_BOOL, offsetof(struct down_flags, volumes), NULL, "The same", NULL, NULL },
	{ 0 },
};

static int down(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	static const struct kube_options options = { .skip_unsupported = true };
	struct down_flags *flags = target;
	struct kube_objects objects = { 0 };
	int code = cli_store(cli, err);

	if (!code)
		code = kube_files_read(cli, args, &options, &objects, err);
	if (!code)
		code = kube_down(cli, &objects, flags->force || flags->volumes, err);
	kube_objects_free(&objects);
	return code;
}

const struct verb verb_kube_down = {
	.usage = "[options] KUBEFILE|-",
	.description = "Stops and removes the pods of a manifest, and its ConfigMaps and Secrets.",
	.examples = "kube down pod.yaml\nkube down --volumes pod.yaml",
	.options = down_options,
	.flags_size = sizeof(struct down_flags),
	.min_args = 1,
	.max_args = 1,
	.run = down,
};
