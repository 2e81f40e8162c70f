/*
 * image_builtin: names and descriptions of the built-in images; image_builtin.h
 * tells what they are.
 *
 * The id of the busybox image stands for the program that it is made of: its
 * size and time. So an upgraded busybox makes a new image, and containers that
 * run on the old one keep it. Lesson 13.
 */
#include "store/image_builtin.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/sha256.h"
#include "store/image_busybox.h"
#include "store/image_manifest.h"
#include "store/image_store.h"
#include "store/layer.h"

#define BUSYBOX_RECIPE 1 /* to be raised when busybox_fill() makes something else */

const char *const image_builtin_names[] = { "busybox", "host", "pause", NULL };

static const char *const busybox_places[] = { "/bin/busybox", "/usr/bin/busybox", "/bin/busybox.static",
					      NULL };

const char *image_builtin_of(const char *full_name)
{
	for (size_t i = 0; image_builtin_names[i]; i++) {
		cleanup_free char *name = text_format("localhost/%s:latest", image_builtin_names[i]);

		if (text_equal(name, full_name))
			return image_builtin_names[i];
	}
	return NULL;
}

/* The machine's busybox: its path and what stat(2) says of it. */
static const char *find_busybox(struct stat *ret_stat, struct err *err)
{
	for (size_t i = 0; busybox_places[i]; i++)
		if (!stat(busybox_places[i], ret_stat) && S_ISREG(ret_stat->st_mode))
			return busybox_places[i];
	err_set(err, ENOENT, "image busybox: find %s", busybox_places[0]);
	err_hint(err, -ENOENT, "it is made of the machine's static busybox: apt-get install busybox-static");
	return NULL;
}

static void set_id(struct image *image, const char *origin)
{
	char hex[SHA256_HEX_SIZE];
	struct sha256 sha;

	sha256_init(&sha);
	sha256_add(&sha, origin, strlen(origin));
	sha256_hex(&sha, hex);
	text_replace(&image->id, text_dup(hex));
}

static int64_t nanoseconds(const struct timespec *time)
{
	return time->tv_sec * INT64_C(1000000000) + time->tv_nsec;
}

static void describe_busybox(const struct stat *stat, struct image *image)
{
	cleanup_free char *origin = text_format("busybox %d %jd %" PRId64, BUSYBOX_RECIPE,
						(intmax_t)stat->st_size, nanoseconds(&stat->st_mtim));

	set_id(image, origin);
	image->created = nanoseconds(&stat->st_mtim);
	strv_add(&image->config.cmd, "sh");
}

/* host and pause come with runpod itself, and are as old. */
static void describe_marked(const char *name, struct image *image)
{
	cleanup_free char *origin = text_format("built-in %s", name);
	struct stat self;

	set_id(image, origin);
	image->builtin = text_dup(name);
	if (!stat("/proc/self/exe", &self))
		image->created = nanoseconds(&self.st_mtim);
	strv_add(&image->config.cmd, text_equal(name, "host") ? "/bin/sh" : "/pause");
}

/* Describes it from what the machine has, without a look at the store. */
static int describe(const char *name, struct image *ret_image, const char **ret_busybox, struct err *err)
{
	struct stat stat;

	*ret_image = (struct image){ 0 };
	if (text_equal(name, "busybox")) {
		*ret_busybox = find_busybox(&stat, err);
		if (!*ret_busybox)
			return -ENOENT;
		describe_busybox(&stat, ret_image);
	} else {
		describe_marked(name, ret_image);
	}
	strv_addf(&ret_image->names, "localhost/%s:latest", name);
	ret_image->architecture = text_dup(IMAGE_ARCHITECTURE);
	ret_image->os = text_dup("linux");
	return 0;
}

int image_builtin_describe(const struct store *store, const char *name, struct image *ret_image,
			   struct err *err)
{
	struct image stored;
	const char *busybox;
	int code = describe(name, ret_image, &busybox, err);

	if (code || ret_image->builtin || image_read(store, ret_image->id, &stored, NULL))
		return code;
	if (!strv_has(&stored.names, ret_image->names.v[0]))
		strv_add(&stored.names, ret_image->names.v[0]); /* untagged meanwhile: it is still busybox */
	image_free(ret_image);
	*ret_image = stored;
	return 0;
}

/* Makes the image, described already, and puts it in place. Two that do so at once agree in image_adopt(). Its layer is
 * no archive's, so it has the image's own id for a name. */
static int make_busybox(const struct store *store, const char *busybox, struct image *image, struct err *err)
{
	struct scratch scratch;
	cleanup_fd int root = -1;
	struct stat stat;
	int code = scratch_make(store, &scratch, err);

	if (code)
		return code;
	code = root = layer_begin(&scratch, image->id, err);
	if (code >= 0)
		code = busybox_fill(root, busybox, err);
	if (!code && fstatat(root, "bin/busybox", &stat, 0) < 0)
		code = err_set(err, errno, "look at bin/busybox");
	if (!code)
		code = layer_done(&scratch, image->id, image->id, stat.st_size, err);
	if (!code) {
		image->size = stat.st_size;
		strv_add(&image->layers, image->id);
		code = image_adopt(store, &scratch, image, err);
	}
	scratch_end(&scratch);
	return code;
}

int image_builtin_get(const struct store *store, const char *name, struct image *ret_image, struct err *err)
{
	const char *busybox = NULL;
	int code = image_builtin_describe(store, name, ret_image, err);

	if (code || ret_image->builtin || ret_image->layers.n)
		return code;
	image_free(ret_image);
	code = describe(name, ret_image, &busybox, err);
	if (!code)
		code = make_busybox(store, busybox, ret_image, err);
	if (!code)
		return 0;
	image_free(ret_image);
	return err_context(err, code, "make image %s", name);
}
