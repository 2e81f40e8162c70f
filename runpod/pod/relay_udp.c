/*
 * relay_udp: UDP knows no connections, so each client (an address and port that
 * spoke to us) gets a socket of its own in the pod, by which answers find
 * back. Who was silent for a minute is forgotten; of too many, the one who was
 * silent longest.
 *
 * Lives by udp(7) and ip(7): IP_PKTINFO tells to which of the host's addresses a datagram
 * came, and lets the answer leave from the same one. Lesson 17.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "base/text.h"
#include "pod/relay.h"

#define DATAGRAM_MAX 65536
#define DATAGRAMS    64			  /* moved at once, until others get their turn */
#define IDLE_TIME    INT64_C(60000000000) /* nanoseconds */
#define NANOSECONDS  INT64_C(1000000)	  /* in a millisecond */

struct udp_client {
	struct relay_watch watch;     /* its socket in the pod; must be first: relay_retire frees it */
	struct relay_port *port;      /* by which it came */
	struct sockaddr_storage peer; /* its address */
	socklen_t peer_length;
	char info[CMSG_SPACE(sizeof(struct in6_pktinfo))]; /* the host's address that it spoke to */
	size_t info_length;
	int64_t last;			   /* when it last spoke or was spoken to */
	struct udp_client *next_in_bucket; /* hash chain */
	struct udp_client *older, *newer;  /* by last */
};

static char datagram[DATAGRAM_MAX]; /* the one that is on its way */

static struct udp_client **bucket_of(struct relay *relay, const struct relay_port *port,
				     const struct sockaddr_storage *peer, socklen_t length)
{
	const unsigned char *bytes = (const void *)peer;
	uint32_t hash = 2166136261u ^ (uint32_t)(port - relay->ports); /* FNV-1a */

	for (socklen_t i = 0; i < length; i++)
		hash = (hash ^ bytes[i]) * 16777619u;
	return &relay->bucket[(hash ^ hash >> 16) % RELAY_UDP_BUCKETS];
}

static void unlink_age(struct relay *relay, struct udp_client *client)
{
	*(client->older ? &client->older->newer : &relay->oldest) = client->newer;
	*(client->newer ? &client->newer->older : &relay->newest) = client->older;
}

static void link_newest(struct relay *relay, struct udp_client *client)
{
	client->last = clock_boot();
	client->newer = NULL;
	client->older = relay->newest;
	*(relay->newest ? &relay->newest->newer : &relay->oldest) = client;
	relay->newest = client;
}

static void touch(struct relay *relay, struct udp_client *client)
{
	unlink_age(relay, client);
	link_newest(relay, client);
}

static void forget(struct relay *relay, struct udp_client *client)
{
	struct udp_client **slot = bucket_of(relay, client->port, &client->peer, client->peer_length);

	while (*slot != client)
		slot = &(*slot)->next_in_bucket;
	*slot = client->next_in_bucket;
	unlink_age(relay, client);
	close(client->watch.fd);
	client->watch.ready = NULL;
	relay->n_clients--;
	relay_retire(relay, &client->watch);
}

int udp_expire(struct relay *relay)
{
	int64_t now = relay->oldest ? clock_boot() : 0;

	while (relay->oldest && relay->oldest->last + IDLE_TIME <= now)
		forget(relay, relay->oldest);
	if (!relay->oldest)
		return -1;
	return (int)((relay->oldest->last + IDLE_TIME - now) / NANOSECONDS) + 1;
}

/* Answers from the pod go back to the client, from the address that it spoke to. */
static void answer_ready(struct relay *relay, struct relay_watch *watch, uint32_t events)
{
	struct udp_client *client = (void *)watch;
	struct iovec part = { .iov_base = datagram };
	struct msghdr message = { .msg_name = &client->peer,
				  .msg_namelen = client->peer_length,
				  .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = client->info_length ? client->info : NULL,
				  .msg_controllen = client->info_length };

	(void)events;
	for (int i = 0; i < DATAGRAMS; i++) {
		ssize_t got = recv(watch->fd, datagram, sizeof(datagram), MSG_DONTWAIT);

		if (got <
		    0) /* EAGAIN; or ECONNREFUSED, which this call has cleared: nobody listens in the pod */
			return;
		part.iov_len = (size_t)got;
		sendmsg(client->port->watch.fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
		touch(relay, client);
	}
}

static int connect_app(const struct relay *relay, const struct sockaddr_in *target)
{
	cleanup_fd int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (const void *)&relay->pod_address, sizeof(relay->pod_address)) < 0 ||
	    connect(fd, (const void *)target, sizeof(*target)) < 0)
		return -errno;
	return take_fd(&fd);
}

static struct udp_client *meet(struct relay *relay, struct relay_port *port,
			       const struct sockaddr_storage *peer, socklen_t length)
{
	struct udp_client **slot = bucket_of(relay, port, peer, length), *client;
	int fd;

	for (client = *slot; client; client = client->next_in_bucket)
		if (client->port == port && client->peer_length == length &&
		    !memcmp(&client->peer, peer, length))
			return client;
	if (relay->n_clients >= RELAY_UDP_CLIENTS)
		forget(relay, relay->oldest);
	fd = connect_app(relay, &port->target);
	if (fd < 0)
		return NULL;
	client = mem_zalloc(sizeof(*client));
	client->watch = (struct relay_watch){ .ready = answer_ready, .fd = fd };
	client->port = port;
	memcpy(&client->peer, peer, length);
	client->peer_length = length;
	slot = bucket_of(relay, port, peer, length); /* forget() may have changed the chain */
	client->next_in_bucket = *slot;
	*slot = client;
	link_newest(relay, client);
	relay->n_clients++;
	if (!relay_watch(relay, &client->watch, EPOLLIN))
		return client;
	forget(relay, client);
	return NULL;
}

/* Keeps the host's address that the client spoke to, in the form in which sendmsg wants it back. */
static void remember_info(struct udp_client *client, struct msghdr *message)
{
	client->info_length = 0;
	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header; header = CMSG_NXTHDR(message, header)) {
		bool v4 = header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO;
		bool v6 = header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO;

		if ((!v4 && !v6) || CMSG_ALIGN(header->cmsg_len) > sizeof(client->info))
			continue;
		if (v4) /* the way back is the routing table's business, not this interface's */
			((struct in_pktinfo *)CMSG_DATA(header))->ipi_ifindex = 0;
		client->info_length = CMSG_ALIGN(header->cmsg_len);
		memcpy(client->info, header, header->cmsg_len);
	}
}

void udp_arrive(struct relay *relay, struct relay_watch *watch, uint32_t events)
{
	struct relay_port *port = (void *)watch;
	struct iovec part = { .iov_base = datagram, .iov_len = sizeof(datagram) };

	(void)events;
	for (int i = 0; i < DATAGRAMS; i++) {
		char control[256] __attribute__((aligned(8)));
		struct sockaddr_storage peer;
		struct msghdr message = { .msg_name = &peer,
					  .msg_namelen = sizeof(peer),
					  .msg_iov = &part,
					  .msg_iovlen = 1,
					  .msg_control = control,
					  .msg_controllen = sizeof(control) };
		ssize_t got = recvmsg(watch->fd, &message, MSG_DONTWAIT);
		struct udp_client *client;

		if (got < 0)
			return;
		client = meet(relay, port, &peer, message.msg_namelen);
		if (!client)
			continue; /* as if the network had lost it */
		remember_info(client, &message);
		touch(relay, client);
		send(client->watch.fd, datagram, (size_t)got, MSG_DONTWAIT | MSG_NOSIGNAL);
	}
}
