/*
 * confirm: the question before something is removed that nobody named.
 */
#ifndef RUNPOD_CLI_CONFIRM_H
#define RUNPOD_CLI_CONFIRM_H

#include <stdbool.h>

/* Prints "WARNING! This will remove WHAT." and asks. Whether the answer read from stdin begins with y. */
bool confirm_removal(const char *what);

#endif
