/*
 * run: run and create. The command line becomes a spec (spec/flags), the spec a
 * record (ctr_make), and run starts it, attached or not. What was made for a
 * container that then cannot be made or started is taken away again.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/discard.h"
#include "cli/idfile.h"
#include "cli/pull.h"
#include "cli/preserve.h"
#include "cli/verbs.h"
#include "cli/volumes_from.h"
#include "pod/actions.h"
#include "pod/depend.h"
#include "spec/fields.h"
#include "spec/flags.h"

extern char **environ;

/* One run or create on its way. */
struct making {
	struct cli *cli;
	struct run_request *request;
	struct strv command; /* our own argv, kept in the records */
	char pod_id[65];     /* "" for none */
	bool pod_made;	     /* by --pod new:NAME */
	struct name_ref ctr; /* what was made */
};

/* --pod new:NAME: a pod with the defaults, which gets what a pod's container cannot have of its own. */
static int make_pod(struct making *making, const char *name, struct err *err)
{
	struct ctr_spec *ctr = &making->request->spec;
	struct pod_spec pod = { .ports = ctr->ports, .net = ctr->net, .hostname = ctr->hostname };
	int code;

	if (!*name)
		return err_set(err, 0, "new pod name must be at least one character");
	ctr->ports = (struct port_list){ 0 };
	ctr->net = (struct ns_choice){ 0 };
	ctr->hostname = NULL;
	pod.name = text_dup(name);
	strv_split(&pod.share, "ipc,net,uts", ',');
	code = pod_make(&making->cli->store, &pod, &making->command, false, making->pod_id, err);
	making->pod_made = !code;
	fields_free(&pod_spec_shape, &pod);
	return code;
}

/* Finds or makes the pod that the container goes into. */
static int find_pod(struct making *making, struct err *err)
{
	struct run_flags *flags = &making->request->flags;
	cleanup_free char *from_file = NULL;
	const char *typed = flags->pod;
	struct name_ref ref;
	int code = 0;

	if (typed && flags->pod_id_file)
		return err_set(err, 0, "cannot specify both --pod and --pod-id-file");
	if (flags->pod_id_file) {
		code = idfile_read(flags->pod_id_file, "pod", &from_file, err);
		typed = from_file;
	}
	if (code || !typed || !*typed)
		return code;
	if (text_starts(typed, "new:"))
		return make_pod(making, typed + 4, err);
	code = name_find(&making->cli->store, NAME_POD, typed, &ref, err);
	if (!code)
		memcpy(making->pod_id, ref.pod_id, sizeof(making->pod_id));
	return code;
}

static int make_ctr(struct making *making, struct err *err)
{
	struct run_flags *flags = &making->request->flags;
	cleanup_fd int id_file = -1;
	int code = idfile_make(flags->cidfile, "container", &id_file, err);

	if (code)
		return code;
	discard_ports(making->cli, &making->request->spec.ports, &making->request->spec.net);
	code = ctr_make(&making->cli->store, &making->request->spec, *making->pod_id ? making->pod_id : NULL,
			&making->command, flags->replace, &making->ctr, err);
	if (code && flags->cidfile)
		unlink(flags->cidfile);
	return code ? code : idfile_write(id_file, flags->cidfile, making->ctr.ctr_id, err);
}

/* The image, from its registry when it must be. */
static int need_image(struct making *making, struct err *err)
{
	const struct run_request *request = making->request;

	if (request->flags.rootfs)
		return 0;
	return pull_image(making->cli, request->spec.image, request->spec.pull,
			  (int)request->flags.tls_verify, request->flags.quiet, NULL, err);
}

/* Makes whatever was asked for. On error nothing of it is left. */
static int make(struct making *making, struct err *err)
{
	int code = cli_store(making->cli, err);

	for (int i = 0; i < making->cli->argc; i++)
		strv_add(&making->command, making->cli->argv[i]);
	if (!code)
		code = need_image(making, err);
	if (!code)
		code = find_pod(making, err);
	if (!code)
		code = volumes_from(&making->cli->store, &making->request->flags.volumes_from,
				    &making->request->spec.mounts, err);
	if (!code)
		code = make_ctr(making, err);
	if (code && making->pod_made)
		pod_remove(&making->cli->store, making->pod_id, true, 0, NULL);
	return code;
}

