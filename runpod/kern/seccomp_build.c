/*
 * seccomp_build: from the rules to a filter program. The one user of libseccomp,
 * which knows the numbers of the calls.
 *
 * The program has two parts, one behind the other. The first looks at arguments:
 * refuse now, or go on. The second checks that the call was made as this
 * architecture's own (no i386 by int 0x80) and finds its number among the ranges of
 * numbers that are treated alike, halving them at each step; x32's numbers lie beyond
 * all ranges. Installing a filter costs by its length, so a range is worth more than its
 * numbers one by one. Neither part holds anything against the plain calls that programs
 * live on, and the kernel notices: since Linux 5.11 it tries each number once when a
 * filter is installed, and afterwards lets those through without running the filter. See
 * seccomp(2). Lesson 18.
 */
#include "kern/seccomp.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

#define PROGRAM_MAX   BPF_MAXINSNS /* instructions: the kernel's limit */
#define NUMBERS	      1024	   /* system calls are numbered below this */
#define FARTHEST_JUMP 255	   /* instructions that a comparison can skip */

#ifdef __x86_64__
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#else
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#endif

/* The numbers from this one up to the next range are treated alike. */
struct range {
	unsigned from;
	uint32_t verdict; /* SECCOMP_RET_… */
};

static void add(struct buf *program, uint16_t code, uint32_t k, uint8_t jump_true, uint8_t jump_false)
{
	struct sock_filter instruction = { .code = code, .jt = jump_true, .jf = jump_false, .k = k };

	buf_add(program, &instruction, sizeof(instruction));
}

/* The next instruction to be added, counted from 0. */
static unsigned here(const struct buf *program)
{
	return (unsigned)(program->len / sizeof(struct sock_filter));
}

static struct sock_filter *at(struct buf *program, unsigned index)
{
	return (struct sock_filter *)program->data + index;
}

static void load(struct buf *program, size_t offset)
{
	add(program, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

/* One check: its comparisons, each jumping behind the whole when it fails, then what is done. */
static void add_check(struct buf *program, const struct seccomp_check *check)
{
	unsigned tests[2], count = 0;

	for (size_t i = 0; i < 2 && check->when[i].mask; i++) {
		const struct seccomp_compare *compare = &check->when[i];

		/* the low half of the argument; both our architectures are little-endian */
		load(program, offsetof(struct seccomp_data, args) + compare->index * sizeof(uint64_t));
		if (compare->mask != 0xffffffff)
			add(program, BPF_ALU | BPF_AND | BPF_K, compare->mask, 0, 0);
		tests[count++] = here(program);
		add(program, BPF_JMP | BPF_JEQ | BPF_K, compare->value, 0, 0);
	}
	if (check->refuse)
		add(program, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)check->refuse, 0, 0);
	else
		add(program, BPF_JMP | BPF_JA, 0, 0, 0); /* on to the rules */
	for (unsigned i = 0; i < count; i++)
		at(program, tests[i])->jf = (uint8_t)(here(program) - tests[i] - 1);
}

/* The first part. Where nothing objects it ends at its last instruction, and the rules follow. */
static void add_checks(struct buf *program, uint64_t capabilities)
{
	const struct seccomp_check *check = seccomp_checks;

	load(program, offsetof(struct seccomp_data, nr));
	while (check->call) {
		const char *call = check->call;
		int number = seccomp_syscall_resolve_name(call);
		unsigned start = here(program);

		if (number >= 0)
			add(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 0);
		for (; check->call && !strcmp(check->call, call); check++)
			if (number >= 0 && !(check->unless & capabilities))
				add_check(program, check);
		if (number < 0)
			continue;
		add(program, BPF_JMP | BPF_JA, 0, 0, 0);
		at(program, start)->jf = (uint8_t)(here(program) - start - 1);
	}
	/* all jumps without a condition go to where the rules begin */
	for (unsigned i = 0; i < here(program); i++)
		if (at(program, i)->code == (BPF_JMP | BPF_JA))
			at(program, i)->k = here(program) - i - 1;
}

/* What is done with the calls of one rule, entered for each of their numbers. */
static void enter_rule(uint32_t *verdicts, const struct seccomp_rule *rule, uint64_t capabilities)
{
	bool open = !rule->needs || (rule->needs & capabilities);
	uint32_t verdict = open ? SECCOMP_RET_ALLOW : SECCOMP_RET_ERRNO | (uint32_t)rule->otherwise;
	struct strv names = { 0 };

	strv_split(&names, rule->calls, ' ');
	for (size_t i = 0; i < names.n; i++) {
		int number = seccomp_syscall_resolve_name(names.v[i]);

		/* negative: not on this architecture, or too new for this libseccomp */
		if (number >= 0 && number < NUMBERS)
			verdicts[number] = verdict;
	}
	strv_free(&names);
}

/* DOC: range-search - the ranges first … last - 1; with one left its verdict, else half of them left and right of a comparison */
static void add_search(struct buf *program, const struct range *ranges, unsigned first, unsigned last)
{
	unsigned middle = first + (last - first) / 2, test = here(program);

	if (last - first == 1) {
		add(program, BPF_RET | BPF_K, ranges[first].verdict, 0, 0);
		return;
	}
	add(program, BPF_JMP | BPF_JGE | BPF_K, ranges[middle].from, 0, 0);
	add_search(program, ranges, first, middle);
	at(program, test)->jt = (uint8_t)(here(program) - test - 1);
	add_search(program, ranges, middle, last);
}

/* The second part, appended. Returns 0, or -E2BIG when a jump would be too far. */
static int add_rules(struct buf *program, uint64_t capabilities)
{
	cleanup_free uint32_t *verdicts = mem_zalloc((NUMBERS + 1) * sizeof(*verdicts));
	cleanup_free struct range *ranges = mem_zalloc((NUMBERS + 1) * sizeof(*ranges));
	unsigned n = 0, start;

	for (unsigned i = 0; i <= NUMBERS; i++)
		verdicts[i] = SECCOMP_RET_ERRNO | ENOSYS;
	for (const struct seccomp_rule *rule = seccomp_rules; rule->calls; rule++)
		enter_rule(verdicts, rule, capabilities);
	for (unsigned i = 0; i <= NUMBERS; i++)
		if (!i || verdicts[i] != verdicts[i - 1])
			ranges[n++] = (struct range){ i, verdicts[i] };
	load(program, offsetof(struct seccomp_data, arch));
	add(program, BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCH, 1, 0);
	add(program, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS, 0, 0);
	load(program, offsetof(struct seccomp_data, nr));
	start = here(program);
	add_search(program, ranges, 0, n);
	return here(program) - start > FARTHEST_JUMP ? -E2BIG : 0;
}

int seccomp_build(uint64_t capabilities, struct seccomp_bpf *ret_program, struct err *err)
{
	struct buf program = { 0 };
	int code;

	add_checks(&program, capabilities);
	code = add_rules(&program, capabilities);
	if (code == 0 && here(&program) > PROGRAM_MAX)
		code = -E2BIG;
	if (code < 0) {
		buf_free(&program);
		return err_set(err, -code, "make a seccomp filter");
	}
	*ret_program = (struct seccomp_bpf){
		.code = (struct sock_filter *)program.data,
		.count = (unsigned short)here(&program),
		.owned = program.data,
	};
	return 0;
}
