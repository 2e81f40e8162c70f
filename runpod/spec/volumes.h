/*
 * volumes: what -v, --mount and --tmpfs say, as mounts. Lesson 12 makes the
 * mounts, lesson 20 shares one between containers.
 */
#ifndef RUNPOD_SPEC_VOLUMES_H
#define RUNPOD_SPEC_VOLUMES_H

#include "base/err.h"
#include "spec/pod_spec.h"

/*
 * -v [SOURCE:]TARGET[:OPTIONS]. A source that starts with / or . is a
 * directory (made absolute from cwd), any other the name of a volume, none an
 * anonymous volume. All three append one mount to the list; the same mount
 * asked for twice is added once, two for one target are an error: "/x:
 * duplicate mount destination". Return 0 or -EINVAL; on error the list is as
 * it was.
 */
int volumes_parse(const char *text, const char *cwd, struct mount_list *list, struct err *err);

/* --mount type=bind|volume|tmpfs,source=…,target=…,… */
int volumes_parse_mount(const char *text, const char *cwd, struct mount_list *list, struct err *err);

/* --tmpfs TARGET[:OPTIONS] */
int volumes_parse_tmpfs(const char *text, struct mount_list *list, struct err *err);

/* path without //, /./ and /../, made absolute from cwd (also absolute). It looks at no disk: a/../b is b
 * even where a is a symbolic link. Owned by the caller. */
char *path_clean(const char *path, const char *cwd);

#endif
