/*
 * child_root: the container's root and what every container has in it.
 *
 * Lives by mount_namespaces(7): the child has a copy of the host's mounts, made
 * private at once, and lets go of it in pivot. Until then the host's paths can
 * be used, and everything in the new root is reached below one descriptor.
 * Lessons 08, 12 and 13.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/devices.h"
#include "kern/explain.h"
#include "kern/mask.h"
#include "kern/mount.h"
#include "kern/path.h"
#include "kern/rootfs.h"
#include "kern/sys.h"
#include "pod/child.h"

int child_private_tree(struct child *child, struct err *err)
{
	int code = child_propagated(child, err);

	return code ? code : mount_private_tree(err);
}

/* Opens what was attached over "/": only the descriptor knows it, the path still names the old root. */
static int use_root(struct child *child, int root, struct err *err)
{
	if (root < 0)
		return root;
	child->root = root;
	return rootfs_attach(root, err);
}

/* A directory of the host as the root: --rootfs. */
static int directory_root(struct child *child, struct err *err)
{
	const char *path = child->ctr->spec.rootfs;
	int root = mount_clone(AT_FDCWD, path, true, err);

	if (root < 0)
		return err_context(err, root, "use %s as root", path);
	return use_root(child, root, err);
}

/* Upper over the image's layers. All named from ROOT on: the container reads these names in /proc/self/mountinfo. */
static int layered_root(struct child *child, const char *upper, const char *work, struct err *err)
{
	const struct strv *layers = &child->ctr->layers;
	size_t prefix = strlen(child->store_root);
	const char **lowers = mem_zalloc((layers->n + 1) * sizeof(*lowers));

	for (size_t i = 0; i < layers->n; i++)
		lowers[i] = text_starts(layers->v[i], child->store_root) ? layers->v[i] + prefix + 1
									 : layers->v[i];
	return use_root(child, rootfs_overlay(lowers, upper, work, child->rootless, err), err);
}

/* The `host` image is this machine's root, but not what its programs are doing: empty directories over what is
 * temporary, and over our own store, where other containers' files lie. */
static int hide_private(struct child *child, struct err *err)
{
	const char *const paths[] = { "/tmp", "/var/tmp", "/run", child->store_root };

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		cleanup_fd int mount = -1, target = path_open(child->root, paths[i], PATH_NO_LINKS,
							      O_PATH | O_DIRECTORY, NULL);
		int code;

		if (target < 0)
			continue;
		mount = mount_new("tmpfs", (const char *const[]){ i < 2 ? "mode=1777" : "mode=755", NULL },
				  MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, err);
		code = mount < 0 ? mount : mount_attach(mount, target, paths[i], err);
		if (code)
			return code;
	}
	return 0;
}

/* DOC: root-of-layers */
int child_make_root(struct child *child, struct err *err)
{
	const struct ctr_record *ctr = child->ctr;
	cleanup_free char *upper = text_format("%s/upper", child->ctr_dir);
	cleanup_free char *work = text_format("%s/work", child->ctr_dir);
	int code = 0;

	if (ctr->spec.rootfs)
		return directory_root(child, err);
	/* by path: a descriptor of the parent's would lead into the parent's mount namespace (overlayfs: EINVAL) */
	if (chdir(child->store_root) < 0)
		return err_set(err, errno, "enter %s", child->store_root);
	if (text_equal(ctr->builtin, "host")) {
		child->root = rootfs_host(upper, work, child->rootless, err);
		code = child->root < 0 ? child->root : hide_private(child, err);
	} else if (text_equal(ctr->builtin, "pause")) {
		code = child_infra_root(child, err);
	} else {
		code = layered_root(child, upper, work, err);
	}
	return code ? err_context(err, code, "make the root of %s",
				  ctr->image_name ? ctr->image_name : ctr->id)
		    : 0;
}

/* The root of infra: empty but for what the pod's containers share, /dev/shm and the name files. */
int child_infra_root(struct child *child, struct err *err)
{
	static const char *const directories[] = { "/dev", "/dev/shm", "/etc", "/proc", "/sys", NULL };
	char size[32];
	const char *options[] = { "mode=1777", size, NULL };
	cleanup_fd int shm = -1, target = -1;
	int64_t bytes = child->pod->spec.shm_size ? child->pod->spec.shm_size : 64 << 20;
	int code = use_root(child,
			    mount_new("tmpfs", (const char *const[]){ "mode=755", "size=1m", NULL },
				      MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, err),
			    err);

	for (const char *const *name = directories; !code && *name; name++)
		if (mkdirat(child->root, *name + 1, 0755) < 0)
			code = err_set(err, errno, "make %s of infra", *name);
	if (code || !child->ctr->infra)
		return code;
	snprintf(size, sizeof(size), "size=%lld", (long long)bytes);
	shm = mount_new("tmpfs", options, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, err);
	if (shm < 0)
		return shm;
	target = path_open(child->root, "/dev/shm", PATH_NO_LINKS, O_PATH, err);
	code = target < 0 ? target : mount_attach(shm, target, "/dev/shm", err);
	return code ? code : child_memory_volumes(child, err);
}

