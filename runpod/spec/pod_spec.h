/*
 * pod_spec: what was asked for, as pure data. The command line and the
 * manifest both end here; the plan begins here; the store keeps it as JSON.
 *
 * Nothing in these structures is a descriptor, a PID or a path that was
 * resolved: a spec can be printed, compared and kept across a reboot.
 * A zeroed spec is valid and empty; text is owned by the spec.
 */
#ifndef RUNPOD_SPEC_POD_SPEC_H
#define RUNPOD_SPEC_POD_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "spec/manifest_spec.h"

/* How a container gets a namespace of one kind: "host", "container:web", … */
struct ns_choice {
	char *mode; /* NULL (default), private, host, pod, container, ns, shareable, none, bridge, pasta */
	char *arg;  /* container: name or id; ns: path; else NULL */
};

/* One published port. Ranges are written out, one entry a port. */
struct port_map {
	char *host_ip;	   /* address to listen on; NULL means all */
	int64_t host_port; /* 0: the kernel chooses */
	int64_t ctr_port;  /* the port inside the pod */
	char *protocol;	   /* "tcp" or "udp" */
};

struct port_list {
	struct port_map *v; /* the ports */
	size_t n;	    /* how many */
};

/* One mount asked for with -v, --mount or --tmpfs. */
struct mount_spec {
	char *type;    /* "bind", "volume", "tmpfs" or "pod" (one of the pod's own volumes) */
	char *source;  /* bind: absolute path; volume, pod: its name (NULL: anonymous); tmpfs: NULL */
	char *target;  /* absolute path in the container */
	char *subpath; /* below the source, or NULL */
	bool expand;   /* pod: $(NAME) in subpath is looked up when the container starts */
	bool read_only;
	bool read_only_below; /* bind, pod: the mounts below the source too */
	bool noexec;
	bool nosuid;
	bool nodev;
	bool recursive;	   /* bind: with the mounts below the source (rbind, the default) */
	bool no_copy;	   /* volume: do not fill an empty one from the image */
	bool own;	   /* U: change the owner of the source to the container's user */
	char *propagation; /* NULL (rprivate), rslave, rshared, … */
	int64_t size;	   /* tmpfs: bytes; 0: the kernel's default */
	int64_t mode;	   /* tmpfs: permission bits; 0: 1777 */
};

struct mount_list {
	struct mount_spec *v; /* the mounts, in the order given */
	size_t n;	      /* how many */
};

/* What a cgroup may use. 0 means no limit was asked for. */
struct limits {
	int64_t memory;	       /* bytes → memory.max */
	int64_t memory_swap;   /* bytes of memory and swap together; -1 unlimited */
	int64_t memory_low;    /* bytes → memory.low (--memory-reservation) */
	int64_t cpu_quota;     /* microseconds in each period → cpu.max */
	int64_t cpu_period;    /* microseconds; 0 means 100000 */
	int64_t cpu_shares;    /* cgroup v1's scale, 2…262144 → cpu.weight */
	char *cpuset_cpus;     /* "0-1" → cpuset.cpus */
	char *cpuset_mems;     /* → cpuset.mems */
	int64_t pids;	       /* → pids.max; -1 unlimited; 0: the default of 2048 */
	int64_t oom_score_adj; /* −1000…1000 */
	bool oom_score_adj_set;
};

/* When a container that ended is started again. */
struct restart_policy {
	char *name;    /* NULL or "no", on-failure, always, unless-stopped */
	int64_t tries; /* on-failure: at most this often; 0: without end */
};

/* One line of /etc/hosts, DNS and the like: shared by pod and container specs. */
struct name_service {
	struct strv hosts;   /* "name:ip" of --add-host */
	struct strv servers; /* --dns */
	struct strv search;  /* --dns-search */
	struct strv options; /* --dns-option */
	bool no_hosts;	     /* leave /etc/hosts as the image has it */
};

/* Where the output of a container goes. */
struct log_spec {
	char *driver;	  /* NULL means k8s-file; json-file, none */
	char *path;	  /* NULL: in the container's directory */
	int64_t max_size; /* bytes; rotated beyond; 0: never */
};

