/*
 * publish: the host's listening sockets, and the publisher process; publish.h tells the idea.
 *
 * Lives by ip(7) and network_namespaces(7). The publisher keeps nothing of the
 * supervisor's but those sockets, and has no capability: a flaw in it can do
 * no more than its sockets can. Lesson 17.
 */
#include "pod/publish.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/capability.h"
#include "kern/explain.h"
#include "kern/inherit.h"
#include "kern/join.h"
#include "kern/spawn.h"
#include "kern/sys.h"
#include "pod/portowner.h"
#include "pod/relay.h"

/* The host's side of a port as an address. Returns its length, or -EINVAL. */
static int host_address(const struct publish_port *port, struct sockaddr_storage *ret_address,
			struct err *err)
{
	struct sockaddr_in *v4 = (void *)ret_address;
	struct sockaddr_in6 *v6 = (void *)ret_address;

	memset(ret_address, 0, sizeof(*ret_address));
	if (inet_pton(AF_INET, port->host_ip[0] ? port->host_ip : "0.0.0.0", &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port->host_port);
		return sizeof(*v4);
	}
	if (inet_pton(AF_INET6, port->host_ip, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port->host_port);
		return sizeof(*v6);
	}
	return err_set(err, 0, "publish port: \"%s\" is neither an IPv4 nor an IPv6 address", port->host_ip);
}

/* What can be done about a port that could not be opened. */
static int explain_refusal(const struct publish_port *port, int code, struct err *err)
{
	const char *ip = port->host_ip[0] ? port->host_ip : "0.0.0.0", *protocol = port->udp ? "udp" : "tcp";
	bool colons = strchr(ip, ':') != NULL;
	char where[80], owner[80];

	snprintf(where, sizeof(where), "%s%s%s:%u/%s", colons ? "[" : "", ip, colons ? "]" : "",
		 port->host_port, protocol);
	if (code == -EADDRINUSE) { /* in lower case, as scripts look for it */
		err_set(err, 0, "publish %s: bind: address already in use", where);
		if (!portowner_find(port->udp, port->host_port, owner, sizeof(owner)))
			err_hint(err, code, "by %s", owner);
		return err_status(err, code, EXIT_NOT_INVOKED);
	}
	err_set(err, -code, "publish %s", where);
	if (code == -EACCES)
		err_hint(err, code,
			 "low ports are for root: take a higher host port, or let users have them with "
			 "sysctl net.ipv4.ip_unprivileged_port_start=%u",
			 port->host_port);
	if (code == -EADDRNOTAVAIL)
		err_hint(err, code, "no network interface of this machine has that address");
	return err_status(err, code, EXIT_NOT_INVOKED);
}

/*
 * What the listener has, accepted sockets inherit. REUSEADDR lets a port be
 * taken again while connections of the one before are still in TIME_WAIT; for
 * UDP it would let two processes share a port, so not there (see socket(7)).
 */
static void set_options(int fd, bool udp, int family)
{
	int on = 1;

	if (family == AF_INET6) /* leave IPv4's port of that number alone */
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (udp) { /* tell which of our addresses a datagram came to: the answer must come from that one */
		setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
		if (family == AF_INET6)
			setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
		return;
	}
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)); /* clients that vanished are noticed */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on,
		   sizeof(on)); /* the app has gathered its bytes already */
}

static int listen_at(struct publish_port *port, const struct sockaddr_storage *address, socklen_t length)
{
	int type = (port->udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK;
	cleanup_fd int fd = socket(address->ss_family, type, 0);
	struct sockaddr_storage got;
	socklen_t got_length = sizeof(got);

	if (fd < 0)
		return -errno;
	set_options(fd, port->udp, address->ss_family);
	if (bind(fd, (const void *)address, length) < 0)
		return -errno;
	if (!port->udp && listen(fd, SOMAXCONN) < 0)
		return -errno;
	if (getsockname(fd, (void *)&got, &got_length) < 0)
		return -errno;
	/* the port lies at the same place in both kinds of address */
	port->host_port = ntohs(((struct sockaddr_in *)&got)->sin_port);
	port->fd = take_fd(&fd);
	return 0;
}

int publish_listen(struct publish_port *ports, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		ports[i].fd = -1;
	for (size_t i = 0; i < n; i++) {
		struct sockaddr_storage address;
		int length = host_address(&ports[i], &address, err), code = length;

		if (length > 0) {
			code = listen_at(&ports[i], &address, (socklen_t)length);
			explain_call(code, "the door, on the host's side", 17, "bind(%s:%u/%s)",
				     ports[i].host_ip[0] ? ports[i].host_ip : "0.0.0.0", ports[i].host_port,
				     ports[i].udp ? "udp" : "tcp");
			if (code)
				explain_refusal(&ports[i], code, err);
		}
		if (code) {
			publish_close(ports, n);
			return code;
		}
	}
	return 0;
}

void publish_close(struct publish_port *ports, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (ports[i].fd >= 0)
			close(ports[i].fd);
		ports[i].fd = -1;
	}
}

