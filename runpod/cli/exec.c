/*
 * exec: one more program in a running container.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/choose.h"
#include "cli/verbs.h"
#include "pod/actions.h"
#include "spec/env.h"

extern char **environ;

struct exec_flags {
	bool detach, interactive, latest, privileged, tty;
	char *detach_keys, *user, *workdir;
	struct strv env, env_files;
};

#define ROW(name, letter, type, member, metavar, help)                                                       \
	{                                                                                                    \
		name, letter, type, offsetof(struct exec_flags, member), metavar, help, NULL, NULL           \
	}

static const struct opt options[] = {
	ROW("detach", 'd', OPT_BOOL, detach, NULL, "Run the exec session in detached mode (backgrounded)"),
	ROW("detach-keys", 0, OPT_TEXT, detach_keys, "string",
	    "Key sequence that detaches (default ctrl-p,ctrl-q; \"\" for none)"),
	ROW("env", 'e', OPT_STRV, env, "stringArray", "Set environment variables"),
	ROW("env-file", 0, OPT_STRV, env_files, "strings", "Read in a file of environment variables"),
	ROW("interactive", 'i', OPT_BOOL, interactive, NULL, "Make STDIN available to the contained process"),
	ROW("latest", 'l', OPT_BOOL, latest, NULL, "The latest container"),
	ROW("privileged", 0, OPT_BOOL, privileged, NULL, "Give the process extended Linux capabilities"),
	ROW("tty", 't', OPT_BOOL, tty, NULL, "Allocate a pseudo-TTY"),
	ROW("user", 'u', OPT_TEXT, user, "string",
	    "The username or UID to use: name, uid, name:group, uid:gid"),
	ROW("workdir", 'w', OPT_TEXT, workdir, "string", "Working directory inside the container"),
	{ 0 },
};

/* With --latest the first argument is the command already. */
static int find(struct cli *cli, const struct exec_flags *flags, const struct strv *args,
		struct name_ref *ret_ref, struct err *err)
{
	static const struct strv none;
	struct strv name = { .v = args->v, .n = 1 };

	if (!flags->latest && !args->n)
		return err_set(err, 0, "exec requires the name or ID of a container or the --latest flag");
	if (args->n < (flags->latest ? 1 : 2))
		return err_set(err, 0,
			       "must provide a non-empty command to start an exec session: invalid argument");
	return choose_ctr(cli, flags->latest, flags->latest ? &none : &name, ret_ref, err);
}

static int exec(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct exec_flags *flags = target;
	struct exec_spec spec = { .workdir = flags->workdir,
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
					      .detach_keys = flags->detach_keys } };
	struct name_ref ref;
	int exit_code = 0, code = find(cli, flags, args, &ref, err);

	if (!code)
		code = env_compose(&flags->env_files, &flags->env, environ, &spec.env, err);
	for (size_t i = flags->latest ? 0 : 1; i < args->n; i++)
		strv_add(&spec.args, args->v[i]);
	if (!code)
		code = ctr_exec(&cli->store, &ref, &spec, &exit_code, err);
	strv_free(&spec.args);
	strv_free(&spec.env);
	return code ? code : exit_code < 0 ? EXIT_OWN_ERROR : exit_code;
}

const struct verb verb_exec = {
	.usage = "[options] CONTAINER COMMAND [ARG...]",
	.description = "Runs a program in the namespaces of a running container.",
	.examples = "exec -it ctrID ls\nexec -it -w /tmp myCtr pwd\nexec --user root ctrID ls",
	.options = options,
	.flags_size = sizeof(struct exec_flags),
	.max_args = -1,
	.first_ends_options = true,
	.run = exec,
};
