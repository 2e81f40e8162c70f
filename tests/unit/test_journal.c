/*
 * test_journal: what was written is read in its order, also over the change of files, by whoever came late.
 */
#include "store_fixture.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/num.h"
#include "store/journal.h"

/* Reads one event and compares its name; "" for none. */
static void expect(struct journal *journal, const char *name)
{
	struct event event = { 0 };
	int got = journal_next(journal, &event);

	assert_int_equal(got, *name ? 1 : 0);
	if (got)
		assert_string_equal(event.name, name);
	event_free(&event);
}

static void test_order(void **state)
{
	struct fixture *fixture = *state;
	struct strv attributes = { 0 };
	struct journal journal;
	struct event event;
	int64_t before = clock_wall();

	assert_int_equal(journal_open(&fixture->store, &journal, NULL), 0);
	expect(&journal, "");
	strv_add(&attributes, "a=\"b\"\n");
	journal_add(&fixture->store, "pod", "create", "1", "one", &attributes);
	journal_add(&fixture->store, "pod", "create", "2", "two", NULL);
	assert_int_equal(journal_wait(&journal, 5000, NULL), 0);
	assert_int_equal(journal_next(&journal, &event), 1);
	assert_string_equal(event.type, "pod");
	assert_string_equal(event.action, "create");
	assert_string_equal(event.id, "1");
	assert_string_equal(strv_get(&event.attributes, "a"), "\"b\"\n");
	assert_true(event.time >= before && event.time <= clock_wall());
	event_free(&event);
	expect(&journal, "two");
	expect(&journal, "");
	strv_free(&attributes);
	journal_close(&journal);
}

/* Fills the present file up, so that the next event begins another. */
static void fill(const struct store *store)
{
	char path[64], *line = mem_zalloc(1 << 20);
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fd/%d/events", store->run_fd);
	file = fopen(path, "a");
	assert_non_null(file);
	memset(line, ' ', 1 << 20);
	line[(1 << 20) - 1] = '\n'; /* one line that is no event */
	assert_int_equal(fwrite(line, 1 << 20, 1, file), 1);
	fclose(file);
	free(line);
}

static void test_rotation(void **state)
{
	struct fixture *fixture = *state;
	const struct store *store = &fixture->store;
	struct journal early, late;
	struct stat stat;

	journal_add(store, "pod", "create", "1", "one", NULL);
	assert_int_equal(journal_open(store, &early, NULL), 0);
	expect(&early, "one");
	fill(store);
	journal_add(store, "pod", "create", "2", "two", NULL);
	assert_int_equal(fstatat(store->run_fd, "events.1", &stat, 0), 0);
	assert_true(stat.st_size > 1 << 20);
	assert_int_equal(journal_open(store, &late, NULL), 0);
	expect(&late, "one");
	expect(&late, "two");
	expect(&early, "two");
	/* two changes while nobody reads: what was in between is lost to disk, but not to who had it open */
	fill(store);
	journal_add(store, "pod", "create", "3", "three", NULL);
	fill(store);
	journal_add(store, "pod", "create", "4", "four", NULL);
	expect(&early, "three");
	expect(&early, "four");
	expect(&early, "");
	journal_add(store, "pod", "create", "5", "five", NULL);
	expect(&early, "five");
	journal_close(&early);
	journal_close(&late);
}

/* A full file system or a directory that is gone must not hurt who only wanted to leave a trace. */
static void test_no_room(void **state)
{
	struct fixture *fixture = *state;
	struct store store = fixture->store;

	store.run_fd = -1;
	journal_add(&store, "pod", "create", "1", "one", NULL);
	assert_int_equal(mkdirat(fixture->store.run_fd, "events", 0700), 0);
	journal_add(&fixture->store, "pod", "create", "1", "one", NULL);
	assert_int_equal(unlinkat(fixture->store.run_fd, "events", AT_REMOVEDIR), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fixture_test(test_order),
		fixture_test(test_rotation),
		fixture_test(test_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
