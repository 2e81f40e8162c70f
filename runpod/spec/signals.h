/*
 * signals: names and numbers (see signal(7)).
 */
#ifndef RUNPOD_SPEC_SIGNALS_H
#define RUNPOD_SPEC_SIGNALS_H

#include "base/err.h"

/* Reads TERM, SIGTERM, sigterm, 15, SIGRTMIN+3 or RTMAX-1; a dash in front is passed over, as in kill -15.
 * Returns 1…64, or -EINVAL with `invalid signal: X` or `valid signals are 1 through 64`. */
int signal_parse(const char *text, struct err *err);

#define SIGNAL_NAME_SIZE 16

/* "SIGTERM", "SIGRTMIN+3"; a number for what has no name. Written to name, which is returned. */
const char *signal_name(int number, char name[SIGNAL_NAME_SIZE]);

#endif
