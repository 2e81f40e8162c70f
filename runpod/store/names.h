/*
 * names: who is called what. A name is taken by making a symbolic link
 * ROOT/names/NAME, which symlink(2) does for exactly one of two callers; the
 * link's text says what it names. Full ids are entered the same way, so that
 * an id prefix is found by reading one directory.
 */
#ifndef RUNPOD_STORE_NAMES_H
#define RUNPOD_STORE_NAMES_H

#include "store/paths.h"
#include "base/text.h"

enum name_kind { NAME_POD, NAME_CTR };

struct name_ref {
	enum name_kind kind;
	char pod_id[65];
	char ctr_id[65]; /* "" for a pod */
};

/* Fills id (65 bytes) with 64 random hex digits (see getrandom(2)). */
void id_random(char *id);

/* [a-zA-Z0-9][a-zA-Z0-9_.-]*, as podman. Returns 0 or -EINVAL with podman's text. */
int name_check(const char *name, struct err *err);

/* Makes up a name that is free, adjective_noun. The caller owns it. */
char *name_random(const struct store *store);

/* Takes name for ref. -EEXIST (with podman's text, naming who has it) when it is taken. */
int name_take(const struct store *store, const char *name, const struct name_ref *ref, struct err *err);
void name_release(const struct store *store, const char *name);

/* The same for one that leads nowhere any more; if somebody else has taken it since, it stays theirs. */
void name_release_stale(const struct store *store, const char *name);

/* Releases every name of ref, which is gone, found by reading all of them: for what has lost its record. ref NULL: every name that leads
 * nowhere, as commands leave them that were killed while removing. */
void name_release_all(const struct store *store, const struct name_ref *ref);

/*
 * Finds what the user typed: a name, a full id, or a prefix of one id, of that
 * kind. -ENOENT with podman's text for that kind (`no container with name or ID "x" found: no such
 * container`, `no pod with name or ID x found: no such pod`); -EEXIST when the prefix fits several.
 */
int name_find(const struct store *store, enum name_kind kind, const char *typed, struct name_ref *ret_ref,
	      struct err *err);

#endif
