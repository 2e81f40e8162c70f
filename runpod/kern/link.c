/*
 * link: what rtnetlink is asked for; link.h tells the idea.
 *
 * Lives by rtnetlink(7). A flag word goes with a mask of the bits that are
 * meant; IFLA_INFO_DATA of a veth holds a whole second message, the peer's.
 * Lessons 04 and 17.
 */
#include "kern/link.h"

#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/veth.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "kern/explain.h"
#include "kern/netlink.h"
#include "kern/sys.h"

#define MAC_SIZE 6

/* Sends the request; format says what it is for, in words that serve the narration and the error. */
static int carry_out(int netlink, struct netlink_request *request, const char *call, struct err *err,
		     const char *format, ...) __attribute__((format(printf, 5, 6)));

static int carry_out(int netlink, struct netlink_request *request, const char *call, struct err *err,
		     const char *format, ...)
{
	char what[128], why[192];
	va_list args;
	int code;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	code = netlink_call(netlink, request, why, sizeof(why));
	explain_call(code, what, 17, "sendto(%d, %s, …)", netlink, call);
	if (code >= 0)
		return code;
	err_set(err, -code, "%s", what);
	if (why[0])
		err_hint(err, code, "the kernel says: %s", why);
	if (code == -EPERM)
		err_hint(err, code, "it takes CAP_NET_ADMIN in the user namespace that owns the network");
	if (code == -EOPNOTSUPP)
		err_hint(err, code, "this kernel lacks that kind of interface; try modprobe bridge veth");
	return code;
}

static int visit_index(const struct nlmsghdr *answer, void *arg)
{
	const struct ifinfomsg *link = NLMSG_DATA(answer);

	(void)arg;
	return link->ifi_index;
}

int link_index(int netlink, const char *name, struct err *err)
{
	struct ifinfomsg link = { 0 };
	struct netlink_request request;
	int index;

	netlink_begin(&request, RTM_GETLINK, 0, &link, sizeof(link));
	netlink_add_text(&request, IFLA_IFNAME, name);
	index = netlink_ask(netlink, &request, visit_index, NULL);
	return index < 0 ? err_set(err, -index, "find network interface %s", name) : index;
}

