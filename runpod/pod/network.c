/*
 * network: bridge, veth, addresses and routes of pods; network.h tells the order.
 *
 * Lives by network_namespaces(7): a pod's interfaces are set up by a netlink
 * socket born in the pod and used from here, and an interface in a namespace
 * ends with it: what a killed supervisor leaves is a lease, and that is
 * reclaimed. One lock, net/lock in the run directory, orders the makers and
 * removers of the bridge. Lesson 17.
 */
#include "pod/network.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/join.h"
#include "kern/link.h"
#include "kern/nat.h"
#include "kern/netlink.h"

#define POD_INTERFACE "eth0"

void network_ifname(const char *pod_id, char ret_name[NETWORK_IFNAME_MAX])
{
	snprintf(ret_name, NETWORK_IFNAME_MAX, "rp%.11s", pod_id);
}

static int open_netlink(void *arg)
{
	return netlink_open(arg);
}

static int open_namespace(void *arg)
{
	return io_open(AT_FDCWD, "/proc/self/ns/net", O_RDONLY, arg);
}

int network_pod_socket(int infra_pidfd, struct err *err)
{
	return join_call(infra_pidfd, CLONE_NEWNET, open_netlink, err, err);
}

int network_pod_namespace(int infra_pidfd, struct err *err)
{
	return join_call(infra_pidfd, CLONE_NEWNET, open_namespace, err, err);
}

/* The closed subnet of all bridged pods. */
static struct subnet bridge_subnet(void)
{
	struct subnet subnet = { 0 };

	subnet_parse(NETWORK_SUBNET, &subnet, NULL);
	return subnet;
}

/* A hardware address made of the IP address: when a lease passes on, what neighbours remember stays true.
 * The 02 says: given by an administrator, not by a manufacturer. */
static void hardware_address(uint32_t ip, uint8_t ret_mac[6])
{
	uint8_t mac[6] = { 0x02,       'r', (uint8_t)(ip >> 24), (uint8_t)(ip >> 16), (uint8_t)(ip >> 8),
			   (uint8_t)ip };

	memcpy(ret_mac, mac, sizeof(mac));
}

int network_lo_up(int infra_pidfd, struct err *err)
{
	cleanup_fd int pod = network_pod_socket(infra_pidfd, err);

	return pod < 0 ? pod : link_up(pod, "lo", err);
}

int network_local(int infra_pidfd, struct err *err)
{
	cleanup_fd int pod = network_pod_socket(infra_pidfd, err);
	uint32_t address = 0;
	int code;

	if (pod < 0)
		return pod;
	subnet_address(NETWORK_LOCAL_IP, &address, NULL);
	code = link_up(pod, "lo", err);
	return code ? code : link_add_address(pod, "lo", address, 32, err);
}

