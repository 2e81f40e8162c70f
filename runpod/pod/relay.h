/*
 * relay: what the publisher does all day: one epoll loop that moves bytes
 * between sockets of the host and sockets of the pod. TCP is in relay_tcp.c,
 * UDP in relay_udp.c; this header is what the three share.
 *
 * Lives by epoll(7), and by the rule that a process in the pod's network
 * namespace may go on using sockets that were born on the host. Lesson 17.
 */
#ifndef RUNPOD_POD_RELAY_H
#define RUNPOD_POD_RELAY_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#include "pod/publish.h"

struct relay;

/* What a descriptor in the epoll set belongs to. Embedded first in what it watches. */
struct relay_watch {
	/* what to do about events; NULL when it has ended */
	void (*ready)(struct relay *relay, struct relay_watch *watch, uint32_t events);
	int fd;				  /* what is watched */
	struct relay_watch *next_retired; /* to be freed after it */
};

struct relay_port {
	struct relay_watch watch;  /* the host's socket of this port */
	struct sockaddr_in target; /* the pod's address and port */
};

struct relay_pipe {
	int read, write; /* the ends; -1 while there is none */
};

struct tcp_connection;
struct udp_client;

#define RELAY_SPARE_PIPES 32
#define RELAY_UDP_BUCKETS 256
#define RELAY_UDP_CLIENTS 1024

struct relay {
	int epoll;			/* all that is watched */
	struct relay_port *ports;	/* the published ports */
	size_t n_ports;			/* how many */
	size_t max_connections;		/* as many as the descriptors allow */
	bool paused;			/* TCP ports are out of the epoll set: too many connections */
	int64_t paused_until;		/* not to be resumed earlier (clock_boot) */
	struct sockaddr_in pod_address; /* where our sockets in the pod come from; port 0 */
	struct relay_watch *retired;	/* to be freed once no event can name them */
	bool finished;			/* infra has ended: so do we */

	size_t n_connections;			    /* TCP: how many are open */
	struct tcp_connection *unfinished;	    /* have more to move, but it is others' turn */
	struct relay_pipe spare[RELAY_SPARE_PIPES]; /* empty pipes for the next one who needs one */
	size_t n_spare;				    /* how many */

	struct udp_client *bucket[RELAY_UDP_BUCKETS]; /* UDP: clients by the hash of their address */
	struct udp_client *oldest, *newest;	      /* the same, by when they last spoke */
	size_t n_clients;			      /* how many */
};

/* Relays until infra_pidfd (-1: none) ends. Returns only on that (0) or when epoll fails (-errno). */
int relay_run(const struct publish_port *ports, size_t n, const struct sockaddr_in *pod_address,
	      int infra_pidfd);

/* Adds it to the epoll set with EPOLLIN… Returns 0 or -errno. */
int relay_watch(struct relay *relay, struct relay_watch *watch, uint32_t events);

/* Frees, after this batch of events, the memory that begins with watch; its ready must be NULL. */
void relay_retire(struct relay *relay, struct relay_watch *watch);

/* Accepts no more TCP connections until there is room again, and not before so many milliseconds. */
void relay_pause(struct relay *relay, int milliseconds);

/* relay_tcp.c: a connection waits at the port; the turn of those that had to let others go first. */
void tcp_accept(struct relay *relay, struct relay_watch *watch, uint32_t events);
void tcp_continue(struct relay *relay);

/* relay_udp.c: a datagram waits at the port; drop who was silent too long. udp_expire returns the
 * milliseconds until the next one may be dropped, -1 with no client. */
void udp_arrive(struct relay *relay, struct relay_watch *watch, uint32_t events);
int udp_expire(struct relay *relay);

#endif