/* Parses the arguments and reads the files they name. */
static int read_request(struct cli *cli, const struct opt *table, int argc, char *const *argv,
			struct run_request *request, struct err *err)
{
	cleanup_free char *cwd = getcwd(NULL, 0);
	int code = flags_run_parse(table, cli->path, cwd ? cwd : "/", argc, argv, request, err);

	if (code == OPT_HELP)
		return CLI_HELP;
	return code ? code : flags_read_files(request, environ, err);
}

static int create_raw(struct cli *cli, int argc, char *const *argv, struct err *err)
{
	struct run_request request = { 0 };
	struct making making = { .cli = cli, .request = &request };
	int code = read_request(cli, flags_create_options, argc, argv, &request, err);

	if (!code)
		code = make(&making, err);
	if (!code)
		puts(making.ctr.ctr_id);
	flags_run_free(&request);
	strv_free(&making.command);
	return code;
}

/* Which of our streams the container gets: those of --attach, else output, and input with -i. */
static struct attach_options streams(const struct run_request *request)
{
	const struct strv *attach = &request->flags.attach;
	struct attach_options options = {
		.in = request->spec.interactive,
		.out = true,
		.err = true,
		.tty = request->spec.tty,
		.sig_proxy = request->flags.sig_proxy,
		.detach_keys = request->flags.detach_keys,
		.preserve_fds = (int)request->flags.preserve_fds,
	};

	if (attach->n) {
		options.in = strv_has(attach, "stdin");
		options.out = strv_has(attach, "stdout");
		options.err = strv_has(attach, "stderr");
	}
	return options;
}

/* Returns the container's exit code, or -errno. */
static int start(struct making *making, struct err *err)
{
	struct attach_options options = streams(making->request);
	struct action action = { .op = "start", .preserve_fds = options.preserve_fds };
	struct action_notes notes = { 0 };
	bool detached;
	int exit_code = 0, code;

	code = depend_start(&making->cli->store, &making->ctr, err);
	if (code)
		return code;
	if (making->request->flags.detach) {
		code = ctr_act(&making->cli->store, &making->ctr, &action, &notes, err);
		if (!code)
			puts(making->ctr.ctr_id);
	} else {
		code = ctr_start_attached(&making->cli->store, &making->ctr, &options, &notes, &exit_code,
					  &detached, err);
		if (!code && !options.out && !options.err)
			puts(making->ctr.ctr_id);
	}
	cli_warn(making->cli, &notes.lines);
	strv_free(&notes.lines);
	if (!code && exit_code < 0)
		return err_set(err, 0, "the exit code of container %s is unknown: its supervisor was killed",
			       making->ctr.ctr_id);
	return code ? code : exit_code;
}

static int run_raw(struct cli *cli, int argc, char *const *argv, struct err *err)
{
	struct run_request request = { 0 };
	struct making making = { .cli = cli, .request = &request };
	int code = read_request(cli, flags_run_options, argc, argv, &request, err);

	if (!code)
		code = preserve_check(request.flags.preserve_fds, err);
	if (!code && !request.flags.detach)
		discard_terminal(cli, request.spec.tty, request.spec.interactive);
	if (!code)
		code = make(&making, err);
	if (!code) {
		code = start(&making, err);
		if (code < 0 && making.pod_made)
			pod_remove(&cli->store, making.pod_id, true, 0, NULL);
		else if (code < 0 && request.spec.auto_remove)
			ctr_remove(&cli->store, &making.ctr, true, false, true, 0, NULL);
	}
	flags_run_free(&request);
	strv_free(&making.command);
	return code;
}

const struct verb verb_run = {
	.usage = "[options] IMAGE [COMMAND [ARG...]]",
	.description = "Makes a container and starts it. Options end at the image's name.",
	.examples = "run busybox ls -alF /etc\nrun --pod web -d busybox httpd -f\nrun -it --rm host bash",
	.options = flags_run_options,
	.run_raw = run_raw,
};

const struct verb verb_create = {
	.usage = "[options] IMAGE [COMMAND [ARG...]]",
	.description = "Makes a container without starting it, and prints its id.",
	.examples = "create busybox ls\ncreate --pod web --name time busybox date",
	.options = flags_create_options,
	.run_raw = create_raw,
};