/* /dev/shm: the pod's when there is a holder, else a fresh one of the size asked for. */
static int shm_mount(struct child *child, const struct mount_row *row, struct err *err)
{
	char size[32];
	const char *options[] = { "mode=1777", size, NULL };

	if (child->shared >= 0)
		return take_fd(&child->shm);
	if (text_equal(child->ctr->spec.ipc.mode, "host"))
		return mount_clone(AT_FDCWD, "/dev/shm", false, err);
	if (!child->ctr->spec.shm_size)
		return mount_standard(row, false, NULL, err);
	snprintf(size, sizeof(size), "size=%lld", (long long)child->ctr->spec.shm_size);
	return mount_new("tmpfs", options, row->attributes, err);
}

/* May the kernel's refusal of a fresh mount be answered with a copy of the host's? Only where
 * what it shows is not ours alone anyway. */
static bool may_copy(const struct child *child, const char *target)
{
	if (!strcmp(target, "/proc"))
		return child->parts.pid.source != NS_NEW;
	if (!strcmp(target, "/dev/mqueue"))
		return child->parts.ipc.source != NS_NEW;
	return true;
}

/* --ipc=none: no shared memory of POSIX's either. */
static bool left_out(const struct child *child, const struct mount_row *row)
{
	return !strcmp(row->target, "/dev/shm") && text_equal(child->ctr->spec.ipc.mode, "none");
}

static int one_standard_mount(struct child *child, const struct mount_row *row, struct err *err)
{
	cleanup_fd int mount = -1,
		       target = path_make(child->root, row->target, PATH_NO_LINKS, S_IFDIR | 0755, err);
	bool group = !strcmp(row->target, "/sys/fs/cgroup");
	int code;

	if (group && target < 0)
		return 0; /* a kernel without /sys/fs/cgroup */
	if (target < 0)
		return target;
	if (!strcmp(row->target, "/dev/shm"))
		mount = shm_mount(child, row, err);
	else
		mount = mount_standard(row, may_copy(child, row->target), NULL, err);
	if (mount == -ENOENT && !strcmp(row->target, "/dev/mqueue"))
		return 0; /* the host's queues, and the host shows them nowhere */
	if (mount < 0)
		return group ? 0 : mount;
	code = mount_attach(mount, target, row->target, err);
	if (code || strcmp(row->target, "/dev"))
		return code;
	child->dev = mount;
	return devices_fill(take_fd(&mount), err);
}

int child_standard_mounts(struct child *child, struct err *err)
{
	for (const struct mount_row *row = mount_table; row->target; row++) {
		int code;

		if (left_out(child, row)) {
			unlinkat(child->dev, "shm", AT_REMOVEDIR);
			continue;
		}
		code = one_standard_mount(child, row, err);

		if (code)
			return err_context(err, code, "mount %s", row->target);
	}
	return 0;
}

/* Covers or write-protects every path of the list; one that is not there needs neither. */
static int cover(struct child *child, const char *const *paths, int null, struct err *err)
{
	for (; *paths; paths++) {
		cleanup_fd int target = path_open(child->root, *paths, PATH_NO_LINKS, O_PATH, NULL);
		int code;

		if (target < 0 || strv_has(&child->ctr->spec.unmasks, *paths))
			continue;
		code = null >= 0 ? mask_hide(target, null, *paths, err)
				 : mask_make_readonly(target, *paths, err);
		if (code)
			return code;
	}
	return 0;
}

int child_masks(struct child *child, struct err *err)
{
	const struct ctr_spec *spec = &child->ctr->spec;
	cleanup_fd int null = -1;
	int code;

	if (spec->privileged || strv_has(&spec->unmasks, "ALL"))
		return 0;
	null = devices_open("/dev/null", 1, 3, err);
	if (null < 0)
		return null;
	code = cover(child, mask_hidden, null, err);
	if (!code && spec->masks.n)
		code = cover(child, (const char *const *)spec->masks.v, null, err);
	return code ? code : cover(child, mask_readonly, -1, err);
}

int child_seal_root(struct child *child, struct err *err)
{
	if (!child->ctr->spec.read_only)
		return 0;
	/* only now: until here, targets of mounts had to be made in it */
	return mount_restrict(child->root, false, MOUNT_ATTR_RDONLY, "/", err);
}

int child_pivot(struct child *child, struct err *err)
{
	return rootfs_pivot(child->root, err);
}

/* For exec: after joining the mount namespace, "/" is the container's root. */
int child_find_root(struct child *child, struct err *err)
{
	child->root = io_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY, err);
	return child->root < 0 ? child->root : 0;
}
