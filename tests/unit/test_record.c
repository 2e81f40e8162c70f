/*
 * test_record: records come back from the disk as they went, damaged ones are
 * told from missing ones, and no member of a structure was forgotten in its table.
 */
#include "store_fixture.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/record.h"
#include "store/record_shapes.h"

#define POD "1111111111111111111111111111111111111111111111111111111111111111"
#define CTR "2222222222222222222222222222222222222222222222222222222222222222"

static size_t width(const struct field *field)
{
	switch (field->type) {
	case FIELD_BOOL:
		return sizeof(bool);
	case FIELD_INT:
		return sizeof(int64_t);
	case FIELD_TEXT:
		return sizeof(char *);
	case FIELD_STRV:
		return sizeof(struct strv);
	case FIELD_OBJECT:
		return field->shape->size;
	case FIELD_LIST:
		return sizeof(struct ctr_states);
	}
	return 0;
}

/* Every byte of the structure belongs to exactly one row, but for padding behind bools. */
static void test_tables_complete(void **state)
{
	const struct shape *shapes[] = { &pod_record_shape, &ctr_record_shape, &ctr_state_shape,
					 &pod_state_shape, &exit_record_shape };
	unsigned char covered[4096];

	(void)state;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		size_t bare = 0;

		memset(covered, 0, sizeof(covered));
		assert_true(shapes[i]->size <= sizeof(covered));
		for (const struct field *field = shapes[i]->fields; field->name; field++)
			for (size_t byte = 0; byte < width(field); byte++)
				assert_int_equal(covered[field->offset + byte]++, 0);
		for (size_t byte = 0; byte < shapes[i]->size; byte++) {
			bare = covered[byte] ? 0 : bare + 1;
			assert_true(bare < 8); /* a forgotten member of eight bytes; padding is at most 7 */
		}
	}
}

static void test_pod_and_ctr(void **state)
{
	struct fixture *f = *state;
	struct pod_record pod = { .id = POD, .created = 42, .infra_id = CTR }, pod2;
	struct ctr_record ctr = { .id = CTR, .pod_id = POD, .workdir = "/srv", .infra = true }, ctr2;
	struct err err = { 0 };

	assert_int_equal(record_read_pod(&f->store, POD, &pod2, &err), -ENOENT);
	assert_string_equal(err.text, "");
	pod.spec.name = "shop";
	strv_add(&pod.spec.share, "net");
	strv_add(&ctr.args, "sleep");
	strv_add(&ctr.args, "\xff\xfe"); /* any bytes can be an argument */
	assert_int_equal(record_write_pod(&f->store, &pod, &err), 0);
	assert_int_equal(record_write_ctr(&f->store, &ctr, &err), 0);
	assert_int_equal(record_read_pod(&f->store, POD, &pod2, &err), 0);
	assert_int_equal(record_read_ctr(&f->store, POD, CTR, &ctr2, &err), 0);
	assert_string_equal(pod2.spec.name, "shop");
	assert_string_equal(pod2.spec.share.v[0], "net");
	assert_int_equal(pod2.created, 42);
	assert_string_equal(ctr2.args.v[1], "\xff\xfe");
	assert_string_equal(ctr2.workdir, "/srv");
	assert_true(ctr2.infra);
	assert_null(ctr2.user);
	pod_record_free(&pod2);
	ctr_record_free(&ctr2);
	strv_free(&pod.spec.share);
	strv_free(&ctr.args);
}

/* The directories of the pod and of its container, as the commands that make them do. */
static void make_dirs(struct fixture *f)
{
	int run = record_open_run_dir(&f->store, POD, NULL),
	    ctr = record_open_ctr_dir(&f->store, POD, CTR, NULL);

	assert_true(run >= 0 && ctr >= 0);
	close(run);
	close(ctr);
}

static void test_state_and_exit(void **state)
{
	struct fixture *f = *state;
	struct ctr_state entry = { .id = CTR, .status = "running", .pid = 7, .exit_code = EXIT_UNKNOWN };
	struct pod_state was = { .id = POD, .supervisor_pid = 3, .ctrs = { &entry, 1 } }, is;
	struct exit_record exit = { .exit_code = EXIT_UNKNOWN, .finished = 9, .oom_killed = true }, exit2;
	struct stat stat;

	/* a removed pod must not come back because somebody writes its state once more */
	assert_int_equal(record_write_state(&f->store, &was, NULL), -ENOENT);
	make_dirs(f);
	assert_int_equal(record_write_state(&f->store, &was, NULL), 0);
	assert_int_equal(record_write_exit(&f->store, POD, CTR, &exit, NULL), 0);
	assert_int_equal(record_read_state(&f->store, POD, &is, NULL), 0);
	assert_int_equal(is.supervisor_pid, 3);
	assert_int_equal(state_find(&is, CTR)->exit_code, EXIT_UNKNOWN);
	assert_int_equal(state_find(&is, CTR)->pid, 7);
	assert_null(state_find(&is, POD));
	pod_state_free(&is);
	assert_int_equal(record_read_exit(&f->store, POD, CTR, &exit2, NULL), 0);
	assert_memory_equal(&exit, &exit2, sizeof(exit));
	/* what runs lies under the run directory, what must survive a reboot does not */
	assert_int_equal(fstatat(f->store.run_fd, "pods/" POD "/state.json", &stat, 0), 0);
	assert_int_equal(stat.st_mode & 0777, 0600);
	assert_int_equal(fstatat(f->store.root_fd, "pods/" POD "/ctr/" CTR "/exit.json", &stat, 0), 0);
}

