/*
 * capability: root's power in forty pieces, and which of them a container keeps.
 *
 * A set is a mask of 64 bits, bit N for capability number N. Rules
 * (capabilities(7)): what is not in the bounding set can never come back through
 * execve; permitted is what a thread may use, effective what it does use;
 * leaving uid 0 clears both. Lesson 18.
 *
 * Order in the child:
 *	capability_bound(set)         while CAP_SETPCAP is still there
 *	credentials_apply(who)        needs CAP_SETGID and CAP_SETUID
 *	capability_limit(set)         from here on no more than the set
 */
#ifndef RUNPOD_KERN_CAPABILITY_H
#define RUNPOD_KERN_CAPABILITY_H

#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

/* Podman's eleven: chown dac_override fowner fsetid kill setgid setuid setpcap net_bind_service sys_chroot setfcap */
#define CAPABILITY_BASELINE UINT64_C(0x800405fb)

/* One name, in any case, with or without "CAP_", or "ALL" (all that this process's bounding
 * set has). Returns 0, or -EINVAL with an error that names it. */
int capability_parse(const char *name, uint64_t *ret_set, struct err *err);

/*
 * base with add and drop applied as podman does: drop ALL leaves what is added,
 * add ALL leaves all but what is dropped, one name in both lists is an error.
 * Either list may be NULL. Returns 0 or -EINVAL.
 */
int capability_combine(uint64_t base, const struct strv *add, const struct strv *drop, uint64_t *ret_set,
		       struct err *err);

/* The names of a set, "CAP_CHOWN" and so on by number, added to ret_names. */
void capability_names(uint64_t set, struct strv *ret_names);

/* Takes all but set out of the bounding set, and empties the inheritable and ambient sets. A
 * capability of set that the bounding set lacks is an error: it cannot be given. Returns 0 or -errno. */
int capability_bound(uint64_t set, struct err *err);

/* Permitted and effective become set for uid 0, empty for any other uid. Returns 0 or -errno. */
int capability_limit(uint64_t set, struct err *err);

/* No program started from here on gains anything by set-uid bits or file capabilities
 * (PR_SET_NO_NEW_PRIVS, prctl(2)). Returns 0 or -errno. */
int capability_no_new_privs(struct err *err);

#endif
