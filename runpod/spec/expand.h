/*
 * expand: $(NAME) in command, args and env values, in Kubernetes' way: $(NAME) of an unknown
 * name stays as it is, $$ is one $, and what was put in is not looked at again.
 */
#ifndef RUNPOD_SPEC_EXPAND_H
#define RUNPOD_SPEC_EXPAND_H

#include "base/text.h"

#define EXPAND_MAX (128u << 10) /* bytes: one argument or variable cannot be longer, see execve(2) */

/* text with what env (NAME=value) says of each name. The caller owns it. NULL: that would be longer than EXPAND_MAX. */
char *expand_text(const char *text, const struct strv *env);

#endif
