/*
 * stream: what a program writes goes to its log and to everyone attached; what
 * they type goes to it. The work that conmon does elsewhere. Lesson 19.
 *
 * Rules: a pipe is read until nothing is in it (EAGAIN) or no writer is left
 * (end of file; of a terminal EIO, pty(7)). Nothing is thrown away: when a client
 * cannot take more, the program's output is not read until it can, and the
 * program waits in its write(2). But nobody keeps a program from ending.
 */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "kern/pidfd.h"
#include "base/cleanup.h"
#include "pod/handler.h"
#include "pod/pod.h"

#define CHUNK	 16384
#define PIPE_MAX (1 << 20) /* what a pipe holds at most: /proc/sys/fs/pipe-max-size, see pipe(7) */

void proc_init(struct proc *proc, struct ctr *ctr)
{
	bool exec = proc->exec;
	struct proc *next = proc->next;

	*proc = (struct proc){
		.ctr = ctr, .exec = exec, .next = next, .report = -1, .go = -1, .child_fds = { -1, -1, -1 }
	};
	proc->exit = (struct watch){ .fd = -1, .ready = proc_exited, .owner = proc };
	proc->out = (struct watch){ .fd = -1, .ready = proc_output, .owner = proc };
	proc->err = proc->out;
	proc->in = (struct watch){ .fd = -1, .ready = NULL, .owner = proc };
}

static void input_ready(struct pod *pod, struct watch *watch, unsigned events)
{
	(void)pod;
	(void)events;
	proc_input(watch->owner, NULL, 0);
	session_hungry(watch->owner);
}

/* Puts the program's descriptors into the loop. */
int proc_watch(struct proc *proc, struct err *err)
{
	struct pod *pod = proc->ctr->pod;
	int code = watch_add(pod, &proc->exit, EPOLLIN);

	proc->in.ready = input_ready;
	if (!code && proc->out.fd >= 0)
		code = watch_add(pod, &proc->out, EPOLLIN);
	if (!code && proc->err.fd >= 0)
		code = watch_add(pod, &proc->err, EPOLLIN);
	return code ? err_set(err, -code, "watch the container's process") : 0;
}

/* To the log. What the disk had no room for is counted; the record is written at the 1st, 2nd, 4th, 8th …: it may be on
 * the same disk. */
static void keep(struct ctr *ctr, bool is_err, const char *bytes, size_t len)
{
	int64_t before = ctr->state->log_lost;

	ctr->state->log_lost += log_write(&ctr->log, is_err ? "stderr" : "stdout", bytes, len);
	if ((before ^ ctr->state->log_lost) > before)
		ctr->pod->changed = true;
}

/* To the log, and to all who listen. */
static void pass_on(struct proc *proc, bool is_err, const char *bytes, size_t len)
{
	struct pod *pod = proc->ctr->pod;

	if (proc->asker)
		handler_hear(proc, bytes, len);
	if (!proc->exec)
		keep(proc->ctr, is_err, bytes, len);
	for (struct session *session = pod->sessions; session; session = session->next)
		if (session->proc == proc && !session->dead &&
		    (is_err ? session->wants_err : session->wants_out))
			session_send(session, is_err ? 'E' : 'O', bytes, len);
}

/* Reads one chunk. Returns how many bytes came, 0 at the end, -EAGAIN when nothing is there. */
static ssize_t read_chunk(struct proc *proc, struct watch *watch)
{
	char bytes[CHUNK];
	ssize_t n = read(watch->fd, bytes, sizeof(bytes));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return -EAGAIN;
	if (n <= 0) {
		watch_close(proc->ctr->pod, watch);
		return 0;
	}
	pass_on(proc, watch == &proc->err, bytes, (size_t)n);
	return n;
}

void proc_output(struct pod *pod, struct watch *watch, unsigned events)
{
	struct proc *proc = watch->owner;

	(void)pod;
	(void)events;
	read_chunk(proc, watch);
}

