/*
 * err: how errors are built up; err.h tells the idea.
 *
 * Nothing here allocates: an error must be reportable when memory is short.
 */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int err_set(struct err *err, int errnum, const char *format, ...)
{
	va_list args;
	size_t used;

	if (!err)
		return errnum ? -errnum : -EINVAL;
	err->status = 0;
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	if (!errnum)
		return -EINVAL;
	used = strlen(err->text);
	snprintf(err->text + used, sizeof(err->text) - used, ": %s", strerror(errnum));
	return -errnum;
}

int err_context(struct err *err, int code, const char *format, ...)
{
	char inner[ERR_TEXT_MAX];
	va_list args;
	size_t used;

	if (!err)
		return code;
	memcpy(inner, err->text, sizeof(inner));
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	used = strlen(err->text);
	snprintf(err->text + used, sizeof(err->text) - used, ": %s", inner);
	return code;
}

int err_hint(struct err *err, int code, const char *format, ...)
{
	va_list args;
	size_t used;

	if (!err)
		return code;
	used = strlen(err->text);
	if (used + 4 >= sizeof(err->text))
		return code;
	memcpy(err->text + used, " (", 3);
	used += 2;
	va_start(args, format);
	vsnprintf(err->text + used, sizeof(err->text) - used - 1, format, args);
	va_end(args);
	strcat(err->text, ")");
	return code;
}

int err_status(struct err *err, int code, int status)
{
	if (err)
		err->status = status;
	return code;
}
