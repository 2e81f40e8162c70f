/*
 * program: runs another program and keeps what it says.
 */
#ifndef RUNPOD_STORE_PROGRAM_H
#define RUNPOD_STORE_PROGRAM_H

#include <sys/types.h>

#include "base/err.h"
#include "base/text.h"

struct program {
	pid_t pid;
	int output; /* a memory file that gets its standard output and error */
};

/* Starts argv[0] (a path) with that descriptor as standard input. */
int program_start(char *const argv[], int input, struct program *ret_program, struct err *err);

/* Waits for it, adds what it wrote (no more than 1 MiB) and closes the memory file. Returns
 * its exit status, 128 + N when signal N ended it, or -errno. */
int program_wait(struct program *program, struct buf *ret_output, struct err *err);

#endif
