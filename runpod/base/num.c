/*
 * num: strict numbers; num.h tells why.
 */
#include "base/num.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#define SECOND INT64_C(1000000000)

int num_u64(const char *text, uint64_t max, uint64_t *ret_number)
{
	uint64_t number = 0;

	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		unsigned digit = (unsigned)(*text - '0');

		if (digit > 9)
			return -EINVAL;
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, digit, &number))
			return -ERANGE;
	}
	if (number > max)
		return -ERANGE;
	*ret_number = number;
	return 0;
}

int num_i64(const char *text, int64_t min, int64_t max, int64_t *ret_number)
{
	bool negative = *text == '-';
	uint64_t size = 0;
	int code = num_u64(text + negative, INT64_MAX, &size);
	int64_t number = negative ? -(int64_t)size : (int64_t)size;

	if (code)
		return code;
	if (number < min || number > max)
		return -ERANGE;
	*ret_number = number;
	return 0;
}

/* "1.5" at *text: whole and thousand-millionths; moves *text behind it. */
static int decimal(const char **text, int64_t *ret_whole, int64_t *ret_billionths)
{
	int64_t whole = 0, part = 0, place = SECOND / 10;
	const char *p = *text;

	if (!isdigit((unsigned char)*p))
		return -EINVAL;
	for (; isdigit((unsigned char)*p); p++)
		if (__builtin_mul_overflow(whole, 10, &whole) ||
		    __builtin_add_overflow(whole, *p - '0', &whole))
			return -ERANGE;
	if (*p == '.')
		for (p++; isdigit((unsigned char)*p); p++, place /= 10)
			part += place * (*p - '0');
	*text = p;
	*ret_whole = whole;
	*ret_billionths = part;
	return 0;
}

/* whole.billionths times unit, or -ERANGE. */
static int scaled(int64_t whole, int64_t billionths, int64_t unit, int64_t *ret_number)
{
	__int128 number = (__int128)whole * unit + (__int128)billionths * unit / SECOND;

	if (number > INT64_MAX)
		return -ERANGE;
	*ret_number = (int64_t)number;
	return 0;
}

/* Of num_size and num_size_decimal: a letter is step times the one before. */
static int size_in_steps(const char *text, int64_t step, int64_t *ret_bytes)
{
	static const char letters[] = "bkmgt";
	int64_t whole, billionths, unit = 1;
	int code = decimal(&text, &whole, &billionths);
	const char *letter = letters;

	if (code)
		return code;
	if (*text) {
		letter = strchr(letters, tolower((unsigned char)*text));
		if (!letter || !*letter)
			return -EINVAL;
		text++;
		if (*text == 'i' && letter > letters)
			text++;
		if ((*text == 'b' || *text == 'B') && letter > letters)
			text++;
		if (*text)
			return -EINVAL;
	}
	for (; letter > letters; letter--)
		unit *= step;
	return scaled(whole, billionths, unit, ret_bytes);
}

int num_size(const char *text, int64_t *ret_bytes)
{
	return size_in_steps(text, 1024, ret_bytes);
}

int num_size_decimal(const char *text, int64_t *ret_bytes)
{
	return size_in_steps(text, 1000, ret_bytes);
}

int num_duration(const char *text, int64_t *ret_nanoseconds)
{
	static const struct {
		const char *name;
		int64_t unit;
	} units[] = { { "ms", SECOND / 1000 }, { "us", 1000 },	     { "ns", 1 },
		      { "h", 3600 * SECOND },  { "m", 60 * SECOND }, { "s", SECOND } };
	int64_t total = 0, whole, billionths, part;
	size_t i;

	if (!*text)
		return -EINVAL;
	while (*text) {
		int code = decimal(&text, &whole, &billionths);

		if (code)
			return code;
		for (i = 0; i < sizeof(units) / sizeof(*units); i++)
			if (!strncmp(text, units[i].name, strlen(units[i].name)))
				break;
		if (i < sizeof(units) / sizeof(*units))
			text += strlen(units[i].name);
		else if (!*text && !total)
			i--; /* a bare number: seconds */
		else
			return -EINVAL;
		if (scaled(whole, billionths, units[i].unit, &part) ||
		    __builtin_add_overflow(total, part, &total))
			return -ERANGE;
	}
	*ret_nanoseconds = total;
	return 0;
}

static int64_t clock_now(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

int64_t clock_wall(void)
{
	return clock_now(CLOCK_REALTIME);
}

int64_t clock_boot(void)
{
	return clock_now(CLOCK_BOOTTIME);
}
