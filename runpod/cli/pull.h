/*
 * pull: fetching an image for another verb, with what a terminal shows meanwhile.
 */
#ifndef RUNPOD_CLI_PULL_H
#define RUNPOD_CLI_PULL_H

#include "cli/cli.h"
#include "store/image.h"

/* image_pull() with progress on a terminal, unless quiet. policy NULL: missing; tls_verify -1: not asked for; ret_image may be NULL. */
int pull_image(struct cli *cli, const char *name, const char *policy, int tls_verify, bool quiet,
	       struct image *ret_image, struct err *err);

#endif
