/*
 * test_process: what the texts of /proc say of a process, of its network and of
 * its user's name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kern/netdev.h"
#include "kern/process.h"
#include "pod/idnames.h"

#define STAT_BEHIND                                                                                          \
	") S 1 2 3 34816 5 4194304 1 2 3 4 110 120 7 8 20 -5 3 0 5000 1048576 345 18446744073709551615 1 1"

static const char status[] =
	"Name:\tsh\nUmask:\t0022\nState:\tS (sleeping)\nPid:\t4711\nPPid:\t1\n"
	"Uid:\t1000\t1001\t1000\t1000\nGid:\t100\t101\t100\t100\nGroups:\t10 20 30 \n"
	"NStgid:\t4711\t20\t3\nNSpid:\t4711\t20\t3\nNSpgid:\t4700\t10\t0\n"
	"VmRSS:\t     345 kB\nCapInh:\t0000000000000000\nCapPrm:\t00000000800405fb\n"
	"CapEff:\t0000000000000001\nCapBnd:\t000001ffffffffff\nCapAmb:\t0000000000000000\n"
	"NoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t1\n";

static void test_parse(void **state)
{
	struct process process;

	(void)state;
	assert_int_equal(process_parse("4711 (sh" STAT_BEHIND, status, &process), 0);
	assert_int_equal(process.pid, 4711);
	assert_int_equal(process.ppid, 1);
	assert_string_equal(process.name, "sh");
	assert_int_equal(process.state, 'S');
	assert_int_equal(process.tty, 34816); /* 136:0, pts/0 */
	assert_int_equal(process.nice, -5);
	assert_int_equal(process.threads, 3);
	assert_int_equal(process.user_ticks, 110);
	assert_int_equal(process.system_ticks, 120);
	assert_int_equal(process.children_ticks, 15);
	assert_int_equal(process.start_ticks, 5000);
	assert_int_equal(process.vsz, 1048576);
	assert_int_equal(process.rss_kib, 345);
	assert_int_equal(process.ruid, 1000);
	assert_int_equal(process.uid, 1001);
	assert_int_equal(process.rgid, 100);
	assert_int_equal(process.gid, 101);
	assert_int_equal(process.groups.n, 3);
	assert_string_equal(process.groups.v[2], "30");
	assert_int_equal(process.levels, 3);
	assert_int_equal(process.pids[2], 3);
	assert_int_equal(process.groups_of[1], 10);
	assert_int_equal(process.caps[CAPS_PERMITTED], 0x800405fb);
	assert_int_equal(process.caps[CAPS_EFFECTIVE], 1);
	assert_int_equal(process.caps[CAPS_BOUNDING], 0x1ffffffffff);
	assert_int_equal(process.seccomp, 2);
	process_free(&process);
}

/* A program may call itself anything; what is cut off or is no such text is refused. */
static void test_parse_odd(void **state)
{
	struct process process;

	(void)state;
	assert_int_equal(process_parse("7 (a) R 1 (b)\n" STAT_BEHIND, status, &process), 0);
	assert_string_equal(process.name, "a) R 1 (b) ");
	process_free(&process);
	assert_int_equal(process_parse("7 (sh) S 1 2", status, &process), -EINVAL);
	process_free(&process);
	assert_int_equal(process_parse("7 )sh(", status, &process), -EINVAL);
	process_free(&process);
	assert_int_equal(process_parse("", "", &process), -EINVAL);
	process_free(&process);
	assert_int_equal(process_parse("7 (sh" STAT_BEHIND, "Name:\tsh\nno colon\n", &process), -EINVAL);
	process_free(&process);
}

static void test_self(void **state)
{
	struct process process;
	char *args = process_args(getpid());
	pid_t *pids;
	size_t n = process_list(&pids);
	bool found = false;

	(void)state;
	assert_int_equal(process_read(getpid(), &process), 0);
	assert_int_equal(process.pid, getpid());
	assert_int_equal(process.pids[0], getpid());
	assert_int_equal(process.uid, geteuid());
	assert_non_null(strstr(args, "test_process"));
	process_free(&process);
	for (size_t i = 0; i < n; i++) {
		found |= pids[i] == getpid();
		assert_true(!i || pids[i] > pids[i - 1]);
	}
	assert_true(found);
	assert_true(process_under(getpid(), getpid()));
	assert_int_equal(process_read(INT32_MAX - 1, &process), -ESRCH);
	assert_false(process_under(INT32_MAX - 1, getpid()));
	free(pids);
	free(args);
}

