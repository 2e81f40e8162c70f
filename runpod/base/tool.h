/*
 * tool: other programs that are used when they are installed (nft, pasta).
 */
#ifndef RUNPOD_BASE_TOOL_H
#define RUNPOD_BASE_TOOL_H

#include <stddef.h>

#include "base/err.h"

/* Looks for an executable file of that name in $PATH, then in the directories of the system's own tools,
 * which an ordinary user's PATH often lacks. Returns ret_path (size bytes) or NULL. */
const char *tool_find(const char *name, char *ret_path, size_t size);

/* Runs argv[0] (a path) with input as its standard input and waits for it. Returns 0 when it ended with 0;
 * else -errno, with the last line that it wrote to standard error in the error. */
int tool_run(char *const argv[], const char *input, struct err *err);

#endif
