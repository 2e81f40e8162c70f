/*
 * quantity: amounts as Kubernetes writes them; quantity.h says which.
 *
 * Rule: nothing finer than a billionth, and what is finer is rounded up, since who asks for something shall get
 * something; with a binary suffix nothing beyond 2^63-1. So each amount is a whole number of billionths, and 128 bits
 * hold all that a machine could ever have (apimachinery's resource.Quantity).
 *
 * Lesson 21 reads a manifest.
 */
#include "spec/quantity.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"

#define BILLION	   1000000000u
#define GUARD	   30 /* bits; 2^60 (Ei) times a billion times nine leave that many of 128 */
#define MAX_WEIGHT 37 /* ten to this, and all below it, fit into 128 bits */

typedef unsigned __int128 u128;

enum form { DECIMAL, EXPONENT, BINARY };

struct quantity {
	bool minus;
	enum form form;	 /* of the suffix; the canonical text keeps it where it can */
	int exponent;	 /* of ten, or of two with BINARY */
	u128 nanos;	 /* billionths */
	bool huge;	 /* beyond what nanos holds */
	bool as_written; /* Kubernetes takes the text for canonical and leaves it alone */
};

/* The digits of the text: `whole`.`fraction`, leading zeros of whole left out. */
struct digits {
	const char *whole, *fraction;
	int n_whole, n_fraction;
};

static const struct suffix {
	const char *text;
	enum form form;
	int exponent;
} suffixes[] = {
	{ "n", DECIMAL, -9 }, { "u", DECIMAL, -6 }, { "m", DECIMAL, -3 }, { "", DECIMAL, 0 },
	{ "k", DECIMAL, 3 },  { "M", DECIMAL, 6 },  { "G", DECIMAL, 9 },  { "T", DECIMAL, 12 },
	{ "P", DECIMAL, 15 }, { "E", DECIMAL, 18 }, { "Ki", BINARY, 10 }, { "Mi", BINARY, 20 },
	{ "Gi", BINARY, 30 }, { "Ti", BINARY, 40 }, { "Pi", BINARY, 50 }, { "Ei", BINARY, 60 },
};

#define N_SUFFIXES (sizeof(suffixes) / sizeof(*suffixes))

/* Reads the digits, and moves *text behind them. -EINVAL when there are none. */
static int read_digits(const char **text, struct digits *ret_digits)
{
	const char *at = *text, *first = at + strspn(at, "0");

	*ret_digits = (struct digits){ .whole = first, .n_whole = (int)strspn(first, "0123456789") };
	at = ret_digits->fraction = first + ret_digits->n_whole;
	if (*at == '.') {
		ret_digits->fraction = at + 1;
		ret_digits->n_fraction = (int)strspn(at + 1, "0123456789");
		at += 1 + ret_digits->n_fraction;
	}
	if (first == *text && !ret_digits->n_whole && !ret_digits->n_fraction)
		return -EINVAL;
	*text = at;
	return 0;
}

/* Reads `e3`, `E-3` or one of the suffixes, up to the end of the text. */
static int read_suffix(const char *text, struct quantity *quantity)
{
	if ((*text == 'e' || *text == 'E') && text[1] && strchr("+-0123456789", text[1])) {
		int64_t exponent;
		int code = num_i64(text + 1 + (text[1] == '+'), INT32_MIN, INT32_MAX, &exponent);

		quantity->form = EXPONENT;
		quantity->exponent = (int)exponent;
		return code || (text[1] == '+' && text[2] == '-') ? -EINVAL : 0;
	}
	for (size_t i = 0; i < N_SUFFIXES; i++) {
		if (strcmp(text, suffixes[i].text))
			continue;
		quantity->form = suffixes[i].form;
		quantity->exponent = suffixes[i].exponent;
		return 0;
	}
	return -EINVAL;
}

static u128 power_of_ten(int n)
{
	u128 power = 1;

	while (n-- > 0)
		power *= 10;
	return power;
}

/* Each digit where it stands; what lies below a billionth becomes one more of them. */
static void weigh_decimal(const struct digits *digits, struct quantity *quantity)
{
	bool rest = false;

	for (int i = 0; i < digits->n_whole + digits->n_fraction; i++) {
		bool whole = i < digits->n_whole;
		int digit = (whole ? digits->whole[i] : digits->fraction[i - digits->n_whole]) - '0';
		int64_t weight = (int64_t)digits->n_whole - 1 - i + quantity->exponent + 9;

		if (!digit)
			continue;
		if (weight > MAX_WEIGHT)
			quantity->huge = true;
		else if (weight < 0)
			rest = true;
		else
			quantity->nanos += (unsigned)digit * power_of_ten((int)weight);
	}
	quantity->nanos += rest;
}

/* The fraction in billionths, from its last digit to its first. GUARD bits more than that are carried, so that what a
 * division drops only tells that there is a rest. */
