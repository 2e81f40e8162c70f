/*
 * nat: lets the pods of a bridge talk to the world: forwarding, and
 * masquerading by nft(8), which is run when installed and done without when not.
 *
 * Kernel rule: a packet that arrives for someone else is dropped unless
 * net.ipv4.ip_forward is 1 (see ip(7)), and an answer finds back only to an
 * address that the outside knows: so the source is rewritten on the way out
 * (see nft(8), masquerade). Lesson 17.
 */
#ifndef RUNPOD_KERN_NAT_H
#define RUNPOD_KERN_NAT_H

#include "base/err.h"

/* Where nft is installed: a path, or NULL. For `info` as well. */
const char *nat_tool(void);

/* Writes net.ipv4.ip_forward = 1 for the caller's network namespace. Returns 0 or -errno. */
int nat_forward(struct err *err);

/* Makes (or makes anew) the table "ip runpod": what comes from subnet ("10.88.0.0/16") and leaves by another
 * interface than bridge gets that interface's address. Returns 0 or -errno; -ENOENT without nft. */
int nat_add(const char *subnet, const char *bridge, struct err *err);

/* Removes that table. Returns 0 also when there is none or no nft; or -errno. */
int nat_remove(struct err *err);

#endif
