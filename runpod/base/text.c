/*
 * text: strings, string lists and buffers; text.h tells what each call does.
 *
 * Lives by one rule: all growth goes through mem_realloc, so running out of
 * memory is handled in one place (abort; see malloc(3)).
 */
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void out_of_memory(void)
{
	static const char message[] = "Error: out of memory\n";

	fwrite(message, 1, sizeof(message) - 1, stderr);
	abort();
}

void *mem_zalloc(size_t size)
{
	void *fresh = calloc(1, size ? size : 1);

	if (!fresh)
		out_of_memory();
	return fresh;
}

void *mem_realloc(void *old, size_t size)
{
	void *fresh = realloc(old, size ? size : 1);

	if (!fresh)
		out_of_memory();
	return fresh;
}

char *text_ndup(const char *text, size_t length)
{
	char *copy = mem_zalloc(length + 1);

	memcpy(copy, text, length);
	return copy;
}

char *text_dup(const char *text)
{
	return text ? text_ndup(text, strlen(text)) : NULL;
}

char *text_format(const char *format, ...)
{
	struct buf buf = { 0 };
	va_list args;

	va_start(args, format);
	buf_vformat(&buf, format, args);
	va_end(args);
	return buf.data;
}

void text_replace(char **slot, char *value)
{
	free(*slot);
	*slot = value;
}

bool text_equal(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return !strcmp(a, b);
}

bool text_starts(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

bool text_ends(const char *text, const char *suffix)
{
	size_t length = strlen(text), tail = strlen(suffix);

	return length >= tail && !strcmp(text + length - tail, suffix);
}

void strv_take(struct strv *list, char *text)
{
	list->v = mem_realloc(list->v, (list->n + 2) * sizeof(*list->v));
	list->v[list->n++] = text;
	list->v[list->n] = NULL;
}

void strv_add(struct strv *list, const char *text)
{
	strv_take(list, text_dup(text));
}

void strv_addf(struct strv *list, const char *format, ...)
{
	struct buf buf = { 0 };
	va_list args;

	va_start(args, format);
	buf_vformat(&buf, format, args);
	va_end(args);
	strv_take(list, buf.data);
}

void strv_copy(struct strv *list, const struct strv *from)
{
	for (size_t i = 0; i < from->n; i++)
		strv_add(list, from->v[i]);
}

void strv_free(struct strv *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->v[i]);
	free(list->v);
	*list = (struct strv){ 0 };
}

bool strv_has(const struct strv *list, const char *text)
{
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->v[i], text))
			return true;
	return false;
}

bool strv_remove(struct strv *list, const char *text)
{
	for (size_t i = 0; i < list->n; i++) {
		if (strcmp(list->v[i], text))
			continue;
		free(list->v[i]);
		memmove(&list->v[i], &list->v[i + 1], (list->n - i) * sizeof(*list->v)); /* and the NULL */
		list->n--;
		return true;
	}
	return false;
}

void strv_split(struct strv *list, const char *text, char separator)
{
	while (*text) {
		const char *end = strchr(text, separator);
		size_t length = end ? (size_t)(end - text) : strlen(text);

		strv_take(list, text_ndup(text, length));
		if (!end)
			return;
		text = end + 1;
	}
}

char *strv_join(const struct strv *list, const char *separator)
{
	struct buf buf = { 0 };

	buf_text(&buf, "");
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			buf_text(&buf, separator);
		buf_text(&buf, list->v[i]);
	}
	return buf.data;
}

/* Where NAME of "NAME=…" (or a bare NAME) stands in the list, or -1. */
static long find_name(const struct strv *list, const char *name, size_t length)
{
	for (size_t i = list->n; i-- > 0;) {
		const char *entry = list->v[i];

		if (!strncmp(entry, name, length) && (entry[length] == '=' || !entry[length]))
			return (long)i;
	}
	return -1;
}

const char *strv_get(const struct strv *list, const char *name)
{
	size_t length = strlen(name);
	long at = find_name(list, name, length);

	if (at < 0)
		return NULL;
	return list->v[at][length] == '=' ? list->v[at] + length + 1 : "";
}

void strv_set(struct strv *list, const char *pair)
{
	long at = find_name(list, pair, strcspn(pair, "="));

	if (at < 0)
		strv_add(list, pair);
	else
		text_replace(&list->v[at], text_dup(pair));
}

static void buf_reserve(struct buf *buf, size_t more)
{
	size_t wanted = buf->len + more + 1;

	if (wanted <= buf->capacity)
		return;
	if (wanted < 2 * buf->capacity)
		wanted = 2 * buf->capacity;
	buf->data = mem_realloc(buf->data, wanted);
	buf->capacity = wanted;
}

void buf_add(struct buf *buf, const void *bytes, size_t len)
{
	buf_reserve(buf, len);
	if (len)
		memcpy(buf->data + buf->len, bytes, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void buf_text(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void buf_vformat(struct buf *buf, const char *format, va_list args)
{
	va_list again;
	size_t room;
	int length;

	buf_reserve(buf, 63); /* most are shorter: only the others are put together twice */
	room = buf->capacity - buf->len;
	va_copy(again, args);
	length = vsnprintf(buf->data + buf->len, room, format, again);
	va_end(again);
	if (length < 0)
		length = 0;
	buf_reserve(buf, (size_t)length);
	if ((size_t)length >= room)
		vsnprintf(buf->data + buf->len, (size_t)length + 1, format, args);
	buf->len += (size_t)length;
	buf->data[buf->len] = '\0';
}

void buf_format(struct buf *buf, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vformat(buf, format, args);
	va_end(args);
}

void buf_drop(struct buf *buf, size_t len)
{
	if (len >= buf->len) {
		buf->len = 0;
	} else {
		memmove(buf->data, buf->data + len, buf->len - len);
		buf->len -= len;
	}
	if (buf->data)
		buf->data[buf->len] = '\0';
}

void buf_free(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){ 0 };
}
