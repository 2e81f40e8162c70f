/*
 * terminal: raw mode and detach keys; terminal.h tells what for. Lesson 19.
 *
 * Rule: a terminal's mode belongs to the terminal, not to us: whoever changes it
 * must change it back however it ends, or the user's shell is left without echo.
 */
#include "pod/terminal.h"

#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static struct termios before;
static bool is_raw;

void terminal_restore(void)
{
	if (is_raw)
		tcsetattr(0, TCSADRAIN, &before);
	is_raw = false;
}

static void restore_and_die(int number)
{
	terminal_restore();
	signal(number, SIG_DFL);
	raise(number);
}

void terminal_raw(void)
{
	static const int deadly[] = { SIGHUP, SIGQUIT, SIGTERM, SIGINT, SIGABRT, SIGSEGV };
	struct termios raw;

	if (is_raw || tcgetattr(0, &before) < 0)
		return;
	raw = before;
	cfmakeraw(&raw);
	if (tcsetattr(0, TCSADRAIN, &raw) < 0)
		return;
	is_raw = true;
	atexit(terminal_restore);
	for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
		signal(deadly[i], restore_and_die);
}

/* "ctrl-p" or one character. */
static int one_key(const char *text, size_t len, char *ret_key)
{
	if (len == 1) {
		*ret_key = *text;
		return 0;
	}
	if (len == 6 && !strncmp(text, "ctrl-", 5) &&
	    (isalpha((unsigned char)text[5]) || strchr("@[\\]^_", text[5]))) {
		*ret_key = (char)(toupper((unsigned char)text[5]) & 0x1f);
		return 0;
	}
	return -1;
}

int detach_parse(const char *text, struct detach_keys *ret_keys, struct err *err)
{
	const char *rest = text ? text : "ctrl-p,ctrl-q";

	*ret_keys = (struct detach_keys){ .n = 0 };
	while (*rest) {
		size_t len = strcspn(rest, ",");

		if (ret_keys->n == sizeof(ret_keys->keys) || one_key(rest, len, &ret_keys->keys[ret_keys->n]))
			return err_set(
				err, 0,
				"invalid detach keys \"%s\": a comma-separated list of characters and ctrl-X",
				text);
		ret_keys->n++;
		rest += len;
		if (*rest == ',')
			rest++;
	}
	return 0;
}

bool detach_filter(struct detach_keys *keys, const char *bytes, size_t len, char *out, size_t *ret_len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (keys->n && bytes[i] == keys->keys[keys->seen]) {
			if (++keys->seen == keys->n) {
				*ret_len = n;
				return true;
			}
			continue; /* held back: it may be the beginning of the sequence */
		}
		memcpy(out + n, keys->keys, keys->seen); /* it was not */
		n += keys->seen;
		keys->seen = 0;
		if (keys->n && bytes[i] == keys->keys[0] && keys->n > 1)
			keys->seen = 1;
		else
			out[n++] = bytes[i];
	}
	*ret_len = n;
	return false;
}
