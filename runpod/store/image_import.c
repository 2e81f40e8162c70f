/*
 * image_import: a tar archive of a root file system becomes an image of one
 * layer, with the configuration that its changes say. store/unpack.h does the work, here is where things go. Lesson 13.
 */
#include "store/image.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"
#include "base/sha256.h"
#include "store/image_instruct.h"
#include "store/image_manifest.h"
#include "store/image_store.h"
#include "store/layer.h"

#define UNNAMED "new" /* what the layer is called before its digest is known */

/* The same archive with other changes is another image. */
static char *name_after(const char *blob, const struct strv *changes)
{
	char id[SHA256_HEX_SIZE];
	struct sha256 sha;

	if (!changes || !changes->n)
		return text_dup(blob);
	sha256_init(&sha);
	sha256_add(&sha, blob, strlen(blob));
	for (size_t i = 0; i < changes->n; i++)
		sha256_add(&sha, changes->v[i], strlen(changes->v[i]) + 1);
	sha256_hex(&sha, id);
	return text_dup(id);
}

/* Unpacks into the scratch directory and puts it in place as an image. */
static int make_image(const struct store *store, int archive, const struct scratch *scratch,
		      const struct strv *changes, struct progress *progress, struct image *image,
		      struct err *err)
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
	image->id = name_after(unpacked.blob, changes);
	image->size = unpacked.bytes;
	image->created = clock_wall();
	image->architecture = text_dup(IMAGE_ARCHITECTURE);
	image->os = text_dup("linux");
	strv_add(&image->layers, unpacked.diff);
	return image_adopt(store, scratch, image, err);
}

int image_import(const struct store *store, const char *file, const char *name, const struct strv *changes,
		 struct progress *progress, struct image *ret_image, struct err *err)
{
	cleanup_free char *full = NULL;
	cleanup_fd int opened = -1;
	struct image image = { 0 };
	struct scratch scratch;
	int code = name ? image_name_changeable(name, &full, err) : 0;

	for (size_t i = 0; changes && i < changes->n && !code; i++)
		code = image_instruct(&image.config, changes->v[i], err);
	if (!code && !text_equal(file, "-"))
		code = opened = io_open(AT_FDCWD, file, O_RDONLY, err);
	if (code >= 0)
		code = scratch_make(store, &scratch, err);
	if (code) {
		image_free(&image);
		return code;
	}
	if (full)
		strv_add(&image.names, full);
	code = make_image(store, opened < 0 ? STDIN_FILENO : opened, &scratch, changes, progress, &image,
			  err);
	scratch_end(&scratch);
	if (!code)
		*ret_image = image;
	else
		image_free(&image);
	return code ? err_context(err, code, "import %s", file) : 0;
}
