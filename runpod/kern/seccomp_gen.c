/*
 * seccomp_gen: a program of the build, not of runpod: writes the filters of the
 * usual capability sets as C arrays to standard output, so that no container has
 * to wait for libseccomp. Lesson 18.
 */
#include <stdio.h>
#include <stdlib.h>

#include "kern/seccomp.h"

/* podman's eleven, as in capability.h: spelt out, since no mechanism includes another */
#define DEFAULT_CAPABILITIES 0x800405fbu

static int write_program(const char *name, uint64_t capabilities)
{
	struct seccomp_bpf program;
	struct err err = { 0 };

	if (seccomp_build(capabilities, &program, &err) < 0) {
		fprintf(stderr, "seccomp_gen: %s\n", err.text);
		return 1;
	}
	printf("static const struct sock_filter %s[] = {\n", name);
	for (unsigned i = 0; i < program.count; i++)
		printf("\t{ %#x, %u, %u, %#x },\n", program.code[i].code, program.code[i].jt,
		       program.code[i].jf, program.code[i].k);
	printf("};\n\n");
	free(program.owned);
	return 0;
}

int main(void)
{
	printf("/* made by runpod/kern/seccomp_gen.c from seccomp_rules.c */\n"
	       "#define SECCOMP_DEFAULT_CAPABILITIES UINT64_C(%#x)\n\n",
	       DEFAULT_CAPABILITIES);
	if (write_program("seccomp_default", DEFAULT_CAPABILITIES) || write_program("seccomp_none", 0))
		return 1;
	return fflush(stdout) ? 1 : 0;
}
