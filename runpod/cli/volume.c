/*
 * volume: named volumes: create, ls, rm, exists, prune. Their inspect is in inspect.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/confirm.h"
#include "cli/filter.h"
#include "cli/inspect.h"
#include "cli/listing.h"
#include "cli/users.h"
#include "cli/verbs.h"
#include "pod/actions.h"
#include "store/volume.h"

#define STATUS_MISSING 1
#define STATUS_IN_USE  2

struct volume_flags {
	bool all, force, quiet, ignore, no_heading;
	char *driver, *format;
	int64_t time;
	struct strv labels, options, filters;
};

#define ROW(name, letter, type, member, metavar, help)                                                       \
	{                                                                                                    \
		name, letter, type, offsetof(struct volume_flags, member), metavar, help, NULL, NULL         \
	}

static const struct opt create_options[] = {
	ROW("driver", 'd', OPT_TEXT, driver, "string", "Volume driver: local is the only one"),
	ROW("ignore", 0, OPT_BOOL, ignore, NULL, "Do not fail when a volume of that name is there"),
	ROW("label", 'l', OPT_STRV, labels, "stringArray", "Set metadata for a volume"),
	{ "opt", 'o', OPT_REFUSED, 0,
	  "a volume is a directory of ours; -v DIR:PATH binds one of yours, --tmpfs PATH makes one in memory",
	  NULL, NULL, NULL },
	{ 0 },
};

static int create(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct volume_flags *flags = target;
	const char *name = args->n ? args->v[0] : NULL;
	struct volume volume = { 0 };
	int code = cli_store(cli, err);

	if (!code)
		code = volume_create(&cli->store, name, flags->driver, &flags->labels, false, &volume, err);
	if (code == -EEXIST && flags->ignore) {
		puts(name);
		return 0;
	}
	if (!code)
		puts(volume.name);
	volume_free(&volume);
	return code;
}

const struct verb verb_volume_create = {
	.usage = "[options] [NAME]",
	.description = "Makes an empty volume, and prints its name.",
	.examples = "volume create myvol\nvolume create --label foo=bar myvol",
	.options = create_options,
	.flags_size = sizeof(struct volume_flags),
	.max_args = 1,
	.run = create,
};

static const struct opt ls_options[] = {
	ROW("filter", 'f', OPT_STRV, filters, "filter",
	    "Show only those: dangling, driver, label, label!, name, opt, scope or until"),
	ROW("format", 0, OPT_TEXT, format, "string", "Format volume output using Go template or json"),
	ROW("noheading", 'n', OPT_BOOL, no_heading, NULL, "Do not print headers"),
	ROW("quiet", 'q', OPT_BOOL, quiet, NULL, "Print volume output in quiet mode"),
	{ 0 },
};

static const struct heading headings[] = { { "Name", "VOLUME NAME" },	   { "Driver", "DRIVER" },
					   { "Mountpoint", "MOUNTPOINT" }, { "Labels", "LABELS" },
					   { "Scope", "SCOPE" },	   { NULL, NULL } };

/* --filter dangling=true: volumes that no container uses. */
static bool dangling_fits(struct cli *cli, const struct strv *filters, const struct volume *volume)
{
	const char *wanted = strv_get(filters, "dangling");
	struct strv users = { 0 };
	bool used;

	if (!wanted)
		return true;
	users_of_volume(&cli->store, volume->name, &users, NULL);
	used = users.n;
	strv_free(&users);
	return used != text_equal(wanted, "true");
}

static bool equals(const char *value, const void *text)
{
	return !strcmp(value, text);
}

/* What can be told from the volume alone. until: made before (nanoseconds since 1970; 0: whenever). */
static bool fits(const struct strv *filters, int64_t until, const struct volume *volume)
{
	return (!until || volume->created < until) && !filter_has(filters, "opt") && /* local takes none */
	       filter_any(filters, "name", filter_name, volume->name) &&
	       filter_any(filters, "driver", equals, "local") &&
	       filter_any(filters, "scope", equals, "local") &&
	       filter_all(filters, "label", filter_label, &volume->labels) &&
	       filter_all(filters, "label!", filter_no_label, &volume->labels);
}

static int ls(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct volume_flags *flags = target;
	struct listing listing = { .format = flags->quiet && !flags->format ? "{{.Name}}" : flags->format,
				   .usual = "table {{.Driver}}\t{{.Name}}",
				   .headings = headings,
				   .no_heading = flags->no_heading };
	struct volumes volumes = { 0 };
	struct strv broken = { 0 };
	json_t *rows = json_array();
	int64_t until = 0;
	int code = filter_check(&flags->filters, "dangling driver label label! name opt scope until", err);

	(void)args;
	if (!code)
		code = filter_time(&flags->filters, "until", &until, err);
	if (!code)
		code = cli_store(cli, err);
	if (!code)
		code = volume_list(&cli->store, &volumes, &broken, err);
	for (size_t i = 0; !code && i < volumes.n; i++)
		if (fits(&flags->filters, until, &volumes.v[i]) &&
		    dangling_fits(cli, &flags->filters, &volumes.v[i]))
			json_array_append_new(rows, inspect_volume(&cli->store, &volumes.v[i]));
	if (!code && listing_is_json(flags->format))
		json_print(rows, 5);
	else if (!code)
		code = listing_print(&listing, rows, err);
	cli_warn(cli, &broken);
	json_decref(rows);
	strv_free(&broken);
	volumes_free(&volumes);
	return code;
}

