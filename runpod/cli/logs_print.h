/*
 * logs_print: the lines of one or several containers, as logs and pod logs print them.
 */
#ifndef RUNPOD_CLI_LOGS_PRINT_H
#define RUNPOD_CLI_LOGS_PRINT_H

#include "cli/choose.h"

struct logs_flags {
	bool follow, latest, names, timestamps, color;
	char *since, *until, *container;
	int64_t tail;
};

/* Prints the logs of the chosen containers. several: each line begins with the container's short id. */
int logs_print(struct cli *cli, const struct logs_flags *flags, const struct chosen *chosen, bool several,
	       struct err *err);

#endif
