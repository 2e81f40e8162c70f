/*
 * image_change: names given and taken, images removed; image.h tells the
 * promises, which are podman's.
 *
 * Removing is rename(2) first: from then on the image is gone for everybody,
 * and its files may take their time, or be left to the next command. Lesson 13.
 */
#include "store/image.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "store/image_builtin.h"
#include "store/image_name.h"
#include "store/image_store.h"
#include "store/layer.h"
#include "store/journal.h"
#include "store/lock.h"

void image_removal_free(struct image_removal *removal)
{
	strv_free(&removal->untagged);
	free(removal->deleted);
	*removal = (struct image_removal){ 0 };
}

int image_name_changeable(const char *typed, char **ret_name, struct err *err)
{
	int code = image_name_complete(typed, ret_name, err);

	if (code || !image_builtin_of(*ret_name))
		return code;
	text_replace(ret_name, NULL);
	return err_hint(err, err_set(err, 0, "%s is the name of a built-in image", typed),
			"choose another one");
}

static int refuse_marked(const struct image *image, const char *doing, struct err *err)
{
	return image->builtin ? err_set(err, 0, "cannot %s built-in image \"%s\": it is no files", doing,
					image->builtin)
			      : 0;
}

int image_tag(const struct store *store, const char *typed, const char *name, struct err *err)
{
	cleanup_fd int lock = -1;
	cleanup_free char *full = NULL;
	struct image image = { 0 };
	int code = image_name_changeable(name, &full, err);

	if (!code)
		code = image_find(store, typed, &image, err); /* makes busybox, which takes the lock */
	if (!code)
		code = refuse_marked(&image, "tag", err);
	if (!code)
		code = lock = lock_named(store, "images", err);
	if (code >= 0) {
		cleanup_free char *id = take_ptr(image.id);

		image_free(&image);
		code = image_read(store, id, &image, err); /* as it is under the lock */
	}
	if (!code && !strv_has(&image.names, full)) {
		strv_add(&image.names, full);
		code = image_write(store, &image, err);
	}
	if (!code)
		code = image_free_name(store, full, image.id, err);
	if (!code)
		journal_add(store, "image", "tag", image.id, full, NULL);
	image_free(&image);
	return code;
}

/* Takes one name off the image, in memory. */
static int drop_typed(struct image *image, const char *typed, struct err *err)
{
	cleanup_free char *full = NULL;
	int code = image_name_changeable(typed, &full, err);

	if (code || image_drop_name(&image->names, full))
		return code;
	err_set(err, 0, "%s: tag not known", full);
	return -ENOENT;
}

/* Tells the journal of names that an image has lost. */
static void tell_untagged(const struct store *store, const struct image *image, const struct strv *lost)
{
	for (size_t i = 0; i < lost->n; i++)
		journal_add(store, "image", "untag", image->id, lost->v[i], NULL);
}

int image_untag(const struct store *store, const char *typed, const struct strv *names, struct err *err)
{
	cleanup_fd int lock = lock_named(store, "images", err);
	struct strv lost = { 0 };
	struct image image;
	int code;

	if (lock < 0)
		return lock;
	code = image_lookup(store, typed, false, &image, err);
	if (code)
		return code;
	code = refuse_marked(&image, "untag", err);
	strv_copy(&lost, names && names->n ? names : &image.names);
	if (!names || !names->n)
		strv_free(&image.names);
	for (size_t i = 0; !code && names && i < names->n; i++)
		code = drop_typed(&image, names->v[i], err);
	if (!code && image.layers.n)
		code = image_write(store, &image, err);
	if (!code)
		tell_untagged(store, &image, &lost);
	strv_free(&lost);
	image_free(&image);
	return code;
}

/* Nobody may be using an image that is removed. */
static int check_unused(const struct store *store, const struct image *image, image_users_fn *users,
			struct err *err)
{
	struct strv found = { 0 };
	int code = users ? users(store, image->id, &found, err) : 0;

