/*
 * prepare_mounts: what a container mounts, as a list that its child carries out from top to
 * bottom: the pod's and its own, with the names of volumes made into places. Lessons 12, 16 and 21.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "pod/pod_volumes.h"
#include "pod/prepare.h"
#include "pod/termination_log.h"
#include "spec/fields.h"
#include "store/volume.h"

static size_t depth_of(const struct mount_spec *mount)
{
	size_t depth = 0;

	for (const char *c = mount->target; *c; c++)
		depth += *c == '/';
	return depth;
}

/* A mount hides what was mounted below its place before: so /data goes before /data/sub, however they were
 * named. Of two at one place the later stays on top. */
static void sort_mounts(struct mount_list *mounts)
{
	for (size_t i = 1; i < mounts->n; i++)
		for (size_t j = i; j && depth_of(&mounts->v[j - 1]) > depth_of(&mounts->v[j]); j--) {
			struct mount_spec deeper = mounts->v[j - 1];

			mounts->v[j - 1] = mounts->v[j];
			mounts->v[j] = deeper;
		}
}

/* A named volume: -v NAME:PATH. */
static int volume_mount(const struct store *store, struct mount_spec *mount, struct err *err)
{
	cleanup_free char *path = volume_data_path(store, mount->source);

	if (access(path, F_OK))
		return err_set(err, errno, "use volume %s", mount->source);
	text_replace(&mount->source, take_ptr(path));
	mount->nodev = true;
	mount->recursive = true;
	return 0;
}

/* Who holds the pod's volumes in memory. */
static int find_infra(struct ctr *ctr, struct child *child, const struct mount_spec *mount, struct err *err)
{
	struct ctr *infra = pod_infra(ctr->pod);

	if (strcmp(mount->type, "infra"))
		return 0;
	if (!infra || infra->main.exit.fd < 0)
		return err_set(err, 0, "mount %s: the volume is in infra's memory, and that does not run",
			       mount->target);
	child->infra = infra->main.exit.fd;
	return 0;
}

static int one_mount(struct ctr *ctr, struct child *child, struct mount_spec *mount, struct err *err)
{
	int code;

	if (!strcmp(mount->type, "volume"))
		return volume_mount(ctr->pod->store, mount, err);
	if (strcmp(mount->type, "pod"))
		return 0;
	code = pod_volume_mount(ctr->pod, child->given_env, mount, err);
	return code ? code : find_infra(ctr, child, mount, err);
}

int prepare_mounts(struct ctr *ctr, struct child *child, struct mount_list *ret_mounts, struct err *err)
{
	const struct mount_list *lists[] = { &ctr->pod->record.spec.mounts, &ctr->record.spec.mounts };
	int code = 0;

	for (size_t list = ctr->record.infra ? 2 : 0; list < 2; list++) {
		for (size_t i = 0; i < lists[list]->n && !code; i++) {
			struct mount_spec *mount = fields_append(&mount_spec_shape, ret_mounts);

			fields_copy(&mount_spec_shape, &lists[list]->v[i], mount);
			code = one_mount(ctr, child, mount, err);
		}
	}
	if (!code)
		code = termination_log_mount(ctr, ret_mounts, err);
	sort_mounts(ret_mounts);
	return code;
}