int link_up(int netlink, const char *name, struct err *err)
{
	struct ifinfomsg link = { .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
	struct netlink_request request;

	netlink_begin(&request, RTM_NEWLINK, 0, &link, sizeof(link));
	netlink_add_text(&request, IFLA_IFNAME, name);
	return carry_out(netlink, &request, "RTM_NEWLINK up", err, "set %s up", name);
}

int link_add_bridge(int netlink, const char *name, const uint8_t *mac, struct err *err)
{
	struct ifinfomsg link = { .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
	struct netlink_request request;
	struct rtattr *info;

	netlink_begin(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &link, sizeof(link));
	netlink_add_text(&request, IFLA_IFNAME, name);
	netlink_add(&request, IFLA_ADDRESS, mac, MAC_SIZE);
	info = netlink_nest(&request, IFLA_LINKINFO);
	netlink_add_text(&request, IFLA_INFO_KIND, "bridge");
	netlink_end(&request, info);
	return carry_out(netlink, &request, "RTM_NEWLINK bridge", err, "make bridge %s", name);
}

int link_add_veth(int netlink, const char *name, const char *bridge, const char *peer, const uint8_t *mac,
		  int netns, struct err *err)
{
	struct ifinfomsg link = { .ifi_flags = IFF_UP, .ifi_change = IFF_UP }, other = { 0 };
	int master = link_index(netlink, bridge, err);
	struct rtattr *info, *data, *second;
	struct netlink_request request;

	if (master < 0)
		return master;
	netlink_begin(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &link, sizeof(link));
	netlink_add_text(&request, IFLA_IFNAME, name);
	netlink_add_u32(&request, IFLA_MASTER, (uint32_t)master);
	info = netlink_nest(&request, IFLA_LINKINFO);
	netlink_add_text(&request, IFLA_INFO_KIND, "veth");
	data = netlink_nest(&request, IFLA_INFO_DATA);
	/* DOC: veth-born-inside */
	second = netlink_nest(&request, VETH_INFO_PEER);
	netlink_add_fixed(&request, &other, sizeof(other));
	netlink_add_text(&request, IFLA_IFNAME, peer);
	netlink_add(&request, IFLA_ADDRESS, mac, MAC_SIZE);
	netlink_add_u32(&request, IFLA_NET_NS_FD, (uint32_t)netns);
	netlink_end(&request, second);
	netlink_end(&request, data);
	netlink_end(&request, info);
	return carry_out(netlink, &request, "RTM_NEWLINK veth", err, "make veth %s, %s in the pod", name,
			 peer);
}

int link_add_address(int netlink, const char *name, uint32_t address, unsigned prefix, struct err *err)
{
	struct ifaddrmsg entry = { .ifa_family = AF_INET, .ifa_prefixlen = (uint8_t)prefix };
	struct in_addr wire = { .s_addr = htonl(address) };
	uint32_t mask = prefix ? ~UINT32_C(0) << (32 - prefix) : 0;
	int index = link_index(netlink, name, err), code;
	struct netlink_request request;
	char text[INET_ADDRSTRLEN];

	if (index < 0)
		return index;
	entry.ifa_index = (uint32_t)index;
	netlink_begin(&request, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &entry, sizeof(entry));
	netlink_add_u32(&request, IFA_LOCAL, wire.s_addr);
	netlink_add_u32(&request, IFA_ADDRESS, wire.s_addr);
	if (prefix < 31)
		netlink_add_u32(&request, IFA_BROADCAST, htonl(address | ~mask));
	inet_ntop(AF_INET, &wire, text, sizeof(text));
	code = carry_out(netlink, &request, "RTM_NEWADDR", err, "give %s the address %s/%u", name, text,
			 prefix);
	return code == -EEXIST ? 0 : code;
}

int link_add_default_route(int netlink, uint32_t gateway, struct err *err)
{
	struct rtmsg route = { .rtm_family = AF_INET,
			       .rtm_table = RT_TABLE_MAIN,
			       .rtm_protocol = RTPROT_STATIC,
			       .rtm_scope = RT_SCOPE_UNIVERSE,
			       .rtm_type = RTN_UNICAST };
	struct in_addr wire = { .s_addr = htonl(gateway) };
	struct netlink_request request;
	char text[INET_ADDRSTRLEN];

	netlink_begin(&request, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, &route, sizeof(route));
	netlink_add_u32(&request, RTA_GATEWAY, wire.s_addr);
	inet_ntop(AF_INET, &wire, text, sizeof(text));
	return carry_out(netlink, &request, "RTM_NEWROUTE", err, "route the rest through %s", text);
}

int link_delete(int netlink, const char *name, struct err *err)
{
	struct ifinfomsg link = { 0 };
	struct netlink_request request;
	int code;

	netlink_begin(&request, RTM_DELLINK, 0, &link, sizeof(link));
	netlink_add_text(&request, IFLA_IFNAME, name);
	code = carry_out(netlink, &request, "RTM_DELLINK", err, "remove %s", name);
	return code == -ENODEV ? 0 : code;
}

struct port_count {
	uint32_t master; /* index of the bridge */
	int ports;	 /* how many so far */
};

static int visit_port(const struct nlmsghdr *answer, void *arg)
{
	const struct rtattr *master = netlink_find(answer, sizeof(struct ifinfomsg), IFLA_MASTER);
	struct port_count *count = arg;

	if (master && !memcmp(RTA_DATA(master), &count->master, sizeof(count->master)))
		count->ports++;
	return 0;
}

int link_count_ports(int netlink, const char *bridge, struct err *err)
{
	int index = link_index(netlink, bridge, err), code;
	struct port_count count = { .master = (uint32_t)index };
	struct ifinfomsg link = { 0 };
	struct netlink_request request;

	if (index < 0)
		return index == -ENODEV ? 0 : index;
	netlink_begin(&request, RTM_GETLINK, NLM_F_DUMP, &link, sizeof(link));
	code = netlink_ask(netlink, &request, visit_port, &count);
	return code < 0 ? err_set(err, -code, "list network interfaces") : count.ports;
}

static int visit_address(const struct nlmsghdr *answer, void *arg)
{
	const struct ifaddrmsg *entry = NLMSG_DATA(answer);
	const struct rtattr *local = netlink_find(answer, sizeof(*entry), IFA_LOCAL);

	/* lo is interface 1 in every network namespace */
	if (entry->ifa_family != AF_INET || entry->ifa_index == 1 || entry->ifa_scope != RT_SCOPE_UNIVERSE)
		return 0;
	if (!local)
		return 0;
	memcpy(arg, RTA_DATA(local), sizeof(uint32_t));
	return 1;
}

int link_first_address(int netlink, uint32_t *ret_address, struct err *err)
{
	struct ifaddrmsg entry = { .ifa_family = AF_INET };
	struct netlink_request request;
	uint32_t wire;
	int found;

	netlink_begin(&request, RTM_GETADDR, NLM_F_DUMP, &entry, sizeof(entry));
	found = netlink_ask(netlink, &request, visit_address, &wire);
	if (found <= 0)
		return err_set(err, found ? -found : EADDRNOTAVAIL, "find an address of the pod");
	*ret_address = ntohl(wire);
	return 0;
}

static int visit_default_route(const struct nlmsghdr *answer, void *arg)
{
	const struct rtmsg *route = NLMSG_DATA(answer);

	(void)arg;
	return route->rtm_family == AF_INET && !route->rtm_dst_len && route->rtm_table == RT_TABLE_MAIN;
}

int link_has_default_route(int netlink, struct err *err)
{
	struct rtmsg route = { .rtm_family = AF_INET };
	struct netlink_request request;
	int found;

	netlink_begin(&request, RTM_GETROUTE, NLM_F_DUMP, &route, sizeof(route));
	found = netlink_ask(netlink, &request, visit_default_route, NULL);
	return found < 0 ? err_set(err, -found, "list routes") : found;
}
