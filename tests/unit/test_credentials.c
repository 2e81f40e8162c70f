/* credentials: who a text means in a container, what is no user at all, and becoming one. */
#include "sandbox.h"

#include <grp.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"
#include "kern/credentials.h"

static const char passwd[] = "root:x:0:0:root:/root:/bin/sh\n"
			     "app:x:1000:1001:An app:/home/app:/bin/sh\n"
			     "low:x:77:77::relative/home:\n"
			     "broken line\n"
			     "toobig:x:4294967296:0::/:\n"
			     "minus:x:-1:0::/:\n"
			     "hex:x:0x0:0::/:\n"
			     "empty:x:::/:\n"
			     "again:x:1000:5::/again:\n"
			     "last:x:2000:2000::/last:/bin/sh"; /* no newline */
static const char group[] = "root:x:0:\n"
			    "app:x:1001:app\n"
			    "video:x:44:app,low\n"
			    "audio:x:63:low,app,other\n"
			    "applied:x:64:application\n"
			    "broken:x:twelve:app\n"
			    "last:x:2000:";

static char work[64];
static int root = -1;

static int setup(void **state)
{
	(void)state;
	strcpy(work, "/tmp/test_credentials.XXXXXX");
	assert_non_null(mkdtemp(work));
	root = open(work, O_PATH | O_CLOEXEC);
	assert_int_equal(mkdirat(root, "etc", 0755), 0);
	assert_int_equal(io_replace_file(root, "etc/passwd", passwd, strlen(passwd), 0644, NULL), 0);
	assert_int_equal(io_replace_file(root, "etc/group", group, strlen(group), 0644, NULL), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	close(root);
	return io_remove_tree(AT_FDCWD, work, NULL);
}

/* "44,63" for a list of groups. */
static void check_groups(const struct credentials *who, const char *expected)
{
	struct strv list = { 0 };
	uint64_t gid;

	strv_split(&list, expected, ',');
	assert_int_equal(who->n_groups, list.n);
	for (size_t i = 0; i < list.n; i++) {
		assert_int_equal(num_u64(list.v[i], UINT32_MAX, &gid), 0);
		assert_int_equal(who->groups[i], gid);
	}
	strv_free(&list);
}

static void test_find(void **state)
{
	static const struct {
		const char *spec;
		unsigned uid, gid;
		const char *groups, *name, *home;
	} rows[] = {
		{ NULL, 0, 0, "", "root", "/root" },
		{ "", 0, 0, "", "root", "/root" },
		{ "0", 0, 0, "", "root", "/root" },
		{ "root", 0, 0, "", "root", "/root" },
		{ "app", 1000, 1001, "44,63", "app", "/home/app" },
		{ "1000", 1000, 1001, "44,63", "app", "/home/app" },
		{ "app:0", 1000, 0, "", "app", "/home/app" },
		{ "app:video", 1000, 44, "", "app", "/home/app" },
		{ "1000:2000", 1000, 2000, "", "app", "/home/app" },
		{ "low", 77, 77, "44,63", "low", "/" },
		{ "1", 1, 0, "", NULL, "/" },
		{ "1:2", 1, 2, "", NULL, "/" },
		{ "4294967294", 4294967294u, 0, "", NULL, "/" },
		{ "last:last", 2000, 2000, "", "last", "/last" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct credentials who;
		struct err err = { 0 };

		print_message("'%s'\n", rows[i].spec ? rows[i].spec : "(none)");
		assert_int_equal(credentials_find(root, rows[i].spec, NULL, &who, &err), 0);
		assert_int_equal(who.uid, rows[i].uid);
		assert_int_equal(who.gid, rows[i].gid);
		check_groups(&who, rows[i].groups);
		assert_true(text_equal(who.name, rows[i].name));
		assert_string_equal(who.home, rows[i].home);
		credentials_free(&who);
	}
}

/* None of these may become anybody, least of all root (CVE-2026-30892). */
static void test_refused(void **state)
{
	static const struct {
		const char *spec;
		int code;
	} rows[] = {
		{ "0x0", -EINVAL },	    { "-1", -EINVAL },
		{ "4294967295", -EINVAL },  { "4294967296", -EINVAL },
		{ "1:", -EINVAL },	    { " 1", -EINVAL },
		{ "1 ", -EINVAL },	    { "+1", -EINVAL },
		{ "1e3", -EINVAL },	    { ":", -EINVAL },
		{ ":1", -EINVAL },	    { "1:2:3", -EINVAL },
		{ "1:-1", -EINVAL },	    { "1:4294967295", -EINVAL },
		{ "1:0x0", -EINVAL },	    { "18446744073709551616", -EINVAL },
		{ "app\n", -EINVAL },	    { "a/b", -EINVAL },
		{ "nobody-here", -ENOENT }, { "toobig", -ENOENT },
		{ "minus", -ENOENT },	    { "hex", -ENOENT },
		{ "empty", -ENOENT },	    { "broken line", -EINVAL },
		{ "app:nogroup", -ENOENT }, { "app:broken", -ENOENT },
		{ "ap", -ENOENT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct credentials who;
		struct err err = { 0 };
		int code = credentials_find(root, rows[i].spec, NULL, &who, &err);

		print_message("'%s': %s\n", rows[i].spec, err.text);
		assert_int_equal(code, rows[i].code);
		assert_true(err.text[0]);
		credentials_free(&who);
	}
}

static void test_group_add(void **state)
{
	struct strv add = { 0 };
	struct credentials who;

	(void)state;
	strv_split(&add, "video,7,7,audio", ',');
	assert_int_equal(credentials_find(root, "app", &add, &who, NULL), 0);
	check_groups(&who, "44,63,7"); /* each once */
	assert_true(who.groups_asked);
	credentials_free(&who);
	assert_int_equal(credentials_find(root, "1:44", &add, &who, NULL), 0);
	check_groups(&who, "7,63"); /* 44 is the primary one */
	credentials_free(&who);
	strv_add(&add, "-1");
	assert_int_equal(credentials_find(root, "app", &add, &who, NULL), -EINVAL);
	credentials_free(&who);
	strv_free(&add);
}

/* The files are the image's: missing, a link out of it, a pipe. */
static void test_files(void **state)
{
	struct credentials who;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(unlinkat(root, "etc/passwd", 0), 0);
	assert_int_equal(credentials_find(root, "1000", NULL, &who, NULL), 0);
	assert_null(who.name);
	credentials_free(&who);
	assert_int_equal(credentials_find(root, "root", NULL, &who, NULL), -ENOENT);
	credentials_free(&who);
	assert_int_equal(symlinkat("/etc/passwd2", root, "etc/passwd"), 0);
	assert_int_equal(io_replace_file(root, "etc/passwd2", "me:x:5:6::/me:\n", 15, 0644, NULL), 0);
	assert_int_equal(credentials_find(root, "me", NULL, &who, NULL), 0); /* links are followed inside */
	assert_int_equal(who.uid, 5);
	credentials_free(&who);
	assert_int_equal(unlinkat(root, "etc/passwd", 0), 0);
	assert_int_equal(symlinkat("../../../../../etc/passwd", root, "etc/passwd"), 0);
	assert_int_equal(credentials_find(root, "root", NULL, &who, &err),
			 -ELOOP); /* to itself: not the host's */
	credentials_free(&who);
	assert_int_equal(unlinkat(root, "etc/passwd", 0), 0);
	assert_int_equal(mkfifoat(root, "etc/passwd", 0644), 0);
	assert_int_equal(credentials_find(root, "root", NULL, &who, &err), -EINVAL);
	assert_non_null(strstr(err.text, "/etc/passwd is not a file"));
	credentials_free(&who);
}

static void body_apply(void)
{
	gid_t groups[] = { 44, 63 }, now[8];
	struct credentials who = { .uid = 1000, .gid = 1001, .groups = groups, .n_groups = 2 };
	uid_t real, effective, saved;
	gid_t greal, geffective, gsaved;

	CHECK(credentials_apply(&who, &sandbox_err) == 0);
	CHECK(getresuid(&real, &effective, &saved) == 0 && real == 1000 && effective == 1000 &&
	      saved == 1000);
	CHECK(getresgid(&greal, &geffective, &gsaved) == 0);
	CHECK(greal == 1001 && geffective == 1001 && gsaved == 1001);
	CHECK(getgroups(8, now) == 2 && now[0] == 44 && now[1] == 63);
	CHECK(setuid(0) < 0 && setgid(0) < 0); /* for good */
}

/* The groups of whoever started runpod are gone, too (CVE-2022-36109). */
static void body_no_groups(void)
{
	struct credentials who = { .uid = 1000, .gid = 1001 };

	CHECK(setgroups(2, (gid_t[]){ 0, 4 }) == 0);
	CHECK(credentials_apply(&who, &sandbox_err) == 0 && getgroups(0, NULL) == 0);
}

static void body_unmapped(void)
{
	gid_t groups[] = { 0 };
	struct credentials who = { 0 };

	CHECK(credentials_apply(&who, &sandbox_err) == 0); /* setgroups is denied here, and nobody asked */
	who.n_groups = 1;
	who.groups = groups;
	CHECK(credentials_apply(&who, &sandbox_err) == 0);
	who.groups_asked = true;
	CHECK(credentials_apply(&who, &sandbox_err) == -EPERM && strstr(sandbox_err.text, "setgroups"));
	who = (struct credentials){ .uid = 1000 };
	CHECK(credentials_apply(&who, &sandbox_err) == -EINVAL && strstr(sandbox_err.text, "subuid"));
	CHECK(geteuid() == 0);
}

static void root_apply(void **state)
{
	(void)state;
	sandbox_run(false, 0, body_apply);
}

static void root_no_groups(void **state)
{
	(void)state;
	sandbox_run(false, 0, body_no_groups);
}

static void rootless_unmapped(void **state)
{
	(void)state;
	sandbox_run(true, 0, body_unmapped);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_find, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_group_add, setup, teardown),
		cmocka_unit_test_setup_teardown(test_files, setup, teardown),
		cmocka_unit_test(root_apply),
		cmocka_unit_test(root_no_groups),
		cmocka_unit_test(rootless_unmapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
