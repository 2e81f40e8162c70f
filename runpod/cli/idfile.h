/*
 * idfile: --cidfile and --pod-id-file, written by the verbs that make something.
 */
#ifndef RUNPOD_CLI_IDFILE_H
#define RUNPOD_CLI_IDFILE_H

#include "base/err.h"

/* Creates the file, which must not be there: it would be somebody else's id. path NULL: does nothing and
 * returns -1 in *ret_fd. what: "container" or "pod". Returns 0 or -errno. */
int idfile_make(const char *path, const char *what, int *ret_fd, struct err *err);

/* Writes the id (none for fd -1). */
int idfile_write(int fd, const char *path, const char *id, struct err *err);

/* The id that stands in the file; owned by the caller. */
int idfile_read(const char *path, const char *what, char **ret_id, struct err *err);

#endif
