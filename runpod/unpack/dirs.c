/*
 * dirs: modes and times of directories, set when everything is unpacked;
 * dirs.h tells why. Children come first: a parent of mode 0 would hide them
 * from an ordinary user. Lesson 13.
 */
#include "unpack/dirs.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "kern/sys.h"
#include "unpack/place.h"

struct dir {
	char *path;		  /* clean name from the root */
	size_t turn;		  /* position in the archive */
	mode_t mode;		  /* permission bits */
	struct timespec times[2]; /* access and modification, as for futimens(3) */
};

void dirs_add(struct dirs *dirs, const char *path, mode_t mode, const struct timespec times[2])
{
	struct dir *dir;

	if (dirs->n == dirs->capacity) {
		dirs->capacity = dirs->capacity ? 2 * dirs->capacity : 64;
		dirs->v = mem_realloc(dirs->v, dirs->capacity * sizeof(*dirs->v));
	}
	dir = &dirs->v[dirs->n];
	*dir = (struct dir){ .path = text_dup(path), .turn = dirs->n, .mode = mode };
	memcpy(dir->times, times, sizeof(dir->times));
	dirs->n++;
}

/* "a/b" before "a" (a prefix sorts lower); of two entries for one directory the later one last. */
static int compare(const void *left, const void *right)
{
	const struct dir *a = left, *b = right;
	int order = strcmp(b->path, a->path);

	return order ? order : a->turn < b->turn ? -1 : 1;
}

static int apply(const struct dir *dir, int root, struct err *err)
{
	char shown[PLACE_SHOWN];
	cleanup_fd int parent = -1, fd = -1;
	const char *name;

	parent = place_parent(root, dir->path, &name, err);
	if (parent < 0)
		return parent;
	fd = sys_openat2(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0,
			 RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
	if (fd < 0)
		return err_set(err, -fd, "%s: open directory", place_show(dir->path, shown));
	if (futimens(fd, dir->times) < 0 || fchmod(fd, dir->mode) < 0)
		return err_set(err, errno, "%s: set mode and time", place_show(dir->path, shown));
	return 0;
}

int dirs_apply(struct dirs *dirs, int root, struct err *err)
{
	int code = 0;

	if (dirs->n)
		qsort(dirs->v, dirs->n, sizeof(*dirs->v), compare);
	for (size_t i = 0; i < dirs->n && !code; i++) {
		/* one directory twice: once its mode is set, an ordinary user may not open it again */
		if (i + 1 < dirs->n && text_equal(dirs->v[i].path, dirs->v[i + 1].path))
			continue;
		code = apply(&dirs->v[i], root, err);
	}
	return code;
}

void dirs_free(struct dirs *dirs)
{
	for (size_t i = 0; i < dirs->n; i++)
		free(dirs->v[i].path);
	free(dirs->v);
	*dirs = (struct dirs){ 0 };
}
