/*
 * failpoint: breaks one step on request; failpoint.h tells how it is asked for.
 */
#include "base/failpoint.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

int failpoint(const char *name, struct err *err)
{
	static int passed;
	const char *wish = getenv("RUNPOD_FAILPOINT");
	size_t length = strlen(name);

	if (!wish || strncmp(wish, name, length) || (wish[length] && wish[length] != ':'))
		return 0;
	if (!wish[length])
		raise(SIGKILL);
	if (!strncmp(wish + length, ":error:", 7) && ++passed != atoi(wish + length + 7))
		return 0;
	return err_set(err, EIO, "step %s was made to fail", name);
}
