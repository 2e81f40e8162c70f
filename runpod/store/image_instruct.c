/*
 * image_instruct: what an imported root file system lacks is said on the command line, in the
 * words of a Containerfile (Dockerfile reference). Nothing is built: each only sets a
 * default of containers. Lesson 13.
 */
#include "store/image_instruct.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "spec/signals.h"

/* ["a", "b"], or words that a shell takes apart, or for a list of paths the words themselves. */
static int read_list(const char *text, bool shell, struct strv *list, struct err *err)
{
	json_t *array = *text == '[' ? json_loads(text, 0, NULL) : NULL, *word;
	size_t i;
	int code = 0;

	strv_free(list);
	if (*text != '[' && shell) {
		strv_add(list, "/bin/sh");
		strv_add(list, "-c");
		strv_add(list, text);
	} else if (*text != '[') {
		strv_split(list, text, ' ');
	} else if (!json_is_array(array)) {
		code = err_set(err, 0, "%s is no list of strings", text);
	}
	json_array_foreach(array, i, word)
	{
		if (!json_is_string(word))
			code = err_set(err, 0, "%s is no list of strings", text);
		else
			strv_add(list, json_string_value(word));
	}
	json_decref(array);
	return code;
}

/* NAME=value, or docker's old NAME value. */
static int set_pair(const char *text, struct strv *pairs, struct err *err)
{
	size_t length = strcspn(text, "= ");
	cleanup_free char *pair = text_dup(text);

	if (!length || !text[length])
		return err_set(err, 0, "%s must be NAME=value", text);
	pair[length] = '=';
	strv_set(pairs, pair);
	return 0;
}

static int set_cmd(struct image_config *config, const char *text, struct err *err)
{
	return read_list(text, true, &config->cmd, err);
}

static int set_entrypoint(struct image_config *config, const char *text, struct err *err)
{
	return read_list(text, true, &config->entrypoint, err);
}

static int set_env(struct image_config *config, const char *text, struct err *err)
{
	return set_pair(text, &config->env, err);
}

static int set_label(struct image_config *config, const char *text, struct err *err)
{
	return set_pair(text, &config->labels, err);
}

static int set_volume(struct image_config *config, const char *text, struct err *err)
{
	return read_list(text, false, &config->volumes, err);
}

static int set_expose(struct image_config *config, const char *text, struct err *err)
{
	long port = strtol(text, NULL, 10);
	const char *protocol = strchr(text, '/');

	if (port < 1 || port > 65535 || (protocol && strcmp(protocol, "/tcp") && strcmp(protocol, "/udp")))
		return err_set(err, 0, "%s is no port", text);
	strv_addf(&config->exposed_ports, "%ld%s", port, protocol ? protocol : "/tcp");
	return 0;
}

static int set_signal(struct image_config *config, const char *text, struct err *err)
{
	int signal = signal_parse(text, err);

	if (signal >= 0)
		text_replace(&config->stop_signal, text_dup(text));
	return signal < 0 ? signal : 0;
}

static int set_user(struct image_config *config, const char *text, struct err *err)
{
	(void)err;
	text_replace(&config->user, text_dup(text));
	return 0;
}

static int set_workdir(struct image_config *config, const char *text, struct err *err)
{
	if (*text != '/')
		return err_set(err, 0, "%s is no absolute path", text);
	text_replace(&config->working_dir, text_dup(text));
	return 0;
}

static const struct {
	const char *word;
	int (*set)(struct image_config *config, const char *text, struct err *err);
} instructions[] = {
	{ "CMD", set_cmd },	  { "ENTRYPOINT", set_entrypoint }, { "ENV", set_env },
	{ "EXPOSE", set_expose }, { "LABEL", set_label },	    { "STOPSIGNAL", set_signal },
	{ "USER", set_user },	  { "VOLUME", set_volume },	    { "WORKDIR", set_workdir },
};

int image_instruct(struct image_config *config, const char *text, struct err *err)
{
	size_t length = strcspn(text, " =\t");
	const char *rest = text + length + (text[length] != '\0');

	rest += strspn(rest, " \t");
	for (size_t i = 0; i < sizeof(instructions) / sizeof(*instructions); i++) {
		if (strlen(instructions[i].word) != length || strncasecmp(instructions[i].word, text, length))
			continue;
		if (!*rest)
			return err_set(err, 0, "change %s: nothing behind it", text);
		if (instructions[i].set(config, rest, err))
			return err_context(err, -EINVAL, "change %s", text);
		return 0;
	}
	return err_hint(err, err_set(err, 0, "change %s: no such instruction", text),
			"CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME, WORKDIR");
}
