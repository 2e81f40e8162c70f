/*
 * discard: -p means nothing where the network is the host's or another container's.
 */
#ifndef RUNPOD_CLI_DISCARD_H
#define RUNPOD_CLI_DISCARD_H

#include "cli/cli.h"
#include "spec/pod_spec.h"

/* Empties ports, with podman's warning, where a network of that mode cannot publish any. */
void discard_ports(const struct cli *cli, struct port_list *ports, const struct ns_choice *net);

#endif
