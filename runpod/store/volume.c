/*
 * volume: named directories on disk; volume.h tells where and what.
 *
 * Kernel rule: rename(2) onto a directory that is not empty fails, so of two
 * commands that make the same volume one wins and the other is told. Removing is a
 * rename too, after which nobody finds it. The lock "volumes" is only for
 * removing, so that "is it in use?" and "now it is gone" are one step for other
 * removers. Lesson 20.
 */
#include "store/volume.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"
#include "store/json_file.h"
#include "store/journal.h"
#include "store/lock.h"
#include "store/names.h"
#include "store/scratch.h"

static const struct field volume_fields[] = {
	{ "Name", FIELD_TEXT, offsetof(struct volume, name), NULL },
	{ "CreatedAt", FIELD_INT, offsetof(struct volume, created), NULL },
	{ "Labels", FIELD_STRV, offsetof(struct volume, labels), NULL },
	{ "Anonymous", FIELD_BOOL, offsetof(struct volume, anonymous), NULL },
	{ 0 },
};
static const struct shape volume_shape = { sizeof(struct volume), volume_fields };

void volume_free(struct volume *volume)
{
	fields_free(&volume_shape, volume);
}

void volumes_free(struct volumes *volumes)
{
	for (size_t i = 0; i < volumes->n; i++)
		volume_free(&volumes->v[i]);
	free(volumes->v);
	*volumes = (struct volumes){ 0 };
}

char *volume_data_path(const struct store *store, const char *name)
{
	return text_format("%s/volumes/%s/_data", store->root, name);
}

int volume_open_data(const struct store *store, const char *name, struct err *err)
{
	cleanup_free char *path = text_format("volumes/%s/_data", name);
	int code = name_check(name, err);

	return code ? code : io_open(store->root_fd, path, O_PATH | O_DIRECTORY | O_NOFOLLOW, err);
}

/* Reads one volume by its exact name. -ENOENT when there is none. */
static int read_volume(const struct store *store, const char *name, struct volume *ret_volume,
		       struct err *err)
{
	cleanup_free char *path = text_format("volumes/%s/volume.json", name);
	int code = name_check(name, err);

	*ret_volume = (struct volume){ 0 };
	if (code)
		return code;
	code = json_file_read(store->root_fd, path, &volume_shape, ret_volume, err);
	if (code || text_equal(ret_volume->name, name))
		return code;
	volume_free(ret_volume);
	return err_set(err, 0, "%s is damaged: it is not of this volume", path);
}

/* Puts it together in the scratch directory, then in place. */
static int make_volume(const struct store *store, const struct scratch *scratch, const struct volume *volume,
		       struct err *err)
{
	cleanup_free char *path = text_format("volumes/%s", volume->name);
	int code = 0;

	if (mkdirat(scratch->fd, "_data", 0755) < 0 || fchmodat(scratch->fd, "_data", 0755, 0) < 0)
		return err_set(err, errno, "make directory _data");
	code = json_file_write(scratch->fd, "volume.json", &volume_shape, volume, err);
	if (!code)
		code = scratch_place(scratch, store->root_fd, path, err);
	if (code == -EEXIST)
		err_set(err, 0, "volume with name %s already exists: volume already exists", volume->name);
	return code;
}

int volume_create(const struct store *store, const char *name, const char *driver, const struct strv *labels,
		  bool anonymous, struct volume *ret_volume, struct err *err)
{
	struct volume volume = { .created = clock_wall(), .anonymous = anonymous };
	struct scratch scratch;
	char id[65];
	int code = 0;

	if (driver && *driver && !text_equal(driver, "local"))
		return err_hint(err, err_set(err, 0, "volume driver \"%s\" is not known", driver),
				"there is one: local");
	if (!name || !*name)
		id_random(id);
	else
		code = name_check(name, err);
	if (!code)
		code = scratch_make(store, &scratch, err);
	if (code)
		return code;
	volume.name = text_dup(name && *name ? name : id);
	if (labels)
		strv_copy(&volume.labels, labels);
	code = make_volume(store, &scratch, &volume, err);
	scratch_end(&scratch);
	if (code) {
		volume_free(&volume);
		return code;
	}
	journal_add(store, "volume", "create", volume.name, volume.name, &volume.labels);
	*ret_volume = volume;
	return 0;
}

