/*
 * join: the trick of the whole course, entering someone's namespaces, in two
 * forms: for good, and for the length of one function.
 *
 * Kernel rule: setns(2) moves the calling thread, and nothing moves it back
 * unless it kept a descriptor and the privilege to use it. But a socket stays
 * for ever in the network namespace it was born in (see network_namespaces(7)),
 * so it is enough to send a short-lived child there and keep what it opened.
 * Lessons 03, 05 and 17.
 */
#ifndef RUNPOD_KERN_JOIN_H
#define RUNPOD_KERN_JOIN_H

#include "base/err.h"

/*
 * Moves the caller into those namespaces of fd that flags (CLONE_NEW…) name. fd is a
 * pidfd, or a descriptor of one /proc/PID/ns file. purpose is for --explain ("web joins
 * infra's network"). Joining CLONE_NEWPID moves only children born later; joining
 * CLONE_NEWUSER needs a process of one thread. Returns 0 or -errno; see setns(2).
 */
int join_self(int fd, int flags, const char *purpose, struct err *err);

/*
 * Runs fn(arg) inside the namespaces flags of fd and comes back; the caller never moves.
 * The child shares the caller's memory and descriptor table (CLONE_VM, CLONE_FILES), so
 * what fn stores or opens is the caller's; the caller stands still meanwhile (CLONE_VFORK).
 * fn must not exit, and must not wait for the caller. flags must not hold CLONE_NEWUSER:
 * gaining capabilities changes the dumpable flag of the shared memory (see prctl(2)).
 * Returns what fn returned (0, a useful number, or -errno, with err set by fn through
 * arg), or -errno when the join itself failed.
 */
int join_call(int fd, int flags, int (*fn)(void *arg), void *arg, struct err *err);

#endif
