/*
 * die: prints its second argument, with no end of line, and ends as the first says: by that exit
 * code, or with a minus in front by that signal, which a shell might have ignored.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	int how = argc > 1 ? atoi(argv[1]) : 0;

	if (argc > 2)
		fputs(argv[2], stdout);
	fflush(stdout);
	if (how < 0)
		raise(-how);
	return how;
}
