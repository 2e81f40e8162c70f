/*
 * lease: which pod has which address. A lease is a symbolic link in the run
 * directory, net/10.88.0.7 -> ID of the pod.
 *
 * Kernel rule: symlink(2) makes name and content in one step and fails with
 * EEXIST when the name is there, so two creators can never hold one address,
 * and no reader ever sees a lease without an owner. Nothing reads through the
 * link; it leads nowhere. Lesson 17.
 */
#ifndef RUNPOD_STORE_LEASE_H
#define RUNPOD_STORE_LEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define LEASE_IP_MAX 16	 /* "255.255.255.255" and its NUL */
#define LEASE_ID_MAX 129 /* the longest id a lease can hold, and its NUL */

struct subnet {
	uint32_t base;	 /* the network's own address, host byte order */
	unsigned prefix; /* how many of its bits are fixed: 8 to 30 */
};

/* Reads "10.88.0.0/16". Returns 0 or -EINVAL. */
int subnet_parse(const char *text, struct subnet *ret_subnet, struct err *err);

/* The first usable address: the gateway. Leases begin with the one after it. */
uint32_t subnet_gateway(const struct subnet *subnet);

/* An address as text, and back (-EINVAL). */
void subnet_text(uint32_t address, char ret_ip[LEASE_IP_MAX]);
int subnet_address(const char *ip, uint32_t *ret_address, struct err *err);

/* Takes the lowest free address for pod_id (the one it has, if it has one already). run_dir is the run
 * directory; net/ is made below it. Returns 0, or -EADDRNOTAVAIL when all are taken, or -errno. */
int lease_take(int run_dir, const struct subnet *subnet, const char *pod_id, char ret_ip[LEASE_IP_MAX],
	       struct err *err);

/* Gives the address back, if pod_id is the one who has it. Returns 0 also when it has gone. */
int lease_release(int run_dir, const char *ip, const char *pod_id, struct err *err);

/* Removes the leases whose pod is not alive(id, arg). Only one caller at a time (hold a lock), for a lease
 * is read and then removed. A pod being made must count as alive. Returns how many are left, or -errno. */
int lease_reclaim(int run_dir, bool (*alive)(const char *pod_id, void *arg), void *arg, struct err *err);

/* Calls visit for each lease until it returns non-zero; returns that, 0 at the end, or -errno. */
int lease_each(int run_dir, int (*visit)(const char *ip, const char *pod_id, void *arg), void *arg,
	       struct err *err);

#endif
