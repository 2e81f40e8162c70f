/*
 * netlink: how the kernel is asked about network interfaces: a message over a
 * socket, and the answer as a message back. This is the envelope; what can be
 * asked is in link.h. The third header of kern/ that other files here may include.
 *
 * A message is a header, one fixed structure, and attributes: length, type,
 * value, padded to 4 bytes; an attribute may hold attributes. See netlink(7),
 * rtnetlink(7). Lessons 04 and 17.
 */
#ifndef RUNPOD_KERN_NETLINK_H
#define RUNPOD_KERN_NETLINK_H

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define NETLINK_REQUEST_MAX 1024

struct netlink_request {
	union {
		struct nlmsghdr header;		 /* length, type, flags, sequence number */
		char bytes[NETLINK_REQUEST_MAX]; /* the header and all that follows it */
	};
};

/* Opens a socket to rtnetlink of the caller's network namespace, for ever that one's.
 * Returns the descriptor or -errno. */
int netlink_open(struct err *err);

/* Starts a request of type RTM_… with flags NLM_F_… (REQUEST is added) and the fixed
 * structure that this type begins with. */
void netlink_begin(struct netlink_request *request, uint16_t type, uint16_t flags, const void *fixed,
		   size_t size);

/* Appends an attribute. A request that would outgrow its buffer is a mistake in this program: it aborts. */
void netlink_add(struct netlink_request *request, uint16_t type, const void *value, size_t size);
void netlink_add_text(struct netlink_request *request, uint16_t type, const char *text);
void netlink_add_u32(struct netlink_request *request, uint16_t type, uint32_t number);

/* Appends a bare structure: where an attribute holds a whole message, it begins with one. */
void netlink_add_fixed(struct netlink_request *request, const void *fixed, size_t size);

/* Opens an attribute that holds the ones added until netlink_end. */
struct rtattr *netlink_nest(struct netlink_request *request, uint16_t type);
void netlink_end(struct netlink_request *request, struct rtattr *nest);

/* Sends the request and waits for the kernel's word. Returns 0 or the kernel's -errno; *ret_why (size bytes,
 * may be NULL) gets what the kernel adds in words, or "" (see NETLINK_EXT_ACK in netlink(7)). */
int netlink_call(int fd, struct netlink_request *request, char *ret_why, size_t size);

/*
 * Sends a request that is answered by messages (with NLM_F_DUMP: many) and gives each to
 * visit, which returns 0 to go on, or a number that is remembered and returned at the end.
 * Returns 0, that number, or the kernel's -errno.
 */
int netlink_ask(int fd, struct netlink_request *request,
		int (*visit)(const struct nlmsghdr *answer, void *arg), void *arg);

/* The attribute of that type behind the fixed structure (of that size) of a message, or NULL. */
const struct rtattr *netlink_find(const struct nlmsghdr *message, size_t fixed_size, uint16_t type);

#endif
