/*
 * err: an error that explains itself.
 *
 * Every function that can fail returns 0 (or a useful non-negative number) or
 * -errno and takes a `struct err *` as its last argument. The function that
 * sees the kernel say no writes what it was doing and to which object; each
 * caller on the way up may put its own words in front. Only main.c prints.
 *
 *	Error: start web: join network namespace of infra: Operation not permitted (…what to do…)
 *
 * Rule: an errno is only true directly after the call that failed, so it is
 * passed by value here and never read again later (see errno(3)).
 */
#ifndef RUNPOD_BASE_ERR_H
#define RUNPOD_BASE_ERR_H

#define ERR_TEXT_MAX 1024

/* The exit statuses that docker and podman users script against. */
enum exit_status {
	EXIT_OWN_ERROR = 125,	/* runpod itself failed */
	EXIT_NOT_INVOKED = 126, /* the command is there but cannot be executed */
	EXIT_NOT_FOUND = 127,	/* the command is not there */
	EXIT_SIGNAL_BASE = 128, /* + N: ended by signal N */
	EXIT_TIMED_OUT = 255,	/* its --timeout was over */
};

struct err {
	int status;		 /* exit status to end with; 0 means EXIT_OWN_ERROR */
	char text[ERR_TEXT_MAX]; /* the message, without "Error: " and newline */
};

/*
 * Sets the text to "FORMAT: strerror(errnum)" and returns -errnum. With errnum
 * 0 the text stands alone and -EINVAL is returned: for bad input, where no
 * call failed. err may be NULL: then only the number is kept.
 */
int err_set(struct err *err, int errnum, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Puts "FORMAT: " in front of what is there. Returns code, so that it can be
 * the operand of return. */
int err_context(struct err *err, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Appends " (FORMAT)": what the user can do about it. Returns code. */
int err_hint(struct err *err, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Sets the exit status that main ends with. Returns code. */
int err_status(struct err *err, int code, int status);

#endif
