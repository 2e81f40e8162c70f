/*
 * logs_print: the lines of one or several containers, as logs and pod logs print them.
 */
#ifndef RUNPOD_CLI_LOGS_PRINT_H
#define RUNPOD_CLI_LOGS_PRINT_H

#include "cli/choose.h"

struct logs_flags {
	bool follow, latest, names, timestamps, color;
	bool previous, all_containers, prefix; /* kubectl's: kube_logs.c */
	char *since, *until, *container;
	int64_t tail;
	int64_t from, to; /* only this stretch (nanoseconds since 1970; 0: no bound) */
};

/* Prints the logs of the chosen containers. several: each line begins with the container's short id. */
int logs_print(struct cli *cli, const struct logs_flags *flags, const struct chosen *chosen, bool several,
	       struct err *err);

#endif
