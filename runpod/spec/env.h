/*
 * env: variables asked for on the command line, as NAME=value. Lesson 12 sees
 * which of them reach a program.
 */
#ifndef RUNPOD_SPEC_ENV_H
#define RUNPOD_SPEC_ENV_H

#include "base/err.h"
#include "base/text.h"

/*
 * Adds what one -e or one line of a file says to env: NAME=value; NAME, taken
 * from the caller's environment when it is there; PREFIX*, all of the caller's
 * that start so. A NAME given again takes the place of the earlier one.
 * caller ends with NULL, like environ(7).
 */
int env_add(struct strv *env, const char *text, char *const *caller, struct err *err);

/* Reads a file of such lines (--env-file): blanks in front are dropped, empty lines and those starting with # are
 * passed over, quotes are kept as they are. */
int env_read_file(struct strv *env, const char *path, char *const *caller, struct err *err);

/* The whole of it: the files, then the -e texts over them, in the order given. */
int env_compose(const struct strv *files, const struct strv *asked, char *const *caller, struct strv *env,
		struct err *err);

/* The same form for --label-file, where a NAME alone has an empty value. What labels holds already (--label) wins
 * over the files. */
int labels_read_files(const struct strv *files, struct strv *labels, struct err *err);

#endif
