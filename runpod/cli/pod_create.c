/*
 * pod_create: makes a pod and prints its id.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/discard.h"
#include "cli/idfile.h"
#include "cli/verbs.h"
#include "cli/volumes_from.h"
#include "pod/actions.h"
#include "spec/flags.h"

static int create(struct cli *cli, struct pod_request *request, struct err *err)
{
	struct strv command = { 0 };
	cleanup_fd int id_file = -1;
	char id[65];
	int code = cli_store(cli, err);

	for (int i = 0; i < cli->argc; i++)
		strv_add(&command, cli->argv[i]);
	if (!code)
		code = volumes_from(&cli->store, &request->flags.volumes_from, &request->spec.mounts, err);
	if (!code)
		code = idfile_make(request->flags.pod_id_file, "pod", &id_file, err);
	if (!code) {
		discard_ports(cli, &request->spec.ports, &request->spec.net);
		code = pod_make(&cli->store, &request->spec, &command, request->flags.replace, id, err);
		if (code && id_file >= 0)
			unlink(request->flags.pod_id_file);
	}
	if (!code)
		code = idfile_write(id_file, request->flags.pod_id_file, id, err);
	if (!code)
		puts(id);
	strv_free(&command);
	return code;
}

static int run_raw(struct cli *cli, int argc, char *const *argv, struct err *err)
{
	cleanup_free char *cwd = getcwd(NULL, 0);
	struct pod_request request = { 0 };
	int code = flags_pod_parse(cli->path, cwd ? cwd : "/", argc, argv, &request, err);

	if (code == OPT_HELP)
		code = CLI_HELP;
	if (!code)
		code = flags_pod_read_files(&request, err);
	if (!code)
		code = create(cli, &request, err);
	flags_pod_free(&request);
	return code;
}

const struct verb verb_pod_create = {
	.usage = "[options] [NAME]",
	.description =
		"Makes an empty pod: its infra container, which holds the namespaces that the others join.\n"
		"  Containers are added with run --pod.",
	.examples = "pod create\npod create --label foo=bar mypod\npod create -p 8080:80 --name web",
	.options = flags_pod_options,
	.run_raw = run_raw,
};
