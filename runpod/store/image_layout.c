/*
 * image_layout: what kind of layout a directory is, and its files; image_layout.h
 * draws the kinds. The file names come from a stranger, so each is looked up
 * beneath the directory (see openat2(2)), and what is read has to have the size and the digest that
 * were promised. Lesson 13.
 */
#include "store/image_layout.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/sha256.h"
#include "kern/sys.h"
#include "store/image_manifest.h"

#define TEXT_MAX (4 << 20) /* what registries allow a manifest */

static void blob_free(struct image_blob *blob)
{
	free(blob->path);
	free(blob->hex);
}

void image_sources_free(struct image_sources *sources)
{
	for (size_t i = 0; i < sources->n; i++) {
		struct image_source *source = &sources->v[i];

		strv_free(&source->names);
		free(source->digest);
		free(source->type);
		blob_free(&source->config);
		for (size_t j = 0; j < source->n; j++)
			blob_free(&source->layers[j]);
		free(source->layers);
	}
	free(sources->v);
	*sources = (struct image_sources){ 0 };
}

/* The name of a file for people: it may be anything. */
static void show(const char *path, char *ret_text, size_t size)
{
	size_t n = 0;

	for (; n + 1 < size && path[n]; n++)
		ret_text[n] = (unsigned char)path[n] < ' ' || path[n] == 0x7f ? '?' : path[n];
	ret_text[n] = '\0';
}

int image_layout_open(int dir, const struct image_source *source, const struct image_blob *blob,
		      int64_t *ret_size, struct err *err)
{
	uint64_t links = source->links ? RESOLVE_NO_MAGICLINKS : RESOLVE_NO_SYMLINKS;
	cleanup_fd int fd = sys_openat2(dir, blob->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0,
					RESOLVE_BENEATH | links);
	char shown[128];
	struct stat stat;

	show(blob->path, shown, sizeof(shown));
	if (fd == -ELOOP)
		return err_set(err, 0, "%s is a symbolic link", shown);
	if (fd == -EXDEV)
		return err_set(err, 0, "%s leads out of the image", shown);
	if (fd < 0)
		return err_set(err, -fd, "open %s", shown);
	if (fstat(fd, &stat) < 0 || !S_ISREG(stat.st_mode))
		return err_set(err, 0, "%s is no file", shown);
	if (blob->size >= 0 && stat.st_size != blob->size)
		return err_set(err, 0, "%s has %jd bytes where %" PRId64 " were promised", shown,
			       (intmax_t)stat.st_size, blob->size);
	if (ret_size)
		*ret_size = stat.st_size;
	return take_fd(&fd);
}

int image_layout_text(int dir, const struct image_source *source, const struct image_blob *blob,
		      struct buf *ret_text, char *ret_hex, struct err *err)
{
	cleanup_fd int fd = image_layout_open(dir, source, blob, NULL, err);
	struct sha256 sha;
	char shown[128];
	int code = fd < 0 ? fd : io_read_all(fd, TEXT_MAX, ret_text);

	show(blob->path, shown, sizeof(shown));
	if (code)
		return fd < 0 ? fd : err_set(err, -code, "read %s", shown);
	sha256_init(&sha);
	sha256_add(&sha, ret_text->data, ret_text->len);
	sha256_hex(&sha, ret_hex);
	if (blob->hex && !text_equal(blob->hex, ret_hex))
		return err_set(err, 0, "%s has the digest sha256:%s", shown, ret_hex);
	return 0;
}

/* Reads a file of JSON that stands at the top of the layout. -ENOENT when it is not there. */
static int read_top(int dir, const char *name, json_t **ret_value, char *ret_hex, struct err *err)
{
	struct image_source plain = { 0 };
	struct image_blob blob = { .path = (char *)name, .size = -1 };
	struct buf text = { 0 };
	int code;

	if (faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW))
		return -ENOENT;
	code = image_layout_text(dir, &plain, &blob, &text, ret_hex, err);
	if (!code)
		code = image_json_load(&text, name, ret_value, err);
	buf_free(&text);
	return code;
}

int image_layout_read(int dir, struct image_sources *ret_sources, struct err *err)
{
	char hex[SHA256_HEX_SIZE];
	json_t *value = NULL;
	int code = read_top(dir, "manifest.json", &value, hex, err);

	*ret_sources = (struct image_sources){ 0 };
	if (!code && json_is_array(value)) {
		code = image_read_saved(value, ret_sources, err);
	} else if (!code) {
		code = image_read_manifest(value, "", hex, ret_sources, err);
	} else if (code == -ENOENT) {
		code = read_top(dir, "index.json", &value, hex, err);
		if (!code)
			code = image_read_index(dir, value, ret_sources, err);
	}
	if (code == -ENOENT && !value)
		return err_set(err, 0,
			       "payload does not match any of the supported image formats: neither "
			       "manifest.json nor index.json is in it");
	json_decref(value);
	if (!code && !ret_sources->n)
		return err_set(err, 0, "there is no image in it");
	return code;
}
