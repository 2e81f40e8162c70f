/*
 * kube_create: create configmap and create secret: objects from files and words, without
 * a manifest.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "cli/kube_objects.h"
#include "cli/listing.h"
#include "cli/verbs.h"
#include "store/object.h"

struct create_flags {
	struct strv files, literals, env_files;
	char *dry_run, *output, *type;
};

#define ROW(name, type, member, metavar, help)                                                               \
	{                                                                                                    \
		name, 0, type, offsetof(struct create_flags, member), metavar, help, NULL, NULL              \
	}

#define COMMON_ROWS                                                                                          \
	ROW("dry-run", OPT_TEXT, dry_run, "none|client", "client: only print what would be made"),           \
		ROW("from-env-file", OPT_STRV, env_files, "file", "A file of lines NAME=value"),             \
		ROW("from-file", OPT_STRV, files, "[key=]path",                                              \
		    "A file under its name or that key; of a directory every file"),                         \
		ROW("from-literal", OPT_STRV, literals, "key=value", "A value as it stands"),                \
	{                                                                                                    \
		"output", 'o', OPT_TEXT, offsetof(struct create_flags, output), "yaml|json|name",            \
			"Print the object in this form", NULL, NULL                                          \
	}

static const struct opt configmap_options[] = { COMMON_ROWS, { 0 } };

static const struct opt secret_options[] = { COMMON_ROWS,
					     ROW("type", OPT_TEXT, type, "string", "Type of the Secret"),
					     { 0 } };

static int add_value(struct object *object, const char *key, const struct buf *bytes, struct err *err)
{
	if (object_value(object, key))
		return err_set(err, 0, "cannot add key \"%s\", another key by that name already exists", key);
	return object_add(object, key, bytes->data ? bytes->data : "", bytes->len, false, err);
}

static int add_file(struct object *object, const char *key, const char *path, struct err *err)
{
	struct buf bytes = { 0 };
	int code = io_read_file(AT_FDCWD, path, OBJECT_DATA_MAX, &bytes, err);

	if (code >= 0)
		code = add_value(object, key, &bytes, err);
	buf_free(&bytes);
	return code;
}

/* Every plain file of the directory, under its name; what is below is passed over. */
static int add_directory(struct object *object, const char *path, struct err *err)
{
	struct dirent **entries;
	int code = 0, n = scandir(path, &entries, NULL, alphasort);

	if (n < 0)
		return err_set(err, errno, "read directory %s", path);
	for (int i = 0; i < n; i++) {
		cleanup_free char *file = text_format("%s/%s", path, entries[i]->d_name);
		struct stat st;

		if (!code && !stat(file, &st) && S_ISREG(st.st_mode))
			code = add_file(object, entries[i]->d_name, file, err);
		free(entries[i]);
	}
	free(entries);
	return code;
}

static int add_from_file(struct object *object, const char *text, struct err *err)
{
	const char *equals = strchr(text, '='), *slash = strrchr(text, '/');
	struct stat st;

	if (equals) {
		cleanup_free char *key = text_ndup(text, (size_t)(equals - text));

		if (!*key || !equals[1])
			return err_set(err, 0, "--from-file %s: key name and path must not be empty", text);
		return add_file(object, key, equals + 1, err);
	}
	if (!stat(text, &st) && S_ISDIR(st.st_mode))
		return add_directory(object, text, err);
	return add_file(object, slash ? slash + 1 : text, text, err);
}

/* key=value. */
static int add_pair(struct object *object, const char *option, const char *text, struct err *err)
{
	const char *equals = strchr(text, '=');
	cleanup_free char *key = equals ? text_ndup(text, (size_t)(equals - text)) : NULL;
	struct buf value = { 0 };
	int code;

	if (!key || !*key)
		return err_set(err, 0, "invalid %s %s, expected key=value", option, text);
	buf_text(&value, equals + 1);
	code = add_value(object, key, &value, err);
	buf_free(&value);
	return code;
}

