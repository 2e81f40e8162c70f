/*
 * inspect: prints things as JSON or by a template. One function finds a thing by
 * its name for each kind; inspect without --type tries them in turn.
 */
#include "cli/inspect.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/choose.h"
#include "cli/listing.h"
#include "cli/verbs.h"

struct inspect_flags {
	bool latest, size, all;
	char *format, *type;
};

#define ROW(name, letter, type, member, metavar, help)                                                       \
	{                                                                                                    \
		name, letter, type, offsetof(struct inspect_flags, member), metavar, help, NULL, NULL        \
	}

static const struct opt format_options[] = {
	ROW("format", 'f', OPT_TEXT, format, "string", "Format the output to a Go template or json"),
	{ 0 },
};

static const struct opt latest_options[] = {
	ROW("latest", 'l', OPT_BOOL, latest, NULL, "The latest one"),
	ROW("size", 's', OPT_BOOL, size, NULL, "Accepted and without effect"),
	{ .more = format_options },
};

static const struct opt inspect_options[] = {
	ROW("type", 't', OPT_TEXT, type, "string",
	    "Specify inspect-object type: container, image, pod, volume, all"),
	{ .more = latest_options },
};

static const struct opt volume_options[] = {
	ROW("all", 'a', OPT_BOOL, all, NULL, "Inspect all volumes"),
	{ .more = format_options },
};

/* The kinds, in the order in which podman looks a bare name up. */
static const struct {
	const char *type;
	inspect_fn *find;
} kinds[] = { { "container", inspect_find_ctr },
	      { "volume", inspect_find_volume },
	      { "image", inspect_find_image },
	      { "pod", inspect_find_pod } };

static int find_any(struct cli *cli, const char *name, json_t **ret_object, struct err *err)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		int code = kinds[i].find(cli, name, ret_object, err);

		if (code != -ENOENT && code != -EINVAL)
			return code;
	}
	err_set(err, 0, "no such object: \"%s\"", name);
	return -ENOENT;
}

/* Prints what was found: JSON also when that is nothing, or each through the template. */
static int print(const json_t *objects, const char *format, struct err *err)
{
	json_t *object;
	size_t i;
	int code = 0;

	if (!format || listing_is_json(format)) {
		json_print(objects, 5);
		return 0;
	}
	json_array_foreach(objects, i, object)
	{
		if (!code)
			code = template_print(format, object, err);
	}
	return code;
}

/* Inspects each of args; object (may be NULL) is one that was found before. */
static int inspect_each(struct cli *cli, const struct inspect_flags *flags, const struct strv *args,
			inspect_fn *find, json_t *object, struct err *err)
{
	json_t *objects = json_array();
	int code;

	if (object)
		json_array_append_new(objects, object);
	for (size_t i = 0; i < args->n; i++) {
		struct err why = { 0 };

		if (find(cli, args->v[i], &object, &why))
			cli_fail(cli, &why);
		else
			json_array_append_new(objects, object);
	}
	code = print(objects, flags->format, err);
	json_decref(objects);
	return code;
}

/* The common way: the arguments, or the latest container. */
static int inspect_ctrs(struct cli *cli, const struct inspect_flags *flags, struct strv *args,
			inspect_fn *find, struct err *err)
{
	struct name_ref ref;
	json_t *object = NULL;
	int code = cli_store(cli, err);

	if (!code && flags->latest && args->n)
		code = err_set(err, 0, "--latest and arguments cannot be used together");
	if (!code && !flags->latest && !args->n)
		code = err_set(err, 0, "no names or ids specified");
	if (!code && flags->latest)
		code = choose_ctr(cli, true, args, &ref, err);
	if (!code && flags->latest)
		code = inspect_ctr_ref(cli, &ref, &object, err);
	return code ? code : inspect_each(cli, flags, args, find, object, err);
}

