/* capability: names, podman's way of adding and dropping, and what the kernel says afterwards. */
#include "sandbox.h"

#include <sys/capability.h>

#include "kern/capability.h"

#define BIT(number) (UINT64_C(1) << (number))

static void test_parse(void **state)
{
	static const struct {
		const char *name;
		int code;
		uint64_t set;
	} rows[] = {
		{ "CHOWN", 0, BIT(CAP_CHOWN) },
		{ "CAP_CHOWN", 0, BIT(CAP_CHOWN) },
		{ "cap_chown", 0, BIT(CAP_CHOWN) },
		{ "Net_Admin", 0, BIT(CAP_NET_ADMIN) },
		{ "checkpoint_restore", 0, BIT(CAP_CHECKPOINT_RESTORE) },
		{ "", -EINVAL, 0 },
		{ "CAP_", -EINVAL, 0 },
		{ "FLY", -EINVAL, 0 },
		{ "CAP_CAP_CHOWN", -EINVAL, 0 },
		{ "CHOWN ", -EINVAL, 0 },
		{ "0", -EINVAL, 0 },
		{ "cap_21", -EINVAL, 0 },
		{ "chown,kill", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct err err = { 0 };
		uint64_t set = 0;

		print_message("'%s'\n", rows[i].name);
		assert_int_equal(capability_parse(rows[i].name, &set, &err), rows[i].code);
		assert_int_equal(set, rows[i].set);
		if (rows[i].code)
			assert_non_null(strstr(err.text, rows[i].name));
	}
}

static void test_combine(void **state)
{
	static const struct {
		const char *add, *drop; /* separated by commas */
		int code;
		uint64_t set;
	} rows[] = {
		{ "", "", 0, CAPABILITY_BASELINE },
		{ "net_admin", "", 0, CAPABILITY_BASELINE | BIT(CAP_NET_ADMIN) },
		{ "", "CAP_CHOWN,kill", 0, CAPABILITY_BASELINE & ~(BIT(CAP_CHOWN) | BIT(CAP_KILL)) },
		{ "net_admin", "chown", 0, (CAPABILITY_BASELINE & ~BIT(CAP_CHOWN)) | BIT(CAP_NET_ADMIN) },
		{ "", "all", 0, 0 },
		{ "kill", "ALL", 0, BIT(CAP_KILL) },
		{ "kill", "ALL,chown", 0, BIT(CAP_KILL) },
		{ "all", "all", -EINVAL, 0 },
		{ "kill", "kill", -EINVAL, 0 },
		{ "CAP_KILL", "Kill", -EINVAL, 0 },
		{ "nonsense", "", -EINVAL, 0 },
		{ "", "nonsense", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct strv add = { 0 }, drop = { 0 };
		struct err err = { 0 };
		uint64_t set = 0;

		strv_split(&add, rows[i].add, ',');
		strv_split(&drop, rows[i].drop, ',');
		print_message("+%s -%s\n", rows[i].add, rows[i].drop);
		assert_int_equal(capability_combine(CAPABILITY_BASELINE, &add, &drop, &set, &err),
				 rows[i].code);
		assert_int_equal(set, rows[i].set);
		strv_free(&add);
		strv_free(&drop);
	}
}

static void test_combine_all(void **state)
{
	struct strv add = { 0 }, drop = { 0 };
	uint64_t all, set;

	(void)state;
	strv_add(&add, "ALL");
	strv_add(&drop, "CHOWN");
	assert_int_equal(capability_parse("ALL", &all, NULL), 0);
	assert_int_equal(all & CAPABILITY_BASELINE, CAPABILITY_BASELINE);
	assert_int_equal(capability_combine(CAPABILITY_BASELINE, &add, &drop, &set, NULL), 0);
	assert_int_equal(set, all & ~BIT(CAP_CHOWN));
	assert_int_equal(capability_combine(CAPABILITY_BASELINE, NULL, NULL, &set, NULL), 0);
	assert_int_equal(set, CAPABILITY_BASELINE);
	strv_free(&add);
	strv_free(&drop);
}

static void test_names(void **state)
{
	struct strv names = { 0 };
	char *joined;

	(void)state;
	capability_names(CAPABILITY_BASELINE, &names);
	joined = strv_join(&names, " ");
	assert_string_equal(joined,
			    "CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_FSETID CAP_KILL CAP_SETGID CAP_SETUID "
			    "CAP_SETPCAP CAP_NET_BIND_SERVICE CAP_SYS_CHROOT CAP_SETFCAP");
	free(joined);
	strv_free(&names);
}

/* The line of /proc/self/status that begins with key, as a hexadecimal number. */
static uint64_t status_of(const char *key)
{
	char text[8192],
		*found = strstr(sandbox_read(AT_FDCWD, "/proc/self/status", text, sizeof(text)), key);

	CHECK(found);
	return strtoull(found + strlen(key), NULL, 16);
}

static void body_root_user(void)
{
	CHECK(capability_no_new_privs(&sandbox_err) == 0);
	CHECK(capability_bound(CAPABILITY_BASELINE, &sandbox_err) == 0);
	CHECK(capability_limit(CAPABILITY_BASELINE, &sandbox_err) == 0);
	CHECK(status_of("NoNewPrivs:") == 1);
	CHECK(status_of("CapBnd:") == CAPABILITY_BASELINE);
	CHECK(status_of("CapPrm:") == CAPABILITY_BASELINE);
	CHECK(status_of("CapEff:") == CAPABILITY_BASELINE);
	CHECK(status_of("CapInh:") == 0 && status_of("CapAmb:") == 0);
	CHECK(unshare(CLONE_NEWNS) < 0 && errno == EPERM);
}

/* What a program gets that is started from here: the same, and no more. */
static void body_after_exec(void)
{
	body_root_user();
	execlp("sh", "sh", "-c",
	       "set -e; for key in Bnd Prm Eff; do grep -q \"^Cap$key:.00000000800405fb\" /proc/self/status; "
	       "done; "
	       "for key in Inh Amb; do grep -q \"^Cap$key:.0000000000000000\" /proc/self/status; done",
	       NULL);
	CHECK(!"sh");
}

static void body_other_user(void)
{
	CHECK(capability_bound(CAPABILITY_BASELINE, &sandbox_err) == 0);
	CHECK(setresuid(ORDINARY_USER, ORDINARY_USER, ORDINARY_USER) == 0);
	CHECK(capability_limit(CAPABILITY_BASELINE, &sandbox_err) == 0);
	CHECK(status_of("CapBnd:") == CAPABILITY_BASELINE);
	CHECK(status_of("CapPrm:") == 0 && status_of("CapEff:") == 0);
	CHECK(status_of("CapInh:") == 0 && status_of("CapAmb:") == 0);
}

/* Inheritable and ambient capabilities of the caller do not come along (CVE-2022-24769). */
static void body_inherited(void)
{
	cap_t caps = cap_get_proc();

	CHECK(caps && cap_set_flag(caps, CAP_INHERITABLE, 1, (cap_value_t[]){ CAP_NET_ADMIN }, CAP_SET) == 0);
	CHECK(cap_set_proc(caps) == 0 && cap_set_ambient(CAP_NET_ADMIN, CAP_SET) == 0);
	cap_free(caps);
	CHECK(status_of("CapAmb:") == BIT(CAP_NET_ADMIN) && status_of("CapInh:") == BIT(CAP_NET_ADMIN));
	CHECK(capability_bound(CAPABILITY_BASELINE, &sandbox_err) == 0);
	CHECK(status_of("CapAmb:") == 0 && status_of("CapInh:") == 0);
}

static void body_missing(void)
{
	CHECK(capability_bound(BIT(CAP_CHOWN), &sandbox_err) == 0);
	CHECK(capability_bound(BIT(CAP_CHOWN) | BIT(CAP_KILL), &sandbox_err) == -EPERM);
	CHECK(strstr(sandbox_err.text, "cap_kill"));
}

#define BOTH(name)                                                                                           \
	static void root_##name(void **state)                                                                \
	{                                                                                                    \
		(void)state;                                                                                 \
		sandbox_run(false, 0, body_##name);                                                          \
	}                                                                                                    \
	static void rootless_##name(void **state)                                                            \
	{                                                                                                    \
		(void)state;                                                                                 \
		sandbox_run(true, 0, body_##name);                                                           \
	}

BOTH(root_user)
BOTH(after_exec)
BOTH(missing)

static void root_other_user(void **state)
{
	(void)state;
	sandbox_run(false, 0, body_other_user);
}

static void root_inherited(void **state)
{
	(void)state;
	sandbox_run(false, 0, body_inherited);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),	    cmocka_unit_test(test_combine),
		cmocka_unit_test(test_combine_all), cmocka_unit_test(test_names),
		cmocka_unit_test(root_root_user),   cmocka_unit_test(rootless_root_user),
		cmocka_unit_test(root_after_exec),  cmocka_unit_test(rootless_after_exec),
		cmocka_unit_test(root_missing),	    cmocka_unit_test(rootless_missing),
		cmocka_unit_test(root_other_user),  cmocka_unit_test(root_inherited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
