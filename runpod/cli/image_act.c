/*
 * image_act: what changes images: exists, rm, tag, untag.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/users.h"
#include "cli/verbs.h"
#include "pod/actions.h"
#include "store/image.h"

#define STATUS_MISSING 1
#define STATUS_IN_USE  2

static int exists(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	struct image image = { 0 };
	int code = cli_store(cli, err);

	(void)flags;
	if (code)
		return code;
	code = image_find(&cli->store, args->v[0], &image, err);
	image_free(&image);
	return code == -ENOENT ? 1 : code;
}

const struct verb verb_image_exists = {
	.usage = "IMAGE",
	.description = "Ends with 0 when the image is there, with 1 when it is not.",
	.examples = "image exists busybox",
	.min_args = 1,
	.max_args = 1,
	.run = exists,
};

struct rm_flags {
	bool all, force, ignore;
};

static const struct opt rm_options[] = {
	{ "all", 'a', OPT_BOOL, offsetof(struct rm_flags, all), NULL, "Remove all images", NULL, NULL },
	{ "force", 'f', OPT_BOOL, offsetof(struct rm_flags, force), NULL,
	  "Remove the containers that use the image too", NULL, NULL },
	{ "ignore", 'i', OPT_BOOL, offsetof(struct rm_flags, ignore), NULL,
	  "Ignore errors when an image is not there", NULL, NULL },
	{ 0 },
};

/* Force: the containers made of the image go first. */
static int remove_users(struct cli *cli, const char *typed, struct err *err)
{
	struct image image = { 0 };
	struct strv users = { 0 };
	int code = image_find(&cli->store, typed, &image, err);

	if (!code)
		code = users_of_image(&cli->store, image.id, &users, err);
	for (size_t i = 0; !code && i < users.n; i++) {
		struct name_ref ref;

		if (!name_find(&cli->store, NAME_CTR, users.v[i], &ref, NULL))
			code = ctr_remove(&cli->store, &ref, true, true, false, -1, err);
	}
	strv_free(&users);
	image_free(&image);
	return code;
}

static void remove_one(struct cli *cli, const char *typed, const struct rm_flags *flags)
{
	struct image_removal removal = { 0 };
	struct err why = { 0 };
	int code = flags->force ? remove_users(cli, typed, &why) : 0;

	if (!code)
		code = image_remove(&cli->store, typed, flags->force || flags->all, users_of_image, &removal,
				    &why);
	for (size_t i = 0; i < removal.untagged.n; i++)
		printf("Untagged: %s\n", removal.untagged.v[i]);
	if (removal.deleted)
		printf("Deleted: %s\n", removal.deleted);
	image_removal_free(&removal);
	if (!code || (code == -ENOENT && (flags->ignore || flags->force)))
		return;
	if (!why.status && (code == -ENOENT || code == -EBUSY))
		why.status = code == -ENOENT ? STATUS_MISSING : STATUS_IN_USE;
	cli_fail(cli, &why);
}

static int rm(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct rm_flags *flags = target;
	struct images images = { 0 };
	int code = cli_store(cli, err);

	if (!code && flags->all && args->n)
		code = err_set(err, 0,
			       "when using the --all switch, you may not pass any images names or IDs");
	if (!code && !flags->all && !args->n)
		code = err_set(err, 0, "image name or ID must be specified");
	if (!code && flags->all)
		code = image_list(&cli->store, &images, NULL, err);
	for (size_t i = 0; !code && i < images.n; i++)
		if (!images.v[i].builtin && images.v[i].layers.n)
			remove_one(cli, images.v[i].id, flags);
	for (size_t i = 0; !code && i < args->n; i++)
		remove_one(cli, args->v[i], flags);
	images_free(&images);
	return code;
}

const struct verb verb_image_rm = {
	.usage = "[options] IMAGE [IMAGE...]",
	.description = "Takes a name off an image; with the last one, or by id, the image is removed.",
	.examples = "image rm imageID\nimage rm --force web",
	.options = rm_options,
	.flags_size = sizeof(struct rm_flags),
	.max_args = -1,
	.run = rm,
};

static int tag(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	int code = cli_store(cli, err);

	(void)flags;
	for (size_t i = 1; !code && i < args->n; i++)
		code = image_tag(&cli->store, args->v[0], args->v[i], err);
	return code;
}

const struct verb verb_tag = {
	.usage = "IMAGE TARGET_NAME [TARGET_NAME...]",
	.description = "Gives an image more names.",
	.examples = "tag 0e3bbc2 fedora:latest\ntag busybox mine:1",
	.min_args = 2,
	.max_args = -1,
	.run = tag,
};

static int untag(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	struct strv names = { 0 };
	int code = cli_store(cli, err);

	(void)flags;
	for (size_t i = 1; i < args->n; i++)
		strv_add(&names, args->v[i]);
	if (!code)
		code = image_untag(&cli->store, args->v[0], &names, err);
	strv_free(&names);
	return code;
}

const struct verb verb_untag = {
	.usage = "IMAGE [IMAGE...]",
	.description = "Takes names off an image (all of them when none is given); the image stays.",
	.examples = "untag 0e3bbc2\nuntag imageID:latest otherImageName:latest",
	.min_args = 1,
	.max_args = -1,
	.run = untag,
};
