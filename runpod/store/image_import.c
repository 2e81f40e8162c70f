/*
 * image_import: a tar archive of a root file system becomes an image of one
 * layer, without a configuration. store/unpack.h does the work, here is where things go. Lesson 13.
 */
#include "store/image.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"
#include "store/image_manifest.h"
#include "store/image_store.h"
#include "store/layer.h"

#define UNNAMED "new" /* what the layer is called before its digest is known */

/* Unpacks into the scratch directory and puts it in place as an image. */
static int make_image(const struct store *store, int archive, const struct scratch *scratch,
		      struct progress *progress, struct image *image, struct err *err)
{
	struct unpacked unpacked;
	struct stat stat;
	int code;

	if (progress)
		progress->begin(progress, "Importing",
				!fstat(archive, &stat) && S_ISREG(stat.st_mode) ? stat.st_size : 0);
	code = layer_unpack(store, scratch, UNNAMED, archive, true, progress, &unpacked, err);
	if (!code)
		code = layer_done(scratch, UNNAMED, unpacked.diff, unpacked.bytes, err);
	if (code)
		return code;
	image->id = text_dup(unpacked.blob);
	image->size = unpacked.bytes;
	image->created = clock_wall();
	image->architecture = text_dup(IMAGE_ARCHITECTURE);
	image->os = text_dup("linux");
	strv_add(&image->layers, unpacked.diff);
	return image_adopt(store, scratch, image, err);
}

int image_import(const struct store *store, const char *file, const char *name, struct progress *progress,
		 struct image *ret_image, struct err *err)
{
	cleanup_free char *full = NULL;
	cleanup_fd int opened = -1;
	struct image image = { 0 };
	struct scratch scratch;
	int code = name ? image_name_changeable(name, &full, err) : 0;

	if (!code && !text_equal(file, "-"))
		code = opened = io_open(AT_FDCWD, file, O_RDONLY, err);
	if (code >= 0)
		code = scratch_make(store, &scratch, err);
	if (code)
		return code;
	if (full)
		strv_add(&image.names, full);
	code = make_image(store, opened < 0 ? STDIN_FILENO : opened, &scratch, progress, &image, err);
	scratch_end(&scratch);
	if (!code)
		*ret_image = image;
	else
		image_free(&image);
	return code ? err_context(err, code, "import %s", file) : 0;
}
