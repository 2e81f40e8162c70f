/* rlimit: reading --ulimit, and what the kernel says afterwards. */
#include "sandbox.h"

#include "kern/rlimit.h"

static void test_parse(void **state)
{
	static const struct {
		const char *text;
		int code, resource;
		rlim_t soft, hard;
	} rows[] = {
		{ "nofile=1024:2048", 0, RLIMIT_NOFILE, 1024, 2048 },
		{ "nofile=1024", 0, RLIMIT_NOFILE, 1024, 1024 },
		{ "core=-1", 0, RLIMIT_CORE, RLIM_INFINITY, RLIM_INFINITY },
		{ "core=0:unlimited", 0, RLIMIT_CORE, 0, RLIM_INFINITY },
		{ "nproc=0", 0, RLIMIT_NPROC, 0, 0 },
		{ "host", 0, -1, 0, 0 },
		{ "nofile=2048:1024", -EINVAL, 0, 0, 0 },
		{ "core=-1:5", -EINVAL, 0, 0, 0 },
		{ "nofile", -EINVAL, 0, 0, 0 },
		{ "nofile=", -EINVAL, 0, 0, 0 },
		{ "nofile=:", -EINVAL, 0, 0, 0 },
		{ "nofile=1:", -EINVAL, 0, 0, 0 },
		{ "nofile=1:2:3", -EINVAL, 0, 0, 0 },
		{ "nofile=-2", -EINVAL, 0, 0, 0 },
		{ "nofile=1k", -EINVAL, 0, 0, 0 },
		{ "nofile=18446744073709551616", -EINVAL, 0, 0, 0 },
		{ "files=1", -EINVAL, 0, 0, 0 },
		{ "nofilex=1", -EINVAL, 0, 0, 0 },
		{ "no=1", -EINVAL, 0, 0, 0 },
		{ "=1", -EINVAL, 0, 0, 0 },
		{ "", -EINVAL, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct rlimit_setting setting;
		struct err err = { 0 };

		print_message("'%s'\n", rows[i].text);
		assert_int_equal(rlimit_parse(rows[i].text, &setting, &err), rows[i].code);
		if (rows[i].code) {
			assert_non_null(strstr(err.text, rows[i].text));
			continue;
		}
		assert_int_equal(setting.resource, rows[i].resource);
		assert_true(setting.soft == rows[i].soft && setting.hard == rows[i].hard);
	}
}

static void body_apply(void)
{
	struct rlimit_setting setting = { RLIMIT_NOFILE, 100, 200 }, host = { .resource = -1 };
	struct rlimit now;

	CHECK(rlimit_apply(0, &setting, &sandbox_err) == 0);
	CHECK(getrlimit(RLIMIT_NOFILE, &now) == 0 && now.rlim_cur == 100 && now.rlim_max == 200);
	CHECK(rlimit_apply(0, &host, &sandbox_err) == 0);
	CHECK(getrlimit(RLIMIT_NOFILE, &now) == 0 && now.rlim_cur == 100 && now.rlim_max == 200);
	setting.hard = 300; /* up again: not without CAP_SYS_RESOURCE on the host */
	CHECK(rlimit_apply(0, &setting, &sandbox_err) == -EPERM);
	CHECK(strstr(sandbox_err.text, "nofile") && strstr(sandbox_err.text, "CAP_SYS_RESOURCE"));
}

static void rootless_apply(void **state)
{
	(void)state;
	sandbox_run(true, 0, body_apply);
}

static void test_names(void **state)
{
	(void)state;
	for (int resource = 0; resource < RLIM_NLIMITS; resource++)
		assert_non_null(rlimit_name(resource));
	assert_null(rlimit_name(-1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_names),
		cmocka_unit_test(rootless_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
