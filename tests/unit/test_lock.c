/*
 * test_lock: one holder at a time, bounded waiting, and a dead holder holds nothing.
 */
#include "store_fixture.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/num.h"
#include "store/lock.h"

#define MILLISECOND INT64_C(1000000)

static void test_exclusive(void **state)
{
	struct fixture *f = *state;
	struct err err = { 0 };
	int first = lock_pod(&f->store, "p", 0, &err), again;
	int64_t begin;

	assert_true(first >= 0);
	assert_int_equal(lock_pod(&f->store, "p", 0, &err), -EWOULDBLOCK);
	assert_non_null(strstr(err.text, "pods/p/lock"));
	begin = clock_boot();
	assert_int_equal(lock_pod(&f->store, "p", 100, &err), -EWOULDBLOCK);
	assert_true(clock_boot() - begin >= 100 * MILLISECOND);
	again = lock_pod(&f->store, "other", 0, &err);
	assert_true(again >= 0);
	close(again);
	close(first);
	again = lock_pod(&f->store, "p", 0, &err);
	assert_true(again >= 0);
	assert_true(fcntl(again, F_GETFD) & FD_CLOEXEC);
	close(again);
}

/* A child takes the lock, says so, and is killed: we get it at once. */
static void test_holder_killed(void **state)
{
	struct fixture *f = *state;
	int pipes[2], lock;
	char byte;
	pid_t child;

	assert_int_equal(pipe(pipes), 0);
	child = fork();
	if (child == 0) {
		lock = lock_pod(&f->store, "p", 0, NULL);
		_exit(lock < 0 || write(pipes[1], "x", 1) != 1 || pause());
	}
	assert_int_equal(read(pipes[0], &byte, 1), 1);
	assert_int_equal(lock_pod(&f->store, "p", 0, NULL), -EWOULDBLOCK);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	lock = lock_pod(&f->store, "p", 5000, NULL);
	assert_true(lock >= 0);
	close(lock);
	close(pipes[0]);
	close(pipes[1]);
}

/* Waiting without end: the holder lets go after a while, and the waiter goes on. */
static void test_named(void **state)
{
	struct fixture *f = *state;
	int pipes[2], lock = lock_named(&f->store, "net", NULL), status;
	pid_t child;
	char byte;

	assert_true(lock >= 0);
	assert_int_equal(pipe(pipes), 0);
	child = fork();
	if (child == 0) {
		close(lock); /* the same open file: closing it here leaves the parent's lock alone */
		if (write(pipes[1], "x", 1) != 1)
			_exit(2);
		_exit(lock_named(&f->store, "net", NULL) < 0);
	}
	assert_int_equal(read(pipes[0], &byte, 1), 1);
	assert_int_equal(waitpid(child, &status, WNOHANG), 0);
	close(lock);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(pipes[0]);
	close(pipes[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fixture_test(test_exclusive),
		fixture_test(test_holder_killed),
		fixture_test(test_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
