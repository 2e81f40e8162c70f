/*
 * test_names: names are taken by one, found by name, id and prefix, and given back.
 */
#include "store_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/names.h"

#define ID_A "aaaa000000000000000000000000000000000000000000000000000000000000"
#define ID_B "aaab000000000000000000000000000000000000000000000000000000000000"
#define ID_C "aaac000000000000000000000000000000000000000000000000000000000000"

static struct name_ref pod_ref(const char *pod)
{
	struct name_ref ref = { .kind = NAME_POD };

	strcpy(ref.pod_id, pod);
	return ref;
}

static struct name_ref ctr_ref(const char *pod, const char *ctr)
{
	struct name_ref ref = pod_ref(pod);

	ref.kind = NAME_CTR;
	strcpy(ref.ctr_id, ctr);
	return ref;
}

/* Makes the directory of ref's record, then takes its id and name, as a command does. */
static void enter(struct fixture *f, const char *name, struct name_ref ref)
{
	char path[300];

	snprintf(path, sizeof(path), ref.kind == NAME_POD ? "pods/%s" : "pods/%s/ctr/%s", ref.pod_id,
		 ref.ctr_id);
	assert_int_equal(io_make_dirs(f->store.root_fd, path, 0700, NULL), 0);
	assert_int_equal(name_take(&f->store, ref.kind == NAME_POD ? ref.pod_id : ref.ctr_id, &ref, NULL), 0);
	assert_int_equal(name_take(&f->store, name, &ref, NULL), 0);
}

static void test_check(void **state)
{
	static const struct {
		const char *name;
		int code;
	} rows[] = {
		{ "a", 0 },	    { "0", 0 },	       { "web-1_x.y", 0 }, { "", -EINVAL },
		{ "-a", -EINVAL },  { ".a", -EINVAL }, { "a/b", -EINVAL }, { "..", -EINVAL },
		{ "a b", -EINVAL }, { "ä", -EINVAL },  { "a\n", -EINVAL }, { "_a", -EINVAL },
	};
	char longest[300];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(name_check(rows[i].name, NULL), rows[i].code);
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(name_check(longest, NULL), -EINVAL);
}

static void test_find(void **state)
{
	struct fixture *f = *state;
	struct err err = { 0 };
	struct name_ref ref;

	enter(f, "shop", pod_ref(ID_A));
	enter(f, "web", ctr_ref(ID_A, ID_B));
	enter(f, "abc", ctr_ref(ID_A, ID_C));

	assert_int_equal(name_find(&f->store, NAME_POD, "shop", &ref, &err), 0);
	assert_string_equal(ref.pod_id, ID_A);
	assert_string_equal(ref.ctr_id, "");
	assert_int_equal(name_find(&f->store, NAME_CTR, "web", &ref, &err), 0);
	assert_string_equal(ref.pod_id, ID_A);
	assert_string_equal(ref.ctr_id, ID_B);
	assert_int_equal(name_find(&f->store, NAME_CTR, ID_C, &ref, &err), 0);
	assert_string_equal(ref.ctr_id, ID_C);
	assert_int_equal(name_find(&f->store, NAME_CTR, "aaab", &ref, &err), 0);
	assert_string_equal(ref.ctr_id, ID_B);
	assert_int_equal(name_find(&f->store, NAME_POD, "aaa", &ref, &err), 0); /* the only pod */
	assert_string_equal(ref.pod_id, ID_A);
	assert_int_equal(name_find(&f->store, NAME_CTR, "aaa", &ref, &err), -EEXIST);
	assert_int_equal(name_find(&f->store, NAME_CTR, "abc", &ref, &err),
			 0); /* a name that looks like a prefix */
	assert_string_equal(ref.ctr_id, ID_C);

	assert_int_equal(name_find(&f->store, NAME_CTR, "shop", &ref, &err), -ENOENT);
	assert_string_equal(err.text, "no container with name or ID \"shop\" found: no such container");
	assert_int_equal(name_find(&f->store, NAME_POD, "web", &ref, &err), -ENOENT);
	assert_string_equal(err.text, "no pod with name or ID web found: no such pod");
	assert_int_equal(name_find(&f->store, NAME_POD, "../pods", &ref, &err), -ENOENT);
	assert_int_equal(name_find(&f->store, NAME_POD, "", &ref, &err), -ENOENT);
}

