/*
 * images: lists images, one row a name, in podman's columns.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/filter.h"
#include "cli/listing.h"
#include "cli/show.h"
#include "cli/verbs.h"
#include "cli/when.h"
#include "store/image.h"
#include "store/image_name.h"

struct images_flags {
	bool all, digests, no_trunc, no_heading, quiet;
	char *format;
	struct strv filters;
};

#define ROW(name, letter, type, member, metavar, help)                                                       \
	{                                                                                                    \
		name, letter, type, offsetof(struct images_flags, member), metavar, help, NULL, NULL         \
	}

static const struct opt options[] = {
	ROW("all", 'a', OPT_BOOL, all, NULL, "Accepted and without effect: there are no intermediate images"),
	ROW("filter", 'f', OPT_STRV, filters, "filter",
	    "Filter output based on conditions: reference, label, id"),
	ROW("format", 0, OPT_TEXT, format, "string", "Change the output format to JSON or a Go template"),
	ROW("no-trunc", 0, OPT_BOOL, no_trunc, NULL, "Do not truncate output"),
	ROW("noheading", 'n', OPT_BOOL, no_heading, NULL, "Do not print column headings"),
	ROW("quiet", 'q', OPT_BOOL, quiet, NULL, "Display only image IDs"),
	{ 0 },
};

static const struct heading headings[] = {
	{ "Repository", "REPOSITORY" },
	{ "Tag", "TAG" },
	{ "ID", "IMAGE ID" },
	{ "Created", "CREATED" },
	{ "Size", "SIZE" },
	{ "CreatedAt", "CREATED AT" },
	{ "CreatedSince", "CREATED" },
	{ "Names", "NAMES" },
	{ "Digest", "DIGEST" },
	{ NULL, NULL },
};

static bool name_fits(const char *value, const void *thing)
{
	const struct image *image = thing;

	for (size_t i = 0; i < image->names.n; i++)
		if (image_name_fits(image->names.v[i], value) || filter_regex(value, image->names.v[i]))
			return true;
	return false;
}

static bool wanted(const struct image *image, const struct strv *filters, const struct strv *args)
{
	return (!args->n || name_fits(args->v[0], image)) &&
	       filter_any(filters, "id", filter_id, image->id) &&
	       filter_any(filters, "reference", name_fits, image) &&
	       filter_all(filters, "label", filter_label, &image->config.labels);
}

/* "sha256:…" whole, or 12 digits. */
static char *id_text(const struct image *image, bool whole)
{
	return whole ? text_format("sha256:%s", image->id) : show_id(image->id, false);
}

static json_t *row_of(const struct image *image, const char *name, bool whole)
{
	const char *colon = name ? strrchr(name, ':') : NULL;
	json_t *row = json_object();

	json_object_set_new(row, "Repository",
			    colon ? show_take(text_ndup(name, (size_t)(colon - name)))
				  : json_string("<none>"));
	json_object_set_new(row, "Tag", json_string(colon ? colon + 1 : "<none>"));
	json_object_set_new(row, "ID", show_take(id_text(image, whole)));
	json_object_set_new(row, "Created", show_take(when_ago(image->created)));
	json_object_set_new(row, "CreatedSince", show_take(when_ago(image->created)));
	json_object_set_new(row, "CreatedAt", show_take(when_go(image->created)));
	json_object_set_new(row, "Size", show_take(size_text(image->size)));
	json_object_set_new(row, "Names", show_list(&image->names));
	json_object_set_new(row, "Digest", show_take(text_format("sha256:%s", image->id)));
	json_object_set_new(row, "Labels", show_map(&image->config.labels));
	json_object_set_new(row, "_labels", show_map(&image->config.labels));
	return row;
}

static json_t *json_of(const struct image *image)
{
	return json_pack("{s:o, s:o, s:I, s:o, s:I, s:o}", "Id", show_text(image->id), "Names",
			 show_list(&image->names), "Created", (json_int_t)(image->created / 1000000000),
			 "CreatedAt", show_time(image->created), "Size", (json_int_t)image->size, "Labels",
			 show_map(&image->config.labels));
}

/* One row a name; with an argument only for the names that it means. */
static void add_rows(json_t *rows, const struct image *image, const struct images_flags *flags,
		     const char *typed)
{
	if (listing_is_json(flags->format))
		json_array_append_new(rows, json_of(image));
	else if (!image->names.n || (flags->quiet && !flags->format))
		json_array_append_new(rows, row_of(image, NULL, flags->no_trunc));
	else
		for (size_t i = 0; i < image->names.n; i++)
			if (!typed || image_name_fits(image->names.v[i], typed) ||
			    filter_regex(typed, image->names.v[i]))
				json_array_append_new(rows,
						      row_of(image, image->names.v[i], flags->no_trunc));
}

static int print(const struct images *images, const struct images_flags *flags, const struct strv *args,
		 struct err *err)
{
	struct listing listing = {
		.format = flags->quiet && !flags->format ? "{{.ID}}" : flags->format,
		.usual = "table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.Created}}\t{{.Size}}",
		.headings = headings,
		.no_heading = flags->no_heading
	};
	json_t *rows = json_array();
	int code = 0;

	for (size_t i = 0; i < images->n; i++)
		if (wanted(&images->v[i], &flags->filters, args))
			add_rows(rows, &images->v[i], flags, args->n ? args->v[0] : NULL);
	if (listing_is_json(flags->format))
		json_print(rows, 4);
	else
		code = listing_print(&listing, rows, err);
	json_decref(rows);
	return code;
}

static int list(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct images_flags *flags = target;
	struct images images = { 0 };
	struct strv broken = { 0 };
	int code = filter_check(&flags->filters, "reference label id", err);

	if (!code)
		code = cli_store(cli, err);
	if (!code)
		code = image_list(&cli->store, &images, &broken, err);
	if (!code)
		code = print(&images, flags, args, err);
	cli_warn(cli, &broken);
	strv_free(&broken);
	images_free(&images);
	return code;
}

const struct verb verb_images = {
	.usage = "[options] [IMAGE]",
	.description = "Lists images, the newest first; the built-in ones are at the end.",
	.examples = "images\nimages --quiet\nimages --format \"{{.ID}} {{.Repository}}\"",
	.options = options,
	.flags_size = sizeof(struct images_flags),
	.max_args = 1,
	.run = list,
};
