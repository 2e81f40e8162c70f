/*
 * layer: made in a scratch directory, put in place by rename(2); layer.h draws
 * where. Nothing here is ever changed once it is in place: overlayfs only reads a
 * lower directory, and nobody may write below a mounted one. Lesson 13.
 */
#include "store/layer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/failpoint.h"
#include "base/io.h"
#include "store/image_store.h"
#include "store/json_file.h"

struct layer_record {
	int64_t bytes;
};

static const struct field layer_fields[] = {
	{ "Bytes", FIELD_INT, offsetof(struct layer_record, bytes), NULL },
	{ 0 },
};
static const struct shape layer_shape = { sizeof(struct layer_record), layer_fields };

bool layer_hex_valid(const char *text)
{
	return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

bool layer_there(const struct store *store, const char *hex, int64_t *ret_bytes)
{
	cleanup_free char *path = text_format("layers/%s/layer.json", hex);
	struct layer_record record = { 0 };
	bool there = !json_file_read(store->root_fd, path, &layer_shape, &record, NULL);

	if (ret_bytes)
		*ret_bytes = record.bytes;
	return there;
}

int layer_begin(const struct scratch *scratch, const char *name, struct err *err)
{
	cleanup_free char *path = text_format("layers/%s/root", name);
	int code = io_make_dirs(scratch->fd, path, 0755, err);

	/* what a tree does not say of its root; not less the umask */
	if (!code && fchmodat(scratch->fd, path, 0755, 0) < 0)
		code = err_set(err, errno, "set mode of %s", path);
	return code ? code : io_open(scratch->fd, path, O_RDONLY | O_DIRECTORY, err);
}

int layer_unpack(const struct store *store, const struct scratch *scratch, const char *name, int archive,
		 bool whole, struct progress *progress, struct unpacked *ret_unpacked, struct err *err)
{
	cleanup_free char *path = text_format("%s/tmp/%s/layers/%s/root", store->root, scratch->name, name);
	cleanup_fd int root = layer_begin(scratch, name, err);

	return root < 0 ? root : unpack_archive(store, archive, path, !whole, progress, ret_unpacked, err);
}

int layer_done(const struct scratch *scratch, const char *name, const char *hex, int64_t bytes,
	       struct err *err)
{
	cleanup_free char *from = text_format("layers/%s", name), *to = text_format("layers/%s", hex);
	cleanup_free char *record = text_format("%s/layer.json", from);
	int code = json_file_write(scratch->fd, record, &layer_shape,
				   &(struct layer_record){ .bytes = bytes }, err);

	if (!code)
		code = failpoint("layer-unpacked", err);
	if (!code && strcmp(from, to) && renameat(scratch->fd, from, scratch->fd, to) < 0)
		code = err_set(err, errno, "rename layer %s", hex);
	return code;
}

int layer_place(const struct store *store, const struct scratch *scratch, const char *hex, struct err *err)
{
	cleanup_free char *path = text_format("layers/%s", hex);

	if (layer_there(store, hex, NULL))
		return 0;
	if (!renameat(scratch->fd, path, store->root_fd, path))
		return failpoint("layer-placed", err);
	if (errno == ENOENT)
		return -EAGAIN;
	return err_set(err, errno, "put layer %s in place", hex);
}

/* All layers that images list, into used. -EBUSY when that cannot be known. */
static int list_used(const struct store *store, struct strv *used, struct err *err)
{
	struct strv broken = { 0 };
	struct images images;
	int code = image_read_all(store, &images, &broken, err);

	for (size_t i = 0; !code && i < images.n; i++)
		strv_copy(used, &images.v[i].layers);
	if (!code && broken.n)
		code = -EBUSY;
	images_free(&images);
	strv_free(&broken);
	return code;
}

int layers_sweep(const struct store *store, const struct scratch *scratch, struct err *err)
{
	int fd = io_open(store->root_fd, "layers", O_RDONLY | O_DIRECTORY, err), code;
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	struct strv used = { 0 };
	struct dirent *entry;

	if (!entries) {
		code = fd < 0 ? fd : err_set(err, errno, "read %s/layers", store->root);
		cleanup_fd_func(&fd);
		return code;
	}
	code = list_used(store, &used, err);
	while (!code && (entry = readdir(entries)))
		if (layer_hex_valid(entry->d_name) && !strv_has(&used, entry->d_name) &&
		    renameat(dirfd(entries), entry->d_name, scratch->fd, entry->d_name) < 0)
			code = err_set(err, errno, "remove layer %s", entry->d_name);
	closedir(entries);
	strv_free(&used);
	return code == -EBUSY ? 0 : code;
}
