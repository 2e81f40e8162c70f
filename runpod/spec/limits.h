/*
 * limits: sizes and shares as people write them, and the text that cgroup v2
 * takes for them (cgroups(7), and the kernel's admin-guide/cgroup-v2).
 *
 * Lesson 15 writes these files by hand.
 */
#ifndef RUNPOD_SPEC_LIMITS_H
#define RUNPOD_SPEC_LIMITS_H

#include <stdint.h>

#include "base/err.h"
#include "spec/pod_spec.h"

#define CPU_PERIOD 100000 /* microseconds; the kernel's default and everyone's */

/* Reads "64m" and the like for option ("memory"), which the error names. Result in bytes. */
int limits_parse_size(const char *option, const char *text, int64_t *ret_bytes, struct err *err);

/* The same, and "-1" for no limit: --memory-swap. */
int limits_parse_swap(const char *text, int64_t *ret_bytes, struct err *err);

/* Reads a number of CPUs ("1.5") as microseconds in each period of CPU_PERIOD; 0 is no limit. Less than
 * 0.01 CPU is refused, since the kernel takes no quota below 1000 microseconds. */
int limits_parse_cpus(const char *text, int64_t *ret_quota, struct err *err);

/* Whether text is a list of CPUs or memory nodes ("0-2,4"; cpuset(7), list format). option is for the error. */
int limits_check_cpuset(const char *option, const char *text, struct err *err);

/* What no host can do: swap without memory, a score beyond ±1000, … */
int limits_check(const struct limits *limits, struct err *err);

/* The line for cpu.max: "50000 100000". period 0 means CPU_PERIOD, quota 0 or less means "max". */
char *limits_cpu_max(int64_t quota, int64_t period);

/* cgroup v1's shares (2…262144, 1024 is normal) as cgroup v2's weight (1…10000, 100 is normal). */
int64_t limits_cpu_weight(int64_t shares);

/* Thousandths of a CPU, as a manifest writes them, in the kubelet's conversion. */
int64_t limits_milli_quota(int64_t millicores);	 /* microseconds in each CPU_PERIOD */
int64_t limits_milli_shares(int64_t millicores); /* cgroup v1's shares */

#endif
