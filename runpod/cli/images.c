/*
 * images: lists images, one row a name, in podman's columns.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/filter.h"
#include "cli/image_filter.h"
#include "cli/inspect.h"
#include "cli/listing.h"
#include "cli/show.h"
#include "cli/verbs.h"
#include "cli/when.h"
#include "store/image.h"

struct images_flags {
	bool all, digests, no_trunc, no_heading, quiet;
	char *format, *sort;
	struct strv filters;
};

#define ROW(name, letter, type, member, metavar, help)                                                       \
	{                                                                                                    \
		name, letter, type, offsetof(struct images_flags, member), metavar, help, NULL, NULL         \
	}

static const struct opt options[] = {
	ROW("all", 'a', OPT_BOOL, all, NULL, "Accepted and without effect: there are no intermediate images"),
	ROW("digests", 0, OPT_BOOL, digests, NULL, "Show digests"),
	ROW("filter", 'f', OPT_STRV, filters, "filter",
	    "Filter output: reference, label, id, dangling, before, since, until"),
	ROW("format", 0, OPT_TEXT, format, "string", "Change the output format to JSON or a Go template"),
	ROW("no-trunc", 0, OPT_BOOL, no_trunc, NULL, "Do not truncate output"),
	ROW("noheading", 'n', OPT_BOOL, no_heading, NULL, "Do not print column headings"),
	ROW("quiet", 'q', OPT_BOOL, quiet, NULL, "Display only image IDs"),
	ROW("sort", 0, OPT_TEXT, sort, "string",
	    "Sort by created (the default), id, repository, size or tag"),
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

static bool wanted(const struct image *image, const struct image_filter *filter, const char *typed)
{
	if (!image_filter_match(filter, image))
		return false;
	for (size_t i = 0; typed && i < image->names.n; i++)
		if (image_name_meant(image->names.v[i], typed))
			return true;
	return !typed || text_starts(image->id, typed);
}

static char *digest_text(const struct image *image)
{
	return text_format("sha256:%s", image->digest ? image->digest : image->id);
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
	json_object_set_new(row, "Digest", show_take(digest_text(image)));
	json_object_set_new(row, "Labels", show_map(&image->config.labels));
	json_object_set_new(row, "_labels", show_map(&image->config.labels));
	return row;
}

static json_t *json_of(const struct image *image)
{
	return json_pack("{s:o, s:s, s:o, s:o, s:o, s:I, s:I, s:i, s:o, s:o, s:b, s:I, s:o}", "Id",
			 show_text(image->id), "ParentId", "", "RepoTags", show_list(&image->names),
			 "RepoDigests", inspect_digests(image), "Names", show_list(&image->names), "Size",
			 (json_int_t)image->size, "VirtualSize", (json_int_t)image->size, "SharedSize", 0,
			 "Labels", show_map(&image->config.labels), "Digest", show_take(digest_text(image)),
			 "Dangling", !image->names.n, "Created", (json_int_t)(image->created / 1000000000),
			 "CreatedAt", show_time(image->created));
}

/* One line: an image under one of its names, or under none. */
struct line {
	const struct image *image;
	const char *name; /* NULL: <none> */
};

struct lines {
	struct line *v;
	size_t n;
};

static void add_line(struct lines *lines, const struct image *image, const char *name)
{
	lines->v = mem_realloc(lines->v, (lines->n + 1) * sizeof(*lines->v));
	lines->v[lines->n++] = (struct line){ image, name };
}

/* A line for each name; with an argument only for the names that it means. */
static void add_image(struct lines *lines, const struct image *image, bool once, const char *typed)
{
	size_t before = lines->n;

	for (size_t i = 0; !once && i < image->names.n; i++)
		if (!typed || image_name_meant(image->names.v[i], typed))
			add_line(lines, image, image->names.v[i]);
	if (lines->n == before) /* no name, or it was meant by its id */
		add_line(lines, image, image->names.n && !once ? image->names.v[0] : NULL);
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct line *)a)->image->id, ((const struct line *)b)->image->id);
}

static int by_size(const void *a, const void *b)
{
	int64_t left = ((const struct line *)a)->image->size, right = ((const struct line *)b)->image->size;

	return left < right ? -1 : left > right;
}

static int by_repository(const void *a, const void *b)
{
	const char *left = ((const struct line *)a)->name, *right = ((const struct line *)b)->name;

	return strcmp(left ? left : "", right ? right : "");
}

static int by_tag(const void *a, const void *b)
{
	const char *left = ((const struct line *)a)->name, *right = ((const struct line *)b)->name;

	left = left ? strrchr(left, ':') : "";
	right = right ? strrchr(right, ':') : "";
	return strcmp(left, right);
}

static int sort_lines(struct lines *lines, const char *key, struct err *err)
{
	static const struct {
		const char *key;
		int (*compare)(const void *, const void *);
	} orders[] = {
		{ "id", by_id }, { "repository", by_repository }, { "size", by_size }, { "tag", by_tag }
	};

	if (!key || text_equal(key, "created")) /* that is the order that they come in */
		return 0;
	for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++)
		if (text_equal(key, orders[i].key)) {
			if (lines->n)
				qsort(lines->v, lines->n, sizeof(*lines->v), orders[i].compare);
			return 0;
		}
	return err_set(
		err, 0,
		"\"%s\" is not a valid field for sorting. Choose from: created, id, repository, size, tag",
		key);
}

static int print(const struct lines *lines, const struct images_flags *flags, struct err *err)
{
	struct listing listing = {
		.format = flags->quiet && !flags->format ? "{{.ID}}" : flags->format,
		.usual = flags->digests
				 ? "table "
				   "{{.Repository}}\t{{.Tag}}\t{{.Digest}}\t{{.ID}}\t{{.Created}}\t{{.Size}}"
				 : "table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.Created}}\t{{.Size}}",
		.headings = headings,
		.no_heading = flags->no_heading
	};
	bool json = listing_is_json(flags->format);
	json_t *rows = json_array();
	int code = 0;

	for (size_t i = 0; i < lines->n; i++)
		json_array_append_new(rows,
				      json ? json_of(lines->v[i].image)
					   : row_of(lines->v[i].image, lines->v[i].name, flags->no_trunc));
	if (json)
		json_print(rows, 4);
	else
		code = listing_print(&listing, rows, err);
	json_decref(rows);
	return code;
}

static int print_wanted(const struct images *images, const struct images_flags *flags, const char *typed,
			struct err *err)
{
	bool once = listing_is_json(flags->format) || (flags->quiet && !flags->format);
	struct image_filter filter;
	struct lines lines = { 0 };
	int code = image_filter_open(&filter, &flags->filters, images, err);

	for (size_t i = 0; !code && i < images->n; i++)
		if (wanted(&images->v[i], &filter, typed))
			add_image(&lines, &images->v[i], once, typed);
	if (!code)
		code = sort_lines(&lines, flags->sort, err);
	if (!code)
		code = print(&lines, flags, err);
	free(lines.v);
	return code;
}

static int list(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct images_flags *flags = target;
	struct images images = { 0 };
	struct strv broken = { 0 };
	int code = filter_check(&flags->filters,
				"reference label label! id dangling before since after until", err);

	if (!code)
		code = cli_store(cli, err);
	if (!code)
		code = image_list(&cli->store, &images, &broken, err);
	if (!code)
		code = print_wanted(&images, flags, args->n ? args->v[0] : NULL, err);
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
