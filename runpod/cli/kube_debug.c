/*
 * kube_debug: debug: one more container in a running pod, with tools that its images lack.
 * It joins what all containers of the pod share, and with --target the PID namespace of one of
 * them: the trick of lesson 11, for those who come when something is wrong.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/kube_pods.h"
#include "cli/verbs.h"
#include "pod/actions.h"
#include "spec/fields.h"

struct debug_flags {
	bool tty, interactive, quiet;
	char *image, *target, *name;
	int64_t attach;
	struct strv env;
};

static const struct debug_flags defaults = { .attach = -1 };

#define ROW(name, letter, type, member, metavar, help)                                                       \
	{                                                                                                    \
		name, letter, type, offsetof(struct debug_flags, member), metavar, help, NULL, NULL          \
	}

static const struct opt options[] = {
	ROW("attach", 0, OPT_SWITCH, attach, NULL, "Wait for the container and attach (default: as -i)"),
	ROW("container", 'c', OPT_TEXT, name, "name", "Name of the debug container (default: made up)"),
	ROW("env", 0, OPT_STRV, env, "name=value", "Set environment variables"),
	ROW("image", 0, OPT_TEXT, image, "image", "Image of the debug container"),
	ROW("quiet", 'q', OPT_BOOL, quiet, NULL, "Say nothing of the name that was made up"),
	ROW("stdin", 'i', OPT_BOOL, interactive, NULL, "Keep standard input open"),
	ROW("target", 0, OPT_TEXT, target, "name", "Join the PID namespace of this container of the pod"),
	ROW("tty", 't', OPT_BOOL, tty, NULL, "Allocate a pseudo-TTY"),
	{ 0 },
};

/* The container as it will be: what stands behind -- is its command. */
static int fill(const struct debug_flags *flags, struct pod_view *pod, const struct strv *args,
		struct ctr_spec *spec, struct err *err)
{
	char id[65];

	id_random(id);
	spec->stop_timeout = -1;
	spec->name = flags->name ? text_format("%s-%s", pod->name, flags->name)
				 : text_format("%s-debugger-%.5s", pod->name, id);
	spec->image = text_dup(flags->image);
	spec->tty = flags->tty;
	spec->interactive = flags->interactive;
	spec->init_ctr = text_dup("debug");
	spec->restart.name = text_dup("no");
	strv_copy(&spec->env, &flags->env);
	for (size_t i = 1; i < args->n; i++)
		if (i > 1 || strcmp(args->v[i], "--"))
			strv_add(&spec->command, args->v[i]);
	if (flags->target) {
		struct ctr_view *target = kubectl_container(pod, flags->target, err);

		if (!target)
			return -ENOENT;
		if (!ctr_view_alive(target))
			return err_set(err, 0, "container %s is not running: nothing to look at",
				       flags->target);
		spec->pid.mode = text_dup("container");
		spec->pid.arg = text_dup(target->now.id);
	}
	return 0;
}

static int start(struct cli *cli, const struct debug_flags *flags, const struct name_ref *ref,
		 struct err *err)
{
	struct action action = { .op = "start" };
	struct attach_options attach = {
		.in = flags->interactive, .out = true, .err = true, .tty = flags->tty
	};
	bool detached;
	int exit_code = 0;
	int code;

	if (flags->attach == 1 || (flags->attach < 0 && flags->interactive))
		code = ctr_start_attached(&cli->store, ref, &attach, NULL, &exit_code, &detached, err);
	else
		code = ctr_act(&cli->store, ref, &action, NULL, err);
	if (code)
		ctr_remove(&cli->store, ref, true, false, true, 0, NULL);
	return code ? code : exit_code < 0 ? EXIT_OWN_ERROR : exit_code;
}

static int debug(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct debug_flags *flags = target;
	struct ctr_spec spec = { 0 };
	struct strv command = { 0 };
	struct name_ref ref;
	struct pod_view pod;
	int code;

	if (!flags->image)
		return err_set(err, 0, "you must specify --image");
	code = kubectl_pod(cli, args->v[0], &pod, err);
	if (code)
		return code;
	for (int i = 0; i < cli->argc; i++)
		strv_add(&command, cli->argv[i]);
	code = fill(flags, &pod, args, &spec, err);
	if (!code && !pod.running)
		code = err_set(err, 0, "pod %s is not running", pod.name);
	if (!code)
		code = ctr_make(&cli->store, &spec, pod.id, &command, false, &ref, err);
	if (!code && !flags->name && !flags->quiet)
		fprintf(stderr, "Defaulting debug container name to %s.\n", spec.name + strlen(pod.name) + 1);
	if (!code)
		code = start(cli, flags, &ref, err);
	fields_free(&ctr_spec_shape, &spec);
	strv_free(&command);
	pod_view_free(&pod);
	return code;
}

const struct verb verb_kube_debug = {
	.usage = "[options] POD [COMMAND [ARG...]]",
	.description =
		"Adds a container with tools to a running pod. With --target it sees that container's\n"
		"  processes.",
	.examples = "debug web --image busybox -it\ndebug web --image busybox --target app -it -- ps",
	.options = options,
	.flags_size = sizeof(struct debug_flags),
	.defaults = &defaults,
	.min_args = 1,
	.max_args = -1,
	.run = debug,
};
