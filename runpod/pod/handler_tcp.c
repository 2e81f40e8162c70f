/*
 * handler_tcp: a connection into the container's network, and the kind of question
 * that is nothing more than that.
 *
 * Rule: a socket belongs for ever to the network namespace in which socket(2) was
 * called (network_namespaces(7)); connect(2) can be called from anywhere. So a visit of a
 * few microseconds is enough (kern/join.h), and the connection is one more descriptor in the
 * supervisor's loop. Lessons 17 and 22.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kern/join.h"
#include "pod/handler_kinds.h"

/* Whether the container's network is our own, the host's. An ordinary user's supervisor could not join that, and
 * need not. */
static bool shares_our_network(const struct ctr *ctr)
{
	cleanup_free char *theirs = text_format("/proc/%d/ns/net", ctr->main.pid);
	struct stat a, b;

	return !stat(theirs, &a) && !stat("/proc/self/ns/net", &b) && a.st_ino == b.st_ino &&
	       a.st_dev == b.st_dev;
}

const char *handler_host(const struct handler *handler)
{
	struct ctr *ctr = handler->ctr, *infra = pod_infra(ctr->pod);
	struct ns_parts parts;

	if (handler->how->host)
		return strcmp(handler->how->host, "localhost") ? handler->how->host : "127.0.0.1";
	plan_namespaces(&ctr->pod->record, &ctr->record, &parts);
	if (parts.net.source == NS_INFRA && infra && infra->ip[0] && !shares_our_network(ctr))
		return infra->ip;
	return parts.net.source == NS_NEW && ctr->ip[0] ? ctr->ip : "127.0.0.1";
}

/* Text to an address. Names are not looked up: that would be the host's business, and takes its time. */
static socklen_t parse_address(const char *host, uint16_t port, struct sockaddr_storage *ret_address)
{
	struct sockaddr_in *v4 = (void *)ret_address;
	struct sockaddr_in6 *v6 = (void *)ret_address;

	memset(ret_address, 0, sizeof(*ret_address));
	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		return sizeof(*v4);
	}
	if (inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		return sizeof(*v6);
	}
	return 0;
}

static int make_socket(void *arg)
{
	const struct sockaddr_storage *address = arg;
	int fd = socket(address->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	return fd < 0 ? -errno : fd;
}

const char *handler_errno_text(int errnum, char text[64])
{
	snprintf(text, 64, "%s", strerror(errnum));
	text[0] = (char)tolower((unsigned char)text[0]);
	return text;
}

static int dial_error(const struct handler *handler, int code, struct err *err)
{
	char why[64];

	err_set(err, 0, "dial tcp %s: connect: %s", handler->peer, handler_errno_text(-code, why));
	return code;
}

int handler_dial(struct handler *handler, const char *host, uint16_t port,
		 void (*ready)(struct pod *pod, struct watch *watch, unsigned events), struct err *err)
{
	struct ctr *ctr = handler->ctr;
	struct sockaddr_storage address;
	socklen_t length = parse_address(host, port, &address);
	int fd;

	if (!length)
		return err_set(err, 0, "dial tcp: lookup %s: host names are not looked up: give an address",
			       host);
	text_replace(&handler->peer, text_format(strchr(host, ':') ? "[%s]:%u" : "%s:%u", host, port));
	/* DOC: question-born-in-the-pod */
	fd = shares_our_network(ctr) ? make_socket(&address)
				     : join_call(ctr->main.exit.fd, CLONE_NEWNET, make_socket, &address, err);
	if (fd < 0)
		return dial_error(handler, fd, err);
	handler->connected = false;
	handler->sock = (struct watch){ .fd = fd, .ready = ready, .owner = handler };
	if (connect(fd, (const void *)&address, length) < 0 && errno != EINPROGRESS)
		return dial_error(handler, -errno, err);
	fd = watch_add(ctr->pod, &handler->sock, EPOLLOUT); /* writable: through, or refused */
	return fd ? dial_error(handler, fd, err) : 0;
}

int handler_dialled(struct handler *handler, struct err *err)
{
	socklen_t size = sizeof(int);
	int error = 0;

	if (getsockopt(handler->sock.fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
		error = errno;
	handler->connected = !error;
	return error ? dial_error(handler, -error, err) : 0;
}

static void tcp_ready(struct pod *pod, struct watch *watch, unsigned events)
{
	struct handler *handler = watch->owner;
	struct err err = { 0 };
	int code = handler_dialled(handler, &err);

	(void)pod;
	(void)events;
	handler_finish(handler, !code, "%s", err.text);
}

void tcp_begin(struct handler *handler)
{
	struct err err = { 0 };

	if (handler_dial(handler, handler_host(handler), (uint16_t)handler->how->port, tcp_ready, &err))
		handler_finish(handler, false, "%s", err.text);
}

void tcp_expire(struct handler *handler)
{
	handler_finish(handler, false, "dial tcp %s: i/o timeout", handler->peer);
}
