/*
 * json_file: a structure with a shape (see fields.h) kept as one JSON file.
 */
#ifndef RUNPOD_STORE_JSON_FILE_H
#define RUNPOD_STORE_JSON_FILE_H

#include "spec/fields.h"

/* Fills the zeroed structure from the file path under dir. -ENOENT when it is not there, -EINVAL "… is
 * damaged" when it does not parse. */
int json_file_read(int dir, const char *path, const struct shape *shape, void *structure, struct err *err);

/* Puts the structure in place of path in one step, mode 0600; a reader sees the old or the new file. */
int json_file_write(int dir, const char *path, const struct shape *shape, const void *structure,
		    struct err *err);

#endif