int volume_ensure(const struct store *store, const char *name, struct volume *ret_volume, struct err *err)
{
	int code = read_volume(store, name, ret_volume, err);

	if (code == -ENOENT)
		code = volume_create(store, name, NULL, NULL, false, ret_volume, err);
	if (code == -EEXIST) /* another command was faster */
		code = read_volume(store, name, ret_volume, err);
	return code;
}

static int by_name(const void *left, const void *right)
{
	return strcmp(((const struct volume *)left)->name, ((const struct volume *)right)->name);
}

int volume_list(const struct store *store, struct volumes *ret_volumes, struct strv *ret_broken,
		struct err *err)
{
	int fd = io_open(store->root_fd, "volumes", O_RDONLY | O_DIRECTORY, err);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	*ret_volumes = (struct volumes){ 0 };
	if (fd < 0)
		return fd;
	if (!entries) {
		close(fd);
		return err_set(err, errno, "read %s/volumes", store->root);
	}
	while ((entry = readdir(entries))) {
		struct err why = { 0 };
		struct volume volume;
		int code =
			entry->d_name[0] == '.' ? -ENOENT : read_volume(store, entry->d_name, &volume, &why);

		if (!code) {
			ret_volumes->v =
				mem_realloc(ret_volumes->v, (ret_volumes->n + 1) * sizeof(*ret_volumes->v));
			ret_volumes->v[ret_volumes->n++] = volume;
		} else if (code != -ENOENT && ret_broken) {
			strv_addf(ret_broken, "%s: %s", entry->d_name, why.text);
		}
	}
	closedir(entries);
	if (ret_volumes->n)
		qsort(ret_volumes->v, ret_volumes->n, sizeof(*ret_volumes->v), by_name);
	return 0;
}

/* Finds the one volume whose name begins with what was typed. */
static int find_prefix(const struct store *store, const char *typed, struct volume *ret_volume,
		       struct err *err)
{
	struct volumes volumes;
	size_t found = 0, at = 0;
	int code = volume_list(store, &volumes, NULL, err);

	for (size_t i = 0; !code && *typed && i < volumes.n; i++)
		if (text_starts(volumes.v[i].name, typed)) {
			at = i;
			found++;
		}
	if (!code && found == 1) {
		*ret_volume = volumes.v[at];
		volumes.v[at] = (struct volume){ 0 };
	} else if (!code && found) {
		err_set(err, 0, "more than one result for volume name \"%s\": volume already exists", typed);
		code = -EEXIST;
	} else if (!code) {
		err_set(err, 0, "no volume with name \"%s\" found: no such volume", typed);
		code = -ENOENT;
	}
	volumes_free(&volumes);
	return code;
}

int volume_find(const struct store *store, const char *typed, struct volume *ret_volume, struct err *err)
{
	int code = name_check(typed, NULL) ? -ENOENT : read_volume(store, typed, ret_volume, err);

	return code == -ENOENT ? find_prefix(store, typed, ret_volume, err) : code;
}

/* Removes the volume unless somebody uses it; the files go with the scratch directory. */
static int remove_locked(const struct store *store, const struct scratch *scratch, const char *name,
			 volume_users_fn *users, struct err *err)
{
	cleanup_free char *path = text_format("volumes/%s", name);
	struct strv found = { 0 };
	int code = users ? users(store, name, &found, err) : 0;

	if (!code && found.n) {
		cleanup_free char *list = strv_join(&found, ", ");

		err_set(err, 0,
			"volume %s is being used by the following container(s): %s: volume is being used",
			name, list);
		code = -EBUSY;
	}
	strv_free(&found);
	return code ? code : scratch_take(scratch, store->root_fd, path, err);
}

/* Removes the volume of exactly that name. */
static int remove_named(const struct store *store, const char *name, volume_users_fn *users, struct err *err)
{
	struct scratch scratch;
	int code = scratch_make(store, &scratch, err), lock;

	if (code)
		return code;
	lock = lock_named(store, "volumes", err);
	code = lock < 0 ? lock : remove_locked(store, &scratch, name, users, err);
	cleanup_fd_func(&lock); /* the files are removed without it */
	scratch_end(&scratch);
	if (!code)
		journal_add(store, "volume", "remove", name, name, NULL);
	return code;
}

int volume_remove(const struct store *store, const char *typed, volume_users_fn *users, struct err *err)
{
	struct volume volume;
	int code = volume_find(store, typed, &volume, err);

	if (code)
		return code;
	code = remove_named(store, volume.name, users, err);
	volume_free(&volume);
	return code;
}
