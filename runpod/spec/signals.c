/*
 * signals: the table of names; signals.h has the forms.
 *
 * Rule: the real-time signals have no fixed names, they are counted from both
 * ends, and libc keeps the first two (32 and 33) for itself: what programs
 * call SIGRTMIN is 34 (see signal(7), nptl(7)). Lesson 10 sends some.
 */
#include "spec/signals.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"

#define RT_FIRST 34
#define RT_LAST	 64

static const struct {
	const char *name;
	int number;
} table[] = {
	{ "HUP", SIGHUP },   { "INT", SIGINT },	      { "QUIT", SIGQUIT },   { "ILL", SIGILL },
	{ "TRAP", SIGTRAP }, { "ABRT", SIGABRT },     { "BUS", SIGBUS },     { "FPE", SIGFPE },
	{ "KILL", SIGKILL }, { "USR1", SIGUSR1 },     { "SEGV", SIGSEGV },   { "USR2", SIGUSR2 },
	{ "PIPE", SIGPIPE }, { "ALRM", SIGALRM },     { "TERM", SIGTERM },   { "STKFLT", SIGSTKFLT },
	{ "CHLD", SIGCHLD }, { "CONT", SIGCONT },     { "STOP", SIGSTOP },   { "TSTP", SIGTSTP },
	{ "TTIN", SIGTTIN }, { "TTOU", SIGTTOU },     { "URG", SIGURG },     { "XCPU", SIGXCPU },
	{ "XFSZ", SIGXFSZ }, { "VTALRM", SIGVTALRM }, { "PROF", SIGPROF },   { "WINCH", SIGWINCH },
	{ "IO", SIGIO },     { "PWR", SIGPWR },	      { "SYS", SIGSYS },     { "IOT", SIGIOT },
	{ "CLD", SIGCHLD },  { "POLL", SIGPOLL },     { "RTMIN", RT_FIRST }, { "RTMAX", RT_LAST },
};

#define ROWS (sizeof(table) / sizeof(*table))

/* "RTMIN+3" and "RTMAX-2" (without SIG): the number, or 0. */
static int realtime(const char *name)
{
	bool from_first = !strncasecmp(name, "RTMIN+", 6);
	uint64_t distance;

	if (!from_first && strncasecmp(name, "RTMAX-", 6))
		return 0;
	if (num_u64(name + 6, RT_LAST - RT_FIRST, &distance))
		return 0;
	return from_first ? RT_FIRST + (int)distance : RT_LAST - (int)distance;
}

int signal_parse(const char *text, struct err *err)
{
	const char *name = *text == '-' ? text + 1 : text;
	uint64_t number;
	int code = num_u64(name, RT_LAST, &number);

	if (!code && number)
		return (int)number;
	if (code == -ERANGE)
		return err_set(err, 0, "valid signals are 1 through 64");
	if (!strncasecmp(name, "SIG", 3))
		name += 3;
	for (size_t i = 0; i < ROWS; i++)
		if (!strcasecmp(table[i].name, name))
			return table[i].number;
	code = realtime(name);
	return code ? code : err_set(err, 0, "invalid signal: %s", *text == '-' ? text + 1 : text);
}

const char *signal_name(int number, char name[SIGNAL_NAME_SIZE])
{
	snprintf(name, SIGNAL_NAME_SIZE, "%d", number);
	if (number > RT_FIRST && number < RT_LAST)
		snprintf(name, SIGNAL_NAME_SIZE, "SIGRTMIN+%d", number - RT_FIRST);
	for (size_t i = 0; i < ROWS; i++) {
		if (table[i].number != number)
			continue;
		snprintf(name, SIGNAL_NAME_SIZE, "SIG%s", table[i].name);
		break;
	}
	return name;
}
