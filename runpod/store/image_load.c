/*
 * image_load: an archive that holds images. It is unpacked first, by the same
 * sandboxed program and under the same rules as a layer, and is a directory from then on; so there is
 * one way in for archives, directories and downloads. Lesson 13.
 */
#include "store/image.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "store/image_take.h"

#define LAYOUT "layout" /* in the scratch directory */

/* Unpacks the archive into the scratch directory. Returns a descriptor of the layout, or -errno. */
static int unpack_layout(const struct store *store, const struct scratch *scratch, int archive,
			 struct progress *progress, struct err *err)
{
	cleanup_free char *path = text_format("%s/tmp/%s/" LAYOUT, store->root, scratch->name);
	struct stat stat;
	int code = io_make_dirs(scratch->fd, LAYOUT, 0700, err);

	if (!code && progress)
		progress->begin(progress, "Reading",
				!fstat(archive, &stat) && S_ISREG(stat.st_mode) ? stat.st_size : 0);
	if (!code)
		code = unpack_archive(store, archive, path, false, progress, NULL, err);
	return code ? code : io_open(scratch->fd, LAYOUT, O_RDONLY | O_DIRECTORY, err);
}

/* Opens what was named: a directory as it is, an archive unpacked. */
static int open_layout(const struct store *store, const struct scratch *scratch, const char *file,
		       struct progress *progress, struct err *err)
{
	bool given = text_equal(file, "-");
	cleanup_fd int opened = given ? -1 : io_open(AT_FDCWD, file, O_RDONLY, err);
	int fd = given ? STDIN_FILENO : opened;
	struct stat stat;

	if (fd < 0)
		return fd;
	if (fstat(fd, &stat) < 0)
		return err_set(err, errno, "look at it");
	if (S_ISDIR(stat.st_mode) && !given)
		return take_fd(&opened);
	return unpack_layout(store, scratch, fd, progress, err);
}

/* Adds the names under which an image was loaded. */
static void tell(const struct image_source *source, const struct image *image, struct strv *ret_names)
{
	strv_copy(ret_names, &source->names);
	if (!source->names.n)
		strv_addf(ret_names, "sha256:%s", image->id);
}

static int load(const struct store *store, const struct scratch *scratch, const char *file,
		struct progress *progress, struct strv *ret_names, struct err *err)
{
	cleanup_fd int dir = open_layout(store, scratch, file, progress, err);
	struct image_sources sources = { 0 };
	int code = dir < 0 ? dir : image_layout_read(dir, &sources, err);

	for (size_t i = 0; !code && i < sources.n; i++) {
		struct image image;

		code = image_take(store, scratch, dir, &sources.v[i], progress, &image, err);
		if (!code) {
			tell(&sources.v[i], &image, ret_names);
			image_free(&image);
		}
	}
	image_sources_free(&sources);
	return code;
}

int image_load(const struct store *store, const char *file, struct progress *progress, struct strv *ret_names,
	       struct err *err)
{
	struct scratch scratch;
	int code = scratch_make(store, &scratch, err);

	if (code)
		return code;
	code = load(store, &scratch, file, progress, ret_names, err);
	scratch_end(&scratch);
	return code ? err_context(err, code, "load %s", file) : 0;
}