void proc_hold(struct proc *proc)
{
	proc->held_up++;
	watch_remove(proc->ctr->pod, &proc->out);
	watch_remove(proc->ctr->pod, &proc->err);
}

void proc_resume(struct proc *proc)
{
	struct pod *pod = proc->ctr->pod;

	if (proc->held_up)
		return;
	if (proc->out.fd >= 0 && !proc->out.events)
		watch_add(pod, &proc->out, EPOLLIN);
	if (proc->err.fd >= 0 && !proc->err.events)
		watch_add(pod, &proc->err, EPOLLIN);
}

/* Reads what is left of one stream, also for a client that takes nothing now: it is kept for that one. No more than
 * can have been there when the program ended: what an exec has left behind may go on writing for ever. */
static void drain_one(struct proc *proc, struct watch *watch)
{
	ssize_t left = PIPE_MAX, n;

	while (watch->fd >= 0 && left > 0) {
		n = read_chunk(proc, watch);
		if (n <= 0)
			break;
		left -= n;
	}
	watch_close(proc->ctr->pod, watch);
}

void proc_drain(struct proc *proc)
{
	drain_one(proc, &proc->out);
	drain_one(proc, &proc->err);
	if (proc->exec)
		exec_finished(proc);
	else
		ctr_ended(proc->ctr);
}

void proc_exited(struct pod *pod, struct watch *watch, unsigned events)
{
	struct proc *proc = watch->owner;

	(void)events;
	proc->exit_code = EXIT_UNKNOWN;
	if (pidfd_exit_code(watch->fd, &proc->exit_code) == -EAGAIN)
		return;
	proc->ended = true;
	watch_close(pod, watch);
	proc_drain(proc);
}

void proc_input(struct proc *proc, const void *bytes, size_t len)
{
	struct pod *pod = proc->ctr->pod;

	if (proc->in.fd < 0)
		return;
	if (len)
		buf_add(&proc->in_waiting, bytes, len);
	while (proc->in_waiting.len) {
		ssize_t n = write(proc->in.fd, proc->in_waiting.data, proc->in_waiting.len);

		if (n < 0 && errno == EAGAIN) {
			if (!proc->in.events)
				watch_add(pod, &proc->in, EPOLLOUT);
			return;
		}
		if (n < 0 && errno != EINTR) { /* nobody reads any more */
			buf_free(&proc->in_waiting);
			watch_close(pod, &proc->in);
			return;
		}
		if (n > 0)
			buf_drop(&proc->in_waiting, (size_t)n);
	}
	if (proc->in.events)
		watch_remove(pod, &proc->in);
	if (proc->in_closing)
		watch_close(pod, &proc->in);
}

/* The client's input has ended. A terminal has no end of file: it is a character that is typed. */
void proc_input_end(struct proc *proc)
{
	proc->in_closing = !proc->tty;
	proc_input(proc, "\004", proc->tty ? 1 : 0);
}

void proc_take_fds(struct proc *proc)
{
	struct pod *pod = proc->ctr->pod;

	proc_drop_fds(proc);
	proc->passed = mem_zalloc(pod->n_fds * sizeof(int));
	for (size_t i = 0; i < pod->n_fds; i++)
		proc->passed[proc->n_passed++] = take_fd(&pod->fds[i]);
}

void proc_drop_fds(struct proc *proc)
{
	while (proc->n_passed)
		close(proc->passed[--proc->n_passed]);
	free(proc->passed);
	proc->passed = NULL;
}

void proc_close(struct proc *proc)
{
	struct pod *pod = proc->ctr->pod;

	watch_close(pod, &proc->exit);
	watch_close(pod, &proc->out);
	watch_close(pod, &proc->err);
	watch_close(pod, &proc->in);
	if (proc->report >= 0)
		close(proc->report);
	for (int i = 0; i < 3; i++)
		if (proc->child_fds[i] >= 0)
			close(proc->child_fds[i]);
	buf_free(&proc->in_waiting);
	proc_drop_fds(proc);
	proc_init(proc, proc->ctr);
}
