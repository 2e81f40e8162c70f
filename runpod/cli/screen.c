/*
 * screen: a guard before the terminal; screen.h tells what it does. Labels, annotations, a program's arguments, the words of
 * a failed probe: much of what we print was written by whoever made the image or the manifest, and a terminal obeys what
 * begins with ESC (console_codes(4)): it clears lines, renames windows, some answer as if the user had typed.
 * kubectl shows such bytes in the same way.
 *
 * It stands behind stdio and not in each verb, so that none can forget it: stdout and stderr are variables
 * in glibc, and a stream may be made of functions (fopencookie(3)).
 */
#include "cli/screen.h"

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"

#define C1_LEAD 0xc2 /* in UTF-8 U+0080 to U+009F are this byte and one from 0x80 to 0x9f */

struct guard {
	int fd;
	bool lead; /* a C1_LEAD was the last byte, and is not written yet */
};

static void add_byte(struct guard *guard, unsigned char byte, struct buf *out)
{
	bool lead = guard->lead, second = lead && byte >= 0x80 && byte < 0xa0;

	guard->lead = byte == C1_LEAD;
	if (lead && !second)
		buf_add(out, (char[]){ (char)C1_LEAD }, 1);
	if (second)
		buf_format(out, "\\u%04x", byte);
	else if ((byte < ' ' && byte != '\n' && byte != '\t') || byte == 0x7f)
		buf_add(out, (char[]){ '^', (char)(byte ^ 0x40) }, 2);
	else if (!guard->lead)
		buf_add(out, &byte, 1);
}

static ssize_t guarded_write(void *cookie, const char *bytes, size_t len)
{
	struct guard *guard = cookie;
	struct buf out = { 0 };
	int code;

	for (size_t i = 0; i < len; i++)
		add_byte(guard, (unsigned char)bytes[i], &out);
	code = io_write_all(guard->fd, out.data, out.len);
	buf_free(&out);
	return code ? 0 : (ssize_t)len; /* 0 is what a cookie says of an error */
}

static FILE *stand_before(FILE *stream, struct guard *guard, int buffering)
{
	const cookie_io_functions_t functions = { .write = guarded_write };
	FILE *guarded;

	if (!isatty(guard->fd))
		return stream;
	fflush(stream);
	guarded = fopencookie(guard, "w", functions);
	if (!guarded)
		return stream;
	setvbuf(guarded, NULL, buffering, BUFSIZ);
	return guarded;
}

void screen_guard(void)
{
	static struct guard out = { .fd = STDOUT_FILENO }, err = { .fd = STDERR_FILENO };
	static bool stands;

	if (stands)
		return;
	stands = true;
	stdout = stand_before(stdout, &out, _IOLBF);
	stderr = stand_before(stderr, &err, _IONBF);
}