/* Takes the network's lock; closing the descriptor gives it back. See flock(2). */
static int lock_network(int run_dir, struct err *err)
{
	cleanup_fd int fd = -1;

	if (mkdirat(run_dir, "net", 0700) < 0 && errno != EEXIST)
		return err_set(err, errno, "make directory net in the run directory");
	fd = openat(run_dir, "net/lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(err, errno, "open net/lock in the run directory");
	while (flock(fd, LOCK_EX) < 0)
		if (errno != EINTR)
			return err_set(err, errno, "lock net/lock in the run directory");
	return take_fd(&fd);
}

int network_lease(int run_dir, const char *pod_id, const struct network_alive *who, char ret_ip[LEASE_IP_MAX],
		  struct err *err)
{
	struct subnet subnet = bridge_subnet();
	int code = lease_take(run_dir, &subnet, pod_id, ret_ip, err), left;
	cleanup_fd int lock = -1;

	if (code != -EADDRNOTAVAIL)
		return code;
	lock = lock_network(run_dir, err);
	if (lock < 0)
		return lock;
	left = lease_reclaim(run_dir, who->alive, who->arg, err);
	return left < 0 ? left : lease_take(run_dir, &subnet, pod_id, ret_ip, err);
}

int network_release(int run_dir, const char *pod_id, const char *ip, const struct network_alive *who,
		    struct err *err)
{
	int code = lease_release(run_dir, ip, pod_id, err);

	return code ? code : network_bridge_gc(run_dir, who, err);
}

/*
 * The rules come before the bridge and go before it: so a bridge that is there
 * says that they are there, and nft is run once, not for every pod.
 */
static int make_bridge(int host, const struct subnet *subnet, char *ret_note, struct err *err)
{
	int code = nat_forward(err);
	uint8_t mac[6];

	if (code)
		return code;
	code = nat_add(NETWORK_SUBNET, NETWORK_BRIDGE, err);
	if (code && ret_note) /* pods still reach each other and this host */
		snprintf(ret_note, NETWORK_NOTE_MAX, "pods have no way out: %.200s", err ? err->text : "");
	hardware_address(subnet_gateway(subnet), mac);
	return link_add_bridge(host, NETWORK_BRIDGE, mac, err);
}

int network_bridge_up(int run_dir, char ret_note[NETWORK_NOTE_MAX], struct err *err)
{
	cleanup_fd int lock = lock_network(run_dir, err), host = -1;
	struct subnet subnet = bridge_subnet();
	int code;

	if (lock < 0)
		return lock;
	if (ret_note)
		ret_note[0] = '\0';
	host = netlink_open(err);
	if (host < 0)
		return host;
	code = link_index(host, NETWORK_BRIDGE, err);
	if (code == -ENODEV)
		code = make_bridge(host, &subnet, ret_note, err);
	if (code < 0)
		return code;
	return link_add_address(host, NETWORK_BRIDGE, subnet_gateway(&subnet), subnet.prefix, err);
}

/* Makes the pair; one of that name that was left by an earlier try is replaced. */
static int make_veth(int host, const char *name, uint32_t address, int infra_pidfd, struct err *err)
{
	cleanup_fd int namespace = network_pod_namespace(infra_pidfd, err);
	uint8_t mac[6];
	int code;

	if (namespace < 0)
		return namespace;
	hardware_address(address, mac);
	code = link_add_veth(host, name, NETWORK_BRIDGE, POD_INTERFACE, mac, namespace, err);
	if (code != -EEXIST)
		return code;
	code = link_delete(host, name, err);
	return code ? code : link_add_veth(host, name, NETWORK_BRIDGE, POD_INTERFACE, mac, namespace, err);
}

/* The pod's side, by a socket that was born there. */
static int configure_pod(int pod, uint32_t address, const struct subnet *subnet, struct err *err)
{
	int code = link_up(pod, "lo", err);

	if (!code)
		code = link_add_address(pod, POD_INTERFACE, address, subnet->prefix, err);
	if (!code)
		code = link_up(pod, POD_INTERFACE, err);
	if (!code)
		code = link_add_default_route(pod, subnet_gateway(subnet), err);
	return code;
}

int network_bridge_attach(int infra_pidfd, const char *pod_id, const char *ip, struct err *err)
{
	cleanup_fd int host = netlink_open(err), pod = -1;
	struct subnet subnet = bridge_subnet();
	char name[NETWORK_IFNAME_MAX];
	uint32_t address;
	int code;

	if (host < 0)
		return host;
	code = subnet_address(ip, &address, err);
	if (code)
		return code;
	network_ifname(pod_id, name);
	pod = network_pod_socket(infra_pidfd, err);
	if (pod < 0)
		return pod;
	/* DOC: veth-and-bridge */
	code = make_veth(host, name, address, infra_pidfd, err);
	if (code)
		return code;
	code = configure_pod(pod, address, &subnet, err);
	if (code)
		link_delete(host, name, NULL);
	return code;
}

int network_bridge_detach(const char *pod_id, struct err *err)
{
	cleanup_fd int host = netlink_open(err);
	char name[NETWORK_IFNAME_MAX];

	network_ifname(pod_id, name);
	return host < 0 ? host : link_delete(host, name, err);
}

int network_bridge_gc(int run_dir, const struct network_alive *who, struct err *err)
{
	cleanup_fd int lock = lock_network(run_dir, err), host = -1;
	int left, code;

	if (lock < 0)
		return lock;
	left = lease_reclaim(run_dir, who->alive, who->arg, err);
	if (left)
		return left < 0 ? left : 0;
	host = netlink_open(err);
	if (host < 0)
		return host;
	/* Ports without a lease belong to pods under another run directory. */
	left = link_count_ports(host, NETWORK_BRIDGE, err);
	if (left)
		return left < 0 ? left : 0;
	if (link_index(host, NETWORK_BRIDGE, NULL) == -ENODEV)
		return 0;
	code = nat_remove(err);
	return code ? code : link_delete(host, NETWORK_BRIDGE, err);
}
