/*
 * pidfd: processes held by descriptor, and the proof that a PID in a record is
 * still the process it was.
 *
 * Rule: the kernel gives a PID to someone else as soon as it is free. A PID and
 * its start time (field 22 of /proc/PID/stat, proc(5)) are never given out
 * twice; once a pidfd is open, nothing can be mistaken any more (pidfd_open(2)).
 * Lesson 19.
 */
#ifndef RUNPOD_KERN_PIDFD_H
#define RUNPOD_KERN_PIDFD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/* The start time of a process in clock ticks since boot. Returns 0, or -ESRCH when there is none (or a zombie
 * is all that is left of it). */
int pidfd_start_ticks(pid_t pid, int64_t *ret_ticks);

/* Opens a pidfd for the process that has this PID and this start time. -ESRCH when it has gone. */
int pidfd_open_exact(pid_t pid, int64_t ticks);

/* Sends a signal. Returns 0 or -errno; -ESRCH when it has gone. */
int pidfd_kill(int pidfd, int signal);

/* Waits at most timeout_ms for the process to end. Returns 1 when it has, 0 when not, or -errno. */
int pidfd_wait(int pidfd, int timeout_ms);

/*
 * How an ended process ended, as a shell counts: its exit status, or 128 + N for
 * signal N. Reaps it when it is our child (waitid(2)); of another's child the
 * kernel tells since Linux 6.15 (PIDFD_GET_INFO). Returns 0, or -ESRCH where
 * nobody can know any more.
 */
int pidfd_exit_code(int pidfd, int *ret_code);

#endif
