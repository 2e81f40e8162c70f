/*
 * refused: the commands of podman, docker and kubectl that are left out on purpose.
 */
#ifndef RUNPOD_CLI_REFUSED_H
#define RUNPOD_CLI_REFUSED_H

#include "cli/cli.h"

/* One that is left out. */
struct refusal {
	const char *words;   /* "image sign"; what stands below it is refused with it */
	const char *instead; /* what to do instead: "import takes …" */
};

/* All of them, sorted by their words; the last has words NULL. The table of docs/COMPAT.md is made from it. */
extern const struct refusal refusals[];

/* Says so, and what to do instead, when the n words begin with one of them. Returns 0, or -EINVAL with err set. */
int refused(const struct cli *cli, char *const *words, int n, struct err *err);

#endif
