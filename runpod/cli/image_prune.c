/*
 * image_prune: removes the images that nobody needs: those without a name, or
 * with --all those that no container is made of.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/filter.h"
#include "cli/image_filter.h"
#include "cli/users.h"
#include "cli/verbs.h"
#include "store/image.h"

struct prune_flags {
	bool all, force;
	struct strv filters;
};

static const struct opt options[] = {
	{ "all", 'a', OPT_BOOL, offsetof(struct prune_flags, all), NULL,
	  "Remove all images that no container is made of, not only those without a name", NULL, NULL },
	{ "filter", 0, OPT_STRV, offsetof(struct prune_flags, filters), "stringArray",
	  "Only those that match: label, label!, until", NULL, NULL },
	{ "force", 'f', OPT_BOOL, offsetof(struct prune_flags, force), NULL, "Do not prompt for confirmation",
	  NULL, NULL },
	{ 0 },
};

/* The question, in podman's words. End of file means no. */
static bool confirm(bool all)
{
	char answer[16];

	printf("WARNING! This command removes all %s.\nAre you sure you want to continue? [y/N] ",
	       all ? "images without at least one container associated with them" : "dangling images");
	fflush(stdout);
	return fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

/* Whether it may go: made, not built in, and without a name or --all. */
static bool to_remove(const struct image *image, const struct prune_flags *flags,
		      const struct image_filter *filter)
{
	return image->layers.n && (flags->all || !image->names.n) && image_filter_match(filter, image);
}

static int prune(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct prune_flags *flags = target;
	struct image_filter filter = { 0 };
	struct images images = { 0 };
	int code = filter_check(&flags->filters, "label label! until", err);

	(void)args;
	if (code || (!flags->force && !confirm(flags->all)))
		return code;
	code = cli_store(cli, err);
	if (!code)
		code = image_tidy(&cli->store, err);
	if (!code)
		code = image_list(&cli->store, &images, NULL, err);
	if (!code)
		code = image_filter_open(&filter, &flags->filters, &images, err);
	for (size_t i = 0; !code && i < images.n; i++) {
		struct image_removal removal = { 0 };

		if (!to_remove(&images.v[i], flags, &filter))
			continue;
		code = image_remove(&cli->store, images.v[i].id, true, users_of_image, &removal, err);
		if (!code && removal.deleted)
			printf("%s\n", removal.deleted);
		else if (code == -EBUSY ||
			 code == -ENOENT) /* in use, or removed by somebody else meanwhile */
			code = 0;
		image_removal_free(&removal);
	}
	images_free(&images);
	return code;
}

const struct verb verb_image_prune = {
	.usage = "[options]",
	.description = "Removes all images without a name, or with --all all that no container is made of, "
		       "and prints "
		       "their ids.",
	.examples = "image prune\nimage prune --all --force\nimage prune -f --filter until=24h",
	.options = options,
	.flags_size = sizeof(struct prune_flags),
	.run = prune,
};
