/*
 * kube_play: kube play, in podman's words: everything of a file is made, and with --wait
 * taken away again when it has ended. Lesson 21.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/kube_down.h"
#include "cli/kube_file.h"
#include "cli/kube_objects.h"
#include "cli/verbs.h"
#include "pod/actions.h"
#include "pod/deploy.h"
#include "pod/status.h"
#include "spec/fields.h"
#include "spec/flags_values.h"

struct play_flags {
	bool replace, wait, down, force, quiet, skip_unsupported, tls_verify;
	int64_t start;
	struct strv configmaps, annotations;
	struct port_list publish;
	struct ns_choice net;
	char *log_driver;
};

static const struct play_flags play_defaults = { .start = 1 };

#define ROW(name, letter, type, member, metavar, help, parse)                                                \
	{                                                                                                    \
		name, letter, type, offsetof(struct play_flags, member), metavar, help, parse, NULL          \
	}

static const struct opt play_options[] = {
	ROW("annotation", 0, OPT_STRV, annotations, "key=value", "Add annotations to the pods", NULL),
	ROW("configmap", 0, OPT_LIST, configmaps, "path", "Files with ConfigMaps that the pods use", NULL),
	ROW("down", 0, OPT_BOOL, down, NULL, "Take away what the file made, as kube down", NULL),
	ROW("force", 0, OPT_BOOL, force, NULL, "With --down: remove volumes too", NULL),
	ROW("log-driver", 0, OPT_TEXT, log_driver, "driver", "Logging driver of the containers", NULL),
	ROW("network", 0, OPT_CALL, net, "mode", "Network of the pods: bridge, none, host, …", value_net),
	ROW("publish", 'p', OPT_CALL, publish, "[ip:]host:container",
	    "Publish these ports instead of the file's", value_publish),
	ROW("quiet", 'q', OPT_BOOL, quiet, NULL, "No progress of pulls", NULL),
	ROW("replace", 0, OPT_BOOL, replace, NULL, "Remove pods of the same names first", NULL),
	ROW("skip-unsupported", 0, OPT_BOOL, skip_unsupported, NULL,
	    "Pass over kinds that are not known here", NULL),
	ROW("start", 0, OPT_SWITCH, start, NULL, "Start the pods once they are made (default true)", NULL),
	ROW("wait", 'w', OPT_BOOL, wait, NULL, "Wait until the pods end, then take everything away", NULL),
	{ 0 },
};

/* The containers by kind, as podman prints them. */
static void print_ids(const struct deployed *deployed, const struct ctr_specs *ctrs)
{
	size_t inits = 0;

	while (inits < ctrs->n && text_equal(ctrs->v[inits].init_ctr, "init"))
		inits++;
	printf("Pod:\n%s\n", deployed->pod_id);
	if (inits)
		puts(inits == 1 ? "Init container:" : "Init containers:");
	for (size_t i = 0; i < inits; i++)
		puts(deployed->ctrs.v[i]);
	if (deployed->ctrs.n > inits)
		puts(deployed->ctrs.n == inits + 1 ? "Container:" : "Containers:");
	for (size_t i = inits; i < deployed->ctrs.n; i++)
		puts(deployed->ctrs.v[i]);
	puts("");
	fflush(stdout);
}

/* What the command line says goes before what the manifest says. */
static void override(struct play_flags *flags, struct pod_spec *pod, struct ctr_specs *ctrs)
{
	if (flags->publish.n) {
		struct pod_spec swap = { .ports = pod->ports };

		pod->ports = flags->publish;
		flags->publish = (struct port_list){ 0 };
		fields_free(&pod_spec_shape, &swap);
	}
	if (flags->net.mode) {
		fields_free(&ns_choice_shape, &pod->net);
		fields_copy(&ns_choice_shape, &flags->net, &pod->net);
	}
	strv_copy(&pod->annotations, &flags->annotations);
	for (size_t i = 0; flags->log_driver && i < ctrs->n; i++)
		text_replace(&ctrs->v[i].log.driver, text_dup(flags->log_driver));
}

