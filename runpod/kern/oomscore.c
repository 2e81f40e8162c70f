/*
 * oomscore: a process's standing with the OOM killer. The kubelet's QoS classes end in
 * this one number.
 *
 * Rule: a process may always make itself a likelier victim, never a less likely one.
 * See proc_pid_oom_score_adj(5). Lesson 15.
 */
#include "kern/oomscore.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/text.h"
#include "kern/explain.h"

#define OWN "/proc/self/oom_score_adj"

/* What it is now: what we may not go below. */
static int present(void)
{
	struct buf text = { 0 };
	int value = io_read_file(AT_FDCWD, OWN, 64, &text, NULL) < 0 || !text.data ? 0 : atoi(text.data);

	buf_free(&text);
	return value;
}

int oomscore_set(int value, struct err *err)
{
	char text[16];
	int code;

	snprintf(text, sizeof(text), "%d", value);
	code = io_write_kernel(AT_FDCWD, OWN, text, NULL);
	explain_call(code, "how soon it goes when memory runs out", 15, "write(" OWN ", %d)", value);
	if ((code == -EACCES || code == -EPERM) && value < present())
		return 0;
	return code < 0 ? err_set(err, -code, "write %d to " OWN, value) : 0;
}
