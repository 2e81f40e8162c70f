/*
 * unpack_pump: moves an archive from a file to runpod-unpack, by way of a second
 * one that decompresses it when it is compressed. For store/unpack.c.
 */
#ifndef RUNPOD_STORE_UNPACK_PUMP_H
#define RUNPOD_STORE_UNPACK_PUMP_H

#include "store/unpack.h"

struct pump {
	int archive;		   /* read from here */
	int press;		   /* a socket to and from whoever decompresses; -1: nobody need */
	int unpack;		   /* a socket to whoever unpacks */
	struct progress *progress; /* or NULL */
	char *chunk;		   /* the bytes read last */
	size_t at, n;		   /* those that are still to be sent on */
	bool hash;		   /* somebody wants to know */
	bool refused;		   /* whoever unpacks takes no more */
	struct sha256 blob, diff;  /* of what was read, of what was unpacked */
};

/* Reads the first bytes: *ret_compressed tells whether there is something to decompress. Returns 0 or -errno. */
int pump_open(struct pump *pump, int archive, bool hash, struct progress *progress, bool *ret_compressed,
	      struct err *err);

/* Moves everything. -EPIPE when one of the two programs has ended before. */
int pump_run(struct pump *pump, struct err *err);

void pump_close(struct pump *pump);

#endif
