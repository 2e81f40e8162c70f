/*
 * netdev: the counters of a network namespace; netdev.h tells the rule. Two
 * heading lines, then one an interface:
 *
 *	eth0:    1234      12    0    0    0     0          0         0     5678 …
 *
 * bytes received is the first number, bytes sent the ninth.
 */
#include "kern/netdev.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"

#define FILE_MAX (1 << 20)

void netdev_sum(const char *text, int64_t *ret_in, int64_t *ret_out)
{
	*ret_in = *ret_out = 0;
	for (const char *line = text; line; line = strchr(line, '\n')) {
		long long in, out;
		char name[64];

		line += *line == '\n';
		if (sscanf(line, " %63[^: ]: %lld %*s %*s %*s %*s %*s %*s %*s %lld", name, &in, &out) != 3 ||
		    !strcmp(name, "lo"))
			continue;
		*ret_in += in;
		*ret_out += out;
	}
}

int netdev_read(pid_t pid, int64_t *ret_in, int64_t *ret_out)
{
	struct buf text = { 0 };
	char path[64];
	int code;

	snprintf(path, sizeof(path), "/proc/%d/net/dev", (int)pid);
	code = io_read_file(AT_FDCWD, path, FILE_MAX, &text, NULL);
	if (!code)
		netdev_sum(text.len ? text.data : "", ret_in, ret_out);
	buf_free(&text);
	return code;
}
