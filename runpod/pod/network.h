/*
 * network: the networks a pod can have, as operations of its plan, each with
 * its undo. The pod's end is reached through infra's pidfd.
 *
 *	none          network_local
 *	bridge        network_lease → network_bridge_up → network_bridge_attach
 *	  undo        network_bridge_detach, then network_release (which also takes
 *	              the bridge and the nft table away after the last lease)
 *	pasta         network_lo_up → pasta_spawn (pasta.h); network_local without pasta
 *
 * The lease comes first: a bridge with a lease is never taken away. All return 0 or -errno
 * and can be repeated. run_dir is a descriptor of the run directory.
 */
#ifndef RUNPOD_POD_NETWORK_H
#define RUNPOD_POD_NETWORK_H

#include <stdbool.h>

#include "base/err.h"
#include "store/lease.h"

#define NETWORK_BRIDGE	   "runpod0"
#define NETWORK_SUBNET	   "10.88.0.0/16" /* the gateway is its first address, 10.88.0.1 */
#define NETWORK_LOCAL_IP   "10.0.2.100"	  /* what a pod without a way out has on lo beside 127.0.0.1 */
#define NETWORK_NOTE_MAX   256
#define NETWORK_IFNAME_MAX 16

/* Who is alive: asked before a lease is taken from a pod that may be gone. A pod being made is alive. */
struct network_alive {
	bool (*alive)(const char *pod_id, void *arg);
	void *arg;
};

/* Sets lo up in the network namespace of the process behind infra_pidfd. */
int network_lo_up(int infra_pidfd, struct err *err);

/* The same, and gives lo NETWORK_LOCAL_IP/32, so that a published port's peer is not 127.0.0.1. */
int network_local(int infra_pidfd, struct err *err);

/* Takes an address of NETWORK_SUBNET for the pod. Undo: network_release. */
int network_lease(int run_dir, const char *pod_id, const struct network_alive *who, char ret_ip[LEASE_IP_MAX],
		  struct err *err);

/* Gives the address back; with the last one gone the bridge and the nft table go too. */
int network_release(int run_dir, const char *pod_id, const char *ip, const struct network_alive *who,
		    struct err *err);

/* Makes the bridge with the gateway's address, forwarding and masquerading, unless they are there. What
 * is missing for the way out (no nft) is no error but told in ret_note (may be NULL; "" when all is well). */
int network_bridge_up(int run_dir, char ret_note[NETWORK_NOTE_MAX], struct err *err);

/* Makes the veth pair of the pod: its end on the bridge, eth0 in the pod with ip/16 and a default route.
 * On failure nothing of it is left. Undo: network_bridge_detach. */
int network_bridge_attach(int infra_pidfd, const char *pod_id, const char *ip, struct err *err);
int network_bridge_detach(const char *pod_id, struct err *err);

/* Drops leases of dead pods; takes bridge and nft table away when no lease and no port of it is left. */
int network_bridge_gc(int run_dir, const struct network_alive *who, struct err *err);

/* The name on the host of the pod's veth: "rp" and the first 11 characters of its id. */
void network_ifname(const char *pod_id, char ret_name[NETWORK_IFNAME_MAX]);

/* A netlink socket born in the network namespace of infra_pidfd (see link.h). Returns a descriptor or -errno. */
int network_pod_socket(int infra_pidfd, struct err *err);

/* A descriptor of the network namespace of infra_pidfd itself, as of /proc/PID/ns/net, or -errno. */
int network_pod_namespace(int infra_pidfd, struct err *err);

#endif
