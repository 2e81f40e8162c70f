/*
 * portowner: who has a port? For the error that says it is taken.
 */
#ifndef RUNPOD_POD_PORTOWNER_H
#define RUNPOD_POD_PORTOWNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Finds a process that holds a TCP listener (or UDP socket) on that port in the caller's network namespace
 * and writes "nginx, pid 4711" to ret_text (size bytes). Best effort: 0, or -ENOENT when /proc does not tell
 * (another user's process, another pid namespace). */
int portowner_find(bool udp, uint16_t port, char *ret_text, size_t size);

#endif
