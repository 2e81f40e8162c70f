/*
 * child: what a new process does between clone3 and execve. It is a list of
 * steps, read from top to bottom; every container, infra and exec is a choice
 * of them. The parent has prepared everything that needs thinking: the child
 * makes system calls and, if one fails, sends the error up and ends.
 *
 * Rule: the child is a copy of the supervisor with all its descriptors, inside
 * namespaces that a container shares. It is therefore not dumpable (nobody in the
 * container may look into it, CVE-2016-9962), and every descriptor is
 * close-on-exec. Lessons 12, 16 and 18.
 */
#ifndef RUNPOD_POD_CHILD_H
#define RUNPOD_POD_CHILD_H

#include <stdbool.h>

#include "kern/credentials.h"
#include "kern/seccomp.h"
#include "pod/actions.h"
#include "pod/plan.h"

#define CHILD_JOINS 6

/* One setns(2). */
struct child_join {
	int fd;		     /* a pidfd or a namespace file */
	int flags;	     /* CLONE_NEW… */
	const char *purpose; /* for --explain */
};

/* Everything the child needs. Whose process it is decides which fields count. */
struct child {
	/* set by the parent */
	const struct pod_record *pod;
	const struct ctr_record *ctr;
	const struct exec_spec *exec;	 /* a process of `exec`; else NULL */
	const struct mount_list *mounts; /* what to mount, pod's and container's, sources made absolute */
	struct child_join joins[CHILD_JOINS];
	int n_joins;
	struct ns_parts parts;
	int pid_ns; /* who holds the pid namespace to be born into: a descriptor, or -1 */
	bool rootless;
	const char *store_root; /* ROOT */
	const char *ctr_dir;	/* below it: pods/POD/ctr/ID, where upper and work are */
	int shared;		/* pidfd of who holds /dev/shm for us; -1: a fresh one */
	int names;		/* pidfd of who holds /etc/hosts and so on for us; -1: our own */
	int infra;		/* pidfd of who holds the pod's volumes in memory; -1: we use none */
	int program;		/* a sealed file with pause or init; -1 */
	int *passed;		/* what becomes descriptors 3, 4, … */
	int n_passed;
	int stdio[3];		 /* what becomes descriptors 0, 1, 2; -1 with a terminal */
	int talk;		 /* socket to the parent: our errors and terminal up, the word to go down */
	int parent_end;		 /* the parent's end of it, to be closed: we must notice its death */
	bool waits;		 /* until the parent says go */
	const char *hostname;	 /* for a new uts namespace */
	const char *resolv;	 /* text of /etc/resolv.conf, when we make our own */
	const struct strv *args; /* the container's argv and environment, with what was looked up */
	const struct strv *given_env; /* … before HOME and the like are added */
	uint64_t capabilities;
	struct seccomp_bpf filter; /* count 0: none */
	/* found on the way */
	int *propagated; /* for each mount that is to hear of the host's later ones, its copy; else -1; or NULL */
	int shm;	 /* a copy of the holder's /dev/shm, to be attached; -1 */
	int name_files[3];	/* and of its name files */
	char *hosts;		/* text of /etc/hosts: the word to go */
	int root;		/* the container's root */
	int dev;		/* its /dev */
	struct credentials who; /* the user */
	struct strv env;	/* the final environment */
};

/* What the child sends up: an error, or (code 0) one descriptor, the terminal's master. */
struct child_report {
	int code;
	struct err err;
};

/* The function for spawn(): never returns to its caller's code. arg: struct child. */
int child_start(void *arg); /* a container's program */
int child_infra(void *arg); /* pause */
int child_exec(void *arg);  /* another program in a container that runs */

/* The steps, in the files that hold them. Each returns 0 or -errno. */
int child_join_donors(struct child *child, struct err *err); /* child.c */
int child_own_cgroup_ns(struct child *child, struct err *err);
int child_wait_go(struct child *child, struct err *err);
int child_hostname(struct child *child, struct err *err);
int child_sysctls(struct child *child, struct err *err);

int child_private_tree(struct child *child, struct err *err); /* child_root.c */
int child_make_root(struct child *child, struct err *err);
int child_infra_root(struct child *child, struct err *err);
int child_standard_mounts(struct child *child, struct err *err);
int child_masks(struct child *child, struct err *err);
int child_devices(struct child *child, struct err *err); /* child_devices.c */
int child_seal_root(struct child *child, struct err *err);
int child_pivot(struct child *child, struct err *err);
int child_find_root(struct child *child, struct err *err);

int child_take_shared(struct child *child, struct err *err); /* child_files.c */
int child_name_files(struct child *child, struct err *err);
int child_infra_files(struct child *child, struct err *err);

int child_zone(struct child *child, struct err *err);	      /* child_zone.c */
int child_containerenv(struct child *child, struct err *err); /* child_containerenv.c */

int child_propagated(struct child *child, struct err *err); /* child_volumes.c */
int child_memory_volumes(struct child *child, struct err *err);
int child_volumes(struct child *child, struct err *err);
int child_own_volumes(struct child *child, struct err *err); /* option U: their files become the user's */

int child_who(struct child *child, struct err *err); /* child_become.c */
int child_terminal(struct child *child, struct err *err);
int child_score(struct child *child, struct err *err);
int child_limits(struct child *child, struct err *err);
int child_become(struct child *child, struct err *err);
int child_workdir(struct child *child, struct err *err);
int child_stdio(struct child *child, struct err *err);
int child_execute(struct child *child, struct err *err);

#endif
