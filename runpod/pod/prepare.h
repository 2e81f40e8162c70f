/*
 * prepare: everything that a child needs is thought out by its parent: which
 * namespaces are new and which are joined through whose pidfd, what it mounts,
 * which power it keeps. Then it is born.
 */
#ifndef RUNPOD_POD_PREPARE_H
#define RUNPOD_POD_PREPARE_H

#include "pod/child.h"
#include "pod/pod.h"

/*
 * Gives birth to proc's process: the container's own program (exec NULL), or
 * another one inside a container that runs. On success proc->pid, exit.fd and
 * report are set and the child waits for proc_go. Returns 0 or -errno.
 */
int prepare_and_spawn(struct proc *proc, const struct exec_spec *exec, struct err *err);

/* What is opened for the child alone, to be closed when it has its copies. */
#define OPENED_MAX 8

struct opened {
	int fds[OPENED_MAX];
	int n;
};

/* Notes fd, if it is one, and returns it. */
int opened_keep(struct opened *opened, int fd);

/* Decides for each namespace of the container whether it is new or joined: flags for clone3, joins for the child.
 * prepare_ns.c */
struct spawn;
int prepare_namespaces(struct proc *proc, struct child *child, struct spawn *how, struct opened *opened,
		       struct err *err);

/* Lists what the container mounts, deepest last; child->infra is set when something of it is held by infra. prepare_mounts.c */
int prepare_mounts(struct ctr *ctr, struct child *child, struct mount_list *ret_mounts, struct err *err);

/* Gives birth to a child that is prepared: proc gets its pid, pidfd and socket. birth.c */
int prepare_birth(struct proc *proc, struct child *child, struct spawn *how, struct err *err);

/* Notes that the child is to join namespaces flags of fd. */
void prepare_join(struct child *child, int fd, int flags, const char *purpose);

/* Lets the child go on (hosts: the text of its /etc/hosts; NULL for exec, which does not wait) and waits until it has executed its program.
 * Returns 0, or its error. ops_ctr.c */
int proc_go(struct proc *proc, const char *hosts, struct err *err);

/* The text of /etc/hosts and /etc/resolv.conf of a container; hosts.c. The caller owns it. */
char *hosts_text(const struct ctr *ctr);
char *resolv_text(const struct ctr *ctr, bool own_network);

/* Writes /etc/hosts of the pod anew after a container came or went: in infra's root, where all see it. */
void hosts_refresh(struct pod *pod);

#endif
