/*
 * seccomp: which system calls a container may make.
 *
 * A filter is a program of the old Berkeley packet filter that the kernel runs
 * before each system call, over its number and arguments (not what they point
 * at). It stays for good and is inherited. See seccomp(2). Lesson 18.
 *
 * seccomp_rules.c holds the rules, seccomp_build.c turns them into a program
 * with libseccomp. That takes milliseconds, so the programs of the usual
 * capability sets are made while building (seccomp_gen.c) and compiled in.
 */
#ifndef RUNPOD_KERN_SECCOMP_H
#define RUNPOD_KERN_SECCOMP_H

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* A filter program. */
struct seccomp_bpf {
	const struct sock_filter *code; /* its instructions */
	unsigned short count;		/* how many */
	void *owned;			/* heap memory behind code; NULL when compiled in */
};

/*
 * The program for a container with these capabilities (a mask, bit N for number
 * N): mount(2) is let through to one that has CAP_SYS_ADMIN, and so on. Compiled
 * in for the baseline set and the empty one, and for all that differ from them
 * in nothing that the rules ask for; else made by libseccomp: call it before the
 * clone.
 * Returns 0 or -errno.
 */
int seccomp_program(uint64_t capabilities, struct seccomp_bpf *ret_program, struct err *err);

/* Frees what seccomp_program or seccomp_build made. */
void seccomp_free(struct seccomp_bpf *program);

/*
 * Puts the calling process under the program, for good. Needs no_new_privs, or
 * CAP_SYS_ADMIN: without the first, call it before the capabilities go (the rules
 * let setuid(2), capset(2) and execve(2) through). Returns 0 or -errno.
 */
int seccomp_install(const struct seccomp_bpf *program, struct err *err);

/* Calls, and who may make them. */
struct seccomp_rule {
	const char *calls; /* names, separated by blanks */
	uint64_t needs;	   /* one of these capabilities opens them; 0: open to all */
	int otherwise;	   /* errno for the others */
};

/* No container has capability 63: for calls that none may make. */
#define SECCOMP_NOBODY (UINT64_C(1) << 63)

/* An argument, as the kernel reads it: the low 32 bits of what the register holds. */
struct seccomp_compare {
	unsigned index;	      /* which argument, from 0 */
	uint32_t mask, value; /* holds when (argument & mask) == value; mask 0: always */
};

/* A look at a call's arguments. Of the checks of one call the first that holds decides. */
struct seccomp_check {
	const char *call;		/* its name */
	struct seccomp_compare when[2]; /* both must hold */
	int refuse;			/* errno; 0: no objection, the rules decide */
	uint64_t unless;		/* not for containers with one of these capabilities */
};

/* What is in neither list does not exist (ENOSYS). Each ends with a NULL name; the checks of a
 * call stand together. */
extern const struct seccomp_rule seccomp_rules[];
extern const struct seccomp_check seccomp_checks[];

/* Makes the program with libseccomp. Returns 0 or -errno. */
int seccomp_build(uint64_t capabilities, struct seccomp_bpf *ret_program, struct err *err);

#endif