static int play_pod(struct cli *cli, struct play_flags *flags, const json_t *value, struct err *err)
{
	struct strv command = { 0 };
	struct deploy_options options = { .replace = flags->replace,
					  .start = flags->start,
					  .create_command = &command };
	struct pod_spec pod = { 0 };
	struct ctr_specs ctrs = { 0 };
	struct deployed deployed;
	int code = kube_file_specs(cli, value, &pod, &ctrs, err);

	for (int i = 0; i < cli->argc; i++)
		strv_add(&command, cli->argv[i]);
	if (!code) {
		override(flags, &pod, &ctrs);
		code = deploy_pod(&cli->store, &pod, &ctrs, &options, &deployed, err);
	}
	if (!code) {
		print_ids(&deployed, &ctrs);
		deployed_free(&deployed);
	}
	strv_free(&command);
	fields_free(&pod_spec_shape, &pod);
	ctr_specs_free(&ctrs);
	return code;
}

/* Objects first: pods name them. */
static int play_all(struct cli *cli, struct play_flags *flags, const struct kube_objects *objects,
		    struct err *err)
{
	int code = 0;

	for (size_t i = 0; i < objects->n && !code; i++)
		code = kube_object_put(cli, &objects->v[i], NULL, err);
	for (size_t i = 0; i < objects->n && !code; i++) {
		json_t *pod = kube_file_pod(&objects->v[i]);

		if (pod)
			code = play_pod(cli, flags, pod, err);
		json_decref(pod);
	}
	return code;
}

/* In a child: waits for every container of the pods to end. */
static void wait_for_all(struct cli *cli, const struct strv *pods)
{
	struct pod_view view;

	for (size_t i = 0; i < pods->n; i++) {
		if (pod_view_read(&cli->store, pods->v[i], &view, NULL))
			continue;
		for (size_t j = 0; j < view.n; j++) {
			struct name_ref ref = { .kind = NAME_CTR };
			int exit_code;

			if (view.ctrs[j].infra)
				continue;
			strcpy(ref.pod_id, view.id);
			snprintf(ref.ctr_id, sizeof(ref.ctr_id), "%s", view.ctrs[j].now.id);
			ctr_wait(&cli->store, &ref, NULL, &exit_code, NULL);
		}
		pod_view_free(&view);
	}
}

/* --wait: until the pods end by themselves or somebody presses ^C. */
static int wait_and_down(struct cli *cli, const struct kube_objects *objects, struct err *err)
{
	struct strv ids = { 0 };
	sigset_t signals;
	int got;
	pid_t child;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	fflush(stdout);
	kube_down_ids(cli, objects, &ids);
	child = fork();
	if (!child) {
		sigprocmask(SIG_UNBLOCK, &signals, NULL);
		wait_for_all(cli, &ids);
		_exit(0);
	}
	sigwait(&signals, &got);
	sigprocmask(SIG_UNBLOCK, &signals, NULL);
	if (child > 0) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	strv_free(&ids);
	return kube_down(cli, objects, true, err);
}

static int play(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct play_flags *flags = target;
	struct kube_options options = { .skip_unsupported = flags->skip_unsupported };
	struct kube_objects objects = { 0 };
	int code = cli_store(cli, err);

	if (!code)
		code = kube_files_read(cli, &flags->configmaps, &options, &objects, err);
	if (!code || !flags->configmaps.n)
		code = kube_files_read(cli, args, &options, &objects, err);
	if (!code)
		code = flags->down ? kube_down(cli, &objects, flags->force, err)
				   : play_all(cli, flags, &objects, err);
	if (!code && flags->wait && !flags->down)
		code = wait_and_down(cli, &objects, err);
	fields_free(&ns_choice_shape, &flags->net);
	kube_objects_free(&objects);
	return code;
}

const struct verb verb_kube_play = {
	.usage = "[options] KUBEFILE|-",
	.description = "Makes and starts the pods of a Kubernetes manifest, with its ConfigMaps, Secrets and "
		       "volumes.\n"
		       "  Everything is made ready before the first container starts; what fails is undone.",
	.examples = "kube play pod.yaml\nkube play --replace -p 8080:80 pod.yaml\nkube play - <pod.yaml",
	.options = play_options,
	.flags_size = sizeof(struct play_flags),
	.defaults = &play_defaults,
	.min_args = 1,
	.max_args = 1,
	.run = play,
};
