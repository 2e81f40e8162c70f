/*
 * child_devices: devices of the host in the container's /dev: those of --device, and with
 * --privileged all there are. Done while the host's /dev can still be seen.
 *
 * Kernel rule: who may open a device is decided by its node's mode and owner, and by the devices
 * controller; cgroup v2 has that one as a BPF program (BPF_CGROUP_DEVICE), which needs a host that lets us load one. So
 * a device is given whole or not at all. Lesson 18.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/devices.h"
#include "kern/sys.h"
#include "pod/child.h"

#define DEEPEST 3 /* /dev/bus/usb/001/004 is the deepest that hosts have */

/* --device HOST[:CONTAINER[:rwm]], checked when the option was read (check_device). */
static int add_asked(struct child *child, const char *text, struct err *err)
{
	struct strv parts = { 0 };
	const char *inside;
	cleanup_fd int source = -1;
	int code = 0;

	strv_split(&parts, text, ':');
	inside = parts.n > 1 && parts.v[1][0] == '/' ? parts.v[1] : parts.v[0];
	source = open(parts.v[0], O_PATH | O_CLOEXEC);
	if (source < 0)
		code = err_set(err, errno, "open device %s", parts.v[0]);
	else
		code = devices_copy(child->dev, inside + strlen("/dev/"), source, err);
	strv_free(&parts);
	return code;
}

/* What a container has of its own, and what belongs to the host's terminals. */
static bool passed_over(const char *name, int depth)
{
	static const char *const names[] = { "console", "fd", "hugepages", "mqueue", "ptmx", "pts", "shm" };

	for (size_t i = 0; !depth && i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return name[0] == '.';
}

/* All devices in the host's directory; prefix: its path below /dev. */
static int add_all(struct child *child, const char *directory, const char *prefix, int depth, struct err *err)
{
	DIR *entries = opendir(directory);
	struct dirent *entry;
	int code = 0;

	while (entries && !code && (entry = readdir(entries))) {
		cleanup_free char *path = text_format("%s/%s", directory, entry->d_name);
		cleanup_free char *name = text_format("%s%s", prefix, entry->d_name);
		cleanup_free char *below = text_format("%s/", name);
		cleanup_fd int source = -1;

		if (passed_over(entry->d_name, depth))
			continue;
		if (entry->d_type == DT_DIR && depth < DEEPEST)
			code = add_all(child, path, below, depth + 1, err);
		if (entry->d_type != DT_CHR && entry->d_type != DT_BLK)
			continue;
		source = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
		if (source >= 0) /* else it was unplugged just now */
			code = devices_copy(child->dev, name, source, err);
	}
	if (entries)
		closedir(entries);
	return code;
}

int child_devices(struct child *child, struct err *err)
{
	const struct strv *asked = &child->ctr->spec.devices;
	int code = 0;

	if (child->ctr->spec.privileged && !child->rootless)
		code = add_all(child, "/dev", "", 0, err);
	for (size_t i = 0; i < asked->n && !code; i++)
		code = add_asked(child, asked->v[i], err);
	return code;
}
