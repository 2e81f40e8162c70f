/*
 * compat_notes: what podman, docker and kubectl call each verb, and how theirs differ. The document that is made of
 * it (compat.c) is what a user of theirs reads first, so a note names a difference that somebody will meet, with its
 * reason, and nothing else.
 */
#include "cli/compat.h"
#include "cli/verbs.h"

#define TITLE(text)                                                                                          \
	{                                                                                                    \
		NULL, text, NULL, NULL, NULL, NULL                                                           \
	}
#define ROW(verb, podman, docker, kubectl, note)                                                             \
	{                                                                                                    \
		&verb_##verb, NULL, podman, docker, kubectl, note                                            \
	}

const struct compat compat_rows[] = {
	TITLE("Containers"),
	ROW(run, "=", "=", "run",
	    "`--network none -p` publishes: the publisher needs no route (podman discards the ports). docker "
	    "has no `--pod`. "
	    "kubectl's `run` writes a Pod; here that is `kube generate` afterwards. Not there: "
	    "`--domainname`, `--retry`, `--storage-opt`."),
	ROW(create, "=", "=", NULL,
	    "`create configmap` and `create secret` are kubectl's words, below. Not there: `--domainname`, "
	    "`--retry`, `--storage-opt`."),
	ROW(start, "=", "=", NULL, "Not there: `--checkpoint`."),
	ROW(stop, "=", "=", NULL, NULL),
	ROW(restart, "=", "=", NULL, NULL),
	ROW(kill, "=", "=", NULL, NULL),
	ROW(pause, "=", "=", NULL,
	    "Writes cgroup.freeze: an ordinary user needs a cgroup that was delegated."),
	ROW(unpause, "=", "=", NULL, NULL),
	ROW(rm, "=", "=", NULL,
	    "`rm -f` kills at once, as docker does; podman waits for the stop time. `--time` gives one."),
	ROW(container_prune, "=", "=", NULL, NULL),
	ROW(ps, "=", "=", "get pods", "docker has no `--pod`."),
	ROW(inspect, "=", "=", "get -o json",
	    "Podman's keys, without those of what is left out (SELinux labels, storage drivers)."),
	ROW(container_inspect, "=", "=", NULL, NULL),
	ROW(container_exists, "=", NULL, NULL, NULL),
	ROW(exec, "=", "=", "=",
	    "`exec POD [-c CONTAINER] -- COMMAND` is kubectl's form. Not there: `--cidfile`, `--no-session`, "
	    "`--preserve-fd`, `--wait`."),
	ROW(attach, "=", "=", "=",
	    "A terminal is a descriptor of the supervisor's and ends with it; containers without `-t` lose "
	    "nothing."),
	ROW(logs, "=", "=", "=", "Takes pods too, as kubectl does. Not there: `--details`."),
	ROW(wait, "=", "=", "wait",
	    "An exit code that the kernel no longer tells is unknown, never 0. kubectl's waits for "
	    "conditions. Not there: `--return-on-first`."),
	ROW(top, "=", "=", NULL, NULL),
	ROW(stats, "=", "=", "top pod",
	    "Where a cgroup controller is missing, its column says `--`, and why is said once."),
	ROW(port, "=", "=", NULL, NULL),

	TITLE("Pods"),
	ROW(pod_create, "=", NULL, NULL,
	    "The infra container is `pause`, which the program carries: there is no infra image to pull."),
	ROW(pod_start, "=", NULL, NULL, "All of a pod starts, or none of it."),
	ROW(pod_stop, "=", NULL, NULL, NULL),
	ROW(pod_restart, "=", NULL, NULL, NULL),
	ROW(pod_kill, "=", NULL, NULL, NULL),
	ROW(pod_pause, "=", NULL, NULL, NULL),
	ROW(pod_unpause, "=", NULL, NULL, NULL),
	ROW(pod_rm, "=", NULL, "delete pod", "`pod rm -f` kills at once; `--time` gives the pod time."),
	ROW(pod_prune, "=", NULL, NULL, NULL),
	ROW(pod_ps, "=", NULL, "get pods", NULL),
	ROW(pod_inspect, "=", NULL, "get pod -o json", NULL),
	ROW(pod_exists, "=", NULL, NULL, NULL),
	ROW(pod_logs, "=", NULL, "logs --all-containers", NULL),
	ROW(pod_top, "=", NULL, NULL, NULL),
	ROW(pod_stats, "=", NULL, "top pod", NULL),
	ROW(pod_ns, NULL, NULL, NULL,
	    "Ours alone: draws containers against namespaces, with the inode numbers and who shares what."),

	TITLE("Images"),
	ROW(images, "=", "=", NULL, "Not there: `--history`."),
	ROW(pull, "=", "=", NULL,
	    "skopeo does the fetching where it is installed; registries need their name in front "
	    "(docker.io/library/nginx). Not there: `--all-tags`, `--arch`, `--authfile`, `--creds`, "
	    "`--platform`, `--retry`."),
	ROW(load, "=", "=", NULL, "Archives of docker, podman and skopeo, plain, gzip or zstd."),
	ROW(import, "=", "=", NULL, "From a file or standard input, no URL. Not there: `--message`."),
	ROW(tag, "=", "=", NULL, NULL),
	ROW(untag, "=", NULL, NULL, NULL),
	ROW(image_rm, "=", "=", NULL,
	    "Built-in images stay: only what was cached of them goes. Not there: `--no-prune`."),
	ROW(image_exists, "=", NULL, NULL, NULL),
	ROW(image_inspect, "=", "=", NULL, NULL),
	ROW(image_prune, "=", "=", NULL, NULL),

	TITLE("Volumes and networks"),
	ROW(volume_create, "=", "=", NULL, "One driver, local: a directory. Not there: `--gid`, `--uid`."),
	ROW(volume_ls, "=", "=", "get pvc", NULL),
	ROW(volume_inspect, "=", "=", NULL, NULL),
	ROW(volume_exists, "=", NULL, NULL, NULL),
	ROW(volume_rm, "=", "=", NULL, NULL),
	ROW(volume_prune, "=", "=", NULL,
	    "All unused volumes go, as with podman; docker keeps named ones without `-a`."),
	ROW(network_ls, "=", "=", NULL, "The networks are built in: bridge, host, none, pasta."),
	ROW(network_inspect, "=", "=", NULL, NULL),
	ROW(network_exists, "=", NULL, NULL, NULL),

	TITLE("Manifests: podman's words"),
	ROW(kube_play, "=", NULL, "apply",
	    "Strict: a field that is unknown or cannot be done is an error with its line, where podman "
	    "passes over it. "
	    "Readiness probes, hooks, sidecars and requests count. `--exit-policy` is stop, as podman's. Not "
	    "there: `--authfile`, `--build`, `--ip`, `--log-opt`, `--no-hosts`, `--publish-all`, "
	    "`--userns`."),
	ROW(kube_down, "=", NULL, "delete", NULL),
	ROW(kube_generate, "=", NULL, "get -o yaml",
	    "Writes what Kubernetes takes, without annotations of this program's. Not there: "
	    "`--podman-only`, `--replicas`, `--type`."),

	TITLE("Manifests: kubectl's words"),
	ROW(kube_apply, "kube apply", NULL, "apply",
	    "Podman's sends the file to a cluster; this one makes it so here. Replaces only what must be, "
	    "and says what changed. Not there: `--kubeconfig`, `--service`."),
	ROW(kube_get, NULL, NULL, "=", "Kinds: pods, configmaps, secrets; a claim is a volume: `volume ls`."),
	ROW(kube_describe, NULL, NULL, "=", NULL),
	ROW(kube_delete, "kube down", NULL, "=", "Returns when it has gone."),
	ROW(kube_create_configmap, NULL, NULL, "=", NULL),
	ROW(kube_create_secret, "secret create", NULL, "=",
	    "Kubernetes' Secrets are kept; podman's store is left out."),
	ROW(kube_debug, NULL, NULL, "=", "On a running pod; copies of a pod and nodes are left out."),
	ROW(kube_explain, NULL, NULL, "=",
	    "From the table that manifests are read by: it says what has no effect here."),
	ROW(kubelet, NULL, NULL, NULL, "The static pods of the kubelet: `kubelet --pod-manifest-path`."),

	TITLE("Others"),
	ROW(events, "=", "=", "get events",
	    "`--since` and `--until` read a journal file; the oldest go when it is full."),
	ROW(info, "=", "=", "cluster-info",
	    "The keys are fewer: what this host can do, and where things lie."),
	ROW(version, "=", "=", "=", "There is no server to have a version; the kernel's is shown."),
	ROW(completion, "=", "=", "=", "bash, zsh and fish; no powershell."),
	{ 0 },
};
