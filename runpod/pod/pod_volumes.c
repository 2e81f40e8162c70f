/*
 * pod_volumes: making them, finding them, checking beforehand; pod_volumes.h has the
 * kinds. Each is a directory or file that the containers' children bind into their roots; only a tmpfs
 * in infra's root is taken from there. Lesson 21.
 */
#include "pod/ops.h"
#include "pod/pod_volumes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "pod/environ.h"
#include "pod/fs_group.h"
#include "pod/host_path.h"
#include "pod/podevents.h"
#include "pod/projection.h"
#include "pod/subpath.h"
#include "store/names.h"
#include "store/object.h"
#include "store/volume.h"

/* Makes the directory volumes/NAME of the pod below base (ROOT or RUN) and opens it. */
static int open_dir(int base, const char *pod_id, const char *name, mode_t mode, struct err *err)
{
	cleanup_free char *above = text_format("pods/%s/volumes", pod_id);
	cleanup_free char *path = text_format("%s/%s", above, name);
	int code = io_make_dirs(base, above, 0700, err);
	mode_t mask = umask(0);

	if (!code && mkdirat(base, path, mode) < 0 && errno != EEXIST)
		code = err_set(err, errno, "make directory %s", path);
	umask(mask);
	return code ? code : io_open(base, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, err);
}

static int make_empty(struct pod *pod, const struct pod_volume *volume, struct err *err)
{
	cleanup_fd int dir = open_dir(pod->store->root_fd, pod->record.id, volume->name, 0777, err);

	return dir < 0 ? dir : fs_group_apply(dir, pod->record.spec.fs_group, volume->name, err);
}

static int make_claim(struct pod *pod, const struct pod_volume *volume, struct err *err)
{
	struct volume named;
	cleanup_fd int data = -1;
	int code = volume_ensure(pod->store, volume->path, &named, err);

	if (code)
		return code;
	volume_free(&named);
	data = volume_open_data(pod->store, volume->path, err);
	return data < 0 ? data : fs_group_apply(data, pod->record.spec.fs_group, volume->path, err);
}

static int make_projection(struct pod *pod, const struct pod_volume *volume, struct err *err)
{
	struct ctr *infra = pod_infra(pod);
	struct projected files = { 0 };
	struct downward about;
	cleanup_fd int dir = -1;
	int code = downward_open(&pod->record, infra ? infra->ip : NULL, &about, err);

	if (!code)
		code = projection_collect(pod->store, volume, &about, &files, err);
	downward_close(&about);
	if (!code)
		code = dir = open_dir(pod->store->run_fd, pod->record.id, volume->name, 0755, err);
	if (code >= 0)
		code = projection_write(dir, &files, pod->record.spec.fs_group, err);
	projected_free(&files);
	return code;
}

static int make_one(struct pod *pod, const struct pod_volume *volume, struct err *err)
{
	if (!strcmp(volume->kind, "empty"))
		return make_empty(pod, volume, err);
	if (!strcmp(volume->kind, "claim"))
		return make_claim(pod, volume, err);
	if (!strcmp(volume->kind, "projection"))
		return make_projection(pod, volume, err);
	if (!strcmp(volume->kind, "host"))
		return host_path_check(volume->path, volume->host_type, true, err);
	return 0; /* memory: infra brings it along */
}

/* The kubelet's words for a volume that cannot be had. */
static int no_volume(const struct pod_volume *volume, int code, struct err *err)
{
	return err_context(err, code, "MountVolume.SetUp failed for volume \"%s\" ", volume->name);
}

/* RUN is a tmpfs nearly everywhere. Where it is not, a Secret lies on a disk while the pod runs: its events say so. */
static void tell_of_disk(struct pod *pod)
{
	const struct pod_volume_list *volumes = &pod->record.spec.volumes;
	struct statfs where;

	if (fstatfs(pod->store->run_fd, &where) < 0 || where.f_type == TMPFS_MAGIC ||
	    where.f_type == RAMFS_MAGIC)
		return;
	for (size_t i = 0; i < volumes->n; i++)
		for (size_t j = 0; j < volumes->v[i].sources.n; j++)
			if (!strcmp(volumes->v[i].sources.v[j].kind, OBJECT_SECRET))
				podevent(pod, NULL, EVENT_WARNING, "SecretOnDisk",
					 "volume \"%s\" shows a Secret, and %s is not a tmpfs",
					 volumes->v[i].name, pod->store->run);
}

int op_volumes(struct pod *pod, struct op *op, struct err *err)
{
	const struct pod_volume_list *volumes = &pod->record.spec.volumes;

	for (size_t i = 0; i < volumes->n; i++) {
		int code = make_one(pod, &volumes->v[i], err);

		if (code) {
			op_volumes_undo(pod, op);
			no_volume(&volumes->v[i], code, err);
			podevent(pod, NULL, EVENT_WARNING, "FailedMount", "%s", err->text);
			return code;
		}
	}
	tell_of_disk(pod);
	return 0;
}

