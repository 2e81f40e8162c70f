/*
 * explain: one line a call; explain.h tells the idea.
 *
 * Async-signal-safe apart from vsnprintf(3), which allocates nothing for the
 * plain conversions used here: the line is built on the stack and leaves in
 * one write(2), so lines of several processes never mix (see pipe(7)).
 */
#include "kern/explain.h"

#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CALL_COLUMN    66 /* where the purpose begins */
#define PURPOSE_COLUMN 44 /* how wide it is */

int explain_fd = -1;

int explain_call(int result, const char *purpose, int lesson, const char *format, ...)
{
	int saved = errno, used;
	char call[512], line[800];
	va_list args;

	if (explain_fd < 0)
		return result;
	va_start(args, format);
	used = vsnprintf(call, sizeof(call), format, args);
	va_end(args);
	if (used < 0 || used >= (int)sizeof(call))
		used = (int)strlen(call);
	if (result >= 0)
		snprintf(call + used, sizeof(call) - (size_t)used, " = %d", result);
	else
		snprintf(call + used, sizeof(call) - (size_t)used, " = -1 %s (%s)", strerrorname_np(-result),
			 strerrordesc_np(-result));
	if (*purpose)
		used = snprintf(line, sizeof(line), "%-*s  %-*s", CALL_COLUMN, call, PURPOSE_COLUMN, purpose);
	else
		used = snprintf(line, sizeof(line), "%s", call);
	if (lesson >= 0)
		used += snprintf(line + used, sizeof(line) - (size_t)used, "  lesson %02d", lesson);
	for (char *c = line; *c;
	     c++) /* a path may be what an image or manifest says: no terminal shall obey it */
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	line[used++] = '\n';
	if (write(explain_fd, line, (size_t)used) < 0)
		explain_fd = -1; /* nobody listens any more */
	errno = saved;
	return result;
}

const char *explain_flags(unsigned long flags, char *text, int size)
{
	static const struct {
		unsigned long flag;
		const char *name;
	} names[] = {
		{ CLONE_NEWUSER, "NEWUSER" },	  { CLONE_NEWNET, "NEWNET" },
		{ CLONE_NEWIPC, "NEWIPC" },	  { CLONE_NEWUTS, "NEWUTS" },
		{ CLONE_NEWCGROUP, "NEWCGROUP" }, { CLONE_NEWPID, "NEWPID" },
		{ CLONE_NEWNS, "NEWNS" },	  { CLONE_PIDFD, "PIDFD" },
		{ 0x200000000UL, "INTO_CGROUP" },
	};
	int used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!(flags & names[i].flag))
			continue;
		flags &= ~names[i].flag;
		used += snprintf(text + used, (size_t)(size - used), "%s%s", used ? "|" : "", names[i].name);
	}
	if (flags || !used)
		snprintf(text + used, (size_t)(size - used), "%s%#lx", used ? "|" : "", flags);
	return text;
}