static int add_env_file(struct object *object, const char *path, struct err *err)
{
	struct buf text = { 0 };
	struct strv lines = { 0 };
	int code = io_read_file(AT_FDCWD, path, OBJECT_DATA_MAX, &text, err);

	if (code >= 0)
		strv_split(&lines, text.data ? text.data : "", '\n');
	for (size_t i = 0; i < lines.n && code >= 0; i++) {
		char *line = lines.v[i] + strspn(lines.v[i], " \t");

		line[strcspn(line, "\r")] = '\0';
		if (*line && *line != '#')
			code = add_pair(object, "line of the file:", line, err);
	}
	buf_free(&text);
	strv_free(&lines);
	return code < 0 ? code : 0;
}

static int gather(const struct create_flags *flags, struct object *object, struct err *err)
{
	int code = 0;

	for (size_t i = 0; i < flags->files.n && !code; i++)
		code = add_from_file(object, flags->files.v[i], err);
	for (size_t i = 0; i < flags->literals.n && !code; i++)
		code = add_pair(object, "literal source", flags->literals.v[i], err);
	for (size_t i = 0; i < flags->env_files.n && !code; i++)
		code = add_env_file(object, flags->env_files.v[i], err);
	return code;
}

static void print(const struct object *object, const char *kind, const char *output)
{
	cleanup_free char *title = kubectl_title(kind, object->name);
	json_t *value = object_to_json(object);
	struct buf text = { 0 };

	if (!output)
		printf("%s created\n", title);
	else if (!strcmp(output, "name"))
		puts(title);
	else if (!strcmp(output, "json"))
		json_print(value, 4);
	else
		yaml_write(value, &text);
	if (text.data)
		fputs(text.data, stdout);
	buf_free(&text);
	json_decref(value);
}

static int create(struct cli *cli, struct create_flags *flags, const char *kind, const char *name,
		  struct err *err)
{
	struct object object = { .kind = object_kind(kind), .name = text_dup(name) };
	int code = cli_store(cli, err);

	if (flags->output && strcmp(flags->output, "yaml") && strcmp(flags->output, "json") &&
	    strcmp(flags->output, "name"))
		code = err_set(err, 0, "unable to match a printer for -o %s: yaml, json, name are known",
			       flags->output);
	if (!strcmp(kind, "Secret"))
		object.type = text_dup(flags->type ? flags->type : "Opaque");
	if (!code)
		code = gather(flags, &object, err);
	if (!code && !text_equal(flags->dry_run, "client"))
		code = object_put(&cli->store, &object, true, NULL, err);
	if (code)
		err_context(err, code, "failed to create %s", object.kind);
	else
		print(&object, kind, flags->output);
	object_free(&object);
	return code;
}

static int create_configmap(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	return create(cli, flags, "ConfigMap", args->v[0], err);
}

const struct verb verb_kube_create_configmap = {
	.usage = "NAME [--from-file=[key=]path] [--from-literal=key=value]",
	.description = "Makes a ConfigMap, which pods take as environment or as files.",
	.examples = "create configmap nginx --from-file=nginx.conf\ncreate configmap s "
		    "--from-literal=colour=blue",
	.options = configmap_options,
	.flags_size = sizeof(struct create_flags),
	.min_args = 1,
	.max_args = 1,
	.run = create_configmap,
};

static int create_secret(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	if (strcmp(args->v[0], "generic"))
		return err_hint(err,
				err_set(err, 0, "create secret %s: only generic ones are known", args->v[0]),
				"create secret generic NAME");
	if (args->n < 2)
		return err_set(err, 0, "exactly one NAME is required, got 0");
	return create(cli, flags, "Secret", args->v[1], err);
}

const struct verb verb_kube_create_secret = {
	.usage = "generic NAME [--from-file=[key=]path] [--from-literal=key=value]",
	.description = "Makes a Secret. It is kept as it is, readable by its owner only.",
	.examples = "create secret generic db --from-literal=password=s3cret",
	.options = secret_options,
	.flags_size = sizeof(struct create_flags),
	.min_args = 1,
	.max_args = 2,
	.run = create_secret,
};
