/*
 * image_store: images on disk. A reader takes no lock: image.json is replaced
 * by rename(2), and so is the whole directory put in place. Writers of names
 * take turns with the lock "images", since a name moves from one image to
 * another. If one is killed in between, two images have the name, and the newer is
 * the one that is found. Lesson 13.
 */
#include "store/image_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/failpoint.h"
#include "base/io.h"
#include "store/json_file.h"
#include "store/layer.h"
#include "store/lock.h"

static const struct field config_fields[] = {
	{ "Entrypoint", FIELD_STRV, offsetof(struct image_config, entrypoint), NULL },
	{ "Cmd", FIELD_STRV, offsetof(struct image_config, cmd), NULL },
	{ "Env", FIELD_STRV, offsetof(struct image_config, env), NULL },
	{ "User", FIELD_TEXT, offsetof(struct image_config, user), NULL },
	{ "WorkingDir", FIELD_TEXT, offsetof(struct image_config, working_dir), NULL },
	{ "ExposedPorts", FIELD_STRV, offsetof(struct image_config, exposed_ports), NULL },
	{ "Volumes", FIELD_STRV, offsetof(struct image_config, volumes), NULL },
	{ "StopSignal", FIELD_TEXT, offsetof(struct image_config, stop_signal), NULL },
	{ "Labels", FIELD_STRV, offsetof(struct image_config, labels), NULL },
	{ 0 },
};
static const struct shape config_shape = { sizeof(struct image_config), config_fields };

static const struct field image_fields[] = {
	{ "Id", FIELD_TEXT, offsetof(struct image, id), NULL },
	{ "Names", FIELD_STRV, offsetof(struct image, names), NULL },
	{ "Created", FIELD_INT, offsetof(struct image, created), NULL },
	{ "Size", FIELD_INT, offsetof(struct image, size), NULL },
	{ "Layers", FIELD_STRV, offsetof(struct image, layers), NULL },
	{ "Digest", FIELD_TEXT, offsetof(struct image, digest), NULL },
	{ "MediaType", FIELD_TEXT, offsetof(struct image, type), NULL },
	{ "Architecture", FIELD_TEXT, offsetof(struct image, architecture), NULL },
	{ "Os", FIELD_TEXT, offsetof(struct image, os), NULL },
	{ "Author", FIELD_TEXT, offsetof(struct image, author), NULL },
	{ "Builtin", FIELD_TEXT, offsetof(struct image, builtin), NULL },
	{ "Config", FIELD_OBJECT, offsetof(struct image, config), &config_shape },
	{ 0 },
};
const struct shape image_shape = { sizeof(struct image), image_fields };

void image_free(struct image *image)
{
	fields_free(&image_shape, image);
}

void images_free(struct images *images)
{
	for (size_t i = 0; i < images->n; i++)
		image_free(&images->v[i]);
	free(images->v);
	*images = (struct images){ 0 };
}

bool image_drop_name(struct strv *names, const char *name)
{
	struct strv kept = { 0 };
	bool had = strv_has(names, name);

	for (size_t i = 0; i < names->n; i++)
		if (!text_equal(names->v[i], name))
			strv_add(&kept, names->v[i]);
	strv_free(names);
	*names = kept;
	return had;
}

/* A layer's name becomes part of a path. A file that says something else was not written by us. */
static bool layers_valid(const struct image *image)
{
	for (size_t i = 0; i < image->layers.n; i++)
		if (!layer_hex_valid(image->layers.v[i]))
			return false;
	return true;
}

int image_read(const struct store *store, const char *id, struct image *ret_image, struct err *err)
{
	cleanup_free char *path = text_format("images/%s/image.json", id);
	int code;

	*ret_image = (struct image){ 0 };
	code = json_file_read(store->root_fd, path, &image_shape, ret_image, err);
	if (code || (text_equal(ret_image->id, id) && layers_valid(ret_image)))
		return code;
	image_free(ret_image);
	return err_set(err, 0, "%s is damaged: it is not of this image", path);
}

int image_write(const struct store *store, const struct image *image, struct err *err)
{
	cleanup_free char *path = text_format("images/%s/image.json", image->id);

	return json_file_write(store->root_fd, path, &image_shape, image, err);
}

