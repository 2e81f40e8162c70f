/*
 * screen: what a terminal gets to see of texts that others wrote.
 */
#ifndef RUNPOD_CLI_SCREEN_H
#define RUNPOD_CLI_SCREEN_H

/*
 * From now on the control characters in what is printed on stdout and stderr are shown and not obeyed, where these
 * are terminals: ^[ for ESC, \u009b for the second half of them; newline and tab pass. Files and pipes get the bytes as they
 * are. What is written past stdio, a container's own output and our drawings, is not touched. May be called again.
 */
void screen_guard(void);

#endif