struct ctr_spec {
	char *name;
	char *image;		/* as it was typed; NULL with rootfs */
	char *rootfs;		/* --rootfs: a directory used as the root itself */
	char *pull;		/* --pull: NULL, missing, never, … */
	bool publish_all;	/* publish what the image exposes */
	struct strv expose;	/* and these: "80/tcp" */
	struct strv entrypoint; /* --entrypoint; replaces the image's */
	bool entrypoint_set;	/* also when it was set to nothing */
	struct strv command;	/* what stood behind the image */
	struct strv env;	/* NAME=value, NAME (from the caller), in order */
	struct strv env_unset;	/* --unsetenv: what neither we nor the image shall set */
	bool env_clear;		/* --unsetenv-all: nothing but env */
	struct strv env_files;	/* --env-file, read by the command line before the container is made */
	char *workdir;
	char *user; /* "uid", "name", "uid:gid", … as typed */
	struct strv group_add;
	char *hostname;
	char *umask; /* octal text */
	char *timezone;
	bool tty;
	bool interactive; /* keep stdin open */
	bool init;	  /* --init: pause as PID 1, the command as its child */
	bool auto_remove; /* --rm */
	bool read_only;	  /* the root */
	bool privileged;
	bool allow_new_privileges; /* security-opt no-new-privileges=false */
	char *seccomp;		   /* NULL (the default filter) or "unconfined" */
	struct strv masks;	   /* security-opt mask= */
	struct strv unmasks;	   /* security-opt unmask= */
	struct strv cap_add;
	struct strv cap_drop;
	struct mount_list mounts;
	struct port_list ports; /* outside any pod only; a pod's ports are its own */
	struct ns_choice net;
	struct ns_choice ipc;
	struct ns_choice pid;
	struct ns_choice uts;
	struct ns_choice cgroupns;
	struct ns_choice userns;
	struct limits limits;
	struct strv sysctls; /* name=value */
	struct strv ulimits; /* name=soft:hard */
	struct strv devices; /* host path[:container path[:rwm]] */
	struct restart_policy restart;
	char *stop_signal;    /* as typed; NULL: the image's, else SIGTERM */
	int64_t stop_timeout; /* seconds; -1: not given (10) */
	int64_t timeout;      /* seconds after which the container is killed; 0: never */
	int64_t shm_size;     /* bytes; 0: 64 MiB */
	struct strv labels;   /* name=value */
	struct strv annotations;
	struct name_service names;
	struct log_spec log;
	char *init_ctr; /* NULL; "once", "always", "init" (a manifest's), "sidecar": before the pod's others */
	struct strv depends_on; /* --requires: ids or names */
	char *cgroup_parent;
	struct env_source_list env_sources; /* a manifest's, looked up at each start; they come after env */
	bool expand;			    /* $(NAME) in entrypoint and command, at each start */
	bool run_as_non_root;		    /* refuse to start as user 0 */
	struct probe_spec liveness, readiness, startup;
	struct handler_spec post_start, pre_stop;
	char *termination_path; /* file whose text becomes the state's message when the container ends; NULL: none */
	char *termination_policy; /* NULL (File), FallbackToLogsOnError */
};

struct pod_spec {
	char *name;
	char *hostname;	   /* NULL: the pod's name */
	struct strv share; /* of net ipc uts pid cgroup; what the containers join */
	bool no_infra;	   /* --infra=false */
	char *infra_name;  /* NULL: the pod's short id and -infra */
	struct strv infra_command;
	struct port_list ports;
	struct mount_list mounts; /* every container gets them */
	struct ns_choice net;
	struct ns_choice userns;
	struct ns_choice pid; /* --pid: the infra's */
	struct ns_choice uts;
	struct ns_choice ipc;
	struct strv labels;
	struct restart_policy restart; /* inherited by containers without one */
	char *exit_policy;	       /* NULL or "continue"; "stop" */
	struct limits limits;	       /* of the pod's own cgroup */
	struct strv sysctls;
	struct strv security_opt;
	struct strv devices; /* every container gets them */
	int64_t shm_size;
	struct name_service names;
	char *cgroup_parent;
	bool hidden; /* made by runpod around a single container; no verb on pods shows it */
	/* of a manifest */
	char *manifest;		 /* the Pod as JSON with its defaults filled in; NULL: made with flags */
	struct strv annotations; /* name=value */
	struct pod_volume_list volumes; /* what mounts of type "pod" name */
	int64_t active_deadline;	/* seconds; then the pod has failed; 0: never */
	int64_t fs_group;		/* owner group of the pod's volumes; -1 or 0: none */
};

#endif