/* Reads the state in another process, as `ps` does: whether its writer lives. */
static bool seen_supervised(struct fixture *f)
{
	pid_t child = fork();
	int status = 0;

	if (!child) {
		struct pod_state is;
		int code = record_read_state(&f->store, POD, &is, NULL);

		_exit(code ? 2 : is.supervised);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
	return WEXITSTATUS(status);
}

/* The lock is on the file as it was last written, no child has it, and it goes with the process that does. */
static void test_held(void **state)
{
	struct fixture *f = *state;
	struct pod_state was = { .id = POD, .supervisor_pid = getpid() };
	int held = 0, ready[2], stay[2], status;
	pid_t holder;
	char byte;

	make_dirs(f);
	assert_int_equal(record_write_state(&f->store, &was, NULL), 0);
	assert_false(seen_supervised(f));
	for (int i = 0; i < 3; i++) {
		assert_int_equal(record_hold_state(&f->store, &was, &held, NULL), 0);
		assert_true(seen_supervised(f));
	}
	close(held);
	assert_false(seen_supervised(f));

	assert_int_equal(pipe(ready) | pipe(stay), 0);
	holder = fork();
	if (!holder) {
		held = 0;
		close(stay[1]);
		if (record_hold_state(&f->store, &was, &held, NULL) || fork() < 0 ||
		    write(ready[1], "", 1) != 1)
			_exit(1);
		_exit(read(stay[0], &byte, 1) != 0); /* until the test lets go */
	}
	for (int i = 0; i < 2; i++) /* the holder, and its child that has the same descriptor open */
		assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_true(seen_supervised(f));
	kill(holder, SIGKILL);
	assert_int_equal(waitpid(holder, &status, 0), holder);
	assert_false(seen_supervised(f));
	for (int i = 0; i < 2; i++) {
		close(ready[i]);
		close(stay[i]);
	}
}

static void test_count(void **state)
{
	struct fixture *f = *state;
	struct pod_record pod = { .id = POD };
	struct ctr_record ctr = { .id = CTR, .pod_id = POD };

	assert_int_equal(record_count_ctrs(&f->store, POD), -1);
	assert_int_equal(record_write_pod(&f->store, &pod, NULL), 0);
	assert_int_equal(record_write_ctr(&f->store, &ctr, NULL), 0);
	assert_int_equal(record_count_ctrs(&f->store, POD), 1);
	assert_int_equal(record_remove_ctr(&f->store, POD, CTR, NULL), 0);
	assert_int_equal(record_count_ctrs(&f->store, POD), 0);
}

static void test_damaged(void **state)
{
	static const char *const texts[] = { "",   "{", "[]", "{\"id\": 3}", "{\"id\":\"a\",\"id\":\"b\"}",
					     "nul" };
	struct fixture *f = *state;
	struct pod_record pod;

	assert_int_equal(io_make_dirs(f->store.root_fd, "pods/" POD, 0700, NULL), 0);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct err err = { 0 };

		assert_int_equal(io_replace_file(f->store.root_fd, "pods/" POD "/pod.json", texts[i],
						 strlen(texts[i]), 0600, NULL),
				 0);
		assert_int_equal(record_read_pod(&f->store, POD, &pod, &err), -EINVAL);
		assert_non_null(strstr(err.text, "pod.json is damaged"));
	}
}

static void test_lists_and_removal(void **state)
{
	struct fixture *f = *state;
	struct pod_record pod = { .id = POD };
	struct ctr_record ctr = { .id = CTR, .pod_id = POD };
	struct strv ids = { 0 };
	int fd;

	assert_int_equal(record_list_ctrs(&f->store, POD, &ids, NULL), 0);
	assert_int_equal(record_write_pod(&f->store, &pod, NULL), 0);
	assert_int_equal(record_write_ctr(&f->store, &ctr, NULL), 0);
	assert_int_equal(io_make_dirs(f->store.root_fd, "pods/not-an-id", 0700, NULL), 0);
	assert_int_equal(record_list_pods(&f->store, &ids, NULL), 0);
	assert_int_equal(record_list_ctrs(&f->store, POD, &ids, NULL), 0);
	assert_int_equal(ids.n, 2);
	assert_string_equal(ids.v[0], POD);
	assert_string_equal(ids.v[1], CTR);
	strv_free(&ids);

	fd = record_open_run_dir(&f->store, POD, NULL);
	assert_true(fd >= 0);
	close(fd);
	fd = record_open_ctr_dir(&f->store, POD, CTR, NULL);
	assert_int_equal(faccessat(fd, "ctr.json", F_OK, 0), 0);
	close(fd);

	assert_int_equal(record_remove_ctr(&f->store, POD, CTR, NULL), 0);
	assert_int_equal(record_remove_ctr(&f->store, POD, CTR, NULL), 0);
	assert_int_equal(record_list_ctrs(&f->store, POD, &ids, NULL), 0);
	assert_int_equal(ids.n, 0);
	assert_int_equal(record_remove_pod(&f->store, POD, NULL), 0);
	assert_int_equal(faccessat(f->store.root_fd, "pods/" POD, F_OK, 0), -1);
	assert_int_equal(faccessat(f->store.run_fd, "pods/" POD, F_OK, 0), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables_complete),
		fixture_test(test_pod_and_ctr),
		fixture_test(test_state_and_exit),
		fixture_test(test_damaged),
		fixture_test(test_lists_and_removal),
		fixture_test(test_held),
		fixture_test(test_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
