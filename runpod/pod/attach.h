/*
 * attach: the loop of a command that shows a program's output and passes its
 * user's keys on: run, start -a, attach, exec.
 */
#ifndef RUNPOD_POD_ATTACH_H
#define RUNPOD_POD_ATTACH_H

#include "pod/actions.h"

/* Streams over sock (attached already) until the program ends or the user detaches. *ret_exit: its exit code, or
 * EXIT_UNKNOWN when the supervisor was killed. Returns 0 or -errno. */
int attach_stream(int sock, const struct attach_options *options, int *ret_exit, bool *ret_detached,
		  struct err *err);

#endif
