/*
 * global: the options that stand before the command, and what all verbs share
 * because of them: the store, the log level, where output and narration go.
 */
#ifndef RUNPOD_CLI_GLOBAL_H
#define RUNPOD_CLI_GLOBAL_H

#include "cli/cli.h"

extern const struct opt global_options[];

/*
 * Reads the options before the command and puts them into effect; *ret_first is the index in argv of
 * the command's first word. Returns 0, OPT_HELP, GLOBAL_VERSION, or -errno.
 */
int global_parse(struct cli *cli, int argc, char *const *argv, int *ret_first, struct err *err);

#define GLOBAL_VERSION 2

#endif
