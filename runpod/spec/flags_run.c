/*
 * flags_run: reading the command line of run and create: defaults, options,
 * image, command, and then what excludes each other.
 *
 * Rule: the program's own arguments are never looked at (see execve(2): they
 * are bytes for it alone). Lesson 19 hands them on.
 */
#include "spec/flags.h"

#include <errno.h>
#include <stdlib.h>

#include "spec/check.h"
#include "spec/env.h"
#include "spec/fields.h"
#include "spec/flags_values.h"
#include "spec/volumes.h"

/* IMAGE COMMAND…, or with --rootfs DIRECTORY COMMAND… */
static int set_image(struct run_request *request, const struct strv *args, struct err *err)
{
	if (!args->n)
		return err_set(err, 0, "requires at least 1 arg(s), only received 0");
	if (request->flags.rootfs)
		request->spec.rootfs = path_clean(args->v[0], request->flags.cwd);
	else
		request->spec.image = text_dup(args->v[0]);
	for (size_t i = 1; i < args->n; i++)
		strv_add(&request->spec.command, args->v[i]);
	return 0;
}

static int check_request(const struct run_request *request, struct err *err)
{
	const struct run_flags *flags = &request->flags;

	if (flags->replace && !request->spec.name)
		return err_set(err, 0, "cannot replace container without --name being set");
	if (flags->pod && flags->pod_id_file)
		return err_set(err, 0, "cannot specify both --pod and --pod-id-file");
	if (request->spec.init_ctr && !flags->pod && !flags->pod_id_file)
		return err_set(err, 0, "must specify pod value with init-ctr");
	if (flags->detach && flags->attach.n)
		return err_set(err, 0, "conflicting options: -a and -d");
	return check_ctr(&request->spec, err);
}

/* Programs expect to write in these places; what was asked for there itself comes first. */
static int add_tmpfs(struct run_request *request, struct err *err)
{
	static const char *const places[][2] = { { "/run", "/run:mode=755" },
						 { "/tmp", "/tmp" },
						 { "/var/tmp", "/var/tmp" } };
	struct mount_list *mounts = &request->spec.mounts;
	int code = 0;

	if (!request->spec.read_only || !request->flags.read_only_tmpfs)
		return 0;
	for (size_t i = 0; !code && i < sizeof(places) / sizeof(*places); i++) {
		bool taken = false;

		for (size_t j = 0; j < mounts->n; j++)
			taken = taken || text_equal(mounts->v[j].target, places[i][0]);
		if (!taken)
			code = volumes_parse_tmpfs(places[i][1], mounts, err);
	}
	return code;
}

int flags_run_parse(const struct opt *table, const char *command, const char *cwd, int argc,
		    char *const *argv, struct run_request *request, struct err *err)
{
	struct strv args = { 0 };
	int code;

	request->spec.stop_timeout = -1;
	request->flags.sig_proxy = true;
	request->flags.tls_verify = -1;
	request->flags.read_only_tmpfs = true;
	request->flags.cwd = cwd;
	code = opt_parse(table, command, argc, argv, false, request, &args, err);
	if (request->spec.name && *request->spec.name == '/') /* docker's way to write a name */
		text_replace(&request->spec.name, text_dup(request->spec.name + 1));
	if (!code)
		code = set_image(request, &args, err);
	if (!code)
		code = value_join_cpus(request->flags.cpus, &request->spec.limits, err);
	if (!code)
		code = add_tmpfs(request, err);
	if (!code)
		code = check_request(request, err);
	strv_free(&args);
	return code;
}

int flags_read_files(struct run_request *request, char *const *environment, struct err *err)
{
	struct strv env = { 0 };
	int code = labels_read_files(&request->flags.label_files, &request->spec.labels, err);

	for (size_t i = 0; request->flags.env_host && environment[i]; i++)
		strv_set(&env, environment[i]);
	if (!code)
		code = env_compose(&request->spec.env_files, &request->spec.env, environment, &env, err);
	if (code) {
		strv_free(&env);
		return code;
	}
	strv_free(&request->spec.env);
	strv_free(&request->spec.env_files);
	request->spec.env = env;
	return 0;
}

void flags_run_free(struct run_request *request)
{
	struct run_flags *flags = &request->flags;

	fields_free(&ctr_spec_shape, &request->spec);
	free(flags->detach_keys);
	free(flags->cidfile);
	free(flags->pod);
	free(flags->pod_id_file);
	strv_free(&flags->attach);
	strv_free(&flags->label_files);
	strv_free(&flags->volumes_from);
	*request = (struct run_request){ 0 };
}
