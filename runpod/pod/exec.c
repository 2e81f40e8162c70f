/*
 * exec: another program in a container that runs. It is born in the container's
 * cgroup and pid namespace, joins all its other namespaces with one setns(2),
 * takes the same limits and filter, and is watched like the first. Lesson 19.
 *
 * It belongs to one client: when it ends, that client hears its exit code.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/pidfd.h"
#include "pod/control.h"
#include "pod/events.h"
#include "pod/handler.h"
#include "pod/prepare.h"
#include "spec/fields.h"
#include "store/names.h"

static const struct field exec_fields[] = {
	{ "args", FIELD_STRV, offsetof(struct exec_spec, args), NULL },
	{ "env", FIELD_STRV, offsetof(struct exec_spec, env), NULL },
	{ "workdir", FIELD_TEXT, offsetof(struct exec_spec, workdir), NULL },
	{ "user", FIELD_TEXT, offsetof(struct exec_spec, user), NULL },
	{ "tty", FIELD_BOOL, offsetof(struct exec_spec, tty), NULL },
	{ "interactive", FIELD_BOOL, offsetof(struct exec_spec, interactive), NULL },
	{ "privileged", FIELD_BOOL, offsetof(struct exec_spec, privileged), NULL },
	{ "detach", FIELD_BOOL, offsetof(struct exec_spec, detach), NULL },
	{ NULL, 0, 0, NULL },
};

const struct shape exec_spec_shape = { sizeof(struct exec_spec), exec_fields };

/* Ordinary pipes here: an exec does not outlive its client's interest. */
static int make_pipes(struct proc *proc, const struct exec_spec *exec, struct err *err)
{
	struct watch *const ours[] = { &proc->in, &proc->out, &proc->err };

	for (int i = 0; i < 3; i++) {
		int ends[2];

		if (exec->detach || (!i && !exec->interactive)) {
			proc->child_fds[i] = io_open(AT_FDCWD, "/dev/null", O_RDWR, err);
			if (proc->child_fds[i] < 0)
				return proc->child_fds[i];
			continue;
		}
		if (pipe2(ends, O_CLOEXEC) < 0)
			return err_set(err, errno, "make a pipe");
		proc->child_fds[i] = ends[i ? 1 : 0];
		ours[i]->fd = ends[i ? 0 : 1];
		fcntl(ours[i]->fd, F_SETFL, O_NONBLOCK);
	}
	return 0;
}

static void forget(struct proc *proc)
{
	struct proc **at = &proc->ctr->execs;

	while (*at && *at != proc)
		at = &(*at)->next;
	if (*at)
		*at = proc->next;
	proc_close(proc);
	free(proc);
}

static int start_program(struct proc *proc, const struct exec_spec *exec, struct err *err)
{
	int code = exec->tty ? 0 : make_pipes(proc, exec, err);

	if (!code)
		code = prepare_and_spawn(proc, exec, err);
	if (!code)
		code = proc_go(proc, NULL, err);
	if (!code)
		code = proc_watch(proc, err);
	if (code && proc->exit.fd >= 0) { /* it has given up, or must */
		pidfd_kill(proc->exit.fd, SIGKILL);
		pidfd_wait(proc->exit.fd, 1000);
		pidfd_exit_code(proc->exit.fd, &proc->exit_code);
	}
	return code;
}

int exec_run(struct ctr *ctr, const struct exec_spec *exec, struct proc **ret_proc, struct err *err)
{
	struct proc *proc = mem_zalloc(sizeof(*proc));
	int code;

	proc_init(proc, ctr);
	proc->exec = true;
	proc->tty = exec->tty;
	proc_take_fds(proc);
	proc->next = ctr->execs;
	ctr->execs = proc;
	code = start_program(proc, exec, err);
	if (code) {
		forget(proc);
		return code;
	}
	*ret_proc = proc;
	return 0;
}

int exec_start(struct ctr *ctr, const json_t *object, struct proc **ret_proc, struct err *err)
{
	struct exec_spec exec = { 0 };
	int code = fields_decode(&exec_spec_shape, object, &exec, err);

	if (code)
		return code;
	code = exec_run(ctr, &exec, ret_proc, err);
	fields_free(&exec_spec_shape, &exec);
	if (code)
		return code;
	id_random((*ret_proc)->exec_id);
	strv_add(&ctr->state->execs, (*ret_proc)->exec_id);
	ctr->pod->changed = true;
	events_ctr(ctr->pod->store, &ctr->record, "exec");
	return 0;
}

void exec_finished(struct proc *proc)
{
	if (proc->asker)
		handler_program_ended(proc);
	session_exit_code(proc);
	if (strv_remove(&proc->ctr->state->execs, proc->exec_id))
		proc->ctr->pod->changed = true;
	if (!proc->internal)
		events_died(proc->ctr->pod->store, &proc->ctr->record, "exec_died", proc->exit_code);
	forget(proc);
}
