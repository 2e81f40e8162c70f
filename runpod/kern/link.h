/*
 * link: network interfaces, their addresses and routes, by rtnetlink.
 *
 * Each takes a netlink socket first: the interface is looked for in the
 * namespace which that socket was born in, wherever the caller is. See
 * rtnetlink(7), veth(4), and Linux's include/uapi/linux/if_link.h. Lessons 04
 * and 17. All return 0 or -errno unless said otherwise; addresses are IPv4 in
 * host byte order.
 */
#ifndef RUNPOD_KERN_LINK_H
#define RUNPOD_KERN_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* The index of the interface called name, 1 or more; -ENODEV when there is none. */
int link_index(int netlink, const char *name, struct err *err);

/* Sets the interface up. Its connected routes appear with that. */
int link_up(int netlink, const char *name, struct err *err);

/* Makes a bridge. mac (6 bytes) pins its hardware address, which otherwise follows its ports. -EEXIST when
 * the name is taken. */
int link_add_bridge(int netlink, const char *name, const uint8_t *mac, struct err *err);

/* Makes a veth pair: name here, as a port of the bridge, and peer with hardware address mac born directly in
 * the network namespace of descriptor netns: it was never here, so it cannot be left behind here. */
int link_add_veth(int netlink, const char *name, const char *bridge, const char *peer, const uint8_t *mac,
		  int netns, struct err *err);

/* Gives the interface the address with that prefix length. Returns 0 also when it has it already. */
int link_add_address(int netlink, const char *name, uint32_t address, unsigned prefix, struct err *err);

/* Routes everything else through gateway. The interface that leads there must be up. */
int link_add_default_route(int netlink, uint32_t gateway, struct err *err);

/* Removes the interface (of a veth pair: both). Returns 0 also when there is none. */
int link_delete(int netlink, const char *name, struct err *err);

/* How many interfaces are ports of that bridge; 0 also when there is no bridge. */
int link_count_ports(int netlink, const char *bridge, struct err *err);

/* The first IPv4 address of an interface other than lo, that is not link-local: what a pod is known by.
 * -EADDRNOTAVAIL when there is none. */
int link_first_address(int netlink, uint32_t *ret_address, struct err *err);

/* Whether there is an IPv4 default route: 1, 0 or -errno. */
int link_has_default_route(int netlink, struct err *err);

#endif
