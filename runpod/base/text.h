/*
 * text: strings on the heap, lists of them, and a buffer that grows.
 *
 * When memory runs out these functions end the program: a runtime that cannot
 * allocate a hundred bytes cannot undo anything either, and the pod's processes
 * and records are safe without us (the next command adopts them).
 */
#ifndef RUNPOD_BASE_TEXT_H
#define RUNPOD_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Allocation that never returns NULL. */
void *mem_zalloc(size_t size);
void *mem_realloc(void *old, size_t size);
char *text_dup(const char *text); /* NULL in, NULL out */
char *text_ndup(const char *text, size_t length);
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Frees *slot and puts value there (value becomes owned; may be NULL). */
void text_replace(char **slot, char *value);

bool text_equal(const char *a, const char *b); /* NULL equals only NULL */
bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);

/* A list of strings that it owns. v is NULL-terminated once something was
 * added, so it can be handed to execve; zeroed is a valid empty list. */
struct strv {
	char **v; /* the strings */
	size_t n; /* how many */
};

void strv_add(struct strv *list, const char *text); /* adds a copy */
void strv_take(struct strv *list, char *text);	    /* adds text itself */
void strv_addf(struct strv *list, const char *format, ...) __attribute__((format(printf, 2, 3)));
void strv_copy(struct strv *list, const struct strv *from); /* appends copies of all */
void strv_free(struct strv *list);
bool strv_has(const struct strv *list, const char *text);
bool strv_remove(struct strv *list, const char *text); /* the first of that text; whether there was one */
void strv_split(struct strv *list, const char *text, char separator); /* "a,b" → a, b; "" adds nothing */
char *strv_join(const struct strv *list, const char *separator);

/* In a list of "NAME=value": the value of name, or NULL. Later entries win. */
const char *strv_get(const struct strv *list, const char *name);
/* Sets NAME=value, in the place of an earlier NAME or at the end. value NULL
 * means that pair is already of the form NAME=value. */
void strv_set(struct strv *list, const char *pair);

/* A growing buffer of bytes, kept NUL-terminated behind its end. Zeroed is empty. */
struct buf {
	char *data;	 /* the bytes; NULL while empty */
	size_t len;	 /* how many */
	size_t capacity; /* how many fit */
};

void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_text(struct buf *buf, const char *text);
void buf_format(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vformat(struct buf *buf, const char *format, va_list args);
void buf_drop(struct buf *buf, size_t len); /* removes len bytes from the front */
void buf_free(struct buf *buf);

#endif
