/*
 * relay_tcp: a connection is two sockets and two flows. A flow moves bytes from
 * one socket through a pipe to the other with splice(2): the kernel passes
 * pages on, no byte is copied to this process.
 *
 * Kernel rules: a TCP connection has two directions that end one by one (FIN;
 * shutdown(2)), or both at once (RST; a close with SO_LINGER 0, see socket(7)).
 * Edge-triggered epoll (epoll(7)) tells a change once, so a flow is moved until
 * the kernel says EAGAIN, or its turn is over and it is put on a list. Lesson 17.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "pod/relay.h"

#define ACCEPT_AT_ONCE 64
#define NO_FDS_PAUSE   100	    /* milliseconds: the whole machine is short of files or memory */
#define TURNS	       16	    /* splices until others get their turn */
#define PIPE_SIZE      (256 * 1024) /* measured: a third less processor time a byte than with 64 KiB */
#define SPLICE_SIZE    (1024 * 1024)

struct tcp_flow {
	int from, to;		/* the sockets; owned by the connection's watches */
	struct relay_pipe pipe; /* only while bytes are in it */
	size_t held;		/* how many bytes are in it */
	bool ended;		/* from has sent its end */
	bool closed;		/* and to was told */
};

struct tcp_connection {
	struct relay_watch client; /* the host's side; must be first: it is what relay_retire frees */
	struct relay_watch app;	   /* the pod's side */
	struct tcp_flow up, down;  /* client to app, app to client */
	bool connected;		   /* the app's side is through; nothing moves before */
	bool queued;		   /* is on the list of the unfinished */
	struct tcp_connection *next_unfinished;
};

static int pipe_take(struct relay *relay, struct relay_pipe *ret_pipe)
{
	int ends[2];

	if (relay->n_spare) {
		*ret_pipe = relay->spare[--relay->n_spare];
		return 0;
	}
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	*ret_pipe = (struct relay_pipe){ .read = ends[0], .write = ends[1] };
	fcntl(ends[1], F_SETPIPE_SZ, PIPE_SIZE); /* refused when this user has too many: slower, not wrong */
	return 0;
}

static void pipe_give(struct relay *relay, struct tcp_flow *flow)
{
	if (flow->pipe.read < 0)
		return;
	if (!flow->held && relay->n_spare < RELAY_SPARE_PIPES) {
		relay->spare[relay->n_spare++] = flow->pipe;
	} else {
		close(flow->pipe.read);
		close(flow->pipe.write);
	}
	flow->pipe = (struct relay_pipe){ .read = -1, .write = -1 };
}

/* One splice. Returns 1 when something moved, 0 when it must wait, or -errno; *ret_bytes: how many, 0 also
 * for the end. */
static int move(int from, int to, size_t size, size_t *ret_bytes)
{
	ssize_t n = splice(from, NULL, to, NULL, size, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);

	*ret_bytes = n > 0 ? (size_t)n : 0;
	if (n >= 0)
		return 1;
	return errno == EAGAIN || errno == EINTR ? 0 : -errno;
}

/*
 * Moves what can be moved. EAGAIN on the way in means that the socket is empty
 * or the pipe is full, the kernel does not say which: so both ends are tried until neither moves.
 * Returns 0 (has to wait), 1 (has more, but its turn is over) or -errno.
 */
static int flow_move(struct relay *relay, struct tcp_flow *flow)
{
	int code = 0, moved = 1;
	size_t bytes;

	if (flow->closed)
		return 0;
	if (flow->pipe.read < 0 && (code = pipe_take(relay, &flow->pipe)))
		return code;
	for (int turn = 0; moved && turn < TURNS; turn++) {
		moved = 0;
		if (!flow->ended) {
			/* DOC: splice-in */
			moved = move(flow->from, flow->pipe.write, SPLICE_SIZE, &bytes);
			if (moved < 0)
				return moved;
			flow->held += bytes;
			flow->ended = moved && !bytes;
		}
		if (flow->held) {
			code = move(flow->pipe.read, flow->to, flow->held, &bytes);
			if (code < 0)
				return code;
			flow->held -= bytes;
			moved |= code;
		}
		if (flow->ended && !flow->held)
			break;
	}
	if (flow->held)
		return moved;
	pipe_give(relay, flow);
	if (!flow->ended)
		return moved;
	flow->closed = true; /* DOC: half-close */
	return shutdown(flow->to, SHUT_WR) < 0 ? -errno : 0;
}

