/*
 * terminal: the caller's end of an attached program: its terminal made raw and
 * put right again, its keys looked through for the detach sequence, its window
 * size passed on.
 */
#ifndef RUNPOD_POD_TERMINAL_H
#define RUNPOD_POD_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Puts descriptor 0 into raw mode, if it is a terminal; terminal_restore puts it back (also called at exit and
 * when a signal ends us). See termios(3). */
void terminal_raw(void);
void terminal_restore(void);

/* The sequence that detaches: "ctrl-p,ctrl-q" (also when NULL), "ctrl-a,d", "" for none. */
struct detach_keys {
	char keys[16]; /* the bytes to wait for */
	size_t n;      /* how many */
	size_t seen;   /* how many of them came last */
};

int detach_parse(const char *text, struct detach_keys *ret_keys, struct err *err);

/* Looks through typed bytes. out (room for len + 16) gets those to pass on; *ret_len how many. Returns true when
 * the whole sequence was typed. */
bool detach_filter(struct detach_keys *keys, const char *bytes, size_t len, char *out, size_t *ret_len);

#endif
