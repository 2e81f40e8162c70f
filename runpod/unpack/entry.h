/*
 * entry: writes one entry of an archive beneath a directory, or refuses it.
 */
#ifndef RUNPOD_UNPACK_ENTRY_H
#define RUNPOD_UNPACK_ENTRY_H

#include <archive.h>
#include <archive_entry.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "unpack/dirs.h"

struct unpack {
	struct archive *archive; /* positioned behind the header of the entry */
	int root;		 /* the directory that nothing may leave */
	bool privileged;	 /* may give files to any owner */
	const char *
		layer; /* NULL: a whole root; "user" or "trusted": a layer, and who marks opaque directories */
	struct strv opaque;  /* clean names of directories that the caller must mark ("trusted") */
	uint64_t bytes_left; /* how much more the archive may write */
	uint64_t bytes;	     /* written so far */
	struct dirs dirs;    /* directories whose mode and time are set at the end */
};

/* Writes the entry. -errno with "PATH: why" for the first thing that is wrong; then the caller must stop. */
int entry_write(struct unpack *unpack, struct archive_entry *entry, struct err *err);

#endif
