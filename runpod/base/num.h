/*
 * num: text to numbers, strictly, and the two clocks.
 *
 * strtol(3) accepts leading blanks, signs and trailing junk; a port or a user
 * id must not. These accept digits only and say when a number is too large.
 */
#ifndef RUNPOD_BASE_NUM_H
#define RUNPOD_BASE_NUM_H

#include <stdint.h>

/* Reads all of text as a decimal number from 0 to max. Returns 0, -EINVAL for
 * what is no number, -ERANGE for one above max. */
int num_u64(const char *text, uint64_t max, uint64_t *ret_number);

/* The same with an optional '-' in front, between min and max. */
int num_i64(const char *text, int64_t min, int64_t max, int64_t *ret_number);

/* Reads a size: digits and optionally one of b k m g t (1024-based, as docker
 * and podman read --memory 64m). Result in bytes. Returns 0, -EINVAL or -ERANGE. */
int num_size(const char *text, int64_t *ret_bytes);

/* The same with k of 1000, as they read --log-opt max-size=10m. */
int num_size_decimal(const char *text, int64_t *ret_bytes);

/* Reads a length of time: "10", "1.5s", "2m30s", "1h" (as Go's durations; a bare number means
 * seconds). Result in nanoseconds. Returns 0, -EINVAL or -ERANGE. */
int num_duration(const char *text, int64_t *ret_nanoseconds);

/* Nanoseconds since 1970 (CLOCK_REALTIME) and since boot (CLOCK_BOOTTIME). */
int64_t clock_wall(void);
int64_t clock_boot(void);

#endif
