/*
 * merge_mounts: the mounts of a container that is made: volumes come into being, sources are looked for; and which
 * volumes go with it again. merge.h has the list. Lesson 20.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "pod/merge.h"
#include "store/image.h"
#include "store/volume.h"

/* Fills a volume that is used for the first time from the image. */
static int copy_up(const struct store *store, const struct mount_spec *mount, const struct ctr_record *ctr,
		   struct err *err)
{
	const char *rootfs = ctr->spec.rootfs;
	cleanup_free char *path = volume_data_path(store, mount->source);
	cleanup_fd int data = -1, root = -1;

	if ((!rootfs && !ctr->layers.n) || mount->no_copy)
		return 0;
	data = io_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, err);
	if (data >= 0)
		root = rootfs ? io_open(AT_FDCWD, rootfs, O_RDONLY | O_DIRECTORY, err)
			      : image_open_tree(store, &ctr->layers, err);
	if (data < 0 || root < 0)
		return data < 0 ? data : root;
	return volume_copy_up(data, root, mount->target, err);
}

static int resolve_volume(const struct store *store, struct mount_spec *mount, const struct ctr_record *ctr,
			  struct err *err)
{
	struct volume volume = { 0 };
	int code = mount->source ? volume_ensure(store, mount->source, &volume, err)
				 : volume_create(store, NULL, NULL, NULL, true, &volume, err);

	if (code)
		return code;
	text_replace(&mount->source, text_dup(volume.name));
	volume_free(&volume);
	return ctr ? copy_up(store, mount, ctr, err) : 0;
}

int resolve_mounts(const struct store *store, struct mount_list *mounts, const struct ctr_record *ctr,
		   struct err *err)
{
	for (size_t i = 0; i < mounts->n; i++) {
		struct mount_spec *mount = &mounts->v[i];
		int code = 0;

		if (!strcmp(mount->type, "volume"))
			code = resolve_volume(store, mount, ctr, err);
		else if (!strcmp(mount->type, "bind") && access(mount->source, F_OK))
			code = err_hint(err,
					err_set(err, errno, "mount %s on %s", mount->source, mount->target),
					"the source of a bind mount must be there");
		if (code)
			return code;
	}
	return 0;
}

static bool mounts_volume(const struct mount_list *mounts, const char *name)
{
	for (size_t i = 0; i < mounts->n; i++)
		if (text_equal(mounts->v[i].type, "volume") && text_equal(mounts->v[i].source, name))
			return true;
	return false;
}

/* Whether a container of the pod beside that one has the volume, by --volumes-from. */
static bool used_in(const struct store *store, const char *pod_id, const char *but, const char *name)
{
	struct strv ids = { 0 };
	bool used = false;

	record_list_ctrs(store, pod_id, &ids, NULL);
	for (size_t i = 0; i < ids.n && !used; i++) {
		struct ctr_record other = { 0 };

		if (strcmp(ids.v[i], but) && !record_read_ctr(store, pod_id, ids.v[i], &other, NULL))
			used = mounts_volume(&other.spec.mounts, name);
		ctr_record_free(&other);
	}
	strv_free(&ids);
	return used;
}

static bool used_elsewhere(const struct store *store, const char *but, const char *name)
{
	struct strv ids = { 0 };
	bool used = false;

	record_list_pods(store, &ids, NULL);
	for (size_t i = 0; i < ids.n && !used; i++)
		used = used_in(store, ids.v[i], but, name);
	strv_free(&ids);
	return used;
}

void remove_anonymous_volumes(const struct store *store, const struct ctr_record *ctr)
{
	for (size_t i = 0; i < ctr->spec.mounts.n; i++) {
		const struct mount_spec *mount = &ctr->spec.mounts.v[i];
		struct volume volume = { 0 };

		if (!text_equal(mount->type, "volume") || !mount->source ||
		    volume_find(store, mount->source, &volume, NULL))
			continue;
		if (volume.anonymous && !used_elsewhere(store, ctr->id, volume.name))
			volume_remove(store, volume.name, NULL, NULL);
		volume_free(&volume);
	}
}
