/*
 * rootfs_mount: an overlay by mount(2), for kernels before 6.8: fsconfig(2) takes
 * strings of at most 255 bytes there, and all layers have to be in one. mount(2) takes a page of
 * options, but attaches what it makes; so it is copied from there (see open_tree(2)) and taken away. Lesson 13.
 */
#include "kern/rootfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>

#include "kern/explain.h"
#include "kern/sys.h"

#define OPTIONS_MAX 4096 /* bytes that mount(2) takes for all options together */

int rootfs_join(const char *const *lowers, char *ret_joined, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; lowers[i]; i++) {
		if (i > 0)
			ret_joined[used++] = ':';
		for (const char *p = lowers[i]; *p; p++) {
			if (used + 4 > size)
				return -ENAMETOOLONG;
			if (*p == ':' || *p == '\\')
				ret_joined[used++] = '\\';
			ret_joined[used++] = *p;
		}
	}
	ret_joined[used] = '\0';
	return 0;
}

int rootfs_overlay_by_mount(const char *const *lowers, const char *upper, const char *work, bool userxattr)
{
	const char *place = upper ? upper : lowers[0];
	char joined[OPTIONS_MAX], options[OPTIONS_MAX];
	int fd, length, code = rootfs_join(lowers, joined, sizeof(joined));

	length = snprintf(options, sizeof(options), "lowerdir=%s%s%s%s%s%s", code < 0 ? "" : joined,
			  upper ? ",upperdir=" : "", upper ? upper : "", upper ? ",workdir=" : "",
			  upper ? work : "", userxattr ? ",userxattr" : "");
	if (code < 0 || length >= OPTIONS_MAX)
		return -ENAMETOOLONG;
	code = mount("overlay", place, "overlay", 0, options) < 0 ? -errno : 0;
	if (explain_call(code, "layers over one another", 13, "mount(\"overlay\", \"%s\", %d bytes)", place,
			 length) < 0)
		return code;
	fd = sys_open_tree(AT_FDCWD, place, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	umount2(place, MNT_DETACH);
	return fd;
}
