/*
 * when: lengths of time and sizes in words. The steps are those that docker ps
 * has had from the start (its "units" package), and scripts compare them.
 */
#include "cli/when.h"

#include <time.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "pod/logread.h"

#define SECOND INT64_C(1000000000)

char *when_length(int64_t nanoseconds)
{
	int64_t seconds = nanoseconds / SECOND, minutes = seconds / 60, hours = (seconds + 1800) / 3600;

	if (seconds < 1)
		return text_dup("Less than a second");
	if (seconds == 1)
		return text_dup("1 second");
	if (seconds < 60)
		return text_format("%d seconds", (int)seconds);
	if (minutes == 1)
		return text_dup("About a minute");
	if (minutes < 60)
		return text_format("%d minutes", (int)minutes);
	if (hours == 1)
		return text_dup("About an hour");
	if (hours < 48)
		return text_format("%d hours", (int)hours);
	if (hours < 24 * 7 * 2)
		return text_format("%d days", (int)(hours / 24));
	if (hours < 24 * 30 * 2)
		return text_format("%d weeks", (int)(hours / 24 / 7));
	if (hours < 24 * 365 * 2)
		return text_format("%d months", (int)(hours / 24 / 30));
	return text_format("%d years", (int)(seconds / 3600 / 24 / 365));
}

char *when_ago(int64_t when)
{
	char *length = when_length(clock_wall() - when), *ago = text_format("%s ago", length);

	text_replace(&length, NULL);
	return ago;
}

/* The date and time of day, then the digits behind the second without trailing zeros. */
static char *written(int64_t when, const char *format, const char *zone)
{
	time_t seconds = when / SECOND;
	int64_t rest = when % SECOND;
	struct buf text = { 0 };
	char day[40];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(day, sizeof(day), format, &tm);
	buf_text(&text, day);
	if (rest > 0) {
		buf_format(&text, ".%09d", (int)rest);
		while (text.data[text.len - 1] == '0')
			text.data[--text.len] = '\0';
	}
	buf_text(&text, zone);
	return text.data;
}

char *when_rfc3339(int64_t when)
{
	return when ? written(when, "%Y-%m-%dT%H:%M:%S", "Z") : text_dup("0001-01-01T00:00:00Z");
}

char *when_go(int64_t when)
{
	return when ? written(when, "%Y-%m-%d %H:%M:%S", " +0000 UTC")
		    : text_dup("0001-01-01 00:00:00 +0000 UTC");
}

char *size_text(int64_t bytes)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB" };
	double size = (double)bytes;
	size_t unit = 0;

	while (size >= 1000 && unit + 1 < sizeof(units) / sizeof(*units)) {
		size /= 1000;
		unit++;
	}
	return text_format("%.3g %s", size, units[unit]);
}

int when_parse(const char *text, const char *option, bool ahead, int64_t *ret_when, struct err *err)
{
	cleanup_free char *whole = text ? text_format("%sT00:00:00Z", text) : NULL;
	int64_t length;
	uint64_t seconds;

	*ret_when = 0;
	if (!text || !logread_time(text, ret_when) || !logread_time(whole, ret_when))
		return 0;
	if (!num_u64(text, INT64_MAX / SECOND, &seconds)) {
		*ret_when = (int64_t)seconds * SECOND;
		return 0;
	}
	if (num_duration(text + (*text == '-'), &length))
		return err_set(err, 0, "parsing %s \"%s\": no time and no duration", option, text);
	*ret_when = clock_wall() + (ahead != (*text == '-') ? length : -length);
	return 0;
}
