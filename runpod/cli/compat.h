/*
 * compat: what the users of podman, docker and kubectl meet here: docs/COMPAT.md.
 */
#ifndef RUNPOD_CLI_COMPAT_H
#define RUNPOD_CLI_COMPAT_H

#include "cli/cli.h"

/* A row: a verb, what the others call it, and how it differs from theirs. Without a verb: the title of what follows. */
struct compat {
	const struct verb *verb;
	const char *title;  /* of a section; NULL in a row */
	const char *podman; /* their words; "=": the same as here; NULL: they have none */
	const char *docker;
	const char *kubectl;
	const char *note; /* what differs, and why; NULL: nothing that we know of */
};

/* All of them in the order of the document; the last has neither verb nor title. compat_notes.c. */
extern const struct compat compat_rows[];

#endif
