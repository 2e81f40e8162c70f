/*
 * lesson.h: error reporting for the lessons' programs, and nothing else: every
 * system call that a lesson is about is made by its own code.
 *
 *	setns: EPERM (Operation not permitted)
 *
 * The name of the error comes first, since that is what manual pages and
 * search engines know. See errno(3).
 */
#ifndef LESSON_H
#define LESSON_H

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The names of the errors that the lessons meet; "E?" for others. */
static inline const char *errno_name(int number)
{
	static const struct {
		int number;
		const char *name;
	} names[] = {
		{ EPERM, "EPERM" },
		{ ENOENT, "ENOENT" },
		{ ESRCH, "ESRCH" },
		{ EINTR, "EINTR" },
		{ EIO, "EIO" },
		{ EBADF, "EBADF" },
		{ ECHILD, "ECHILD" },
		{ EAGAIN, "EAGAIN" },
		{ ENOMEM, "ENOMEM" },
		{ EACCES, "EACCES" },
		{ EFAULT, "EFAULT" },
		{ EBUSY, "EBUSY" },
		{ EEXIST, "EEXIST" },
		{ EXDEV, "EXDEV" },
		{ ENODEV, "ENODEV" },
		{ ENOTDIR, "ENOTDIR" },
		{ EISDIR, "EISDIR" },
		{ EINVAL, "EINVAL" },
		{ ENOTTY, "ENOTTY" },
		{ ENOSPC, "ENOSPC" },
		{ EROFS, "EROFS" },
		{ EPIPE, "EPIPE" },
		{ ENOSYS, "ENOSYS" },
		{ ENOTEMPTY, "ENOTEMPTY" },
		{ ELOOP, "ELOOP" },
		{ EUSERS, "EUSERS" },
		{ EOPNOTSUPP, "EOPNOTSUPP" },
		{ EADDRINUSE, "EADDRINUSE" },
		{ EADDRNOTAVAIL, "EADDRNOTAVAIL" },
		{ ENETDOWN, "ENETDOWN" },
		{ ENETUNREACH, "ENETUNREACH" },
		{ ECONNREFUSED, "ECONNREFUSED" },
		{ ETIMEDOUT, "ETIMEDOUT" },
	};

	for (unsigned long i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].number == number)
			return names[i].name;
	return "E?";
}

/* Says on standard error what was being done and how errno says that it failed. Keeps errno. */
__attribute__((format(printf, 1, 2))) static inline void complain(const char *doing, ...)
{
	int number = errno;
	va_list arguments;

	va_start(arguments, doing);
	vfprintf(stderr, doing, arguments);
	va_end(arguments);
	fprintf(stderr, ": %s (%s)\n", errno_name(number), strerror(number));
	errno = number;
}

/* The same, then the end: exit status 1. */
__attribute__((format(printf, 1, 2), noreturn)) static inline void die(const char *doing, ...)
{
	int number = errno;
	va_list arguments;

	va_start(arguments, doing);
	vfprintf(stderr, doing, arguments);
	va_end(arguments);
	fprintf(stderr, ": %s (%s)\n", errno_name(number), strerror(number));
	exit(1);
}

#endif
