/*
 * idnames: what the user and group numbers of a process are called, in the
 * container and on the host.
 *
 * Rule: a number that /proc shows belongs to the reader's user namespace; the
 * container sees another one when it has its own. /proc/PID/uid_map gives both
 * sides (user_namespaces(7)). Names stand in /etc/passwd and /etc/group of
 * whichever root one looks in. Lesson 02.
 */
#ifndef RUNPOD_POD_IDNAMES_H
#define RUNPOD_POD_IDNAMES_H

#include <stdint.h>
#include <sys/types.h>

#include "base/text.h"

enum id_kind { ID_USER, ID_GROUP };

struct idnames {
	struct buf map[2];   /* uid_map and gid_map; empty: our own numbers */
	struct buf names[2]; /* passwd and group */
};

/* Reads the files of the container whose process pid is (0: the host's own). What cannot be read holds no names. */
void idnames_read(pid_t pid, struct idnames *ret_names);
void idnames_free(struct idnames *names);

/* Our number as that user namespace numbers it; -1 when it has none. */
int64_t idnames_inside(const struct idnames *names, enum id_kind kind, int64_t id);

/* The name of our number there, or the number in decimal; "?" when it has none. Owned by the caller. */
char *idnames_name(const struct idnames *names, enum id_kind kind, int64_t id);

#endif
