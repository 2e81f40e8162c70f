/*
 * child_containerenv: /run/.containerenv, the file by which programs know that they run in a container. As with podman
 * it is empty, and says more in a privileged one, which may know anyway. Lesson 12.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/path.h"
#include "pod/child.h"

#define PLACE "/run/.containerenv"

/* A directory of the host's that is mounted on /run is not ours to write in. */
static bool run_is_foreign(const struct child *child)
{
	for (size_t i = 0; i < child->mounts->n; i++)
		if (!strcmp(child->mounts->v[i].target, "/run") && strcmp(child->mounts->v[i].type, "tmpfs"))
			return true;
	return false;
}

static void describe(const struct child *child, struct buf *ret_text)
{
	const struct ctr_record *ctr = child->ctr;
	const char *engine = strv_get(&ctr->env, "container"); /* the name that we were called by */

	buf_format(ret_text, "engine=\"%s-%s\"\nname=\"%s\"\nid=\"%s\"\n", engine ? engine : "runpod",
		   RUNPOD_VERSION, ctr->spec.name, ctr->id);
	buf_format(ret_text, "image=\"%s\"\nimageid=\"%s\"\nrootless=%d\n",
		   ctr->image_name ? ctr->image_name : "", ctr->image_id ? ctr->image_id : "",
		   child->rootless);
}

int child_containerenv(struct child *child, struct err *err)
{
	cleanup_fd int place = -1, file = -1;
	struct buf text = { 0 };
	char path[32];
	int code = 0;

	if (run_is_foreign(child))
		return 0;
	place = path_make(child->root, PLACE, PATH_IN_ROOT, S_IFREG | 0644, NULL);
	if (place < 0)
		return 0; /* a root that cannot be written, or something else is called so: nothing depends on it */
	if (child->ctr->spec.privileged)
		describe(child, &text);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", place); /* still the host's /proc */
	file = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (file >= 0)
		code = io_write_all(file, text.data, text.len);
	buf_free(&text);
	return code ? err_set(err, -code, "write %s", PLACE) : 0;
}
