/*
 * usage_text: counters for people, in the units that docker and podman print.
 * What is not known is "--".
 */
#ifndef RUNPOD_CLI_USAGE_TEXT_H
#define RUNPOD_CLI_USAGE_TEXT_H

#include <stdint.h>

/* Bytes by thousands: 0B, 64MB, 1.234MB. Owned by the caller. */
char *usage_size(int64_t bytes);

/* Bytes by 1024: 1.5KiB. */
char *usage_size_iec(int64_t bytes);

/* "1.2MB / 3.4GB", "-- / --" when either is unknown. size: one of the two above. */
char *usage_pair(int64_t a, int64_t b, char *(*size)(int64_t bytes));

/* part of whole in percent: "12.34%"; "--" when either is unknown or whole is 0. */
char *usage_percent(int64_t part, int64_t whole);

/* A count. */
char *usage_count(int64_t n);

/* Nanoseconds as Go prints a duration: 0s, 1.5ms, 2m3.25s, 1h0m0s. */
char *usage_duration(int64_t nanoseconds);

#endif
