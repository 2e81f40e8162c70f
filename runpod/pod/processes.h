/*
 * processes: who runs in a container, as data: what `top` shows a row of.
 */
#ifndef RUNPOD_POD_PROCESSES_H
#define RUNPOD_POD_PROCESSES_H

#include <stdint.h>

#include "pod/status.h"

/* The sets of capabilities of a process. */
enum process_set { SET_INHERITABLE, SET_PERMITTED, SET_EFFECTIVE, SET_BOUNDING, SET_AMBIENT, SETS };

struct process_row {
	int64_t pid, ppid, pgid;		    /* as the container numbers them; 0: outside of it */
	int64_t host_pid;			    /* as we do */
	int64_t uid, host_uid;			    /* effective; -1: the container has no number for it */
	char *user, *real_user;			    /* names from its container's /etc/passwd, else numbers */
	char *group, *real_group, *groups;	    /* the same of /etc/group; groups joined by commas */
	char *host_user, *host_group, *host_groups; /* the same on the host; its groups as numbers */
	char *name, *args;			    /* the program, and its command line */
	char *tty;				    /* pts/0; "?" without one */
	char *label;				    /* of SELinux or AppArmor; "?" without one */
	char *caps[SETS];			    /* CHOWN,KILL; none; full */
	char state;				    /* R S D Z T t I */
	int nice, seccomp;			    /* seccomp: 0 none, 1 strict, 2 filter; -1 unknown */
	int64_t started;			    /* nanoseconds since 1970 */
	int64_t elapsed, cpu;			    /* nanoseconds since it started; used of a CPU */
	int64_t vsz, rss;			    /* KiB of address space; of memory */
};

struct processes {
	struct process_row *v;
	size_t n;
};

/*
 * Adds a row for each process in the container's pid namespace, as its own /proc would show them: in a pod that
 * shares the pid namespace that is the whole pod. Of one in the host's pid namespace: those in its mount namespace. Returns
 * 0; -ESRCH when it does not run.
 */
int processes_of(const struct ctr_view *ctr, struct processes *processes, struct err *err);

/* Whether both containers are in one pid namespace: they have the same processes. */
bool processes_shared(const struct ctr_view *a, const struct ctr_view *b);

void processes_free(struct processes *processes);

#endif
