/*
 * capability: names by libcap, the rest by prctl(2) and capset(2), which say more
 * to a reader; capability.h tells the rules. Lesson 18.
 */
#include "kern/capability.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/capability.h>
#include <sys/prctl.h>

#include "kern/explain.h"
#include "kern/sys.h"

#define BIT(number) (UINT64_C(1) << (number))
#define LETTERS	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"

/* The bounding set of this process. */
static uint64_t bounding_set(void)
{
	uint64_t set = 0;

	/* see PR_CAPBSET_READ in prctl(2): EINVAL above the last one that the kernel knows */
	for (unsigned long cap = 0; cap < 64; cap++) {
		int there = prctl(PR_CAPBSET_READ, cap, 0, 0, 0);

		if (there < 0)
			break;
		if (there > 0)
			set |= BIT(cap);
	}
	return set;
}

int capability_parse(const char *name, uint64_t *ret_set, struct err *err)
{
	bool prefixed = !strncasecmp(name, "CAP_", 4);
	char full[64];
	cap_value_t value;

	if (!strcasecmp(name, "ALL")) {
		*ret_set = bounding_set();
		return 0;
	}
	snprintf(full, sizeof(full), "cap_%s", prefixed ? name + 4 : name);
	/* libcap would also take numbers, and stop at a comma or blank */
	if (strlen(name) > 32 || name[strspn(name, LETTERS)] || cap_from_name(full, &value) < 0)
		return err_set(err, 0, "unknown capability \"%s\"", name);
	*ret_set = BIT(value);
	return 0;
}

/* All of list in one set; *ret_all: whether ALL was there. */
static int parse_list(const struct strv *list, uint64_t *ret_set, bool *ret_all, struct err *err)
{
	*ret_set = 0;
	*ret_all = false;
	for (size_t i = 0; list && i < list->n; i++) {
		uint64_t one;
		int code = capability_parse(list->v[i], &one, err);

		if (code < 0)
			return code;
		if (!strcasecmp(list->v[i], "ALL"))
			*ret_all = true;
		else
			*ret_set |= one;
	}
	return 0;
}

static int twice(uint64_t both, struct err *err)
{
	char *name = cap_to_name(__builtin_ctzll(both));
	int code = err_set(err, 0, "capability %s cannot be dropped and added", name);

	cap_free(name);
	return code;
}

int capability_combine(uint64_t base, const struct strv *add, const struct strv *drop, uint64_t *ret_set,
		       struct err *err)
{
	uint64_t added, dropped, both;
	bool add_all, drop_all;

	if (parse_list(add, &added, &add_all, err) < 0 || parse_list(drop, &dropped, &drop_all, err) < 0)
		return err_context(err, -EINVAL, "capabilities");
	if (add_all && drop_all)
		return err_set(err, 0, "adding all capabilities and dropping all capabilities not allowed");
	both = added & dropped;
	if (both)
		return twice(both, err);
	if (drop_all)
		*ret_set = added;
	else
		*ret_set = ((add_all ? bounding_set() : base) | added) & ~dropped;
	return 0;
}

void capability_names(uint64_t set, struct strv *ret_names)
{
	for (int cap = 0; cap < 64; cap++) {
		char *name = set & BIT(cap) ? cap_to_name(cap) : NULL;

		if (!name)
			continue;
		for (char *p = name; *p; p++)
			if (*p >= 'a' && *p <= 'z')
				*p -= 'a' - 'A';
		strv_add(ret_names, name);
		cap_free(name);
	}
}

static int get(uint64_t *ret_effective, uint64_t *ret_permitted)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2]; /* the low and the high 32 capabilities */

	if (syscall(SYS_capget, &header, data) < 0)
		return -errno;
	*ret_effective = (uint64_t)data[1].effective << 32 | data[0].effective;
	*ret_permitted = (uint64_t)data[1].permitted << 32 | data[0].permitted;
	return 0;
}

/* Sets effective and permitted; inheritable becomes empty, and with it ambient. */
static int set(uint64_t effective, uint64_t permitted)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {
		{ .effective = (uint32_t)effective, .permitted = (uint32_t)permitted },
		{ .effective = (uint32_t)(effective >> 32), .permitted = (uint32_t)(permitted >> 32) },
	};
	int code = syscall(SYS_capset, &header, data) < 0 ? -errno : 0;

	return explain_call(code, "what it can use, and does", 18, "capset(effective %#llx, permitted %#llx)",
			    (unsigned long long)effective, (unsigned long long)permitted);
}

int capability_bound(uint64_t kept, struct err *err)
{
	uint64_t bounding = bounding_set(), missing = kept & ~bounding;
	uint64_t effective = 0, permitted = 0;
	char *name;
	int code;

	if (missing) {
		name = cap_to_name(__builtin_ctzll(missing));
		err_set(err, EPERM, "give capability %s", name);
		cap_free(name);
		return err_hint(err, -EPERM, "runpod itself was started without it");
	}
	/* DOC: bounding-set */
	for (int cap = 0; cap < 64; cap++)
		if (bounding & ~kept & BIT(cap) && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			return err_set(err, errno, "drop capability %d from the bounding set", cap);
	explain_call(0, "what it can ever get", 18, "prctl(PR_CAPBSET_DROP, all but %#llx)",
		     (unsigned long long)kept);
	code = get(&effective, &permitted);
	if (code == 0)
		code = set(effective, permitted);
	return code < 0 ? err_set(err, -code, "empty the inheritable capabilities") : 0;
}

int capability_limit(uint64_t kept, struct err *err)
{
	uint64_t wanted = geteuid() == 0 ? kept : 0;
	int code = set(wanted, wanted);

	return code < 0 ? err_set(err, -code, "limit capabilities to %#llx", (unsigned long long)wanted) : 0;
}

int capability_no_new_privs(struct err *err)
{
	int code = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;

	/* DOC: no-new-privs */
	explain_call(code, "set-uid programs gain nothing", 18, "prctl(PR_SET_NO_NEW_PRIVS, 1)");
	return code < 0 ? err_set(err, -code, "set no_new_privs") : 0;
}