static u128 weigh_fraction(const struct digits *digits, int exponent)
{
	const u128 one = (u128)BILLION << exponent << GUARD, mask = ((u128)1 << GUARD) - 1;
	u128 sum = 0;
	bool rest = false;

	for (int i = digits->n_fraction; i-- > 0; sum /= 10) {
		sum += (unsigned)(digits->fraction[i] - '0') * one;
		rest |= sum % 10 > 0;
	}
	return (sum >> GUARD) + ((sum & mask) || rest);
}

static void weigh_binary(const struct digits *digits, struct quantity *quantity)
{
	const u128 most = (u128)INT64_MAX * BILLION;
	u128 whole = 0;

	for (int i = 0; i < digits->n_whole && i < 20; i++)
		whole = whole * 10 + (unsigned)(digits->whole[i] - '0');
	quantity->nanos = most;
	if (whole > INT64_MAX || whole << quantity->exponent > INT64_MAX)
		return;
	whole = (whole << quantity->exponent) * BILLION + weigh_fraction(digits, quantity->exponent);
	if (whole < most)
		quantity->nanos = whole;
}

/*
 * Whether Kubernetes keeps the text as it is. It does so for what its quick parser reads and holds for canonical, which is
 * not always the shortest: "1.500", "1E3" and "+1" stay. Seen in its source and in what kubectl prints.
 */
static bool is_kept(const struct digits *digits, const struct quantity *quantity)
{
	int n_whole = digits->n_whole ? digits->n_whole : 1, scale = quantity->exponent - digits->n_fraction;
	const char *end = digits->fraction + digits->n_fraction;
	int zeros = 0;

	if (!digits->n_whole) /* 0, 0.5 */
		return false;
	if (quantity->form == BINARY)
		return !digits->n_fraction && n_whole + quantity->exponent * 3 / 10 < 15 &&
		       (strtoull(digits->whole, NULL, 10) & 7);
	while (zeros < 3 && zeros < digits->n_fraction && end[-1 - zeros] == '0')
		zeros++;
	if (zeros == digits->n_fraction)
		for (end = digits->whole + n_whole; zeros < 3 && end[-1] == '0'; end--)
			zeros++;
	return n_whole + digits->n_fraction <= 18 && scale >= -9 && scale % 3 == 0 && zeros < 3;
}

static int parse(const char *text, struct quantity *ret_quantity)
{
	struct digits digits;
	const char *at = text;
	int code;

	*ret_quantity = (struct quantity){ .minus = *text == '-' };
	at += *at == '-' || *at == '+';
	code = read_digits(&at, &digits);
	if (!code)
		code = read_suffix(at, ret_quantity);
	if (code)
		return code;
	if (ret_quantity->form == BINARY)
		weigh_binary(&digits, ret_quantity);
	else
		weigh_decimal(&digits, ret_quantity);
	ret_quantity->as_written = ret_quantity->huge || is_kept(&digits, ret_quantity);
	return 0;
}

/* In units of that many billionths, rounded away from zero. */
static int round_up(const char *text, unsigned unit, int64_t *ret_value)
{
	struct quantity quantity;
	int code = parse(text, &quantity);
	u128 units;

	if (code)
		return code;
	units = quantity.nanos / unit + (quantity.nanos % unit > 0);
	if (quantity.huge || units > INT64_MAX)
		return -ERANGE;
	*ret_value = quantity.minus ? -(int64_t)units : (int64_t)units;
	return 0;
}

int quantity_value(const char *text, int64_t *ret_value)
{
	return round_up(text, BILLION, ret_value);
}

int quantity_milli(const char *text, int64_t *ret_milli)
{
	return round_up(text, BILLION / 1000, ret_milli);
}

static void add_number(u128 number, struct buf *ret_text)
{
	char digits[40], *at = digits + sizeof(digits);

	do
		*--at = (char)('0' + number % 10);
	while (number /= 10);
	buf_add(ret_text, at, (size_t)(digits + sizeof(digits) - at));
}

static void add_suffix(enum form form, int exponent, struct buf *ret_text)
{
	for (size_t i = 0; i < N_SUFFIXES; i++)
		if (suffixes[i].form == form && suffixes[i].exponent == exponent)
			buf_text(ret_text, suffixes[i].text);
	if (exponent && (form == EXPONENT || (form == DECIMAL && exponent > 18)))
		buf_format(ret_text, "e%d", exponent);
}

char *quantity_canonical(const char *text)
{
	struct quantity quantity;
	struct buf out = { 0 };
	int exponent = -9, step = 3;
	u128 number, divisor = 1000;

	if (parse(text, &quantity))
		return NULL;
	if (quantity.as_written)
		return text_dup(text);
	number = quantity.nanos;
	if (!number)
		return text_dup("0");
	if (quantity.form == BINARY && (number % BILLION || number < (u128)1024 * BILLION))
		quantity.form = DECIMAL; /* so that nothing is rounded away */
	if (quantity.form == BINARY) {
		number /= BILLION;
		exponent = 0;
		divisor = 1024;
		step = 10;
	}
	for (; number % divisor == 0; number /= divisor)
		exponent += step;
	if (quantity.minus)
		buf_text(&out, "-");
	add_number(number, &out);
	add_suffix(quantity.form, exponent, &out);
	return out.data;
}