/* Ends both sides. With reset, a side that still expects bytes learns that none will come. */
static void connection_end(struct relay *relay, struct tcp_connection *connection, bool reset)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	if (reset) {
		setsockopt(connection->client.fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
		setsockopt(connection->app.fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	}
	pipe_give(relay, &connection->up);
	pipe_give(relay, &connection->down);
	close(connection->client.fd);
	close(connection->app.fd);
	connection->client.ready = connection->app.ready = NULL;
	relay->n_connections--;
	relay_retire(relay, &connection->client);
}

/* Moves both flows; broken: the kernel reported an error on one of the sockets. */
static void connection_move(struct relay *relay, struct tcp_connection *connection, bool broken)
{
	int up = flow_move(relay, &connection->up);
	int down = up < 0 ? up : flow_move(relay, &connection->down);

	if (up < 0 || down < 0 || broken) {
		connection_end(relay, connection, true);
	} else if (connection->up.closed && connection->down.closed) {
		connection_end(relay, connection, false);
	} else if ((up || down) && !connection->queued) {
		connection->queued = true;
		connection->next_unfinished = relay->unfinished;
		relay->unfinished = connection;
	}
}

void tcp_continue(struct relay *relay)
{
	struct tcp_connection *next, *list = relay->unfinished;

	relay->unfinished = NULL;
	for (; list; list = next) {
		next = list->next_unfinished;
		list->queued = false;
		if (list->client.ready) /* has not ended in this batch */
			connection_move(relay, list, false);
	}
}

static void client_ready(struct relay *relay, struct relay_watch *watch, uint32_t events)
{
	struct tcp_connection *connection = (void *)watch;

	if (connection->connected || events & EPOLLERR)
		connection_move(relay, connection, events & EPOLLERR);
}

static void app_ready(struct relay *relay, struct relay_watch *watch, uint32_t events)
{
	struct tcp_connection *connection = (void *)((char *)watch - offsetof(struct tcp_connection, app));

	connection->connected |= !!(events & EPOLLOUT);
	if (connection->connected || events & EPOLLERR)
		connection_move(relay, connection, events & EPOLLERR);
}

/* A socket in the pod, on its way to the app: from the pod's own address, for an app that trusts 127.0.0.1
 * must not take the world for itself. Returns it or -errno. */
static int connect_app(const struct relay *relay, const struct sockaddr_in *target)
{
	cleanup_fd int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1;

	if (fd < 0)
		return -errno;
	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on,
		   sizeof(on)); /* the port is chosen by connect */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	/* DOC: born-in-the-pod */
	if (bind(fd, (const void *)&relay->pod_address, sizeof(relay->pod_address)) < 0)
		return -errno;
	if (connect(fd, (const void *)target, sizeof(*target)) < 0 && errno != EINPROGRESS)
		return -errno;
	return take_fd(&fd);
}

/* Two connected sockets become a connection; both descriptors are its own from here on. */
static void connection_begin(struct relay *relay, int client, int app)
{
	struct tcp_connection *connection = mem_zalloc(sizeof(*connection));
	uint32_t all = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

	connection->client = (struct relay_watch){ .ready = client_ready, .fd = client };
	connection->app = (struct relay_watch){ .ready = app_ready, .fd = app };
	connection->up = (struct tcp_flow){ .from = client, .to = app, .pipe = { -1, -1 } };
	connection->down = (struct tcp_flow){ .from = app, .to = client, .pipe = { -1, -1 } };
	relay->n_connections++;
	if (relay_watch(relay, &connection->client, all) || relay_watch(relay, &connection->app, all))
		connection_end(relay, connection, true);
}

/* Nobody answers in the pod: the client, already let in by the kernel, is turned away by a reset. */
static void turn_away(int client)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(client, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(client);
}

void tcp_accept(struct relay *relay, struct relay_watch *watch, uint32_t events)
{
	struct relay_port *port = (void *)watch;

	(void)events;
	for (int i = 0; i < ACCEPT_AT_ONCE; i++) {
		int client, app;

		if (relay->n_connections >= relay->max_connections)
			return relay_pause(relay, 0);
		client = accept4(watch->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (client < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM))
			return relay_pause(relay, NO_FDS_PAUSE);
		if (client < 0)
			return; /* EAGAIN, or the client has gone again: see accept(2) */
		app = connect_app(relay, &port->target);
		if (app < 0)
			turn_away(client);
		else
			connection_begin(relay, client, app);
	}
}
