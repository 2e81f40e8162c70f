/*
 * session: one client on the control socket, from accept to its end: packets
 * in, packets out, and patience with those who read slowly.
 *
 * Rule: whoever can connect to the socket file may command the pod, so the
 * kernel is asked who it is (SO_PEERCRED, unix(7)): only our own user.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/io.h"
#include "base/num.h"
#include "kern/pidfd.h"
#include "pod/pod.h"
#include "pod/wire.h"

#define INPUT_MAX (1 << 18) /* bytes for a program that does not read: then its client waits, too */

/* Listens for what can be dealt with now. Without a wish the kernel tells of errors and of the end alone. */
static void rewatch(struct session *session)
{
	bool full = session->proc && session->proc->in_waiting.len > INPUT_MAX;
	unsigned events = EPOLLERR | (full ? 0 : EPOLLIN) | (session->waiting.len ? EPOLLOUT : 0);

	if (events == session->sock.events)
		return;
	watch_remove(session->pod, &session->sock);
	watch_add(session->pod, &session->sock, events);
}

void session_hungry(struct proc *proc)
{
	for (struct session *session = proc->ctr->pod->sessions; session; session = session->next)
		if (session->proc == proc && !session->dead)
			rewatch(session);
}

/* The session has room again: its program's output is read on. */
static void let_go(struct session *session)
{
	if (!session->holds_up)
		return;
	session->holds_up = false;
	session->holder->held_up--;
	proc_resume(session->holder);
}

/* Sends the packets that wait, until one does not fit. */
static void flush(struct session *session)
{
	struct buf *waiting = &session->waiting;

	while (waiting->len) {
		uint32_t len;

		memcpy(&len, waiting->data, sizeof(len));
		if (send(session->sock.fd, waiting->data + sizeof(len), len, MSG_DONTWAIT | MSG_NOSIGNAL) <
		    0) {
			if (errno == EAGAIN || errno == EINTR)
				return;
			session->dead = true;
			return;
		}
		buf_drop(waiting, sizeof(len) + len);
	}
	rewatch(session);
	let_go(session);
}

void session_send(struct session *session, char type, const void *bytes, size_t len)
{
	struct iovec parts[] = { { &type, 1 }, { (void *)bytes, len } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	uint32_t total = (uint32_t)len + 1;

	if (session->dead)
		return;
	if (!session->waiting.len && sendmsg(session->sock.fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return;
	if (!session->waiting.len && errno != EAGAIN) {
		session->dead = true;
		return;
	}
	buf_add(&session->waiting, &total, sizeof(total));
	buf_add(&session->waiting, &type, 1);
	buf_add(&session->waiting, bytes, len);
	rewatch(session);
	if (session->proc && !session->holds_up) {
		session->holds_up = true;
		session->holder = session->proc;
		proc_hold(session->holder);
	}
}

/* A packet of a client that is attached. */
static void stream_packet(struct session *session, char type, const char *bytes, size_t len)
{
	struct proc *proc = session->proc;
	struct winsize size = { 0 };
	int64_t number;

	if (!proc)
		return;
	if (type == WIRE_INPUT)
		proc_input(proc, bytes, len);
	else if (type == WIRE_INPUT_END)
		proc_input_end(proc);
	else if (type == WIRE_WINDOW && proc->tty &&
		 sscanf(bytes, "%hu %hu", &size.ws_row, &size.ws_col) == 2)
		ioctl(proc->out.fd, TIOCSWINSZ, &size);
	else if (type == WIRE_SIGNAL && !num_i64(bytes, 1, 64, &number) && proc->exit.fd >= 0)
		pidfd_kill(proc->exit.fd, (int)number);
}

static void packet_ready(struct pod *pod, struct watch *watch, unsigned events)
{
	static char packet[WIRE_MAX + 1];
	struct session *session = watch->owner;
	int fds[IO_MAX_FDS];
	size_t n = IO_MAX_FDS;
	ssize_t got;

	(void)pod;
	if (events & EPOLLOUT)
		flush(session);
	if (!(events & (EPOLLIN | EPOLLHUP | EPOLLERR)) || session->dead)
		return;
	got = io_receive(watch->fd, packet, WIRE_MAX, fds, &n);
	if (got == -EAGAIN)
		return;
	if (got <= 0) {
		session->dead = true;
		return;
	}
	packet[got] = '\0';
	if (packet[0] == WIRE_REQUEST)
		session_request(session, packet + 1, (size_t)got - 1, fds, n);
	else
		stream_packet(session, packet[0], packet + 1, (size_t)got - 1);
	rewatch(session);
	for (size_t i = 0; i < n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

void session_accept(struct pod *pod, struct watch *watch, unsigned events)
{
	int fd = accept4(watch->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct session *session;
	struct ucred peer;
	socklen_t size = sizeof(peer);

	(void)events;
	pod->spoken = true;
	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE) /* they wait until one of the others goes */
			watch_remove(pod, watch);
		return;
	}
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0 || peer.uid != geteuid()) {
		close(fd);
		return;
	}
	session = mem_zalloc(sizeof(*session));
	session->pod = pod;
	session->exit_code = EXIT_UNKNOWN;
	session->sock = (struct watch){ .fd = fd, .ready = packet_ready, .owner = session };
	session->next = pod->sessions;
	pod->sessions = session;
	watch_add(pod, &session->sock, EPOLLIN);
}

/* No more will be sent: it ends once all has arrived. */
void session_close(struct session *session)
{
	session->closing = true;
}

void session_exit_code(struct proc *proc)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", proc->exit_code);

	for (struct session *session = proc->ctr->pod->sessions; session; session = session->next) {
		if (session->holds_up && session->holder == proc)
			session->holds_up = false; /* the program is no more; what waits is still sent */
		if (!proc->exec && strv_has(&session->targets, proc->ctr->record.id))
			session->exit_code = proc->exit_code;
		if (session->proc != proc)
			continue;
		session_send(session, WIRE_EXIT, text, (size_t)len);
		session->proc = NULL;
		session->holds_up = false;
		session_close(session);
	}
}

void session_note(struct pod *pod, const char *ctr_id, const char *line)
{
	for (struct session *session = pod->sessions; session; session = session->next)
		if (session->goal != GOAL_NONE && strv_has(&session->targets, ctr_id))
			session_send(session, WIRE_NOTE, line, strlen(line));
}

static void session_free(struct session *session)
{
	let_go(session);
	watch_close(session->pod, &session->sock);
	strv_free(&session->targets);
	strv_free(&session->conditions);
	buf_free(&session->waiting);
	free(session);
}

/* At the end of each turn of the loop: those who are done go. */
void sessions_reap(struct pod *pod)
{
	for (struct session **at = &pod->sessions; *at;) {
		struct session *session = *at;

		if (!session->dead && !(session->closing && !session->waiting.len)) {
			at = &session->next;
			continue;
		}
		*at = session->next;
		session_free(session);
		if (!pod->listener.events)
			watch_add(pod, &pod->listener, EPOLLIN);
	}
}
