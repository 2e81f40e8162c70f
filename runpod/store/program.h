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
	int said; /* a memory file that gets its standard error, and its output too unless that goes elsewhere */
};

/* Starts argv[0] (a path) with input as standard input; its standard output goes to output, or with -1 to where its
 * standard error goes. It is killed when this process ends. 126 is its status when it could not be executed. */
int program_start(char *const argv[], int input, int output, struct program *ret_program, struct err *err);

/* Waits for it, adds what it said (no more than 1 MiB) and closes the memory file. Returns
 * its exit status, 128 + N when signal N ended it, or -errno. */
int program_wait(struct program *program, struct buf *ret_said, struct err *err);

#endif
