/*
 * wire: the words between a runpod command and a pod's supervisor. A message is one
 * packet of a SOCK_SEQPACKET socket (unix(7)): a letter, then what it is about.
 *
 *	to the supervisor                     to the command
 *	J  a request, JSON; descriptors       R  the answer, JSON: {} or {"error", "status", "code"}
 *	I  input, bytes                       N  a line for the user
 *	C  the input has ended                O  output, bytes
 *	W  the terminal's size, "ROWS COLS"   E  error output, bytes
 *	K  pass this signal on, "15"          X  the program's exit code, "0"; then the socket ends
 */
#ifndef RUNPOD_POD_WIRE_H
#define RUNPOD_POD_WIRE_H

#include "base/io.h"

enum wire {
	WIRE_REQUEST = 'J',
	WIRE_INPUT = 'I',
	WIRE_INPUT_END = 'C',
	WIRE_WINDOW = 'W',
	WIRE_SIGNAL = 'K',
	WIRE_REPLY = 'R',
	WIRE_NOTE = 'N',
	WIRE_OUTPUT = 'O',
	WIRE_ERROR = 'E',
	WIRE_EXIT = 'X',
};

#define WIRE_PRESERVED (IO_MAX_FDS - 1) /* --preserve-fds: at most so many; one is for --explain */
#define WIRE_MAX       (1 << 17) /* bytes of one packet; a request with a long command line is the longest */

#endif
