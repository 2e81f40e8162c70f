/*
 * prepare_ns: which namespaces a new process gets: a flag of clone3 for each new
 * one, a setns(2) of the child for each that somebody holds already. This is
 * docker's --net=container: trick, at work. Lessons 05, 07, 11 and 16.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>

#include "base/io.h"
#include "kern/nstab.h"
#include "kern/pidfd.h"
#include "kern/spawn.h"
#include "pod/prepare.h"
#include "store/names.h"

int opened_keep(struct opened *opened, int fd)
{
	if (fd >= 0)
		opened->fds[opened->n++] = fd;
	return fd;
}

/* A pidfd of a container of any pod, by its full id. */
static int open_donor(struct pod *pod, const char *ctr_id, struct err *err)
{
	struct ctr *own = pod_find(pod, ctr_id);
	struct pod_state state = { 0 };
	struct ctr_state *donor;
	struct name_ref ref;
	int fd = -ESRCH;

	if (own && own->main.exit.fd >= 0)
		return fcntl(own->main.exit.fd, F_DUPFD_CLOEXEC, 3);
	if (!own && !name_find(pod->store, NAME_CTR, ctr_id, &ref, err) &&
	    !record_read_state(pod->store, ref.pod_id, &state, err)) {
		donor = state_find(&state, ctr_id);
		if (donor)
			fd = pidfd_open_exact((pid_t)donor->pid, donor->start_ticks);
	}
	pod_state_free(&state);
	if (fd < 0)
		return err_hint(
			err,
			err_set(err, 0, "join the namespaces of container %.12s: it is not running", ctr_id),
			"start it first");
	return fd;
}

void prepare_join(struct child *child, int fd, int flag, const char *purpose)
{
	for (int i = 0; i < child->n_joins; i++)
		if (child->joins[i].fd == fd) { /* one setns(2) joins all that this donor holds */
			child->joins[i].flags |= flag;
			return;
		}
	child->joins[child->n_joins++] = (struct child_join){ fd, flag, purpose };
}

/* Decides for one kind of namespace: a flag for clone3, or a join. */
static int arrange(struct proc *proc, const char *kind, const struct ns_part *part, struct child *child,
		   struct spawn *how, struct opened *opened, struct err *err)
{
	struct pod *pod = proc->ctr->pod;
	int flag = ns_find(kind)->flag;
	struct ctr *infra = pod_infra(pod);
	int fd;

	switch (part->source) {
	case NS_NEW:
		if (flag != CLONE_NEWCGROUP) /* that one is made by the child, see there */
			how->flags |= (uint64_t)flag;
		return 0;
	case NS_HOST:
		return 0;
	case NS_INFRA:
		if (!infra || infra->main.exit.fd < 0)
			return err_set(err, 0, "join %s namespace of infra: it is not running", kind);
		fd = infra->main.exit.fd;
		break;
	case NS_DONOR:
		fd = opened_keep(opened, open_donor(pod, part->arg, err));
		break;
	default:
		fd = opened_keep(opened, io_open(AT_FDCWD, part->arg, O_RDONLY, err));
		break;
	}
	if (fd < 0)
		return fd;
	if (flag == CLONE_NEWPID)
		child->pid_ns = fd;
	else
		prepare_join(child, fd, flag,
			     part->source == NS_INFRA ? "joins infra's namespaces"
						      : "joins its donor's namespaces");
	if (flag == CLONE_NEWIPC && part->source != NS_PATH)
		child->shared = fd; /* POSIX shared memory belongs to who shares System V's */
	if (flag == CLONE_NEWNET && part->source != NS_PATH)
		child->names = fd; /* one network, one /etc/hosts */
	return 0;
}

int prepare_namespaces(struct proc *proc, struct child *child, struct spawn *how, struct opened *opened,
		       struct err *err)
{
	const struct {
		const char *kind;
		const struct ns_part *part;
	} kinds[] = { { "net", &child->parts.net },
		      { "ipc", &child->parts.ipc },
		      { "uts", &child->parts.uts },
		      { "cgroup", &child->parts.cgroup },
		      { "pid", &child->parts.pid } };
	int code = 0;

	plan_namespaces(&proc->ctr->pod->record, &proc->ctr->record, &child->parts);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds) && !code; i++)
		code = arrange(proc, kinds[i].kind, kinds[i].part, child, how, opened, err);
	how->flags |= CLONE_NEWNS;
	return code;
}
