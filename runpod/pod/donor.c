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

int donor_clone(int pidfd, const char *path, struct err *err)
{
	cleanup_fd int home = io_open(AT_FDCWD, "/proc/self/ns/mnt", O_RDONLY, err);
	cleanup_fd int old_root = -1, root = -1, source = -1;
	int mount = -1, code;

	if (home < 0)
		return home;
	old_root = io_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY, err);
	if (old_root < 0)
		return old_root;
	/* DOC: through-the-donor */
	code = join_self(pidfd, CLONE_NEWNS, "into the holder's mounts", err);
	if (code)
		return code;
	root = io_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY, err);
	if (root >= 0)
		source = path_open(root, path, PATH_NO_LINKS, O_PATH, err);
	if (source >= 0)
		mount = mount_clone(source, "", false, err);
	code = join_self(home, CLONE_NEWNS, "and back into ours", mount < 0 ? NULL : err);
	if (mount < 0)
		return err_context(err,
				   root < 0	? root
				   : source < 0 ? source
						: mount,
				   "take %s from its holder", path);
	if (code) {
		close(mount);
		return code;
	}
	/* setns moved our root and working directory to the top of the namespace */
	if (fchdir(old_root) < 0 || chroot(".") < 0) {
		close(mount);
		return err_set(err, errno, "come back from the holder's mounts");
	}
	return mount;
}