static int inspect(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct inspect_flags *flags = target;
	inspect_fn *find = NULL;

	if (!flags->type || !strcmp(flags->type, "all"))
		find = find_any;
	for (size_t i = 0; !find && i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(flags->type, kinds[i].type))
			find = kinds[i].find;
	if (!find)
		return err_set(err, 0,
			       "invalid type \"%s\" for inspect: must be one of container, image, pod, "
			       "volume or all",
			       flags->type);
	return inspect_ctrs(cli, flags, args, find, err);
}

const struct verb verb_inspect = {
	.usage = "[options] {CONTAINER|IMAGE|POD|VOLUME} [...]",
	.description = "Displays what is known of an object, as JSON.",
	.examples = "inspect busybox\ninspect --format '{{.State.Pid}}' ctrID\ninspect --type pod web",
	.options = inspect_options,
	.flags_size = sizeof(struct inspect_flags),
	.max_args = -1,
	.run = inspect,
};

static int container_inspect(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	return inspect_ctrs(cli, flags, args, inspect_find_ctr, err);
}

const struct verb verb_container_inspect = {
	.usage = "[options] CONTAINER [CONTAINER...]",
	.description = "Displays what is known of containers, as JSON.",
	.examples = "container inspect myCtr\ncontainer inspect -l --format '{{.Id}} {{.Config.Labels}}'",
	.options = latest_options,
	.flags_size = sizeof(struct inspect_flags),
	.max_args = -1,
	.run = container_inspect,
};

static int image_inspect(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	int code = cli_store(cli, err);

	return code ? code : inspect_each(cli, flags, args, inspect_find_image, NULL, err);
}

const struct verb verb_image_inspect = {
	.usage = "[options] IMAGE [IMAGE...]",
	.description = "Displays what is known of images, as JSON.",
	.examples = "image inspect busybox\nimage inspect --format '{{.Size}}' host",
	.options = format_options,
	.flags_size = sizeof(struct inspect_flags),
	.min_args = 1,
	.max_args = -1,
	.run = image_inspect,
};

static int volume_inspect(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct inspect_flags *flags = target;
	struct volumes volumes = { 0 };
	struct strv names = { 0 };
	int code = cli_store(cli, err);

	if (!code && flags->all == (args->n > 0))
		code = err_set(err, 0, "provide one or more volume names or use --all");
	if (!code && flags->all)
		code = volume_list(&cli->store, &volumes, NULL, err);
	strv_copy(&names, args);
	for (size_t i = 0; i < volumes.n; i++)
		strv_add(&names, volumes.v[i].name);
	if (!code)
		code = inspect_each(cli, flags, &names, inspect_find_volume, NULL, err);
	strv_free(&names);
	volumes_free(&volumes);
	return code;
}

const struct verb verb_volume_inspect = {
	.usage = "[options] VOLUME [VOLUME...]",
	.description = "Displays what is known of volumes, as JSON.",
	.examples = "volume inspect myvol\nvolume inspect --all",
	.options = volume_options,
	.flags_size = sizeof(struct inspect_flags),
	.max_args = -1,
	.run = volume_inspect,
};

static int pod_inspect(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct inspect_flags *flags = target;
	struct name_ref ref;
	json_t *object = NULL;
	int code = cli_store(cli, err);

	if (!code && flags->latest) {
		code = choose_pod(cli, true, args, &ref, err);
		if (!code)
			code = inspect_pod_ref(cli, &ref, &object, err);
	} else if (!code && !args->n) {
		code = err_set(err, 0, "you must provide the name or id of a running pod");
	}
	return code ? code : inspect_each(cli, flags, args, inspect_find_pod, object, err);
}

const struct verb verb_pod_inspect = {
	.usage = "[options] POD [POD...]",
	.description = "Displays what is known of pods, as JSON.",
	.examples = "pod inspect podID\npod inspect --format '{{.State}}' web",
	.options = latest_options,
	.flags_size = sizeof(struct inspect_flags),
	.max_args = -1,
	.run = pod_inspect,
};
