/*
 * kube_delete: delete, in kubectl's words: by file, by name, by label.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/filter.h"
#include "cli/kube_file.h"
#include "cli/kube_objects.h"
#include "cli/verbs.h"
#include "pod/actions.h"
#include "pod/status.h"

struct delete_flags {
	struct strv files;
	char *selector;
	bool all, now, force, ignore;
	int64_t grace, wait;
};

static const struct delete_flags defaults = { .grace = -1, .wait = 1 };

#define ROW(name, letter, type, member, metavar, help)                                                       \
	{                                                                                                    \
		name, letter, type, offsetof(struct delete_flags, member), metavar, help, NULL, NULL         \
	}

static const struct opt options[] = {
	ROW("all", 0, OPT_BOOL, all, NULL, "All objects of the kind"),
	ROW("filename", 'f', OPT_STRV, files, "path",
	    "Delete what this manifest names: a file, a directory or -"),
	ROW("force", 0, OPT_BOOL, force, NULL, "Do not wait for a good end: --grace-period=0"),
	ROW("grace-period", 0, OPT_INT, grace, "int", "Seconds until SIGKILL (default: the pod's own)"),
	ROW("ignore-not-found", 0, OPT_BOOL, ignore, NULL, "What is not there is no error"),
	ROW("now", 0, OPT_BOOL, now, NULL, "--grace-period=1"),
	ROW("selector", 'l', OPT_TEXT, selector, "key=value", "Objects with that label"),
	ROW("wait", 0, OPT_SWITCH, wait, NULL,
	    "Wait until it has gone; it always is when the command returns"),
	{ 0 },
};

/* What of one kind and name is deleted, and how it went. */
static void delete_one(struct cli *cli, const struct delete_flags *flags, const char *kind, const char *name)
{
	struct kube_object object = { .kind = (char *)kind, .name = (char *)name };
	struct action stop = { .op = "stop",
			       .timeout = flags->force ? 0
					  : flags->now ? 1
						       : flags->grace,
			       .terminating = true };
	cleanup_free char *title = kubectl_title(kind, name);
	struct name_ref ref;
	struct err err = { 0 };
	int code;

	if (strcmp(kind, "Pod"))
		code = kube_object_drop(cli, &object, true, NULL, NULL);
	else if (name_find(&cli->store, NAME_POD, name, &ref, NULL))
		code = -ENOENT;
	else
		code = pod_act(&cli->store, ref.pod_id, &stop, NULL, &err);
	if (!code && !strcmp(kind, "Pod"))
		code = pod_remove(&cli->store, ref.pod_id, true, 0, &err);
	if (code == -ENOENT && flags->ignore)
		return;
	if (code == -ENOENT) {
		err_set(&err, 0, "%.*ss \"%s\" not found", (int)strcspn(title, "/"), title, name);
		err_status(&err, 0, 1);
	}
	if (code)
		cli_fail(cli, &err);
	else
		printf("%.*s \"%s\" deleted\n", (int)strcspn(title, "/"), title, name);
	fflush(stdout);
}

static int delete_files(struct cli *cli, struct delete_flags *flags, struct err *err)
{
	static const struct kube_options options = { .skip_unsupported = true };
	struct kube_objects objects = { 0 };
	int code = kube_files_read(cli, &flags->files, &options, &objects, err);

	for (size_t i = objects.n; !code && i > 0; i--) { /* pods before what they use */
		json_t *pod = kube_file_pod(&objects.v[i - 1]);

		if (pod)
			delete_one(cli, flags, "Pod", kubectl_name(pod));
		else
			delete_one(cli, flags, objects.v[i - 1].kind, objects.v[i - 1].name);
		json_decref(pod);
	}
	kube_objects_free(&objects);
	return code;
}

static int delete_pods_of(struct cli *cli, const struct delete_flags *flags, struct err *err)
{
	struct pod_views views;
	int code = pod_views_read(&cli->store, &views, NULL, err);

	if (code)
		return code;
	for (size_t i = 0; i < views.n; i++) {
		struct pod_view *pod = &views.v[i];

		if (pod->hidden || pod_view_load(&cli->store, pod, NULL))
			continue;
		if (!flags->selector || filter_label(flags->selector, &pod->record.spec.labels))
			delete_one(cli, flags, "Pod", pod->name);
	}
	pod_views_free(&views);
	return 0;
}

/* `pod a b`, `pod/a configmap/b`, `pods --all`. */
static int delete_named(struct cli *cli, const struct delete_flags *flags, const struct strv *args,
			struct err *err)
{
	const char *slash = args->n ? strchr(args->v[0], '/') : NULL;
	const char *kind = args->n && !slash ? kubectl_kind(args->v[0]) : NULL;

	if (!args->n)
		return err_set(err, 0, "You must provide one or more resources by argument or filename");
	if (!slash && !kind)
		return err_set(err, 0, "the server doesn't have a resource type \"%s\"", args->v[0]);
	if (kind && args->n == 1 && !strcmp(kind, "Pod") && (flags->all || flags->selector))
		return delete_pods_of(cli, flags, err);
	if (kind && args->n == 1)
		return err_set(err, 0, "resource(s) were provided, but no name was specified");
	for (size_t i = slash ? 0 : 1; i < args->n; i++) {
		slash = strchr(args->v[i], '/');
		if (slash) {
			cleanup_free char *word = text_ndup(args->v[i], (size_t)(slash - args->v[i]));

			kind = kubectl_kind(word);
			if (!kind)
				return err_set(err, 0, "the server doesn't have a resource type \"%s\"",
					       word);
		}
		delete_one(cli, flags, kind, slash ? slash + 1 : args->v[i]);
	}
	return 0;
}

static int delete (struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct delete_flags *flags = target;
	int code = cli_store(cli, err);

	if (code)
		return code;
	return flags->files.n ? delete_files(cli, flags, err) : delete_named(cli, flags, args, err);
}

const struct verb verb_kube_delete = {
	.usage = "[options] [KIND|KIND/NAME] [NAME...]",
	.description = "Deletes pods, ConfigMaps and Secrets. A pod gets its grace period: preStop, the stop "
		       "signal,\n"
		       "  and after the time SIGKILL.",
	.examples = "delete -f pod.yaml\ndelete pod web\ndelete pods -l app=web\ndelete configmap settings",
	.options = options,
	.flags_size = sizeof(struct delete_flags),
	.defaults = &defaults,
	.max_args = -1,
	.run = delete,
};
