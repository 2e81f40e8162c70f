/*
 * when: times for people, in docker's and podman's words.
 */
#ifndef RUNPOD_CLI_WHEN_H
#define RUNPOD_CLI_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

/* "Less than a second", "5 seconds", "About a minute", "3 weeks". Owned by the caller. */
char *when_length(int64_t nanoseconds);

/* The same with " ago", from when until now. */
char *when_ago(int64_t when);

/* RFC 3339 with nanoseconds, as JSON shows a time: 2006-01-02T15:04:05.999999999Z; 0 is year 1 as Go's zero. */
char *when_rfc3339(int64_t when);

/* As Go prints a time: 2006-01-02 15:04:05.999999999 +0000 UTC */
char *when_go(int64_t when);

/*
 * Reads the value of --since or --until (option: for the error text): RFC 3339, a date, seconds since 1970, or a length of time
 * before now (ahead: behind now). *ret_when: nanoseconds since 1970, 0 for text NULL. Returns 0 or -EINVAL.
 */
int when_parse(const char *text, const char *option, bool ahead, int64_t *ret_when, struct err *err);

/* Bytes for people: 1.234 MB. */
char *size_text(int64_t bytes);

#endif