	if (!code && found.n) {
		cleanup_free char *list = strv_join(&found, ", ");

		err_set(err, 0, "image used by %s: image is in use by a container", list);
		code = err_hint(err, -EBUSY, "remove the container first, or force it");
	}
	strv_free(&found);
	return code;
}

/* By which of the image's names it was meant: NULL when it was by id. */
static const char *meant_name(const struct image *image, const char *typed)
{
	cleanup_free char *full = NULL;

	if (text_starts(typed, "sha256:") || image_name_complete(typed, &full, NULL))
		return NULL;
	for (size_t i = 0; i < image->names.n; i++)
		if (text_equal(image->names.v[i], full))
			return image->names.v[i];
	for (size_t i = 0; i < image->names.n; i++)
		if (image_name_fits(image->names.v[i], typed))
			return image->names.v[i];
	return NULL;
}

static int remove_name(const struct store *store, struct image *image, const char *name,
		       struct image_removal *ret_removal, struct err *err)
{
	strv_add(&ret_removal->untagged, name);
	image_drop_name(&image->names, ret_removal->untagged.v[0]);
	return image_write(store, image, err);
}

/* Moves the image's directory and its layers away, into the scratch directory. */
static int remove_whole(const struct store *store, const struct scratch *scratch, struct image *image,
			struct image_removal *ret_removal, struct err *err)
{
	cleanup_free char *path = text_format("images/%s", image->id);
	int code = image->layers.n ? scratch_take(scratch, store->root_fd, path, err) : 0;

	if (!code) /* what other images have too stays */
		code = layers_sweep(store, scratch, err);
	if (code)
		return code;
	strv_copy(&ret_removal->untagged, &image->names);
	ret_removal->deleted = text_dup(image->id);
	return 0;
}

static int remove_locked(const struct store *store, const struct scratch *scratch, const char *typed,
			 bool force, image_users_fn *users, struct image_removal *ret_removal,
			 struct err *err)
{
	struct image image;
	const char *name;
	int code = image_lookup(store, typed, false, &image, err);

	if (code)
		return code;
	name = meant_name(&image, typed);
	code = refuse_marked(&image, "remove", err);
	if (!code && !name && image.names.n > 1 && !force) {
		cleanup_free char *list = strv_join(&image.names, " ");

		code = err_set(
			err, 0,
			"unable to delete image \"%s\" by ID with more than one tag ([%s]): please force "
			"removal",
			image.id, list);
	}
	if (!code && name && image.names.n > 1) {
		code = remove_name(store, &image, name, ret_removal, err);
	} else if (!code) {
		code = check_unused(store, &image, users, err);
		if (!code)
			code = remove_whole(store, scratch, &image, ret_removal, err);
	}
	if (!code)
		tell_untagged(store, &image, &ret_removal->untagged);
	if (!code && ret_removal->deleted)
		journal_add(store, "image", "remove", image.id, typed, NULL);
	image_free(&image);
	return code;
}

int image_remove(const struct store *store, const char *typed, bool force, image_users_fn *users,
		 struct image_removal *ret_removal, struct err *err)
{
	struct scratch scratch;
	int code = scratch_make(store, &scratch, err), lock;

	*ret_removal = (struct image_removal){ 0 };
	if (code)
		return code;
	lock = lock_named(store, "images", err);
	code = lock < 0 ? lock : remove_locked(store, &scratch, typed, force, users, ret_removal, err);
	cleanup_fd_func(&lock); /* the files are removed without it */
	scratch_end(&scratch);
	return code;
}

int image_tidy(const struct store *store, struct err *err)
{
	struct scratch scratch;
	int code = scratch_make(store, &scratch, err), lock; /* it sweeps */

	if (code)
		return code;
	lock = lock_named(store, "images", err);
	code = lock < 0 ? lock : layers_sweep(store, &scratch, err);
	cleanup_fd_func(&lock);
	scratch_end(&scratch);
	return code;
}
