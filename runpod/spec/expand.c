/*
 * expand: $(NAME) by the rule of expand.h, which is the kubelet's.
 *
 * Rule: only `$(` begins a name and only `)` ends it; a `$` before anything else is a `$`. `$$(NAME)` is how one
 * writes `$(NAME)` for the program itself.
 *
 * A name's value may hold the one before it twice, and so on: a hundred lines would be more than all memory. So no
 * more is put in than a program can be given.
 *
 * Lesson 21 reads a manifest.
 */
#include "spec/expand.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* What stands at text, which begins with `$`; last is the last `)` of it all, or NULL. Returns how much was used, 0 when it
 * is too much. */
static size_t expand_one(const char *text, const char *last, const struct strv *env, struct buf *out)
{
	const char *end = text[1] == '(' && last > text ? strchr(text + 2, ')') : NULL;
	cleanup_free char *name = NULL;
	const char *value;
	size_t length;

	if (!end) { /* a `$` and what follows it: `$$` is one, anything else stays */
		length = text[1] ? 2 : 1;
		buf_add(out, text, text[1] == '$' ? 1 : length);
		return length;
	}
	length = (size_t)(end - text) + 1;
	name = text_ndup(text + 2, length - 3);
	value = strchr(name, '=') ? NULL : strv_get(env, name);
	if (value && out->len + strlen(value) > EXPAND_MAX)
		return 0;
	if (value)
		buf_text(out, value);
	else
		buf_add(out, text, length);
	return length;
}

char *expand_text(const char *text, const struct strv *env)
{
	const char *last = strrchr(text, ')');
	struct buf out = { 0 };

	buf_text(&out, "");
	while (*text) {
		size_t plain = strcspn(text, "$"), used;

		buf_add(&out, text, plain);
		text += plain;
		used = *text ? expand_one(text, last, env, &out) : 0;
		if (*text && !used) {
			buf_free(&out);
			return NULL;
		}
		text += used;
	}
	return out.data;
}
