/*
 * self: runs this program again so that nobody can write to it.
 *
 * Rule: whoever may look at /proc/PID/exe of a process of ours (root in a
 * container joins our helpers' pid namespace) can open the file behind it for
 * writing as soon as nobody executes it: so a container once replaced the runc
 * of its host (CVE-2019-5736). We execute ourselves through a private,
 * read-only mount of our own file; a write through that mount is EROFS for ever,
 * and the file's pages are still shared by all pods. See open_tree(2),
 * mount_setattr(2), execveat(2).
 */
#ifndef RUNPOD_KERN_SELF_H
#define RUNPOD_KERN_SELF_H

#include <stddef.h>

#include "base/err.h"

/* Replaces the caller by /proc/self/exe with argv and env. Needs CAP_SYS_ADMIN over the mount namespace. Returns only
 * on failure, -errno. */
int self_exec_protected(char *const argv[], char *const env[], struct err *err);

/* A sealed memory file (memfd_create(2), F_ADD_SEALS) holding bytes, to be executed by descriptor: a program that
 * needs no path. Returns the descriptor or -errno. */
int self_sealed_file(const char *name, const void *bytes, size_t len, struct err *err);

#endif
