/*
 * image_filter: which images are meant, in podman's words: reference, id, label,
 * label!, dangling, before, since (or after), until.
 */
#include "cli/image_filter.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/filter.h"
#include "cli/when.h"
#include "store/image_name.h"

bool image_name_meant(const char *name, const char *typed)
{
	/* with the registry and the path or without, with the tag or without */
	static const char *const shapes[][2] = { { "", "" }, { "*/", "" }, { "", ":*" }, { "*/", ":*" } };

	if (image_name_fits(name, typed))
		return true;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		cleanup_free char *pattern = text_format("%s%s%s", shapes[i][0], typed, shapes[i][1]);

		if (!fnmatch(pattern, name, 0))
			return true;
	}
	return false;
}

static bool names_meant(const char *value, const void *thing)
{
	const struct image *image = thing;

	for (size_t i = 0; i < image->names.n; i++)
		if (image_name_meant(image->names.v[i], value))
			return true;
	return false;
}

static bool is_dangling(const char *value, const void *thing)
{
	const struct image *image = thing;

	return (text_equal(value, "true") || text_equal(value, "1")) == !image->names.n;
}

static bool lacks_label(const char *value, const void *labels)
{
	return !filter_label(value, labels);
}

/* The last value of that key, or NULL. */
static const char *last_value(const struct strv *filters, const char *key)
{
	const char *found = NULL;
	size_t length = strlen(key);

	for (size_t i = 0; i < filters->n; i++)
		if (text_starts(filters->v[i], key) && filters->v[i][length] == '=')
			found = filters->v[i] + length + 1;
	return found;
}

/* When the image that a filter names was made. */
static int created_of(const char *value, const struct images *images, int64_t *ret_when, struct err *err)
{
	for (size_t i = 0; i < images->n; i++)
		if (names_meant(value, &images->v[i]) || text_starts(images->v[i].id, value)) {
			*ret_when = images->v[i].created;
			return 0;
		}
	err_set(err, 0, "%s: image not known", value);
	return -ENOENT;
}

int image_filter_open(struct image_filter *filter, const struct strv *filters, const struct images *images,
		      struct err *err)
{
	const char *before = last_value(filters, "before"), *since = last_value(filters, "since");
	const char *until = last_value(filters, "until");
	int code = 0;

	*filter = (struct image_filter){ .filters = filters };
	if (!since)
		since = last_value(filters, "after");
	if (until)
		code = when_parse(until, "until", false, &filter->before, err);
	if (!code && before)
		code = created_of(before, images, &filter->before, err);
	return !code && since ? created_of(since, images, &filter->since, err) : code;
}

bool image_filter_match(const struct image_filter *filter, const struct image *image)
{
	const struct strv *filters = filter->filters;

	if (filter->before && image->created >= filter->before)
		return false;
	if (filter->since && image->created <= filter->since)
		return false;
	return filter_any(filters, "id", filter_id, image->id) &&
	       filter_any(filters, "reference", names_meant, image) &&
	       filter_any(filters, "dangling", is_dangling, image) &&
	       filter_all(filters, "label", filter_label, &image->config.labels) &&
	       filter_all(filters, "label!", lacks_label, &image->config.labels);
}
