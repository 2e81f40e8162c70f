/*
 * global: what stands before the command; global.h says which options. They take
 * effect before the verb runs: --out and --noout replace descriptor 1, so no verb knows
 * of them (see dup2(2)).
 */
#include "cli/global.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "pod/actions.h"

struct globals {
	char *root, *run_root, *log_level, *out;
	bool no_out, explain, version;
};

const struct opt global_options[] = {
	{ "explain", 0, OPT_BOOL, offsetof(struct globals, explain), NULL,
	  "Tell each kernel call that makes a pod, what it is for and which lesson builds it", NULL, NULL },
	{ "log-level", 0, OPT_TEXT, offsetof(struct globals, log_level), "string",
	  "Log messages above specified level (trace, debug, info, warn, warning, error, fatal, panic)", NULL,
	  NULL },
	{ "noout", 0, OPT_BOOL, offsetof(struct globals, no_out), NULL, "do not output to stdout", NULL,
	  NULL },
	{ "out", 0, OPT_TEXT, offsetof(struct globals, out), "string",
	  "Send output (stdout) from the command to a file", NULL, NULL },
	{ "root", 0, OPT_TEXT, offsetof(struct globals, root), "string",
	  "Path to the directory in which definitions, images and volumes are kept", NULL, NULL },
	{ "runroot", 0, OPT_TEXT, offsetof(struct globals, run_root), "string",
	  "Path to the directory in which what runs is kept", NULL, NULL },
	{ "version", 'v', OPT_BOOL, offsetof(struct globals, version), NULL, "Show the version", NULL, NULL },
	{ 0 },
};

static int set_log_level(struct cli *cli, const char *level, struct err *err)
{
	static const struct {
		const char *name;
		int level;
	} levels[] = { { "trace", 2 },	 { "debug", 2 }, { "info", 2 },	 { "warn", 1 },
		       { "warning", 1 }, { "error", 0 }, { "fatal", 0 }, { "panic", 0 } };

	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
		if (!strcasecmp(level, levels[i].name)) {
			cli->log_level = levels[i].level;
			return 0;
		}
	}
	return err_status(err,
			  err_set(err, 0,
				  "Log Level \"%s\" is not supported, choose from: trace, debug, info, warn, "
				  "warning, error, fatal, panic",
				  level),
			  EXIT_FAILURE);
}

static int send_stdout_to(const char *path, struct err *err)
{
	cleanup_fd int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		return err_set(err, errno, "open %s for output", path);
	return dup2(fd, STDOUT_FILENO) < 0 ? err_set(err, errno, "send output to %s", path) : 0;
}

static int apply(struct cli *cli, struct globals *globals, struct err *err)
{
	int code = 0;

	cli->log_level = 1;
	cli->root = take_ptr(globals->root);
	cli->run_root = take_ptr(globals->run_root);
	if (globals->log_level)
		code = set_log_level(cli, globals->log_level, err);
	if (!code && (globals->no_out || globals->out))
		code = send_stdout_to(globals->no_out ? "/dev/null" : globals->out, err);
	if (!code && globals->explain) {
		/* a duplicate, so that it stays the terminal when a container takes stderr */
		action_explain_fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
		if (action_explain_fd < 0)
			code = err_set(err, errno, "narrate on standard error");
	}
	return code;
}

int global_parse(struct cli *cli, int argc, char *const *argv, int *ret_first, struct err *err)
{
	struct globals globals = { 0 };
	struct strv rest = { 0 };
	int code = opt_parse(global_options, cli->program, argc - 1, argv + 1, false, &globals, &rest, err);

	*ret_first = argc - (int)rest.n;
	if (code >= 0) {
		int applied = apply(cli, &globals, err);

		code = applied ? applied : code;
	}
	if (!code && globals.version)
		code = GLOBAL_VERSION;
	strv_free(&rest);
	free(globals.root);
	free(globals.run_root);
	free(globals.log_level);
	free(globals.out);
	return code;
}

int cli_store(struct cli *cli, struct err *err)
{
	int code;

	if (cli->store_open)
		return 0;
	code = store_open(cli->root, cli->run_root, &cli->store, err);
	cli->store_open = !code;
	return code;
}

void cli_fail(struct cli *cli, const struct err *err)
{
	int status = err->status ? err->status : EXIT_OWN_ERROR;

	/* a general failure outweighs "one was missing" (1) and "one runs" (2) */
	if (status > cli->failure_status)
		cli->failure_status = status;
	strv_add(&cli->failures, err->text);
}

void cli_warn(const struct cli *cli, const struct strv *lines)
{
	for (size_t i = 0; cli->log_level >= 1 && i < lines->n; i++)
		fprintf(stderr, "%s\n", lines->v[i]);
}

void cli_free(struct cli *cli)
{
	if (cli->store_open)
		store_close(&cli->store);
	free(cli->path);
	free(cli->root);
	free(cli->run_root);
	strv_free(&cli->failures);
}
