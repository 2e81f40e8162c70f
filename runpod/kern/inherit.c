/*
 * inherit: a helper sheds what its parent had; inherit.h tells the idea. Lesson 19.
 */
#include "kern/inherit.h"

#include <stdlib.h>

#include "kern/sys.h"

void inherit_no_signals(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL); /* refused for SIGKILL, SIGSTOP and libc's own: as it should be */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

int inherit_only(int *keep, int n)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	unsigned next = 3;

	if (null < 0)
		return -errno;
	for (int standard = 0; standard < 3; standard++)
		if (dup2(null, standard) < 0)
			return -errno;
	qsort(keep, (size_t)n, sizeof(*keep), compare);
	for (int i = 0; i < n; i++) { /* the gaps between those kept */
		if (keep[i] < (int)next)
			continue;
		if (keep[i] > (int)next)
			sys_close_range(next, (unsigned)keep[i] - 1, 0);
		next = (unsigned)keep[i] + 1;
	}
	return sys_close_range(next, ~0U, 0);
}
