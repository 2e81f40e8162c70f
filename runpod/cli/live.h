/*
 * live: a text that is drawn again and again on the terminal, until the user
 * has seen enough.
 *
 * Rule: what is switched on a terminal stays switched when a program ends
 * (termios(3)): its modes, its second screen, the hidden cursor. So every signal
 * that would end or stop us is taken as input here (signalfd(2)), the terminal is
 * given back as it was, and only then the signal does what it does. Lesson 19.
 */
#ifndef RUNPOD_CLI_LIVE_H
#define RUNPOD_CLI_LIVE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <termios.h>

#include "base/err.h"
#include "base/text.h"

struct live {
	int signals;	      /* a signalfd */
	sigset_t before;      /* the signal mask to go back to */
	struct termios modes; /* of standard input, to go back to */
	bool keys;	      /* standard input is a terminal: keys arrive singly */
	int signal;	      /* what ended it; 0: the user's q */
	struct buf shown;     /* drawn last */
};

/* Takes the terminal that stdout is over. Returns 0 or -errno. */
int live_begin(struct live *live, struct err *err);

/* Draws the lines of text in place of the last: those that the screen has room for, each cut to its width. */
void live_draw(struct live *live, const char *text);

/* Waits that long, drawing anew when the window changes its size. Returns false when the user wants to end: q, or a
 * signal. */
bool live_wait(struct live *live, int64_t nanoseconds);

/* Gives the terminal back as it was. A signal that ended it ends the program now, as it would have. */
void live_end(struct live *live);

/* Cuts each line of text to columns characters of UTF-8, and all to rows lines, each of which clears what stood there;
 * the last clears the rest of the screen. Appended to ret_screen. */
void live_fit(const char *text, int rows, int columns, struct buf *ret_screen);

#endif
