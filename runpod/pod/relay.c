/*
 * relay: the publisher's loop; relay.h has the data, and says who does the rest.
 *
 * Lives by epoll(7). One trap of it: a batch of events may name a connection
 * that an earlier event of the same batch ended. So what ends is only marked
 * (ready = NULL) and freed after the batch. Lesson 17.
 */
#include "pod/relay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "base/text.h"

#define EVENTS_AT_ONCE	    64
#define PAUSE_LOOK	    100		     /* milliseconds between looks whether to go on accepting */
#define NANOSECONDS	    INT64_C(1000000) /* in a millisecond */
#define FDS_PER_CONNECTION  6		     /* two sockets, and a pipe for each direction when it is stuck */
#define FDS_FOR_THE_RELAY   64		     /* epoll, standard three, spare pipes are counted apart */
#define CONNECTIONS_MINIMUM 1

int relay_watch(struct relay *relay, struct relay_watch *watch, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = watch };

	return epoll_ctl(relay->epoll, EPOLL_CTL_ADD, watch->fd, &event) < 0 ? -errno : 0;
}

void relay_retire(struct relay *relay, struct relay_watch *watch)
{
	watch->next_retired = relay->retired;
	relay->retired = watch;
}

static void free_retired(struct relay *relay)
{
	while (relay->retired) {
		struct relay_watch *watch = relay->retired;

		relay->retired = watch->next_retired;
		free(watch);
	}
}

/* So many connections that none can ever run out of descriptors half-way. */
static size_t connections_allowed(size_t n_ports)
{
	size_t fixed = FDS_FOR_THE_RELAY + 2 * RELAY_SPARE_PIPES + RELAY_UDP_CLIENTS + n_ports;
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0 || files.rlim_cur < fixed + FDS_PER_CONNECTION)
		return CONNECTIONS_MINIMUM;
	return (files.rlim_cur - fixed) / FDS_PER_CONNECTION;
}

void relay_pause(struct relay *relay, int milliseconds)
{
	if (relay->paused)
		return;
	relay->paused = true;
	relay->paused_until = clock_boot() + milliseconds * NANOSECONDS;
	for (size_t i = 0; i < relay->n_ports; i++)
		if (relay->ports[i].watch.ready == tcp_accept)
			epoll_ctl(relay->epoll, EPOLL_CTL_DEL, relay->ports[i].watch.fd, NULL);
}

/* Clients wait in the listener's backlog meanwhile; see listen(2). */
static void resume(struct relay *relay)
{
	if (!relay->paused || relay->n_connections >= relay->max_connections ||
	    clock_boot() < relay->paused_until)
		return;
	relay->paused = false;
	for (size_t i = 0; i < relay->n_ports; i++)
		if (relay->ports[i].watch.ready == tcp_accept)
			relay_watch(relay, &relay->ports[i].watch, EPOLLIN);
}

static void infra_ended(struct relay *relay, struct relay_watch *watch, uint32_t events)
{
	(void)watch;
	(void)events;
	relay->finished = true;
}

/* How long the next wait may last: not at all while there is work left, else until something expires. */
static int wait_time(const struct relay *relay, int expiry)
{
	if (relay->unfinished)
		return 0;
	if (relay->paused && (expiry < 0 || expiry > PAUSE_LOOK))
		return PAUSE_LOOK;
	return expiry;
}

static int loop(struct relay *relay)
{
	struct epoll_event events[EVENTS_AT_ONCE];

	while (!relay->finished) {
		int expiry = udp_expire(relay); /* silent UDP clients leave */
		int n = epoll_wait(relay->epoll, events, EVENTS_AT_ONCE, wait_time(relay, expiry));

		if (n < 0 && errno != EINTR)
			return -errno;
		for (int i = 0; i < n; i++) {
			struct relay_watch *watch = events[i].data.ptr;

			if (watch->ready)
				watch->ready(relay, watch, events[i].events);
		}
		tcp_continue(relay); /* those that had to let others go first */
		free_retired(relay); /* no event names them any more */
		resume(relay);	     /* let new ones in again */
	}
	return 0;
}

static void add_port(struct relay *relay, size_t i, const struct publish_port *from)
{
	struct relay_port *port = &relay->ports[i];

	port->watch.fd = from->fd;
	port->watch.ready = from->udp ? udp_arrive : tcp_accept;
	port->target = relay->pod_address;
	port->target.sin_port = htons(from->ctr_port);
}

int relay_run(const struct publish_port *ports, size_t n, const struct sockaddr_in *pod_address,
	      int infra_pidfd)
{
	cleanup_free struct relay_port *own_ports = mem_zalloc(n * sizeof(*own_ports));
	cleanup_fd int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct relay_watch infra = { .ready = infra_ended, .fd = infra_pidfd };
	struct relay relay = {
		.epoll = epoll, .ports = own_ports, .n_ports = n, .pod_address = *pod_address
	};
	int code;

	if (epoll < 0)
		return -errno;
	relay.pod_address.sin_port = 0;
	relay.max_connections = connections_allowed(n);
	for (size_t i = 0; i < n; i++) {
		add_port(&relay, i, &ports[i]);
		code = relay_watch(&relay, &own_ports[i].watch, EPOLLIN);
		if (code)
			return code;
	}
	code = infra_pidfd < 0 ? 0 : relay_watch(&relay, &infra, EPOLLIN);
	return code ? code : loop(&relay);
}
