/*
 * child_zone: --tz. A program without TZ in its environment takes its time zone from /etc/localtime (see
 * tzset(3)), so that is where the host's file of the zone goes; the image need not know any zone. Lesson 12.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kern/mount.h"
#include "kern/path.h"
#include "pod/child.h"
#include "pod/zone.h"

#define ZONES	  "/usr/share/zoneinfo"
#define LOCALTIME "/etc/localtime"

int zone_open(const char *name, struct err *err)
{
	cleanup_fd int zones = -1, zone = -1;
	struct stat stat;

	if (!strcmp(name, "local")) {
		zone = open(LOCALTIME, O_PATH | O_CLOEXEC);
		return zone < 0 ? err_set(err, errno, "open %s", LOCALTIME) : take_fd(&zone);
	}
	zones = open(ZONES, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (zones >= 0)
		zone = path_open(zones, name, PATH_IN_ROOT, O_PATH, NULL);
	if (zone >= 0 && !fstat(zone, &stat) && S_ISREG(stat.st_mode))
		return take_fd(&zone);
	err_set(err, 0, "running container create option: finding timezone: unknown time zone %s", name);
	return err_hint(err, -EINVAL, "the host's zones count, those in %s", ZONES);
}

int child_zone(struct child *child, struct err *err)
{
	const char *name = child->ctr->spec.timezone;
	cleanup_fd int zone = -1, target = -1, mount = -1;
	int code;

	for (size_t i = 0; i < child->mounts->n; i++)
		if (!strcmp(child->mounts->v[i].target, LOCALTIME))
			return 0; /* what the user mounted there counts */
	if (!name)
		return 0;
	zone = zone_open(name, err);
	if (zone == -ENOENT)
		return 0; /* the host has no zone of its own: it counts in UTC, and so does the container */
	if (zone < 0)
		return zone;
	target = path_make(child->root, LOCALTIME, PATH_IN_ROOT, S_IFREG | 0644, err);
	if (target < 0)
		return target;
	mount = mount_clone(zone, "", false, err);
	code = mount < 0 ? mount : mount_restrict(mount, false, MOUNT_ATTR_RDONLY, LOCALTIME, err);
	return code ? code : mount_attach(mount, target, LOCALTIME, err);
}
