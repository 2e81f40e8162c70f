/*
 * discard: what was asked for and cannot be: -p where the network is the host's or another container's,
 * -t where nobody types.
 */
#ifndef RUNPOD_CLI_DISCARD_H
#define RUNPOD_CLI_DISCARD_H

#include "cli/cli.h"
#include "spec/pod_spec.h"

/* Empties ports, with podman's warning, where a network of that mode cannot publish any. */
void discard_ports(const struct cli *cli, struct port_list *ports, const struct ns_choice *net);

/* Podman's warning for -it with a standard input that is no terminal. */
void discard_terminal(const struct cli *cli, bool tty, bool interactive);

#endif
