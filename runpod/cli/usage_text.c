/*
 * usage_text: numbers to text; usage_text.h shows the forms. Four digits that
 * count, and no zeroes behind them, as docker's units do (%.4g); a duration as
 * Go's time.Duration writes itself. Plain functions, no state. Lesson 15.
 */
#include "cli/usage_text.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define UNITS	     7
#define NANO	     INT64_C(1)
#define MICRO	     INT64_C(1000)
#define MILLI	     INT64_C(1000000)
#define SECOND	     INT64_C(1000000000)
#define MINUTE	     (60 * SECOND)
#define HOUR	     (60 * MINUTE)
#define NOT_KNOWN    "--"
#define FRACTION_MAX 16 /* a point, nine digits, and room */

static char *size_in(int64_t bytes, double step, const char *const units[UNITS])
{
	double size = (double)bytes;
	size_t unit = 0;

	if (bytes < 0)
		return text_dup(NOT_KNOWN);
	for (; size >= step && unit + 1 < UNITS; unit++)
		size /= step;
	return text_format("%.4g%s", size, units[unit]);
}

char *usage_size(int64_t bytes)
{
	static const char *const units[UNITS] = { "B", "kB", "MB", "GB", "TB", "PB", "EB" };

	return size_in(bytes, 1000, units);
}

char *usage_size_iec(int64_t bytes)
{
	static const char *const units[UNITS] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };

	return size_in(bytes, 1024, units);
}

char *usage_pair(int64_t a, int64_t b, char *(*size)(int64_t bytes))
{
	bool known = a >= 0 && b >= 0;
	char *left = known ? size(a) : text_dup(NOT_KNOWN);
	char *right = known ? size(b) : text_dup(NOT_KNOWN);
	char *text = text_format("%s / %s", left, right);

	text_replace(&left, NULL);
	text_replace(&right, NULL);
	return text;
}

char *usage_percent(int64_t part, int64_t whole)
{
	if (part < 0 || whole <= 0)
		return text_dup(NOT_KNOWN);
	return text_format("%.2f%%", 100.0 * (double)part / (double)whole);
}

char *usage_count(int64_t n)
{
	return n < 0 ? text_dup(NOT_KNOWN) : text_format("%" PRId64, n);
}

/* What is left of a unit as a decimal fraction without zeroes at its end: ".25", or nothing. */
static void fraction_of(int64_t rest, int64_t unit, char ret_text[FRACTION_MAX])
{
	size_t n = 0;

	if (rest)
		ret_text[n++] = '.';
	for (unit /= 10; rest && unit; rest %= unit, unit /= 10)
		ret_text[n++] = (char)('0' + rest / unit);
	ret_text[n] = '\0';
}

char *usage_duration(int64_t nanoseconds)
{
	static const struct {
		int64_t size;
		const char *name;
	} units[] = { { MILLI, "ms" }, { MICRO, "µs" }, { NANO, "ns" } };
	char fraction[FRACTION_MAX];
	int64_t hours = nanoseconds / HOUR, minutes = nanoseconds % HOUR / MINUTE,
		rest = nanoseconds % MINUTE;

	if (nanoseconds < 0)
		return text_dup(NOT_KNOWN);
	for (size_t i = 0; nanoseconds && nanoseconds < SECOND; i++) {
		if (nanoseconds < units[i].size)
			continue;
		fraction_of(nanoseconds % units[i].size, units[i].size, fraction);
		return text_format("%" PRId64 "%s%s", nanoseconds / units[i].size, fraction, units[i].name);
	}
	fraction_of(rest % SECOND, SECOND, fraction);
	if (hours)
		return text_format("%" PRId64 "h%" PRId64 "m%" PRId64 "%ss", hours, minutes, rest / SECOND,
				   fraction);
	if (minutes)
		return text_format("%" PRId64 "m%" PRId64 "%ss", minutes, rest / SECOND, fraction);
	return text_format("%" PRId64 "%ss", rest / SECOND, fraction);
}