/* A child in a pid namespace of its own is below us, and we are not below it. */
static void test_under(void **state)
{
	struct process process;
	int hold[2];
	pid_t maker, child = -1;

	(void)state;
	assert_int_equal(pipe(hold), 0);
	maker = fork();
	if (!maker) {
		char byte;

		close(hold[1]);
		if (unshare(geteuid() ? CLONE_NEWUSER | CLONE_NEWPID : CLONE_NEWPID))
			_exit(77);
		if (!fork())
			_exit(read(hold[0], &byte, 1) != 0);
		wait(NULL);
		_exit(0);
	}
	close(hold[0]);
	for (int tries = 0; child < 0 && tries < 500 && !waitpid(maker, NULL, WNOHANG); tries++) {
		pid_t *pids;
		size_t n = process_list(&pids);

		for (size_t i = 0; i < n; i++) {
			if (process_read(pids[i], &process))
				continue;
			if (process.ppid == maker && process.levels > 1)
				child = pids[i];
			process_free(&process);
		}
		free(pids);
		usleep(10000);
	}
	if (child > 0) {
		assert_int_equal(process_read(child, &process), 0);
		assert_int_equal(process.pids[process.levels - 1], 1);
		process_free(&process);
		assert_true(process_under(child, getpid()));
		assert_false(process_under(getpid(), child));
	}
	close(hold[1]);
	waitpid(maker, NULL, 0);
	if (child < 0)
		skip(); /* no pid namespaces for us here */
}

static void test_netdev(void **state)
{
	static const struct {
		const char *text;
		int64_t in, out;
	} rows[] = {
		{ "", 0, 0 },
		{ "Inter-|   Receive  |  Transmit\n face |bytes packets|bytes\n", 0, 0 },
		{ " face |bytes\n    lo: 5 1 0 0 0 0 0 0 6 1 0 0 0 0 0 0\n", 0, 0 },
		{ " face |bytes\n    lo: 5 1 0 0 0 0 0 0 6 1 0 0 0 0 0 0\n  eth0: 10 1 0 0 0 0 0 0 20 1 0 0 "
		  "0 0 0 0\n"
		  "wlan0:100 1 0 0 0 0 0 0 200 1 0 0 0 0 0 0\n",
		  110, 220 },
		{ "eth0: 10 1\n", 0, 0 },
	};
	int64_t in, out;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		netdev_sum(rows[i].text, &in, &out);
		assert_int_equal(in, rows[i].in);
		assert_int_equal(out, rows[i].out);
	}
	assert_int_equal(netdev_read(getpid(), &in, &out), 0);
	assert_true(netdev_read(INT32_MAX - 1, &in, &out) < 0);
}

static void check_name(const struct idnames *names, enum id_kind kind, int64_t id, const char *wanted)
{
	char *name = idnames_name(names, kind, id);

	assert_string_equal(name, wanted);
	free(name);
}

static void test_idnames(void **state)
{
	struct idnames names = { 0 };

	(void)state;
	buf_text(&names.map[ID_USER], "         0       1000          1\n         1     100000      65536\n");
	buf_text(&names.names[ID_USER], "# a "
					"comment\n\nbroken\nroot:x:0:0:root:/root:/bin/"
					"sh\nx:y\n:x:5::\nbin:x:1:1::\nevil\033[1m:x:2:\nlast:x:33");
	buf_text(&names.names[ID_GROUP], "wheel:x:10:root\n");
	check_name(&names, ID_USER, 1000, "root");
	check_name(&names, ID_USER, 100000, "bin");
	check_name(&names, ID_USER, 100001, "evil"); /* nothing that a terminal would obey */
	check_name(&names, ID_USER, 100032, "last");
	check_name(&names, ID_USER, 100004, "5"); /* an entry without a name */
	check_name(&names, ID_USER, 165534, "65535");
	check_name(&names, ID_USER, 165536, "?"); /* outside of its map */
	check_name(&names, ID_USER, 0, "?");
	check_name(&names, ID_GROUP, 10, "wheel"); /* no map: our own numbers */
	check_name(&names, ID_GROUP, 1, "1");
	assert_int_equal(idnames_inside(&names, ID_USER, 100999), 1000);
	idnames_free(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),  cmocka_unit_test(test_parse_odd),
		cmocka_unit_test(test_self),   cmocka_unit_test(test_under),
		cmocka_unit_test(test_netdev), cmocka_unit_test(test_idnames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
