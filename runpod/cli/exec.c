/*
 * exec: one more program in a running container. Of a pod, in kubectl's way, one of its containers
 * is meant: exec POD -c CONTAINER -- COMMAND.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/choose.h"
#include "cli/discard.h"
#include "cli/kube_pods.h"
#include "cli/preserve.h"
#include "cli/verbs.h"
#include "pod/actions.h"
#include "spec/env.h"

extern char **environ;

struct exec_flags {
	bool detach, interactive, latest, privileged, tty;
	char *container, *detach_keys, *user, *workdir;
	int64_t preserve_fds;
	struct strv env, env_files;
};

#define ROW(name, letter, type, member, metavar, help)                                                       \
	{                                                                                                    \
		name, letter, type, offsetof(struct exec_flags, member), metavar, help, NULL, NULL           \
	}

static const struct opt options[] = {
	ROW("container", 'c', OPT_TEXT, container, "name", "Of a pod: in this container of it"),
	ROW("detach", 'd', OPT_BOOL, detach, NULL, "Run the exec session in detached mode (backgrounded)"),
	ROW("detach-keys", 0, OPT_TEXT, detach_keys, "string",
	    "Key sequence that detaches (default ctrl-p,ctrl-q; \"\" for none)"),
	ROW("env", 'e', OPT_STRV, env, "stringArray", "Set environment variables"),
	ROW("env-file", 0, OPT_STRV, env_files, "strings", "Read in a file of environment variables"),
	ROW("interactive", 'i', OPT_BOOL, interactive, NULL, "Make STDIN available to the contained process"),
	ROW("latest", 'l', OPT_BOOL, latest, NULL, "The latest container"),
	ROW("preserve-fds", 0, OPT_UINT, preserve_fds, "uint", "Pass on this many descriptors from 3 on"),
	ROW("privileged", 0, OPT_BOOL, privileged, NULL, "Give the process extended Linux capabilities"),
	ROW("tty", 't', OPT_BOOL, tty, NULL, "Allocate a pseudo-TTY"),
	ROW("user", 'u', OPT_TEXT, user, "string",
	    "The username or UID to use: name, uid, name:group, uid:gid"),
	ROW("workdir", 'w', OPT_TEXT, workdir, "string", "Working directory inside the container"),
	{ 0 },
};

static int no_command(struct err *err)
{
	return err_set(err, 0, "must provide a non-empty command to start an exec session: invalid argument");
}

/* kubectl lets options stand between the pod and "--"; what is behind it is the command. */
static int parse_again(struct cli *cli, struct exec_flags *flags, struct strv *args, struct err *err)
{
	struct strv rest = { 0 }, none = { 0 };
	size_t i = 1;
	int code;

	while (i < args->n && args->v[i][0] == '-' && strcmp(args->v[i], "--"))
		i += !strcmp(args->v[i], "-c") || !strcmp(args->v[i], "--container") ? 2 : 1;
	i = i > args->n ? args->n : i;
	code = opt_parse(options, cli->path, (int)i - 1, args->v + 1, false, flags, &none, err);
	if (code == OPT_HELP)
		code = err_set(err, 0, "flags after %s: see '%s --help'", args->v[0], cli->path);
	strv_add(&rest, args->v[0]);
	for (i += i < args->n && !strcmp(args->v[i], "--"); i < args->n; i++)
		strv_add(&rest, args->v[i]);
	strv_free(&none);
	strv_free(args);
	*args = rest;
	return code;
}

/* A pod's container; -ENOENT without text when there is no such pod. */
static int find_in_pod(struct cli *cli, struct exec_flags *flags, struct strv *args, struct name_ref *ret_ref,
		       struct err *err)
{
	struct ctr_view *ctr;
	struct pod_view pod;
	int code = kubectl_pod(cli, args->v[0], &pod, flags->container ? err : NULL);

	if (code)
		return code;
	code = parse_again(cli, flags, args, err);
	ctr = code		 ? NULL
	      : flags->container ? kubectl_container(&pod, flags->container, err)
				 : kubectl_default_container(&pod, err);
	if (ctr) {
		*ret_ref = (struct name_ref){ .kind = NAME_CTR };
		strcpy(ret_ref->pod_id, pod.id);
		snprintf(ret_ref->ctr_id, sizeof(ret_ref->ctr_id), "%s", ctr->now.id);
	} else if (!code) {
		code = -EINVAL;
	}
	pod_view_free(&pod);
	return code;
}

/* With --latest the first argument is the command already. */
static int find(struct cli *cli, struct exec_flags *flags, struct strv *args, struct name_ref *ret_ref,
		struct err *err)
{
	static const struct strv none;
	struct strv name = { .v = args->v, .n = 1 };
	struct name_ref ref;
	int code = cli_store(cli, err);

	if (code)
		return code;
	if (!flags->latest && !args->n)
		return err_set(err, 0, "exec requires the name or ID of a container or the --latest flag");
	if (!flags->latest &&
	    (flags->container || name_find(&cli->store, NAME_CTR, args->v[0], &ref, NULL) == -ENOENT)) {
		code = find_in_pod(cli, flags, args, ret_ref, err);
		if (code != -ENOENT || flags->container)
			return code || args->n > 1 ? code : no_command(err);
	}
	if (args->n < (flags->latest ? 1 : 2))
		return no_command(err);
	return choose_ctr(cli, flags->latest, flags->latest ? &none : &name, ret_ref, err);
}

static int exec(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct exec_flags *flags = target;
	struct exec_spec spec = { 0 };
	struct name_ref ref;
	char id[65] = "";
	int exit_code = 0, code = preserve_check(flags->preserve_fds, err);

	if (!code)
		code = find(cli, flags, args, &ref, err); /* which may find more flags */
	spec = (struct exec_spec){ .workdir = flags->workdir,
				   .user = flags->user,
				   .tty = flags->tty,
				   .interactive = flags->interactive,
				   .privileged = flags->privileged,
				   .detach = flags->detach,
				   .attach = { .in = flags->interactive,
					       .out = true,
					       .err = true,
					       .tty = flags->tty,
					       .sig_proxy = true,
					       .detach_keys = flags->detach_keys,
					       .preserve_fds = (int)flags->preserve_fds },
				   .ret_id = id };
	if (!code)
		code = env_compose(&flags->env_files, &flags->env, environ, &spec.env, err);
	for (size_t i = flags->latest ? 0 : 1; i < args->n; i++)
		strv_add(&spec.args, args->v[i]);
	if (!code && !flags->detach)
		discard_terminal(cli, flags->tty, flags->interactive);
	if (!code)
		code = ctr_exec(&cli->store, &ref, &spec, &exit_code, err);
	if (!code && flags->detach)
		puts(id);
	else if (code && flags->detach)
		err->status = EXIT_OWN_ERROR; /* its exit code is nobody's to have */
	strv_free(&spec.args);
	strv_free(&spec.env);
	return code ? code : exit_code < 0 ? EXIT_OWN_ERROR : exit_code;
}

const struct verb verb_exec = {
	.usage = "[options] CONTAINER|POD COMMAND [ARG...]",
	.description = "Runs a program in the namespaces of a running container.",
	.examples = "exec -it ctrID ls\nexec -it -w /tmp myCtr pwd\nexec --user root ctrID ls",
	.options = options,
	.flags_size = sizeof(struct exec_flags),
	.max_args = -1,
	.first_ends_options = true,
	.run = exec,
};
