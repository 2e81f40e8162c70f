/*
 * netlink: messages to rtnetlink, built and answered by hand; netlink.h tells the idea.
 *
 * Lives by netlink(7): every request with NLM_F_ACK is answered by NLMSG_ERROR,
 * which with error 0 means done; a dump ends with NLMSG_DONE. Lessons 04 and 17.
 */
#include "kern/netlink.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "kern/sys.h"

#define ANSWER_MAX (16 * 1024) /* the kernel fills a dump's datagrams up to the size we offer */

int netlink_open(struct err *err)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int on = 1;

	if (fd < 0)
		return err_set(err, errno, "open a netlink socket");
	/* Both only make errors better; a kernel without them still answers. */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	return fd;
}

/* Room for size bytes at the message's end, zeroed and padded; its length grows by them. */
static void *append(struct netlink_request *request, size_t size)
{
	size_t at = NLMSG_ALIGN(request->header.nlmsg_len);

	if (at + NLMSG_ALIGN(size) > sizeof(request->bytes))
		abort(); /* our own messages have a known size */
	request->header.nlmsg_len = (uint32_t)(at + size);
	return memset(request->bytes + at, 0, NLMSG_ALIGN(size));
}

void netlink_begin(struct netlink_request *request, uint16_t type, uint16_t flags, const void *fixed,
		   size_t size)
{
	request->header = (struct nlmsghdr){
		.nlmsg_len = NLMSG_HDRLEN,
		.nlmsg_type = type,
		.nlmsg_flags = (uint16_t)(flags | NLM_F_REQUEST),
	};
	netlink_add_fixed(request, fixed, size);
}

void netlink_add_fixed(struct netlink_request *request, const void *fixed, size_t size)
{
	memcpy(append(request, size), fixed, size);
}

void netlink_add(struct netlink_request *request, uint16_t type, const void *value, size_t size)
{
	struct rtattr *attribute = append(request, RTA_LENGTH(size));

	attribute->rta_type = type;
	attribute->rta_len = (unsigned short)RTA_LENGTH(size);
	if (size)
		memcpy(RTA_DATA(attribute), value, size);
}

void netlink_add_text(struct netlink_request *request, uint16_t type, const char *text)
{
	netlink_add(request, type, text, strlen(text) + 1);
}

void netlink_add_u32(struct netlink_request *request, uint16_t type, uint32_t number)
{
	netlink_add(request, type, &number, sizeof(number));
}

struct rtattr *netlink_nest(struct netlink_request *request, uint16_t type)
{
	struct rtattr *nest = append(request, RTA_LENGTH(0));

	nest->rta_type = type;
	return nest;
}

void netlink_end(struct netlink_request *request, struct rtattr *nest)
{
	nest->rta_len = (unsigned short)(request->bytes + request->header.nlmsg_len - (char *)nest);
}

const struct rtattr *netlink_find(const struct nlmsghdr *message, size_t fixed_size, uint16_t type)
{
	size_t at = NLMSG_LENGTH(0) + NLMSG_ALIGN(fixed_size);

	while (at + sizeof(struct rtattr) <= message->nlmsg_len) {
		const struct rtattr *attribute = (const void *)((const char *)message + at);

		if (attribute->rta_len < sizeof(*attribute) || at + attribute->rta_len > message->nlmsg_len)
			break;
		if ((attribute->rta_type & NLA_TYPE_MASK) == type)
			return attribute;
		at += RTA_ALIGN(attribute->rta_len);
	}
	return NULL;
}

/* The kernel's verdict: its errno, and its words where it has some. */
static int verdict(const struct nlmsghdr *answer, char *ret_why, size_t size)
{
	const struct nlmsgerr *error = NLMSG_DATA(answer);
	size_t fixed = sizeof(*error);
	const struct rtattr *words;

	if (!(answer->nlmsg_flags & NLM_F_ACK_TLVS) || !ret_why)
		return error->error;
	if (!(answer->nlmsg_flags & NLM_F_CAPPED)) /* our request lies between */
		fixed += error->msg.nlmsg_len - NLMSG_HDRLEN;
	words = netlink_find(answer, fixed, NLMSGERR_ATTR_MSG);
	if (words && size) {
		size_t length = strnlen(RTA_DATA(words), RTA_PAYLOAD(words));

		length = length < size ? length : size - 1;
		memcpy(ret_why, RTA_DATA(words), length);
		ret_why[length] = '\0';
	}
	return error->error;
}

struct exchange {
	uint32_t sequence; /* of our request: answers to others are not ours */
	int (*visit)(const struct nlmsghdr *answer, void *arg);
	void *arg;
	int visited; /* the number visit returned */
	int error;   /* the kernel's verdict, 0 or -errno */
	char *why;   /* its words */
	size_t size; /* how many bytes fit there */
};

/* Looks at the messages of one datagram. Returns 1 when the last one has come, else 0. */
static int read_datagram(struct exchange *exchange, const struct nlmsghdr *answer, size_t left)
{
	for (; NLMSG_OK(answer, left); answer = NLMSG_NEXT(answer, left)) {
		if (answer->nlmsg_seq != exchange->sequence)
			continue;
		if (answer->nlmsg_type == NLMSG_ERROR) {
			exchange->error = verdict(answer, exchange->why, exchange->size);
			return 1;
		}
		if (answer->nlmsg_type == NLMSG_DONE)
			return 1;
		if (exchange->visit && !exchange->visited)
			exchange->visited = exchange->visit(answer, exchange->arg);
	}
	return 0;
}

static int exchange_run(int fd, struct netlink_request *request, struct exchange *exchange)
{
	char answers[ANSWER_MAX] __attribute__((aligned(NLMSG_ALIGNTO)));
	static uint32_t last_sequence;
	ssize_t got;

	exchange->sequence = request->header.nlmsg_seq = ++last_sequence;
	/* A dump ends by itself. Both its bits count: alone, one of them is NLM_F_EXCL or NLM_F_REPLACE. */
	if ((request->header.nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP)
		request->header.nlmsg_flags |= NLM_F_ACK;
	if (send(fd, request, request->header.nlmsg_len, 0) < 0)
		return -errno;
	do {
		got = recv(fd, answers, sizeof(answers), 0);
		if (got < 0 && errno != EINTR)
			return -errno;
	} while (got < 0 || !read_datagram(exchange, (void *)answers, (size_t)got));
	return exchange->error ? exchange->error : exchange->visited;
}

int netlink_call(int fd, struct netlink_request *request, char *ret_why, size_t size)
{
	struct exchange exchange = { .why = ret_why, .size = size };

	if (ret_why && size)
		ret_why[0] = '\0';
	return exchange_run(fd, request, &exchange);
}

int netlink_ask(int fd, struct netlink_request *request,
		int (*visit)(const struct nlmsghdr *answer, void *arg), void *arg)
{
	struct exchange exchange = { .visit = visit, .arg = arg };

	return exchange_run(fd, request, &exchange);
}
