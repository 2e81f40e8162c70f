/*
 * handler_exec: a program in the container, as `exec` starts one (exec.c), but for
 * the supervisor itself: what it writes is the message, its exit code the answer.
 *
 * Rule: a program that has used up its time is killed with all that it started.
 * It is the leader of a session of its own (setsid(2) in child_terminal), so its
 * process group has its number, and kill(2) with that number's negative reaches the whole group;
 * the number cannot have become somebody else's, for the leader is ours to reap. Lesson 22.
 */
#include <signal.h>

#include "base/cleanup.h"
#include "pod/actions.h"
#include "pod/handler_kinds.h"

#define SECOND INT64_C(1000000000)

void exec_begin(struct handler *handler)
{
	struct exec_spec exec = { .args = handler->how->command };
	struct err err = { 0 };

	if (exec_run(handler->ctr, &exec, &handler->proc, &err)) {
		handler_finish(handler, false, "%s", err.text);
		return;
	}
	handler->proc->asker = handler;
	handler->proc->internal = true;
}

void handler_hear(struct proc *proc, const char *bytes, size_t len)
{
	struct buf *text = &proc->asker->text;

	if (len > HANDLER_TEXT_MAX - text->len)
		len = HANDLER_TEXT_MAX - text->len;
	buf_add(text, bytes, len);
}

void handler_program_ended(struct proc *proc)
{
	struct handler *handler = proc->asker;
	struct buf *text = &handler->text;

	handler->proc = NULL;
	proc->asker = NULL;
	while (text->len && text->data[text->len - 1] == '\n')
		text->data[--text->len] = '\0';
	if (text->len || !proc->exit_code)
		handler_finish(handler, !proc->exit_code, "%s", text->len ? text->data : "");
	else
		handler_finish(handler, false, "command '%s' exited with %d", handler->how->command.v[0],
			       proc->exit_code);
}

void exec_abandon(struct handler *handler)
{
	struct proc *proc = handler->proc;

	if (!proc)
		return;
	handler->proc = NULL;
	proc->asker = NULL; /* its end is noticed by the loop, and nobody is told */
	if (!proc->ended)
		kill(-proc->pid, SIGKILL);
}

void exec_expire(struct handler *handler)
{
	cleanup_free char *command = strv_join(&handler->how->command, " ");
	long long seconds = handler->timeout / SECOND;

	exec_abandon(handler);
	if (seconds < 60)
		handler_finish(handler, false, "command timed out: \"%s\" timed out after %llds", command,
			       seconds);
	else
		handler_finish(handler, false, "command timed out: \"%s\" timed out after %lldm%llds",
			       command, seconds / 60, seconds % 60);
}
