/*
 * seccomp: choosing a filter program and putting a process under it; seccomp.h
 * tells the idea. Lesson 18.
 */
#include "kern/seccomp.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdlib.h>

#include "kern/explain.h"
#include "kern/sys.h"

/* seccomp_default[], seccomp_none[] and the sets of capabilities that they are for, made by seccomp_gen */
#include "seccomp_default.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

/* All capabilities that the rules ask for: two sets alike in these have the same program. */
static uint64_t capabilities_asked_for(void)
{
	uint64_t asked = 0;

	for (const struct seccomp_rule *rule = seccomp_rules; rule->calls; rule++)
		asked |= rule->needs;
	for (const struct seccomp_check *check = seccomp_checks; check->call; check++)
		asked |= check->unless;
	return asked;
}

int seccomp_program(uint64_t capabilities, struct seccomp_bpf *ret_program, struct err *err)
{
	uint64_t asked = capabilities_asked_for();

	/* DOC: seccomp-compiled-in */
	if ((capabilities & asked) == (SECCOMP_DEFAULT_CAPABILITIES & asked))
		*ret_program = (struct seccomp_bpf){ seccomp_default, COUNT_OF(seccomp_default), NULL };
	else if (!(capabilities & asked))
		*ret_program = (struct seccomp_bpf){ seccomp_none, COUNT_OF(seccomp_none), NULL };
	else
		return seccomp_build(capabilities, ret_program, err);
	return 0;
}

void seccomp_free(struct seccomp_bpf *program)
{
	free(program->owned);
	*program = (struct seccomp_bpf){ 0 };
}

int seccomp_install(const struct seccomp_bpf *program, struct err *err)
{
	/* the kernel only reads it; its declaration forgot to say so */
	struct sock_fprog filter = { .len = program->count, .filter = (struct sock_filter *)program->code };
	int code = (int)sys_result(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter));

	explain_call(code, "only these system calls from here on", 18,
		     "seccomp(SET_MODE_FILTER, 0, %u instructions)", program->count);
	if (code == 0)
		return 0;
	err_set(err, -code, "install the seccomp filter");
	if (code == -EACCES)
		err_hint(err, code, "without no_new_privs that needs CAP_SYS_ADMIN");
	return code;
}
