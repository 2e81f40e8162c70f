/*
 * env: reading variables; env.h has the forms.
 *
 * Rule: the environment is a list of texts and nothing more (see environ(7));
 * that a name stands once in it is a custom, kept here. It is also the only
 * file of this floor that reads one.
 */
#include "spec/env.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"

#define MAX_FILE (1024 * 1024)

/* What the caller has of NAME, or of all names that start with the length bytes of it. */
static void take_from_caller(struct strv *env, const char *name, size_t length, bool prefix,
			     char *const *caller)
{
	for (; caller && *caller; caller++)
		if (!strncmp(*caller, name, length) && strchr(*caller, '=') &&
		    (prefix || (*caller)[length] == '='))
			strv_set(env, *caller);
}

int env_add(struct strv *env, const char *text, char *const *caller, struct err *err)
{
	size_t length = strcspn(text, "=");
	bool prefix = length && !text[length] && text[length - 1] == '*';

	if (!length)
		return err_set(err, 0, "invalid variable: \"%s\"", text);
	if (text[length])
		strv_set(env, text);
	else
		take_from_caller(env, text, length - prefix, prefix, caller);
	return 0;
}

/* Where a line goes that says something. */
typedef int line_fn(struct strv *list, const char *line, char *const *caller, struct err *err);

static int read_lines(struct strv *list, const char *path, char *const *caller, line_fn *add, struct err *err)
{
	struct buf file = { 0 };
	struct strv lines = { 0 };
	int code = io_read_file(AT_FDCWD, path, MAX_FILE, &file, err);

	if (!code && strlen(file.data) != file.len)
		code = err_set(err, 0, "a NUL byte in it");
	if (!code)
		strv_split(&lines, file.data, '\n');
	for (size_t i = 0; !code && i < lines.n; i++) {
		char *line = lines.v[i] + strspn(lines.v[i], " \t");
		size_t length = strlen(line);

		if (length && line[length - 1] == '\r') /* a file from Windows */
			line[length - 1] = '\0';
		if (*line && *line != '#')
			code = add(list, line, caller, err);
	}
	strv_free(&lines);
	buf_free(&file);
	return code ? err_context(err, code, "parsing file \"%s\"", path) : 0;
}

int env_read_file(struct strv *env, const char *path, char *const *caller, struct err *err)
{
	return read_lines(env, path, caller, env_add, err);
}

int env_compose(const struct strv *files, const struct strv *asked, char *const *caller, struct strv *env,
		struct err *err)
{
	int code = 0;

	for (size_t i = 0; !code && i < files->n; i++)
		code = env_read_file(env, files->v[i], caller, err);
	for (size_t i = 0; !code && i < asked->n; i++)
		code = env_add(env, asked->v[i], caller, err);
	return code;
}

static int add_label(struct strv *labels, const char *line, char *const *caller, struct err *err)
{
	char *pair;

	(void)caller;
	if (*line == '=')
		return err_set(err, 0, "invalid label: \"%s\"", line);
	pair = text_format("%s%s", line, strchr(line, '=') ? "" : "=");
	strv_set(labels, pair);
	free(pair);
	return 0;
}

int labels_read_files(const struct strv *files, struct strv *labels, struct err *err)
{
	struct strv all = { 0 };
	int code = 0;

	for (size_t i = 0; !code && i < files->n; i++)
		code = read_lines(&all, files->v[i], NULL, add_label, err);
	for (size_t i = 0; !code && i < labels->n; i++)
		strv_set(&all, labels->v[i]);
	if (code) {
		strv_free(&all);
		return code;
	}
	strv_free(labels);
	*labels = all;
	return 0;
}
