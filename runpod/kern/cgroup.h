/*
 * cgroup: groups of processes as directories (cgroups(7), version 2): what is
 * written into their files is done to all processes below.
 *
 * Rules: processes live in leaves only (a group with controllers for its
 * children can have no member: EBUSY); a controller is there for a group only
 * when every group above passes it on in cgroup.subtree_control; a group can be
 * removed only when nobody lives in it. Lessons 14 and 15.
 *
 * A group is named by its path below the cgroup2 mount: "runpod/POD/web".
 */
#ifndef RUNPOD_KERN_CGROUP_H
#define RUNPOD_KERN_CGROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

/* The cgroup2 mount point, from /proc/self/mountinfo (hybrid hosts have it at /sys/fs/cgroup/unified).
 * NULL when there is none. Looked up once. */
const char *cgroup_mount(void);

/*
 * Where groups of ours may be made: "" at the top for root; for an ordinary user the nearest group
 * above our own that was given to the user ("user.slice/…/user@1000.service"). Returns a new string,
 * or NULL when there is no such place: then there are no cgroups for us.
 */
char *cgroup_base(void);

/* Makes the group and the missing ones above it below the mount, and passes on every controller that is there to the
 * children of those above. 0 also when it is there. */
int cgroup_make(const char *group, struct err *err);

/* Opens the group's directory: for spawn and for the calls below. Returns the descriptor or -errno. */
int cgroup_open(const char *group, struct err *err);

/* Writes value to one of its files ("memory.max"). A file that is not there is an error that names the controller
 * and says where it went. */
int cgroup_set(const char *group, const char *file, const char *value, struct err *err);

/* Reads one of its files whole. -ENOENT where the controller is missing (err may be NULL). */
int cgroup_get(const char *group, const char *file, struct buf *ret_text, struct err *err);

/* The number behind key in a file of "key number" lines ("memory.events", "oom_kill"); -1 when not there. */
int64_t cgroup_count(const char *group, const char *file, const char *key);

/* Moves a process (0: the caller) into the group. */
int cgroup_enter(const char *group, int pid, struct err *err);

/* Freezes or thaws all processes below and waits (at most 10 s) until it is so. */
int cgroup_freeze(const char *group, bool frozen, struct err *err);

/* SIGKILL to all processes below, also to those being born meanwhile (cgroup.kill, Linux 5.14). */
int cgroup_kill(const char *group, struct err *err);

/* Whether any process lives below. */
bool cgroup_populated(const char *group);

/* Kills what lives below, waits (at most 10 s), and removes the group and all groups below it. 0 also when it was gone. */
int cgroup_remove(const char *group, struct err *err);

/* Removes the group if nobody and no group is in it; else does nothing. */
void cgroup_remove_empty(const char *group);

#endif
