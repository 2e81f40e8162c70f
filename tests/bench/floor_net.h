/*
 * floor_net: the network of the floor's pod: the loopback interface, and for a
 * bridged one a pair of interfaces, in as few rtnetlink(7) messages as there are.
 */
#pragma once

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/socket.h>

#include "bench.h"

#define NET_BRIDGE "benchbr"
#define NET_VETH   "benchveth"

struct request {
	struct nlmsghdr head;
	char body[512];
};

/* Appends an attribute; with SIZE 0 and no DATA it opens a nest, which net_close ends. */
static struct rtattr *net_add(struct request *request, int type, const void *data, size_t size)
{
	struct rtattr *at = (struct rtattr *)((char *)request + NLMSG_ALIGN(request->head.nlmsg_len));

	at->rta_type = (unsigned short)type;
	at->rta_len = (unsigned short)RTA_LENGTH(size);
	if (size)
		memcpy(RTA_DATA(at), data, size);
	request->head.nlmsg_len = (uint32_t)(NLMSG_ALIGN(request->head.nlmsg_len) + RTA_ALIGN(at->rta_len));
	return at;
}

static void net_close(struct request *request, struct rtattr *nest)
{
	nest->rta_len = (unsigned short)((char *)request + request->head.nlmsg_len - (char *)nest);
}

static void net_begin(struct request *request, int type, int flags, const void *fixed, size_t size)
{
	memset(request, 0, sizeof(*request));
	request->head.nlmsg_type = (uint16_t)type;
	request->head.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
	request->head.nlmsg_len = (uint32_t)NLMSG_LENGTH(size);
	memcpy(request->body, fixed, size);
}

static void net_send(int sock, struct request *request, const char *what)
{
	struct {
		struct nlmsghdr head;
		struct nlmsgerr error;
		char more[512];
	} answer;

	must(send(sock, request, request->head.nlmsg_len, 0), what);
	must(recv(sock, &answer, sizeof(answer), 0), what);
	errno = -answer.error.error;
	if (request->head.nlmsg_type == RTM_DELLINK && errno == ENODEV)
		return; /* it went with the pod's namespace, which the kernel takes down in its own time */
	must(answer.error.error, what);
}

static int net_open(void)
{
	return (int)must(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "netlink");
}

static void net_up(int sock, const char *name)
{
	struct ifinfomsg link = { .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
	struct request request;

	net_begin(&request, RTM_NEWLINK, 0, &link, sizeof(link));
	net_add(&request, IFLA_IFNAME, name, strlen(name) + 1);
	net_send(sock, &request, "set a link up");
}

static void net_address(int sock, unsigned index, const char *address, unsigned prefix)
{
	struct ifaddrmsg entry = { .ifa_family = AF_INET,
				   .ifa_prefixlen = (uint8_t)prefix,
				   .ifa_index = index };
	struct in_addr ip = { inet_addr(address) };
	struct request request;

	net_begin(&request, RTM_NEWADDR, NLM_F_CREATE, &entry, sizeof(entry));
	net_add(&request, IFA_LOCAL, &ip, sizeof(ip));
	net_add(&request, IFA_ADDRESS, &ip, sizeof(ip));
	net_send(sock, &request, "add an address");
}

/* Inside the pod: lo, and eth0 with its route or an address of the pod's own on lo. */
static void net_configure(int bridged)
{
	struct rtmsg route = { .rtm_family = AF_INET,
			       .rtm_table = RT_TABLE_MAIN,
			       .rtm_protocol = RTPROT_BOOT,
			       .rtm_scope = RT_SCOPE_UNIVERSE,
			       .rtm_type = RTN_UNICAST };
	struct in_addr gateway = { inet_addr("10.99.0.1") };
	struct request request;
	int sock = net_open();

	net_up(sock, "lo");
	if (!bridged) {
		net_address(sock, 1, "10.99.0.2", 32);
	} else {
		net_address(sock, if_nametoindex("eth0"), "10.99.0.2", 16);
		net_up(sock, "eth0");
		net_begin(&request, RTM_NEWROUTE, NLM_F_CREATE, &route, sizeof(route));
		net_add(&request, RTA_GATEWAY, &gateway, sizeof(gateway));
		net_send(sock, &request, "add the default route");
	}
	close(sock);
}

/* One message: both ends, one of them on the bridge and up, the other in the pod. */
static void net_add_veth(pid_t pod)
{
	struct ifinfomsg link = { .ifi_flags = IFF_UP, .ifi_change = IFF_UP }, other = { 0 };
	struct rtattr *info, *data, *peer;
	struct request request;
	uint32_t bridge = if_nametoindex(NET_BRIDGE), pid = (uint32_t)pod;
	int sock = net_open();

	net_begin(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &link, sizeof(link));
	net_add(&request, IFLA_IFNAME, NET_VETH, sizeof(NET_VETH));
	net_add(&request, IFLA_MASTER, &bridge, sizeof(bridge));
	info = net_add(&request, IFLA_LINKINFO, NULL, 0);
	net_add(&request, IFLA_INFO_KIND, "veth", 5);
	data = net_add(&request, IFLA_INFO_DATA, NULL, 0);
	peer = net_add(&request, VETH_INFO_PEER, &other, sizeof(other));
	net_add(&request, IFLA_IFNAME, "eth0", 5);
	net_add(&request, IFLA_NET_NS_PID, &pid, sizeof(pid));
	net_close(&request, peer);
	net_close(&request, data);
	net_close(&request, info);
	net_send(sock, &request, "add a veth pair");
	close(sock);
}

static void net_delete_veth(void)
{
	struct ifinfomsg link = { 0 };
	struct request request;
	int sock = net_open();

	net_begin(&request, RTM_DELLINK, 0, &link, sizeof(link));
	net_add(&request, IFLA_IFNAME, NET_VETH, sizeof(NET_VETH));
	net_send(sock, &request, "delete the veth pair");
	close(sock);
}
