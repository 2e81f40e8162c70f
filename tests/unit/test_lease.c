/*
 * Leases: never one address for two pods, given back only by their owner, and
 * taken back from the dead.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "store/lease.h"

static char run_path[64];
static int run_dir = -1;

static int set_up(void **state)
{
	(void)state;
	strcpy(run_path, "/tmp/lease.XXXXXX");
	if (!mkdtemp(run_path))
		return -1;
	run_dir = open(run_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return run_dir < 0;
}

static int tear_down(void **state)
{
	(void)state;
	close(run_dir);
	return io_remove_tree(AT_FDCWD, run_path, NULL);
}

static void test_subnet(void **state)
{
	static const struct {
		const char *text;
		int code;
		uint32_t base;
		unsigned prefix;
	} rows[] = {
		{ "10.88.0.0/16", 0, 0x0a580000, 16 },
		{ "192.168.7.0/24", 0, 0xc0a80700, 24 },
		{ "10.0.0.0/8", 0, 0x0a000000, 8 },
		{ "10.88.0.1/16", -EINVAL, 0, 0 }, /* bits behind the prefix */
		{ "10.88.0.0", -EINVAL, 0, 0 },
		{ "10.88.0.0/", -EINVAL, 0, 0 },
		{ "10.88.0.0/33", -EINVAL, 0, 0 },
		{ "10.88.0.0/31", -EINVAL, 0, 0 }, /* no room for a gateway and a pod */
		{ "0.0.0.0/0", -EINVAL, 0, 0 },
		{ "10.88.0/16", -EINVAL, 0, 0 },
		{ "fd00::/16", -EINVAL, 0, 0 },
		{ "/16", -EINVAL, 0, 0 },
		{ "", -EINVAL, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct subnet subnet = { 0 };
		struct err err = { 0 };

		if (subnet_parse(rows[i].text, &subnet, &err) != rows[i].code)
			fail_msg("row \"%s\"", rows[i].text);
		assert_int_equal(subnet.base, rows[i].base);
		assert_int_equal(subnet.prefix, rows[i].prefix);
		if (rows[i].code)
			assert_non_null(strstr(err.text, rows[i].text));
	}
}

static const struct subnet wide = { .base = 0x0a580000, .prefix = 16 };
static const struct subnet narrow = { .base = 0xc0a80700, .prefix = 29 }; /* room for 5 pods */

static void test_lowest_free_and_same_again(void **state)
{
	char ip[LEASE_IP_MAX];

	(void)state;
	assert_int_equal(lease_take(run_dir, &wide, "web", ip, NULL), 0);
	assert_string_equal(ip, "10.88.0.2"); /* .1 is the gateway */
	assert_int_equal(lease_take(run_dir, &wide, "db", ip, NULL), 0);
	assert_string_equal(ip, "10.88.0.3");
	assert_int_equal(lease_take(run_dir, &wide, "web", ip, NULL), 0);
	assert_string_equal(ip, "10.88.0.2");
	assert_int_equal(lease_release(run_dir, "10.88.0.2", "web", NULL), 0);
	assert_int_equal(lease_take(run_dir, &wide, "new", ip, NULL), 0);
	assert_string_equal(ip, "10.88.0.2");
}

static void test_release_only_own(void **state)
{
	char ip[LEASE_IP_MAX];
	struct err err = { 0 };

	(void)state;
	assert_int_equal(lease_release(run_dir, "10.88.0.2", "web", NULL), 0); /* no lease was ever made */
	assert_int_equal(lease_take(run_dir, &wide, "web", ip, NULL), 0);
	assert_int_equal(lease_release(run_dir, ip, "other", NULL), 0);
	assert_int_equal(lease_take(run_dir, &wide, "second", ip, NULL), 0);
	assert_string_equal(ip, "10.88.0.3"); /* so .2 is still web's */
	assert_int_equal(lease_release(run_dir, "10.88.0.99", "web", NULL), 0);
	assert_int_equal(lease_release(run_dir, "../precious", "web", &err), -EINVAL);
	assert_non_null(strstr(err.text, "../precious"));
	assert_int_equal(lease_take(run_dir, &wide, "", ip, &err), -EINVAL);
}

static bool only_lucky(const char *pod_id, void *arg)
{
	(*(int *)arg)++;
	return text_starts(pod_id, "lucky");
}

static int count_lease(const char *ip, const char *pod_id, void *arg)
{
	assert_true(text_starts(ip, "192.168.7.") && text_starts(pod_id, "lucky"));
	(*(int *)arg)++;
	return 0;
}

static void test_full_then_reclaimed(void **state)
{
	static const char *const pods[] = { "lucky1", "dead1", "dead2", "lucky2", "dead3" };
	int asked = 0, listed = 0, lock;
	struct err err = { 0 };
	char ip[LEASE_IP_MAX];

	(void)state;
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(lease_take(run_dir, &narrow, pods[i], ip, &err), 0);
	assert_string_equal(ip, "192.168.7.6"); /* .7 would mean everybody */
	assert_int_equal(lease_take(run_dir, &narrow, "late", ip, &err), -EADDRNOTAVAIL);
	assert_non_null(strstr(err.text, "remove some pods"));
	lock = openat(run_dir, "net/lock", O_CREAT | O_WRONLY | O_CLOEXEC, 0600); /* is no lease */
	close(lock);
	assert_int_equal(lease_reclaim(run_dir, only_lucky, &asked, &err), 2);
	assert_int_equal(asked, 5);
	assert_int_equal(lease_each(run_dir, count_lease, &listed, &err), 0);
	assert_int_equal(listed, 2);
	assert_int_equal(lease_take(run_dir, &narrow, "late", ip, &err), 0);
	assert_string_equal(ip, "192.168.7.3");
}

#define CREATORS 8
#define EACH	 25

/* Writes the addresses it got to the pipe. */
static void creator(int number, int out)
{
	for (int i = 0; i < EACH; i++) {
		char id[32], ip[LEASE_IP_MAX] = { 0 };

		snprintf(id, sizeof(id), "pod-%d-%d", number, i);
		if (lease_take(run_dir, &wide, id, ip, NULL) || write(out, ip, sizeof(ip)) != sizeof(ip))
			_exit(1);
	}
	_exit(0);
}

static void test_concurrent_creators(void **state)
{
	bool seen[CREATORS * EACH + 2] = { false };
	char ip[LEASE_IP_MAX];
	int ends[2], got = 0;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	for (int i = 0; i < CREATORS; i++)
		if (!fork())
			creator(i, ends[1]);
	close(ends[1]);
	while (read(ends[0], ip, sizeof(ip)) == sizeof(ip)) {
		uint32_t address;

		assert_int_equal(subnet_address(ip, &address, NULL), 0);
		address -= wide.base;
		assert_true(address >= 2 && address < CREATORS * EACH + 2); /* and no gap either */
		assert_false(seen[address]);
		seen[address] = true;
		got++;
	}
	close(ends[0]);
	assert_int_equal(got, CREATORS * EACH);
	for (int i = 0, status; i < CREATORS; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_subnet),
		cmocka_unit_test_setup_teardown(test_lowest_free_and_same_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_release_only_own, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_full_then_reclaimed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_concurrent_creators, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
