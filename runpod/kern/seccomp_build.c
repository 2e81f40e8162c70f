/*
 * seccomp_build: from the rules to a filter program. The one user of libseccomp.
 *
 * The program has two parts, one behind the other. The first, written here, looks
 * at arguments: refuse now, or go on. The second, by libseccomp, checks that the
 * call was made as this architecture's own (no i386 by int 0x80, no x32 numbers)
 * and finds its number in a binary tree. Neither part holds anything against the
 * plain calls that programs live on, and the kernel notices: since Linux 5.11 it
 * tries each number once when a filter is installed, and afterwards lets those
 * through without running the filter. See seccomp(2). Lesson 18.
 */
#include "kern/seccomp.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/text.h"

#define PROGRAM_MAX BPF_MAXINSNS /* instructions: the kernel's limit */

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

/* The names of one rule, as libseccomp rules. Returns 0 or -errno. */
static int add_rule(scmp_filter_ctx context, const struct seccomp_rule *rule, uint64_t capabilities)
{
	bool open = !rule->needs || (rule->needs & capabilities);
	struct strv names = { 0 };
	int code = 0;

	if (!open && rule->otherwise == ENOSYS)
		return 0; /* that is said anyway */
	strv_split(&names, rule->calls, ' ');
	for (size_t i = 0; i < names.n && code == 0; i++) {
		int number = seccomp_syscall_resolve_name(names.v[i]);

		/* negative: not on this architecture, or too new for this libseccomp */
		if (number >= 0)
			code = seccomp_rule_add(
				context, open ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(rule->otherwise), number, 0);
	}
	strv_free(&names);
	return code;
}

/* The second part, appended. Returns 0 or -errno. */
static int add_rules(struct buf *program, uint64_t capabilities)
{
	cleanup_fd int file = memfd_create("filter", MFD_CLOEXEC); /* where libseccomp 2.5 can write to */
	scmp_filter_ctx context = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	int code = file < 0 ? -errno : context ? 0 : -ENOMEM;

	if (code == 0)
		code = seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
	if (code == 0)
		code = seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2); /* a binary tree */
	for (const struct seccomp_rule *rule = seccomp_rules; rule->calls && code == 0; rule++)
		code = add_rule(context, rule, capabilities);
	if (code == 0)
		code = seccomp_export_bpf(context, file);
	if (code == 0 && lseek(file, 0, SEEK_SET) < 0)
		code = -errno;
	if (code == 0)
		code = io_read_all(file, PROGRAM_MAX * sizeof(struct sock_filter), program);
	seccomp_release(context);
	return code;
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
