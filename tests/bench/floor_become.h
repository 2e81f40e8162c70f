/*
 * floor_become: how the floor's processes lose their rights, and the filter that
 * they take on, which is runpod's own.
 */
#pragma once

#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "bench.h"

/* Gives up all but KEEP, becomes root of nothing else, and takes the filter on. */
static void become(uint64_t keep, const struct sock_fprog *filter)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct sets[2] = { 0 };

	for (int cap = 0; cap <= CAP_LAST_CAP; cap++)
		if (!(keep >> cap & 1))
			prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	must(setgroups(0, NULL), "setgroups");
	must(setresgid(0, 0, 0), "setresgid");
	must(setresuid(0, 0, 0), "setresuid");
	for (int i = 0; i < 2; i++)
		sets[i].effective = sets[i].permitted = (uint32_t)(keep >> (32 * i));
	if (!keep) /* then the filter needs this */
		must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
	if (!keep)
		must(syscall(SYS_capset, &head, sets), "capset");
	must(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, filter), "seccomp");
	if (keep) /* CAP_SYS_ADMIN, which the filter needs otherwise, goes last */
		must(syscall(SYS_capset, &head, sets), "capset");
}

/* The numbers of the first filter in a seccomp_default.h, as the kernel's own struct. */
static int write_filter(const char *header, const char *path)
{
	FILE *in = fopen(header, "r"), *out = fopen(path, "w");
	struct sock_filter line;
	unsigned code, jt, jf, k;
	char text[256];

	if (!in || !out)
		must(-1, in ? path : header);
	while (fgets(text, sizeof(text), in) && strncmp(text, "};", 2)) {
		if (sscanf(text, " { %x, %u, %u, %x }", &code, &jt, &jf, &k) != 4)
			continue;
		line = (struct sock_filter){ (uint16_t)code, (uint8_t)jt, (uint8_t)jf, k };
		fwrite(&line, sizeof(line), 1, out);
	}
	fclose(in);
	return fclose(out) ? 1 : 0;
}

static void read_filter(const char *path, struct sock_fprog *ret_filter)
{
	static struct sock_filter lines[4096];
	int fd = (int)must(open(path, O_RDONLY | O_CLOEXEC), path);
	ssize_t n = must(read(fd, lines, sizeof(lines)), path);

	*ret_filter = (struct sock_fprog){ (unsigned short)((size_t)n / sizeof(*lines)), lines };
	close(fd);
}
