/*
 * confirm: asks on standard output and reads one line of standard input. End of
 * file means no, so a script that forgot --force removes nothing.
 */
#include "cli/confirm.h"

#include <stdio.h>

bool confirm_removal(const char *what)
{
	char answer[16];

	printf("WARNING! This will remove %s.\nAre you sure you want to continue? [y/N] ", what);
	fflush(stdout);
	return fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}
