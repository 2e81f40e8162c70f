/*
 * publish: -p, a door in the wall. The listening sockets are born on the host;
 * the publisher, a process of its own, joins the pod's network namespace and
 * connects from in there. A socket belongs to the namespace it was born in, so
 * one process holds ends in both and splices between them (see relay.h).
 *
 * The supervisor keeps the listening sockets too: when a publisher is killed,
 * clients wait in the backlog until the next one is there. Lesson 17.
 */
#ifndef RUNPOD_POD_PUBLISH_H
#define RUNPOD_POD_PUBLISH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct publish_port {
	char host_ip[46];   /* IPv4 or IPv6 address to listen at; "" is 0.0.0.0 */
	uint16_t host_port; /* 0: the kernel chooses, and publish_listen fills it in */
	uint16_t ctr_port;  /* in the pod */
	bool udp;	    /* else TCP */
	int fd;		    /* the host's socket; -1 until publish_listen */
};

/*
 * Opens the host's socket of each port, in the caller's network namespace. All or none: on
 * failure all fd are -1. A port that is taken is -EADDRINUSE, exit status 126, with the
 * process that has it where /proc tells. Returns 0 or -errno; see bind(2), ip(7), ipv6(7).
 */
int publish_listen(struct publish_port *ports, size_t n, struct err *err);

/* Closes them; fd becomes -1. Ports that were never opened are passed over. */
void publish_close(struct publish_port *ports, size_t n);

/*
 * Starts the publisher for listening ports: a child with no capability, in that network
 * namespace (a descriptor of it, or of a process in it), that relays to pod_ip (IPv4, an
 * address of the pod, not 127.0.0.1). infra_pidfd: of the pod's process. cgroup_fd: the cgroup it is born in, or -1. It ends by SIGTERM, or when
 * infra does; it outlives its parent otherwise. Returns its pid, which has joined, and
 * *ret_pidfd; or -errno.
 */
pid_t publish_spawn(const struct publish_port *ports, size_t n, int network, int infra_pidfd,
		    const char *pod_ip, int cgroup_fd, int *ret_pidfd, struct err *err);

#endif