static void test_taken(void **state)
{
	struct fixture *f = *state;
	struct name_ref other = pod_ref(ID_C);
	struct err err = { 0 };

	enter(f, "shop", pod_ref(ID_A));
	enter(f, "web", ctr_ref(ID_A, ID_B));
	assert_int_equal(name_take(&f->store, "shop", &other, &err), -EEXIST);
	assert_non_null(strstr(err.text, "\"shop\" is in use by " ID_A ": pod already exists"));
	assert_int_equal(name_take(&f->store, "web", &other, &err), -EEXIST);
	assert_non_null(strstr(err.text, "the container name \"web\" is already in use by " ID_B));
	assert_non_null(strstr(err.text, "that name is already in use"));
	name_release(&f->store, "shop");
	assert_int_equal(name_take(&f->store, "shop", &other, &err), 0);
}

/* A command died between taking a name and removing its record: the name is free again. */
static void test_stale(void **state)
{
	struct fixture *f = *state;
	struct name_ref gone = ctr_ref(ID_A, ID_B), ref;

	assert_int_equal(name_take(&f->store, "web", &gone, NULL), 0);
	assert_int_equal(name_find(&f->store, NAME_CTR, "web", &ref, NULL), -ENOENT);
	enter(f, "web", ctr_ref(ID_A, ID_C));
	assert_int_equal(name_find(&f->store, NAME_CTR, "web", &ref, NULL), 0);
	assert_string_equal(ref.ctr_id, ID_C);
}

#define RACERS 8
#define ROUNDS 40

/* Makes a record's directory, waits for the starting gun (end of file on start) and takes the name. */
static int race(struct fixture *f, int start)
{
	struct name_ref mine = pod_ref(ID_A);
	char path[100], byte;

	id_random(mine.pod_id);
	snprintf(path, sizeof(path), "pods/%s", mine.pod_id);
	if (io_make_dirs(f->store.root_fd, path, 0700, NULL) || read(start, &byte, 1))
		return 2;
	return name_take(&f->store, "web", &mine, NULL) ? 1 : 0;
}

/* Many processes want one name, which a dead command has left: one gets it, each time. */
static void test_race(void **state)
{
	struct fixture *f = *state;
	struct name_ref gone = ctr_ref(ID_A, ID_B);

	for (int round = 0; round < ROUNDS; round++) {
		int winners = 0, pipes[2];

		name_release(&f->store, "web");
		assert_int_equal(name_take(&f->store, "web", &gone, NULL), 0);
		assert_int_equal(pipe(pipes), 0);
		for (int i = 0; i < RACERS; i++) {
			if (fork() == 0) {
				close(pipes[1]);
				_exit(race(f, pipes[0]));
			}
		}
		close(pipes[0]);
		close(pipes[1]);
		for (int i = 0; i < RACERS; i++) {
			int status;

			assert_true(wait(&status) > 0);
			assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
			winners += WEXITSTATUS(status) == 0;
		}
		assert_int_equal(winners, 1);
	}
}

static void test_random(void **state)
{
	struct fixture *f = *state;
	char a[65], b[65];

	id_random(a);
	id_random(b);
	assert_int_equal(strlen(a), 64);
	assert_int_equal(strspn(a, "0123456789abcdef"), 64);
	assert_string_not_equal(a, b);
	for (int i = 0; i < 200; i++) {
		struct name_ref ref = pod_ref(ID_A);
		char *name = name_random(&f->store);

		assert_int_equal(name_check(name, NULL), 0);
		assert_non_null(strchr(name, '_'));
		assert_int_equal(name_take(&f->store, name, &ref, NULL), 0);
		free(name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check), fixture_test(test_find), fixture_test(test_taken),
		fixture_test(test_stale),     fixture_test(test_race), fixture_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
