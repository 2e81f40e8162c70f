/*
 * credentials: who a container's process is. A user as people write it is looked
 * up in the container's own /etc/passwd and /etc/group, and becomes numbers.
 *
 * Rule: groups first, the user last: with uid 0 goes the right to change the
 * rest (setgroups(2), setresgid(2), setresuid(2)). Text that is neither a plain
 * decimal number below 4294967295 nor a known name is an error and never falls
 * back to root (CVE-2026-30892). glibc's getpwnam(3) is not used: it would load
 * the host's libraries, or the container's. Lesson 18.
 */
#ifndef RUNPOD_KERN_CREDENTIALS_H
#define RUNPOD_KERN_CREDENTIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/text.h"

struct credentials {
	uid_t uid;	   /* user id, in the container's user namespace */
	gid_t gid;	   /* primary group */
	gid_t *groups;	   /* supplementary groups, gid not among them */
	size_t n_groups;   /* how many */
	bool groups_asked; /* some were asked for by name: they must not be left out */
	char *name;	   /* the name in /etc/passwd; NULL when there is none */
	char *home;	   /* its home directory; "/" when there is none */
};

/*
 * Finds who spec ("", "USER" or "USER:GROUP", each a name or a number; NULL is
 * "") means in the container whose root is the directory root. "" is user 0,
 * group 0. Without GROUP: the group of the passwd entry, else 0; and the
 * supplementary groups that /etc/group gives the user. group_add: more groups,
 * names or numbers; may be NULL. Missing files hold nobody. Returns 0, -EINVAL
 * for what cannot be a user, -ENOENT for an unknown name. ret_who is to be freed
 * in either case.
 */
int credentials_find(int root, const char *spec, const struct strv *group_add, struct credentials *ret_who,
		     struct err *err);
void credentials_free(struct credentials *who);

/*
 * Becomes who: setgroups, setresgid, setresuid, in that order. Where the user
 * namespace denies setgroups (one-id maps), groups that were not asked for are
 * left out. -EINVAL, with a hint, for ids that the namespace does not map.
 * Returns 0 or -errno.
 */
int credentials_apply(const struct credentials *who, struct err *err);

#endif
