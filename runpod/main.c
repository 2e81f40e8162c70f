/*
 * main: the command table, and the one place that prints an error and exits.
 *
 * A verb is one file in cli/ and one row here. Nothing is done at start-up that the
 * verb does not need: what a container costs is what the kernel takes, and our
 * own milliseconds come on top of each. Lesson 16 is the first to use it.
 */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/global.h"
#include "cli/screen.h"
#include "cli/verbs.h"
#include "pod/supervisor.h"

static const struct command commands[] = {
	/* words, other last words, verb, short help (NULL: not listed) */
	{ "apply", NULL, &verb_kube_apply, "Make what a manifest says so" },
	{ "attach", NULL, &verb_attach, "Attach to a running container" },
	{ "__compat", NULL, &verb_compat, NULL },
	{ "__refused", NULL, &verb_refused, NULL },
	{ "completion", NULL, &verb_completion, "Generate the completion script of a shell" },
	{ "__complete", NULL, &verb_complete, NULL },
	{ "__clock", NULL, &verb_clock, NULL },
	{ "container", NULL, NULL, "Manage containers" },
	{ "create", NULL, &verb_create, "Create but do not start a container" },
	{ "create configmap", "cm", &verb_kube_create_configmap, "Make a ConfigMap from files and words" },
	{ "create secret", NULL, &verb_kube_create_secret, "Make a Secret from files and words" },
	{ "debug", NULL, &verb_kube_debug, "Add a container with tools to a running pod" },
	{ "delete", NULL, &verb_kube_delete, "Delete pods and other objects of manifests" },
	{ "describe", NULL, &verb_kube_describe, "Show all that is known of a pod" },
	{ "events", NULL, &verb_events, "Show system events" },
	{ "exec", NULL, &verb_exec, "Run a process in a running container" },
	{ "explain", NULL, &verb_kube_explain, "Tell what a field of a manifest means here" },
	{ "generate", NULL, NULL, "Generate structured data based on pods and containers" },
	{ "get", NULL, &verb_kube_get, "Show pods and other objects of manifests" },
	{ "image", NULL, NULL, "Manage images" },
	{ "images", NULL, &verb_images, "List images in local storage" },
	{ "import", NULL, &verb_import, "Import a tarball to create a filesystem image" },
	{ "info", NULL, &verb_info, "Display what this host can do and where things lie" },
	{ "inspect", NULL, &verb_inspect, "Display the configuration of object denoted by ID" },
	{ "kill", NULL, &verb_kill, "Kill one or more running containers with a specific signal" },
	{ "kube", NULL, NULL, "Play and write Kubernetes manifests" },
	{ "kubelet", NULL, &verb_kubelet, "Run the manifests in a directory" },
	{ "load", NULL, &verb_load, "Load images from a tar archive" },
	{ "logs", NULL, &verb_logs, "Fetch the logs of one or more containers" },
	{ "network", NULL, NULL, "Show the networks that pods can have" },
	{ "pause", NULL, &verb_pause, "Pause all the processes in one or more containers" },
	{ "play", NULL, NULL, "Play Kubernetes manifests" },
	{ "pod", NULL, NULL, "Manage pods" },
	{ "port", NULL, &verb_port, "List port mappings or a specific mapping for the container" },
	{ "ps", NULL, &verb_ps, "List containers" },
	{ "pull", NULL, &verb_pull, "Pull images from registries" },
	{ "restart", NULL, &verb_restart, "Restart one or more containers" },
	{ "rm", NULL, &verb_rm, "Remove one or more containers" },
	{ "rmi", NULL, &verb_image_rm, "Remove one or more images from local storage" },
	{ "run", NULL, &verb_run, "Run a command in a new container" },
	{ "start", NULL, &verb_start, "Start one or more containers" },
	{ "stats", NULL, &verb_stats, "Display a live stream of container resource usage statistics" },
	{ "stop", NULL, &verb_stop, "Stop one or more containers" },
	{ "tag", NULL, &verb_tag, "Add an additional name to a local image" },
	{ "top", NULL, &verb_top, "Display the running processes of a container" },
	{ "unpause", NULL, &verb_unpause, "Unpause the processes in one or more containers" },
	{ "untag", NULL, &verb_untag, "Remove a name from a local image" },
	{ "version", NULL, &verb_version, "Display the version" },
	{ "volume", NULL, NULL, "Manage volumes" },
	{ "wait", NULL, &verb_wait, "Block on one or more containers" },

	{ "container attach", NULL, &verb_attach, "Attach to a running container" },
	{ "container create", NULL, &verb_create, "Create but do not start a container" },
	{ "container exec", NULL, &verb_exec, "Run a process in a running container" },
	{ "container exists", NULL, &verb_container_exists, "Check if a container exists in local storage" },
	{ "container inspect", NULL, &verb_container_inspect, "Display the configuration of a container" },
	{ "container kill", NULL, &verb_kill, "Kill one or more running containers with a specific signal" },
	{ "container logs", NULL, &verb_logs, "Fetch the logs of one or more containers" },
	{ "container pause", NULL, &verb_pause, "Pause all the processes in one or more containers" },
	{ "container port", NULL, &verb_port, "List port mappings or a specific mapping for the container" },
	{ "container prune", NULL, &verb_container_prune, "Remove all non running containers" },
	{ "container ps", "ls list", &verb_ps, "List containers" },
	{ "container restart", NULL, &verb_restart, "Restart one or more containers" },
	{ "container rm", NULL, &verb_rm, "Remove one or more containers" },
	{ "container run", NULL, &verb_run, "Run a command in a new container" },
	{ "container start", NULL, &verb_start, "Start one or more containers" },
	{ "container stats", NULL, &verb_stats,
	  "Display a live stream of container resource usage statistics" },
	{ "container stop", NULL, &verb_stop, "Stop one or more containers" },
	{ "container top", NULL, &verb_top, "Display the running processes of a container" },
	{ "container unpause", NULL, &verb_unpause, "Unpause the processes in one or more containers" },
	{ "container wait", NULL, &verb_wait, "Block on one or more containers" },

	{ "image exists", NULL, &verb_image_exists, "Check if an image exists in local storage" },
	{ "image import", NULL, &verb_import, "Import a tarball to create a filesystem image" },
	{ "image inspect", NULL, &verb_image_inspect, "Display the configuration of an image" },
	{ "image list", "ls", &verb_images, "List images in local storage" },
	{ "image load", NULL, &verb_load, "Load images from a tar archive" },
	{ "image prune", NULL, &verb_image_prune, "Remove unused images" },
	{ "image pull", NULL, &verb_pull, "Pull images from registries" },
	{ "image rm", "remove rmi", &verb_image_rm, "Remove one or more images from local storage" },
	{ "image tag", NULL, &verb_tag, "Add an additional name to a local image" },
	{ "image untag", NULL, &verb_untag, "Remove a name from a local image" },

	{ "generate kube", NULL, &verb_kube_generate,
	  "Generate a Kubernetes manifest from pods and containers" },
	{ "kube apply", NULL, &verb_kube_apply, "Make what a manifest says so" },
	{ "kube down", NULL, &verb_kube_down, "Remove what a manifest made" },
	{ "kube generate", NULL, &verb_kube_generate,
	  "Generate a Kubernetes manifest from pods and containers" },
	{ "kube play", NULL, &verb_kube_play, "Make and start the pods of a manifest" },
	{ "play kube", NULL, &verb_kube_play, "Make and start the pods of a manifest" },
	{ "network exists", NULL, &verb_network_exists, "Check if a network exists" },
	{ "network inspect", NULL, &verb_network_inspect, "Inspect networks" },
	{ "network ls", "list", &verb_network_ls, "List networks" },

	{ "pod create", NULL, &verb_pod_create, "Create a new empty pod" },
	{ "pod exists", NULL, &verb_pod_exists, "Check if a pod exists in local storage" },
	{ "pod inspect", NULL, &verb_pod_inspect, "Display a pod configuration" },
	{ "pod kill", NULL, &verb_pod_kill, "Send the specified signal or SIGKILL to containers in pod" },
	{ "pod logs", NULL, &verb_pod_logs, "Fetch logs for pod with one or more containers" },
	{ "pod ns", NULL, &verb_pod_ns, "Draw the containers of a pod against their namespaces" },
	{ "pod pause", NULL, &verb_pod_pause, "Pause one or more pods" },
	{ "pod prune", NULL, &verb_pod_prune, "Remove all stopped pods and their containers" },
	{ "pod ps", "ls list", &verb_pod_ps, "List pods" },
	{ "pod restart", NULL, &verb_pod_restart, "Restart one or more pods" },
	{ "pod rm", NULL, &verb_pod_rm, "Remove one or more pods" },
	{ "pod start", NULL, &verb_pod_start, "Start one or more pods" },
	{ "pod stats", NULL, &verb_pod_stats,
	  "Display a live stream of resource usage statistics for the containers in one or more pods" },
	{ "pod stop", NULL, &verb_pod_stop, "Stop one or more pods" },
	{ "pod top", NULL, &verb_pod_top, "Display the running processes of containers in a pod" },
	{ "pod unpause", NULL, &verb_pod_unpause, "Unpause one or more pods" },

	{ "volume create", NULL, &verb_volume_create, "Create a new volume" },
	{ "volume exists", NULL, &verb_volume_exists, "Check if volume exists" },
	{ "volume inspect", NULL, &verb_volume_inspect,
	  "Display detailed information on one or more volumes" },
	{ "volume ls", "list", &verb_volume_ls, "List volumes" },
	{ "volume prune", NULL, &verb_volume_prune, "Remove all unused volumes" },
	{ "volume rm", "remove", &verb_volume_rm, "Remove one or more volumes" },
	{ 0 },
};