const struct verb verb_volume_ls = {
	.usage = "[options]",
	.description = "Lists the volumes.",
	.examples = "volume ls\nvolume ls --format json\nvolume ls --filter name=foo,label=blue",
	.options = ls_options,
	.flags_size = sizeof(struct volume_flags),
	.run = ls,
};

static const struct opt rm_options[] = {
	ROW("all", 'a', OPT_BOOL, all, NULL, "Remove all volumes"),
	ROW("force", 'f', OPT_BOOL, force, NULL,
	    "Remove the containers that use the volume too; what is not there is no error"),
	ROW("time", 't', OPT_INT, time, "int", "Seconds to wait for those to stop before they are killed"),
	{ 0 },
};

static const struct volume_flags rm_defaults = { .time = -1 };

/* --force: those who use the volume go first. */
static int remove_users(struct cli *cli, const char *name, int64_t time, struct err *err)
{
	struct strv users = { 0 };
	int code = users_of_volume(&cli->store, name, &users, err);

	for (size_t i = 0; !code && i < users.n; i++) {
		struct name_ref ref;

		if (!name_find(&cli->store, NAME_CTR, users.v[i], &ref, NULL))
			code = ctr_remove(&cli->store, &ref, true, true, false, time, err);
	}
	strv_free(&users);
	return code;
}

static int rm(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct volume_flags *flags = target;
	struct volumes volumes = { 0 };
	struct strv names = { 0 };
	int code = 0;

	if (!args->n && !flags->all)
		return err_set(err, 0, "choose either one or more volumes or all");
	code = cli_store(cli, err);
	strv_copy(&names, args);
	if (!code && flags->all)
		code = volume_list(&cli->store, &volumes, NULL, err);
	for (size_t i = 0; i < volumes.n; i++)
		strv_add(&names, volumes.v[i].name);
	for (size_t i = 0; !code && i < names.n; i++) {
		struct err why = { 0 };
		int failed = flags->force ? remove_users(cli, names.v[i], flags->time, &why) : 0;

		if (!failed)
			failed = volume_remove(&cli->store, names.v[i], users_of_volume, &why);

		if (!failed)
			puts(names.v[i]);
		else if (failed != -ENOENT || !flags->force) {
			why.status = failed == -ENOENT	? STATUS_MISSING
				     : failed == -EBUSY ? STATUS_IN_USE
							: 0;
			cli_fail(cli, &why);
		}
	}
	strv_free(&names);
	volumes_free(&volumes);
	return code;
}

const struct verb verb_volume_rm = {
	.usage = "[options] VOLUME [VOLUME...]",
	.description = "Removes volumes with what is in them; those that a container uses only with --force.",
	.examples = "volume rm myvol1 myvol2\nvolume rm --all",
	.options = rm_options,
	.flags_size = sizeof(struct volume_flags),
	.defaults = &rm_defaults,
	.max_args = -1,
	.run = rm,
};

static int exists(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	struct volume volume = { 0 };
	int code = cli_store(cli, err);

	(void)flags;
	if (code)
		return code;
	code = volume_find(&cli->store, args->v[0], &volume, err);
	volume_free(&volume);
	return code == -ENOENT ? 1 : code;
}

const struct verb verb_volume_exists = {
	.usage = "VOLUME",
	.description = "Ends with 0 when the volume is there, with 1 when it is not.",
	.examples = "volume exists myvol",
	.min_args = 1,
	.max_args = 1,
	.run = exists,
};

static const struct opt prune_options[] = {
	ROW("all", 'a', OPT_BOOL, all, NULL, "Accepted and without effect: all unused volumes are removed"),
	ROW("filter", 0, OPT_STRV, filters, "filter", "Remove only those: label, label! or until"),
	ROW("force", 'f', OPT_BOOL, force, NULL, "Do not prompt for confirmation"),
	{ 0 },
};

static int prune(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct volume_flags *flags = target;
	struct volumes volumes = { 0 };
	int64_t until = 0;
	int code = filter_check(&flags->filters, "label label! until", err);

	(void)args;
	if (!code)
		code = filter_time(&flags->filters, "until", &until, err);
	if (!code && !flags->force && !confirm_removal("all volumes not used by at least one container"))
		return 0;
	if (!code)
		code = cli_store(cli, err);
	if (!code)
		code = volume_list(&cli->store, &volumes, NULL, err);
	for (size_t i = 0; i < volumes.n; i++) /* one that is in use, or gone meanwhile, is passed over */
		if (fits(&flags->filters, until, &volumes.v[i]) &&
		    !volume_remove(&cli->store, volumes.v[i].name, users_of_volume, NULL))
			puts(volumes.v[i].name);
	volumes_free(&volumes);
	return code;
}

const struct verb verb_volume_prune = {
	.usage = "[options]",
	.description = "Removes all volumes that no container uses.",
	.examples = "volume prune\nvolume prune --force",
	.options = prune_options,
	.flags_size = sizeof(struct volume_flags),
	.run = prune,
};
