/*
 * birth: the moment itself. A socket to talk over, the cgroup to be born in, and
 * clone3; with a journey before it when the pid namespace is somebody else's.
 * Lessons 09, 11 and 16.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/cgroup.h"
#include "kern/join.h"
#include "kern/spawn.h"
#include "pod/prepare.h"

/* What a helper in the pid namespace needs in order to give birth for us. */
struct birth {
	struct proc *proc;
	struct child *child;
	struct spawn *how;
	struct err *err;
};

static int spawn_child(void *arg)
{
	struct birth *birth = arg;
	const struct child *child = birth->child;

	birth->proc->pid = spawn(birth->how,
				 child->exec	     ? child_exec
				 : child->ctr->infra ? child_infra
						     : child_start,
				 birth->child, &birth->proc->exit.fd, birth->err);
	return birth->proc->pid < 0 ? birth->proc->pid : 0;
}

/* DOC: born-in-a-foreign-pid-namespace */
/* Root sends its next child there, and later ones home again. */
static int spawn_there(struct birth *birth)
{
	cleanup_fd int home = io_open(AT_FDCWD, "/proc/self/ns/pid", O_RDONLY, birth->err);
	int code;

	if (home < 0)
		return home;
	code = join_self(birth->child->pid_ns, CLONE_NEWPID, "the next child is born into that pid namespace",
			 birth->err);
	if (code)
		return code;
	code = spawn_child(birth);
	if (join_self(home, CLONE_NEWPID, "and later ones into ours", birth->err))
		abort(); /* every later container would land in the wrong one */
	return code;
}

/* An ordinary user's supervisor could not come home: its own pid namespace belongs to the machine. So a helper goes,
 * and its child is its sister (CLONE_PARENT). */
static int spawn_by_helper(struct birth *birth)
{
	birth->how->sister = true;
	return join_call(birth->child->pid_ns, CLONE_NEWPID, spawn_child, birth, birth->err);
}

/* The birth itself: a socket to talk over, the cgroup, clone3. */
int prepare_birth(struct proc *proc, struct child *child, struct spawn *how, struct err *err)
{
	struct ctr *ctr = proc->ctr;
	struct birth birth = { proc, child, how, err };
	cleanup_free char *group = plan_group(&ctr->pod->facts, &ctr->pod->record, ctr->record.id);
	cleanup_fd int cgroup = -1, talk = -1;
	int ends[2], code;

	if (group) {
		cgroup = cgroup_open(group, err);
		if (cgroup < 0)
			return cgroup;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return err_set(err, errno, "make a socket pair");
	child->talk = talk = ends[1];
	child->parent_end = proc->report = ends[0];
	memcpy(child->stdio, proc->child_fds, sizeof(child->stdio));
	how->cgroup_fd = cgroup;
	code = child->pid_ns < 0	   ? spawn_child(&birth)
	       : ctr->pod->store->rootless ? spawn_by_helper(&birth)
					   : spawn_there(&birth);
	if (code < 0)
		close(take_fd(&proc->report));
	return code;
}
