/*
 * base64: three bytes are four digits of six bits each; base64.h says what for. The
 * reader takes what Kubernetes' own (Go's) takes: padding is needed, line ends are not looked at.
 * No lesson: plain data.
 */
#include "base/base64.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64_encode(const void *bytes, size_t length)
{
	const unsigned char *from = bytes;
	char *text = mem_zalloc((length + 2) / 3 * 4 + 1), *to = text;

	for (size_t i = 0; i < length; i += 3) {
		size_t left = length - i;
		uint32_t group = (uint32_t)from[i] << 16;

		if (left > 1)
			group |= (uint32_t)from[i + 1] << 8;
		if (left > 2)
			group |= from[i + 2];
		*to++ = digits[group >> 18];
		*to++ = digits[group >> 12 & 63];
		*to++ = left > 1 ? digits[group >> 6 & 63] : '=';
		*to++ = left > 2 ? digits[group & 63] : '=';
	}
	return text;
}

int base64_decode(const char *text, struct buf *ret_bytes)
{
	uint32_t group = 0;
	int n = 0, padding = 0;

	buf_text(ret_bytes, ""); /* no bytes are bytes too */
	for (; *text; text++) {
		const char *digit = strchr(digits, *text);

		if (*text == '\n' || *text == '\r')
			continue;
		if (*text == '=' ? n < 2 : !digit || padding)
			return -EINVAL;
		padding += *text == '=';
		group = group << 6 | (*text == '=' ? 0 : (uint32_t)(digit - digits));
		if (++n < 4)
			continue;
		buf_add(ret_bytes, (const char[]){ (char)(group >> 16), (char)(group >> 8), (char)group },
			(size_t)(3 - padding));
		group = 0;
		n = 0;
		if (padding) /* nothing but line ends may follow */
			return text[1 + strspn(text + 1, "\r\n")] ? -EINVAL : 0;
	}
	return n ? -EINVAL : 0;
}
