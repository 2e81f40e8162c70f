/*
 * projection: which files a projected volume holds, from the objects that it names;
 * projection.h draws how they lie. Lesson 21.
 */
#include "pod/projection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "store/object.h"

#define DEFAULT_MODE 0644

void projected_free(struct projected *files)
{
	for (size_t i = 0; i < files->n; i++) {
		free(files->v[i].path);
		free(files->v[i].bytes);
	}
	free(files->v);
	*files = (struct projected){ 0 };
}

/* Adds a file; a later source's takes the place of an earlier one's. */
static void add_file(struct projected *files, const char *path, const char *bytes, size_t length,
		     int64_t mode)
{
	struct projected_file file = { .path = text_dup(path),
				       .bytes = mem_zalloc(length + 1),
				       .length = length,
				       .mode = (mode_t)mode };
	size_t at = 0;

	memcpy(file.bytes, bytes, length);
	while (at < files->n && strcmp(files->v[at].path, path))
		at++;
	if (at < files->n) {
		free(files->v[at].path);
		free(files->v[at].bytes);
	} else {
		files->v = mem_realloc(files->v, ++files->n * sizeof(*files->v));
	}
	files->v[at] = file;
}

static int64_t mode_of(const struct pod_volume *volume, const struct projection_item *item)
{
	if (item && item->mode >= 0)
		return item->mode;
	return volume->mode > 0 ? volume->mode : DEFAULT_MODE;
}

/* The keys that are named; without a list, all. */
static int add_values(const struct pod_volume *volume, const struct projection *source,
		      const struct object *object, struct projected *ret_files, struct err *err)
{
	for (size_t i = 0; !source->items.n && i < object->n; i++)
		add_file(ret_files, object->v[i].key, object->v[i].bytes, object->v[i].length,
			 mode_of(volume, NULL));
	for (size_t i = 0; i < source->items.n; i++) {
		const struct projection_item *item = &source->items.v[i];
		const struct object_value *value = object_value(object, item->key);

		if (value)
			add_file(ret_files, item->path, value->bytes, value->length, mode_of(volume, item));
		else if (!source->optional)
			return err_set(err, 0,
				       strcmp(source->kind, OBJECT_SECRET)
					       ? "configmap references non-existent config key: %s"
					       : "references non-existent secret key: %s",
				       item->key);
	}
	return 0;
}

static int add_object(const struct store *store, const struct pod_volume *volume,
		      const struct projection *source, struct projected *ret_files, struct err *err)
{
	struct object object;
	int code = object_get(store, source->kind, source->object, &object, err);

	if (code)
		return code == -ENOENT && source->optional ? 0 : code;
	code = add_values(volume, source, &object, ret_files, err);
	object_free(&object);
	return code;
}

static int add_downward(const struct pod_volume *volume, const struct projection *source,
			const struct downward *about, struct projected *ret_files, struct err *err)
{
	int code = 0;

	for (size_t i = 0; i < source->items.n && !code; i++) {
		const struct projection_item *item = &source->items.v[i];
		cleanup_free char *text = NULL;

		code = item->ctr ? downward_resource(about, item->ctr, item->key, item->divisor, &text, err)
				 : downward_field(about, item->key, &text, err);
		if (!code)
			add_file(ret_files, item->path, text, strlen(text), mode_of(volume, item));
	}
	return code;
}

int projection_collect(const struct store *store, const struct pod_volume *volume,
		       const struct downward *about, struct projected *ret_files, struct err *err)
{
	int code = 0;

	*ret_files = (struct projected){ 0 };
	for (size_t i = 0; i < volume->sources.n && !code; i++) {
		const struct projection *source = &volume->sources.v[i];

		code = strcmp(source->kind, "downward") ? add_object(store, volume, source, ret_files, err)
							: add_downward(volume, source, about, ret_files, err);
	}
	if (code)
		projected_free(ret_files);
	return code;
}
