/*
 * donor: there and back again; donor.h tells why.
 */
#include "pod/donor.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/join.h"
#include "kern/mount.h"
#include "kern/path.h"
#include "pod/subpath.h"

/* While there: one copy. */
static int take_one(const char *path, const char *below, struct err *err)
{
	cleanup_fd int root = io_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY, err);
	cleanup_fd int source = root < 0 ? root : path_open(root, path, PATH_NO_LINKS, O_PATH, err);
	cleanup_fd int inner = source < 0 || !below ? -1 : subpath_open(source, below, err);
	int mount = source < 0		 ? source
		    : below && inner < 0 ? inner
					 : mount_clone(below ? inner : source, "", false, err);

	return mount < 0 ? err_context(err, mount, "take %s from its holder", path) : mount;
}

/* Home again. setns has moved our root and working directory to the top of the namespace: also back. */
static int come_back(int home, int old_root, struct err *err)
{
	int code = join_self(home, CLONE_NEWNS, "and back into ours", err);

	if (!code && (fchdir(old_root) < 0 || chroot(".") < 0))
		code = err_set(err, errno, "come back from the holder's mounts");
	return code;
}

int donor_clone(int pidfd, const char *const *paths, const char *below, int *ret_mounts, size_t n,
		struct err *err)
{
	cleanup_fd int home = io_open(AT_FDCWD, "/proc/self/ns/mnt", O_RDONLY, err);
	cleanup_fd int old_root = home < 0 ? home : io_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY, err);
	size_t taken = 0;
	int code, back;

	if (old_root < 0)
		return old_root;
	/* DOC: through-the-donor */
	code = join_self(pidfd, CLONE_NEWNS, "into the holder's mounts", err);
	if (code)
		return code;
	for (; taken < n && code >= 0; taken++)
		code = ret_mounts[taken] = take_one(paths[taken], below, err);
	back = come_back(home, old_root, code < 0 ? NULL : err);
	if (code >= 0)
		code = back;
	if (code >= 0)
		return 0;
	while (taken--)
		if (ret_mounts[taken] >= 0)
			close(take_fd(&ret_mounts[taken]));
	return code;
}