static const char *base_name(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path ? path : "runpod";
}

static int run(struct cli *cli, struct err *err)
{
	int first, code = global_parse(cli, cli->argc, cli->argv, &first, err);

	if (code < 0)
		return code;
	if (code == OPT_HELP) {
		cli_help(cli, NULL);
		return 0;
	}
	if (code == GLOBAL_VERSION) {
		printf("%s version %s\n", cli->program, RUNPOD_VERSION);
		return 0;
	}
	return cli_dispatch(cli, cli->argc - first, cli->argv + first, err);
}

/* Prints every error, and returns the status to exit with. */
static int finish(struct cli *cli, int code, struct err *err)
{
	int status = code;

	if (code < 0)
		cli_fail(cli, err);
	if (fflush(stdout) || ferror(stdout)) { /* a full disk must not look like success */
		struct err lost = { 0 };

		err_set(&lost, 0, "write standard output: not all could be written");
		cli_fail(cli, &lost);
	}
	screen_guard(); /* an error may quote what an image says */
	for (size_t i = 0; i < cli->failures.n; i++)
		fprintf(stderr, "Error: %s\n", cli->failures.v[i]);
	if (cli->failures.n)
		status = cli->failure_status;
	cli_free(cli);
	return status;
}

int main(int argc, char **argv)
{
	struct cli cli = { .table = commands, .argc = argc, .argv = argv };
	struct err err = { 0 };

	if (argc > 1 && !strcmp(argv[1], "supervisor")) /* how a pod's supervisor is started; for no user */
		return supervisor_main(argc, argv);
	cli.program = base_name(argv[0]);
	return finish(&cli, run(&cli, &err), &err);
}