/* What was projected goes; what containers have written stays for the pod's next start. */
void op_volumes_undo(struct pod *pod, struct op *op)
{
	cleanup_free char *path = text_format("pods/%s/volumes", op->object);

	io_remove_tree(pod->store->run_fd, path, NULL);
}

int pod_volumes_refresh(struct pod *pod, struct err *err)
{
	const struct pod_volume_list *volumes = &pod->record.spec.volumes;
	int first = 0;

	for (size_t i = 0; i < volumes->n; i++) {
		struct err why = { 0 };
		int code = strcmp(volumes->v[i].kind, "projection")
				   ? 0
				   : make_projection(pod, &volumes->v[i], &why);

		if (!code || first)
			continue;
		first = no_volume(&volumes->v[i], code, &why);
		if (err)
			*err = why;
	}
	return first;
}

static const struct pod_volume *find(const struct pod *pod, const char *name)
{
	const struct pod_volume_list *volumes = &pod->record.spec.volumes;

	for (size_t i = 0; i < volumes->n; i++)
		if (text_equal(volumes->v[i].name, name))
			return &volumes->v[i];
	return NULL;
}

/* A key of a projection is mounted alone: the file that ..data leads to now, for below a subPath no link is
 * followed. It is not refreshed, in Kubernetes neither. */
static int through_data(struct mount_spec *mount, struct err *err)
{
	cleanup_free char *link = text_format("%s/..data", mount->source);
	char target[64];
	ssize_t length = readlink(link, target, sizeof(target) - 1);

	if (length < 0)
		return err_set(err, errno, "read link %s", link);
	text_replace(&mount->subpath, text_format("%.*s/%s", (int)length, target, mount->subpath));
	return 0;
}

static int place_of(const struct pod *pod, const struct pod_volume *volume, struct mount_spec *mount,
		    struct err *err)
{
	const struct store *store = pod->store;

	mount->nodev = strcmp(volume->kind, "host"); /* a device in a volume is no device; the host's are */
	if (!strcmp(volume->kind, "memory")) {
		text_replace(&mount->type, text_dup("infra"));
		text_replace(&mount->source, text_format("/volumes/%s", volume->name));
	} else if (!strcmp(volume->kind, "host")) {
		text_replace(&mount->source, text_dup(volume->path));
	} else if (!strcmp(volume->kind, "claim")) {
		text_replace(&mount->source, volume_data_path(store, volume->path));
		mount->read_only |= volume->read_only;
	} else {
		bool projected = !strcmp(volume->kind, "projection");

		text_replace(&mount->source,
			     text_format("%s/pods/%s/volumes/%s", projected ? store->run : store->root,
					 pod->record.id, volume->name));
		mount->read_only |= projected;
		if (projected && mount->subpath)
			return through_data(mount, err);
	}
	return 0;
}

int pod_volume_mount(const struct pod *pod, const struct strv *env, struct mount_spec *io_mount,
		     struct err *err)
{
	const struct pod_volume *volume = find(pod, io_mount->source);
	char *subpath = NULL;
	int code = 0;

	if (!volume)
		return err_set(err, 0, "mount on %s: the pod has no volume \"%s\"", io_mount->target,
			       io_mount->source ? io_mount->source : "");
	if (io_mount->subpath && io_mount->expand) {
		code = subpath_expand(io_mount->subpath, env, &subpath, err);
		if (code)
			return environ_config_failure(code);
		text_replace(&io_mount->subpath, subpath);
	}
	io_mount->recursive = true;
	return place_of(pod, volume, io_mount, err);
}

/* One volume, before anything is made. */
static int check_one(const struct store *store, const struct pod_spec *pod, const struct pod_volume *volume,
		     struct err *err)
{
	char id[] = "0000000000000000000000000000000000000000000000000000000000000000";
	const struct pod_record nobody = { .id = id, .spec = *pod };
	struct projected files = { 0 };
	struct downward about;
	int code;

	if (!strcmp(volume->kind, "host"))
		return host_path_check(volume->path, volume->host_type, false, err);
	if (!strcmp(volume->kind, "claim"))
		return name_check(volume->path, err);
	if (strcmp(volume->kind, "projection"))
		return 0;
	code = downward_open(&nobody, NULL, &about, err);
	if (!code)
		code = projection_collect(store, volume, &about, &files, err);
	downward_close(&about);
	projected_free(&files);
	return code;
}

int pod_volumes_ready(const struct store *store, const struct pod_spec *pod, const struct ctr_specs *ctrs,
		      struct err *err)
{
	int code = 0;

	for (size_t i = 0; i < pod->volumes.n && !code; i++) {
		code = check_one(store, pod, &pod->volumes.v[i], err);
		if (code)
			no_volume(&pod->volumes.v[i], code, err);
	}
	for (size_t i = 0; i < ctrs->n && !code; i++) {
		code = environ_check(store, pod, &ctrs->v[i], err);
		if (code)
			err_context(err, code, "container %s",
				    ctrs->v[i].name ? ctrs->v[i].name : "without a name");
	}
	return code;
}
