/*
 * act: one action on all that were chosen, and who it was on stdout.
 */
#ifndef RUNPOD_CLI_ACT_H
#define RUNPOD_CLI_ACT_H

#include "cli/choose.h"
#include "pod/actions.h"

/* One after the other: where the order matters, as in starting. Prints who it was, notes errors with cli_fail. */
void act_in_turn(struct cli *cli, const struct chosen *chosen, const struct action *action);

/* All at once: each pod has a supervisor of its own, and what takes one of them ten seconds takes all
 * of them ten seconds. */
void act_together(struct cli *cli, const struct chosen *chosen, const struct action *action);

/* The same without a word: before a removal, which will say what is wrong. */
void act_quietly(struct cli *cli, const struct chosen *chosen, const struct action *action);

#endif
