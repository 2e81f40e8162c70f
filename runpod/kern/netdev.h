/*
 * netdev: how many bytes went in and out of a network namespace.
 *
 * Rule: /proc/PID/net shows the network namespace of process PID, whoever reads
 * it (proc_pid_net(5)): the counters of a pod can be read from outside, without
 * joining it. Lesson 17.
 */
#ifndef RUNPOD_KERN_NETDEV_H
#define RUNPOD_KERN_NETDEV_H

#include <stdint.h>
#include <sys/types.h>

/* Adds up the bytes received and sent by all interfaces but lo in the text of a /proc/PID/net/dev. */
void netdev_sum(const char *text, int64_t *ret_in, int64_t *ret_out);

/* The same for the network namespace of process pid. Returns 0 or -errno. */
int netdev_read(pid_t pid, int64_t *ret_in, int64_t *ret_out);

#endif
