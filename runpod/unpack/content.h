/*
 * content: copies what is in a file of the archive.
 */
#ifndef RUNPOD_UNPACK_CONTENT_H
#define RUNPOD_UNPACK_CONTENT_H

#include "unpack/entry.h"

/* Copies the entry's content to the new file fd, and takes it off what the archive may write. Holes count
 * as bytes, for whoever copies the file may fill them. Returns 0 or -errno. */
int content_write(struct unpack *unpack, int fd, struct archive_entry *entry, struct err *err);

#endif
