/*
 * flags_refused: the options of podman's run, create and pod create that are left out on purpose,
 * each with a word on what to do instead: an option that is quietly passed over would be a promise broken. opt.h has
 * OPT_REFUSED.
 */
#include "spec/flags_values.h"

#define NO(name, instead)                                                                                    \
	{                                                                                                    \
		name, 0, OPT_REFUSED, 0, instead, NULL, NULL, NULL                                           \
	}

#define NO_BLKIO  "limits of block devices are left out; memory, CPU and pids can be limited"
#define NO_HEALTH "probes of a manifest (kube play) do this"
#define NO_ADDR	  "addresses are leased from the bridge's network; inspect shows which one"
#define NO_USERNS                                                                                            \
	"an ordinary user's pods have one user namespace with all of the user's ids; root's have none"
#define NO_ARCH	  "an image is for the architecture that it was imported on"
#define NO_AUTH	  "pull knows registries and their credentials; run takes what is there"
#define NO_PASSWD "the image's own /etc/passwd counts; -u takes numbers too"
#define NO_RT	  "cgroup v2 has no real-time limits; --cpus and --cpu-shares are there"

/* DOC: refused-options */
const struct opt flags_run_refused[] = {
	NO("arch", NO_ARCH),
	NO("authfile", NO_AUTH),
	NO("blkio-weight", NO_BLKIO),
	NO("blkio-weight-device", NO_BLKIO),
	NO("cert-dir", NO_AUTH),
	NO("cgroup-conf", "--memory, --cpus, --pids-limit and their like write the cgroup's files"),
	NO("cgroups", "every container has a cgroup where the host gives us one"),
	NO("chrootdirs", "the name files are bound into /etc alone"),
	NO("conmon-pidfile", "inspect --format '{{.State.ConmonPid}}' shows the supervisor"),
	NO("cpu-rt-period", NO_RT),
	NO("cpu-rt-runtime", NO_RT),
	NO("creds", NO_AUTH),
	NO("decryption-key", NO_AUTH),
	NO("device-cgroup-rule", "--device gives a device whole"),
	NO("device-read-bps", NO_BLKIO),
	NO("device-read-iops", NO_BLKIO),
	NO("device-write-bps", NO_BLKIO),
	NO("device-write-iops", NO_BLKIO),
	NO("env-merge", "-e NAME=value sets it whole"),
	NO("gidmap", NO_USERNS),
	NO("gpus", "--device /dev/dri/card0 and its like give one"),
	NO("group-entry", NO_PASSWD),
	NO("health-cmd", NO_HEALTH),
	NO("health-interval", NO_HEALTH),
	NO("health-log-destination", NO_HEALTH),
	NO("health-max-log-count", NO_HEALTH),
	NO("health-max-log-size", NO_HEALTH),
	NO("health-on-failure", NO_HEALTH),
	NO("health-retries", NO_HEALTH),
	NO("health-start-period", NO_HEALTH),
	NO("health-startup-cmd", NO_HEALTH),
	NO("health-startup-interval", NO_HEALTH),
	NO("health-startup-retries", NO_HEALTH),
	NO("health-startup-success", NO_HEALTH),
	NO("health-startup-timeout", NO_HEALTH),
	NO("health-timeout", NO_HEALTH),
	NO("hosts-file", "--add-host adds a line"),
	NO("hostuser", NO_PASSWD),
	NO("http-proxy", "-e '*_proxy' hands the variables on"),
	NO("image-volume",
	   "an image's volumes become anonymous volumes; --tmpfs PATH takes the place of one"),
	NO("init-path", "--init runs the init that runpod carries"),
	NO("ip", NO_ADDR),
	NO("ip6", NO_ADDR),
	NO("kernel-memory", "cgroup v2 counts the kernel's memory into --memory"),
	NO("link", "containers of one pod reach each other at 127.0.0.1"),
	NO("mac-address", NO_ADDR),
	NO("memory-swappiness", "cgroup v2 has none; --memory-swap limits swap"),
	NO("network-alias", "there is no name service between pods; within a pod it is 127.0.0.1"),
	NO("no-hostname", "/etc/hostname says the hostname; --no-hosts leaves /etc/hosts alone"),
	NO("oom-kill-disable", "cgroup v2 cannot; --oom-score-adj makes it less likely"),
	NO("os", NO_ARCH),
	NO("passwd", NO_PASSWD),
	NO("passwd-entry", NO_PASSWD),
	NO("personality", "setarch(1) in the container does this"),
	NO("pidfile", "inspect --format '{{.State.Pid}}' shows it"),
	NO("platform", NO_ARCH),
	NO("rdt-class", "it is no mechanism of containers"),
	NO("rmi", "rmi removes the image when the container has gone"),
	NO("runtime", "runpod is the runtime"),
	NO("sdnotify", "there is no service manager to be told; wait --condition=running waits"),
	NO("seccomp-policy", "--security-opt seccomp=unconfined lifts the filter"),
	NO("secret", "a Secret of a manifest, --env-file or a read-only bind mount do this"),
	NO("shm-size-systemd", "--shm-size is there"),
	NO("subgidname", NO_USERNS),
	NO("subuidname", NO_USERNS),
	NO("systemd", "a container is one program; --init adds one that reaps"),
	NO("uidmap", NO_USERNS),
	NO("variant", NO_ARCH),
	NO("volume-driver", "local is the only one"),
	{ .more = NULL },
};

const struct opt flags_pod_refused[] = {
	NO("blkio-weight", NO_BLKIO),
	NO("blkio-weight-device", NO_BLKIO),
	NO("device-read-bps", NO_BLKIO),
	NO("device-write-bps", NO_BLKIO),
	NO("gidmap", NO_USERNS),
	NO("gpus", "--device /dev/dri/card0 and its like give one"),
	NO("hosts-file", "--add-host adds a line"),
	NO("infra-conmon-pidfile", "inspect --format '{{.State.ConmonPid}}' of the infra container shows it"),
	NO("infra-image", "the infra container is pause, which runpod carries; --infra-command runs another"),
	NO("ip", NO_ADDR),
	NO("ip6", NO_ADDR),
	NO("mac-address", NO_ADDR),
	NO("network-alias", "there is no name service between pods; within a pod it is 127.0.0.1"),
	NO("no-hostname", "/etc/hostname says the hostname; --no-hosts leaves /etc/hosts alone"),
	NO("share-parent", "a pod's containers are in its cgroup; a container alone has one of its own"),
	NO("shm-size-systemd", "--shm-size is there"),
	NO("subgidname", NO_USERNS),
	NO("subuidname", NO_USERNS),
	NO("uidmap", NO_USERNS),
	{ .more = NULL },
};