struct publisher {
	const struct publish_port *ports; /* with their listening sockets */
	size_t n;			  /* how many */
	struct sockaddr_in pod_address;	  /* where the pod's side connects to and comes from */
	int network;			  /* the pod's network namespace */
	int infra_pidfd;		  /* when that process ends, so does the publisher */
	int ready;			  /* written to: 0 bytes and closed, or what went wrong */
};

/* Everything a publisher must not be able to do any more. */
static int lower_privilege(struct err *err)
{
	struct rlimit files;
	int code = capability_bound(0, err);

	if (!code)
		code = capability_limit(0, err);
	if (!code)
		code = capability_no_new_privs(err);
	if (code)
		return code;
	if (!getrlimit(RLIMIT_NOFILE, &files)) { /* every connection takes descriptors */
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	prctl(PR_SET_NAME, "publisher");
	return 0;
}

/* From the supervisor's copy to the publisher: into the pod, then nothing but sockets. */
static int enter_pod(struct publisher *publisher, struct err *err)
{
	cleanup_free int *keep = mem_zalloc((publisher->n + 2) * sizeof(*keep));
	int code, kept = 0;

	inherit_no_signals();
	signal(SIGPIPE, SIG_IGN); /* splice(2) to a closed connection: an error is enough */
	/* DOC: publisher-joins */
	code = join_self(publisher->network, CLONE_NEWNET, "the publisher joins the pod's network", err);
	if (code)
		return code;
	for (size_t i = 0; i < publisher->n; i++)
		keep[kept++] = publisher->ports[i].fd;
	keep[kept++] = publisher->infra_pidfd;
	keep[kept++] = publisher->ready;
	explain_fd = -1;
	code = inherit_only(keep, kept);
	return code ? err_set(err, -code, "close descriptors") : lower_privilege(err);
}

static int publisher_main(void *arg)
{
	struct publisher *publisher = arg;
	struct err err = { 0 };

	if (enter_pod(publisher, &err)) {
		(void)!write(publisher->ready, &err, sizeof(err));
		return 1;
	}
	close(publisher->ready);
	return relay_run(publisher->ports, publisher->n, &publisher->pod_address, publisher->infra_pidfd) ? 1
													  : 0;
}

/* Waits for the publisher's word. Returns 0, or -errno with its error and the process reaped. */
static int await_publisher(int ready, pid_t pid, int *pidfd, struct err *err)
{
	struct buf word = { 0 };
	int code = io_read_all(ready, sizeof(struct err), &word);

	if (!code && !word.len) {
		buf_free(&word);
		return 0;
	}
	if (!code && err && word.len == sizeof(*err))
		memcpy(err, word.data, sizeof(*err));
	buf_free(&word);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(*pidfd);
	*pidfd = -1;
	return err_context(err, -EIO, "start the publisher");
}

pid_t publish_spawn(const struct publish_port *ports, size_t n, int network, int infra_pidfd,
		    const char *pod_ip, int cgroup_fd, int *ret_pidfd, struct err *err)
{
	struct spawn how = { .cgroup_fd = cgroup_fd, .lesson = 17 };
	struct publisher publisher = {
		.ports = ports, .n = n, .network = network, .infra_pidfd = infra_pidfd
	};
	int ends[2], code;
	pid_t pid;

	*ret_pidfd = -1;
	publisher.pod_address.sin_family = AF_INET;
	if (inet_pton(AF_INET, pod_ip, &publisher.pod_address.sin_addr) != 1)
		return err_set(err, 0, "start the publisher: \"%s\" is not an IPv4 address", pod_ip);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set(err, errno, "start the publisher: make a pipe");
	publisher.ready = ends[1];
	how.purpose = "the publisher, to stand in the door";
	pid = spawn(&how, publisher_main, &publisher, ret_pidfd, err);
	close(ends[1]);
	if (pid > 0) {
		code = await_publisher(ends[0], pid, ret_pidfd, err);
		pid = code ? code : pid;
	}
	close(ends[0]);
	return pid;
}
