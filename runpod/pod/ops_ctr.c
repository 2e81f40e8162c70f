/*
 * ops_ctr: the operations that make a container's process: what it writes to,
 * its birth, and the word to go.
 *
 * A container's output goes to named pipes that it holds open for reading too,
 * so that a write never meets a pipe without a reader: when the supervisor is
 * killed, the container fills 64 KiB and waits for the next one (fifo(7),
 * pipe(7)). Lessons 16 and 19.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"
#include "kern/cgroup.h"
#include "kern/explain.h"
#include "kern/pidfd.h"
#include "kern/sys.h"
#include "pod/ops.h"
#include "pod/pod.h"
#include "pod/prepare.h"

#define PATIENCE_MS 60000 /* how long a child may take until its execve */

/* Makes the pipe RUN/…/ctr/ID/name and opens both ends: ours, which never blocks, and the container's. */
static int open_pipe(struct pod *pod, const char *ctr_id, const char *name, bool to_ctr, int *ret_ours,
		     int *ret_theirs, struct err *err)
{
	cleanup_free char *path = text_format("ctr/%s/%s", ctr_id, name);
	cleanup_free char *directory = text_format("ctr/%s", ctr_id);
	int code = io_make_dirs(pod->run_dir, directory, 0700, err);

	if (code)
		return code;
	if (mkfifoat(pod->run_dir, path, 0600) < 0 && errno != EEXIST)
		return err_set(err, errno, "make pipe %s", path);
	/* DOC: pipe-with-reader */
	*ret_theirs = openat(pod->run_dir, path, O_RDWR | O_CLOEXEC);
	if (*ret_theirs < 0)
		return err_set(err, errno, "open pipe %s", path);
	*ret_ours = openat(pod->run_dir, path, (to_ctr ? O_WRONLY : O_RDONLY) | O_NONBLOCK | O_CLOEXEC);
	if (*ret_ours < 0)
		return err_set(err, errno, "open pipe %s", path);
	if (!to_ctr)
		return 0;
	/* input must end when we close our end, so the container's is opened again, for reading only */
	close(*ret_theirs);
	*ret_theirs = openat(pod->run_dir, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (*ret_theirs < 0)
		return err_set(err, errno, "open pipe %s", path);
	fcntl(*ret_theirs, F_SETFL, 0);
	return 0;
}

int op_streams(struct pod *pod, struct op *op, struct err *err)
{
	struct ctr *ctr = pod_find(pod, op->object);
	struct proc *proc = &ctr->main;
	int code;

	proc->tty = ctr->record.spec.tty;
	code = log_begin(ctr, err);
	if (code || proc->tty)
		return code; /* the child makes the terminal */
	code = open_pipe(pod, op->object, "stdout", false, &proc->out.fd, &proc->child_fds[1], err);
	if (!code)
		code = open_pipe(pod, op->object, "stderr", false, &proc->err.fd, &proc->child_fds[2], err);
	if (!code && ctr->record.spec.interactive)
		code = open_pipe(pod, op->object, "stdin", true, &proc->in.fd, &proc->child_fds[0], err);
	if (!code && !ctr->record.spec.interactive)
		code = proc->child_fds[0] = io_open(AT_FDCWD, "/dev/null", O_RDONLY, err);
	if (code >= 0)
		return 0;
	op_streams_undo(pod, op);
	return code;
}

void op_streams_undo(struct pod *pod, struct op *op)
{
	struct ctr *ctr = pod_find(pod, op->object);
	cleanup_free char *directory = text_format("ctr/%s", op->object);

	proc_close(&ctr->main);
	log_end(&ctr->log);
	io_remove_tree(pod->run_dir, directory, NULL);
}

/* Waits for the child's word. Returns 1 when the socket ended (execve), 0 after a terminal came, or its error. */
static int hear(struct proc *proc, struct err *err)
{
	struct child_report report = { 0 };
	struct pollfd from = { .fd = proc->report, .events = POLLIN };
	int master = -1;
	size_t n = 1;
	ssize_t got;

	if (poll(&from, 1, PATIENCE_MS) <= 0)
		return err_set(err, ETIMEDOUT, "wait for the container's process");
	got = io_receive(proc->report, &report, sizeof(report), &master, &n);
	if (got < 0)
		return err_set(err, (int)-got, "hear from the container's process");
	if (!got)
		return 1;
	if (report.code) {
		*err = report.err;
		return report.code;
	}
	if (n) {
		fcntl(master, F_SETFL, O_NONBLOCK);
		proc->out.fd = master;
		proc->in.fd = fcntl(master, F_DUPFD_CLOEXEC, 3);
	}
	return 0;
}

int op_spawn_words(struct pod *pod, const struct op *op, int code, struct err *err)
{
	struct ctr *ctr = pod_find(pod, op->object);
	struct child_report report = { 0 };

	if (ctr->main.report < 0 ||
	    recv(ctr->main.report, &report, sizeof(report), MSG_DONTWAIT) != sizeof(report) || !report.code)
		return code;
	*err = report.err;
	return report.code;
}

int op_spawn(struct pod *pod, struct op *op, struct err *err)
{
	struct ctr *ctr = pod_find(pod, op->object);
	struct proc *proc = &ctr->main;
	int code = prepare_and_spawn(proc, NULL, err);

	if (code)
		return code;
	ctr->state->pid = proc->pid;
	if (pidfd_start_ticks(proc->pid, &ctr->state->start_ticks)) {
		code = hear(proc, err); /* it is dead already: it has said why */
		return code < 0 ? code : err_set(err, ESRCH, "the container's process ended before its time");
	}
	return 0;
}

void op_spawn_undo(struct pod *pod, struct op *op)
{
	struct ctr *ctr = pod_find(pod, op->object);
	int code;

	if (ctr->main.exit.fd >= 0) {
		pidfd_kill(ctr->main.exit.fd, SIGKILL);
		pidfd_wait(ctr->main.exit.fd, PATIENCE_MS);
		pidfd_exit_code(ctr->main.exit.fd, &code);
	}
	proc_close(&ctr->main);
	ctr->state->pid = 0;
	ctr->state->start_ticks = 0;
}

int proc_go(struct proc *proc, const char *hosts, struct err *err)
{
	cleanup_free char *word = text_format("%s\n", hosts); /* one byte more: never an empty message */
	int code = hosts ? io_send(proc->report, word, strlen(word), NULL, 0) : 0;

	for (int i = 0; i < 3; i++)
		if (proc->child_fds[i] >= 0)
			close(take_fd(&proc->child_fds[i]));
	if (code == -EPIPE || code == -ECONNRESET)
		code = 0; /* it gave up: hear why */
	if (code)
		return err_set(err, -code, "let the container's process go");
	do
		code = hear(proc, err);
	while (!code);
	close(take_fd(&proc->report));
	return code < 0 ? code : 0;
}

int op_go(struct pod *pod, struct op *op, struct err *err)
{
	struct ctr *ctr = pod_find(pod, op->object);
	cleanup_free char *hosts = hosts_text(ctr);
	int code;

	ctr->state->started = clock_wall();
	ctr_set_status(ctr, STATE_RUNNING);
	code = pod_save(pod, err); /* whoever comes after us, should we die now, must know of it */
	if (!code)
		code = proc_go(&ctr->main, hosts, err);
	if (code)
		return code;
	explain_call(0, "from here on it is the container's", 1, "execve(\"%s\")", ctr->record.args.v[0]);
	return proc_watch(&ctr->main, err);
}