static int newest_first(const void *left, const void *right)
{
	const struct image *a = left, *b = right;

	return a->created == b->created ? strcmp(a->id, b->id) : a->created < b->created ? 1 : -1;
}

/* Reads one image into the list, or its trouble into broken. One that has just been removed is neither. */
static void read_into(const struct store *store, const char *id, struct images *images, struct strv *broken)
{
	struct err why = { 0 };
	struct image image;
	int code = image_read(store, id, &image, &why);

	if (!code) {
		images->v = mem_realloc(images->v, (images->n + 1) * sizeof(*images->v));
		images->v[images->n++] = image;
	} else if (code != -ENOENT && broken) {
		strv_addf(broken, "%s: %s", id, why.text);
	}
}

int image_read_all(const struct store *store, struct images *ret_images, struct strv *ret_broken,
		   struct err *err)
{
	int fd = io_open(store->root_fd, "images", O_RDONLY | O_DIRECTORY, err);
	struct dirent *entry;
	DIR *entries;

	*ret_images = (struct images){ 0 };
	if (fd < 0)
		return fd;
	entries = fdopendir(fd);
	if (!entries) {
		close(fd);
		return err_set(err, errno, "read %s/images", store->root);
	}
	while ((entry = readdir(entries)))
		if (layer_hex_valid(entry->d_name))
			read_into(store, entry->d_name, ret_images, ret_broken);
	closedir(entries);
	if (ret_images->n)
		qsort(ret_images->v, ret_images->n, sizeof(*ret_images->v), newest_first);
	return 0;
}

int image_free_name(const struct store *store, const char *name, const char *except, struct err *err)
{
	struct images images;
	int code = image_read_all(store, &images, NULL, err);

	for (size_t i = 0; !code && i < images.n; i++)
		if (!text_equal(images.v[i].id, except) && image_drop_name(&images.v[i].names, name))
			code = image_write(store, &images.v[i], err);
	images_free(&images);
	return code;
}

/* Adds the names of an image that is in place to those that are asked for. */
static int adopt_names(const struct store *store, struct image *image, struct err *err)
{
	struct image there;

	if (!image_read(store, image->id, &there, NULL)) {
		for (size_t i = 0; i < image->names.n; i++)
			if (!strv_has(&there.names, image->names.v[i]))
				strv_add(&there.names, image->names.v[i]);
		image_free(image);
		*image = there;
	} /* else it is damaged: this one mends it */
	return image_write(store, image, err);
}

/* A directory with the record in it becomes the image's. */
static int place_record(const struct store *store, const struct scratch *scratch, const struct image *image,
			struct err *err)
{
	cleanup_free char *path = text_format("images/%s", image->id);
	cleanup_free char *record = text_format("%s/image.json", path);
	int code = io_make_dirs(scratch->fd, path, 0700, err);

	if (!code)
		code = json_file_write(scratch->fd, record, &image_shape, image, err);
	if (!code && renameat(scratch->fd, path, store->root_fd, path) < 0)
		code = err_set(err, errno, "put image %s in place", image->id);
	return code ? code : failpoint("image-placed", err);
}

/* DOC: image-adopt */
static int adopt_locked(const struct store *store, const struct scratch *scratch, struct image *image,
			struct err *err)
{
	cleanup_free char *path = text_format("images/%s", image->id);
	struct strv names = { 0 };
	int code = 0;

	strv_copy(&names, &image->names);
	for (size_t i = 0; !code && i < image->layers.n; i++)
		code = layer_place(store, scratch, image->layers.v[i], err);
	if (!code && !faccessat(store->root_fd, path, F_OK, AT_SYMLINK_NOFOLLOW))
		code = adopt_names(store, image, err);
	else if (!code)
		code = place_record(store, scratch, image, err);
	for (size_t i = 0; !code && i < names.n; i++)
		code = image_free_name(store, names.v[i], image->id, err);
	strv_free(&names);
	return code;
}

int image_adopt(const struct store *store, const struct scratch *scratch, struct image *image,
		struct err *err)
{
	cleanup_fd int lock = lock_named(store, "images", err);
	int code = lock < 0 ? lock : adopt_locked(store, scratch, image, err);

	/* layers without an image: of this one, if it failed, or of a command that was killed */
	if (lock >= 0)
		layers_sweep(store, scratch, NULL);
	return code;
}
