/*
 * test_status: what a pod and its containers read as, from the records alone.
 */
#include "store_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pod/status.h"

#define POD "1111111111111111111111111111111111111111111111111111111111111111"

static void make_ctr(struct fixture *f, char digit, bool infra)
{
	char id[65];
	struct ctr_record ctr = { .id = id, .pod_id = POD, .created = digit, .infra = infra };

	memset(id, digit, 64);
	id[64] = '\0';
	ctr.spec.name = id;
	assert_int_equal(record_write_ctr(&f->store, &ctr, NULL), 0);
}

static void make_pod(struct fixture *f)
{
	struct pod_record pod = { .id = POD, .created = 5, .spec.name = "shop" };

	assert_int_equal(record_write_pod(&f->store, &pod, NULL), 0);
	make_ctr(f, 'a', false);
	make_ctr(f, 'b', false);
	make_ctr(f, 'c', true);
}

static const char *status_of(const struct pod_view *view, char digit)
{
	for (size_t i = 0; i < view->n; i++)
		if (view->ctrs[i].now.id[0] == digit)
			return view->ctrs[i].now.status;
	return "gone";
}

static void test_never_ran(void **state)
{
	struct fixture *f = *state;
	struct pod_view view;

	make_pod(f);
	assert_int_equal(pod_view_read(&f->store, POD, &view, NULL), 0);
	assert_string_equal(view.name, "shop");
	assert_int_equal(view.n, 3);
	assert_true(view.ctrs[0].infra); /* first */
	assert_string_equal(status_of(&view, 'a'), "created");
	assert_string_equal(pod_view_status(&view), "Created");
	pod_view_free(&view);
}

/* The run directory is empty after a reboot: what has left traces reads exited. */
static void test_after_reboot(void **state)
{
	struct fixture *f = *state;
	struct exit_record exit = { .exit_code = 3, .finished = 9 };
	char id[65] = { 0 };
	struct pod_view view;

	make_pod(f);
	memset(id, 'a', 64);
	assert_int_equal(record_write_exit(&f->store, POD, id, &exit, NULL), 0);
	memset(id, 'b', 64);
	{
		char path[200];

		snprintf(path, sizeof(path), "pods/%s/ctr/%s/upper", POD, id);
		assert_int_equal(io_make_dirs(f->store.root_fd, path, 0700, NULL), 0);
	}
	assert_int_equal(pod_view_read(&f->store, POD, &view, NULL), 0);
	assert_string_equal(status_of(&view, 'a'), "exited");
	assert_string_equal(status_of(&view, 'b'), "exited");
	assert_string_equal(status_of(&view, 'c'), "exited"); /* infra */
	assert_int_equal(view.ctrs[1].now.exit_code, 3);
	assert_int_equal(view.ctrs[2].now.exit_code, EXIT_UNKNOWN); /* never 0 */
	assert_string_equal(pod_view_status(&view), "Exited");
	pod_view_free(&view);
}

static void test_pod_status(void **state)
{
	static const struct {
		const char *a, *b, *pod;
	} rows[] = {
		{ "running", "running", "Running" },	 { "running", "stopping", "Running" },
		{ "running", "exited", "Degraded" },	 { "running", "paused", "Degraded" },
		{ "paused", "paused", "Paused" },	 { "exited", "exited", "Exited" },
		{ "exited", "created", "Stopped" },	 { "created", "created", "Created" },
		{ "created", "initialized", "Created" }, { "created", "bogus", "Error" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct ctr_view ctrs[] = { { .now.status = (char *)rows[i].a },
					   { .now.status = (char *)rows[i].b } };
		struct pod_view view = { .ctrs = ctrs, .n = 2 };

		assert_string_equal(pod_view_status(&view), rows[i].pod);
	}
	assert_string_equal(pod_view_status(&(struct pod_view){ 0 }), "Created");
}

/* Our own PID with another start time was never a container of ours. */
static void test_stale_pid(void **state)
{
	struct fixture *f = *state;
	char id[65] = { 0 };
	struct ctr_state entry = {
		.id = id, .name = "a", .status = "running", .pid = getpid(), .start_ticks = 1
	};
	struct pod_state run = { .id = POD, .name = "shop", .ctrs = { &entry, 1 } };
	struct pod_view view;

	make_pod(f);
	memset(id, 'a', 64);
	close(record_open_run_dir(&f->store, POD, NULL));
	assert_int_equal(record_write_state(&f->store, &run, NULL), 0);
	assert_int_equal(pod_view_read(&f->store, POD, &view, NULL), 0);
	assert_true(view.running);
	assert_string_equal(status_of(&view, 'a'), "exited");
	pod_view_free(&view);
}

/* While its supervisor lives, what it wrote is believed; and what it has not heard of yet is there all the same. */
static void test_supervised(void **state)
{
	struct fixture *f = *state;
	char id[65] = { 0 };
	struct ctr_state entry = { .id = id, .name = "a", .status = "running", .pid = 1, .start_ticks = 1 };
	struct pod_state run = { .id = POD, .name = "shop", .ctrs = { &entry, 1 } };
	struct pod_record pod = { .id = POD, .spec.name = "shop" };
	int word[2], stay[2];
	pid_t supervisor;
	struct pod_view view;
	char byte;

	assert_int_equal(record_write_pod(&f->store, &pod, NULL), 0);
	make_ctr(f, 'a', false);
	memset(id, 'a', 64);
	close(record_open_run_dir(&f->store, POD, NULL));
	assert_int_equal(pipe(word) | pipe(stay), 0);
	supervisor = fork();
	if (!supervisor) {
		int held = 0;

		close(stay[1]);
		if (record_hold_state(&f->store, &run, &held, NULL) || write(word[1], "", 1) != 1)
			_exit(1);
		_exit(read(stay[0], &byte, 1) != 0);
	}
	close(word[1]);
	assert_int_equal(read(word[0], &byte, 1), 1);
	assert_int_equal(pod_view_read(&f->store, POD, &view, NULL), 0);
	assert_int_equal(view.n, 1);
	assert_string_equal(status_of(&view, 'a'), "running");
	pod_view_free(&view);
	make_ctr(f, 'b', false);
	assert_int_equal(pod_view_read(&f->store, POD, &view, NULL), 0);
	assert_int_equal(view.n, 2);
	assert_string_equal(status_of(&view, 'a'), "running");
	assert_string_equal(status_of(&view, 'b'), "created");
	pod_view_free(&view);
	close(stay[1]);
	assert_int_equal(waitpid(supervisor, NULL, 0), supervisor);
	assert_int_equal(pod_view_read(&f->store, POD, &view, NULL), 0);
	assert_string_equal(status_of(&view, 'a'), "exited"); /* nobody vouches for it any more */
	pod_view_free(&view);
	close(word[0]);
	close(stay[0]);
}

/* One damaged record is told of and hides no other pod. */
static void test_damaged(void **state)
{
	struct fixture *f = *state;
	char id[65] = { 0 }, path[100];
	struct pod_views views;
	struct strv broken = { 0 };

	make_pod(f);
	memset(id, 'd', 64);
	snprintf(path, sizeof(path), "pods/%s", id);
	assert_int_equal(io_make_dirs(f->store.root_fd, path, 0700, NULL), 0);
	assert_int_equal(pod_views_read(&f->store, &views, &broken, NULL), 0);
	assert_int_equal(views.n, 1);
	assert_int_equal(broken.n, 0); /* no record, and nobody holds its lock: half made, and swept away */
	pod_views_free(&views);
	assert_int_equal(faccessat(f->store.root_fd, path, F_OK, 0), -1);
	assert_int_equal(io_make_dirs(f->store.root_fd, path, 0700, NULL), 0);
	strcat(path, "/pod.json");
	assert_int_equal(io_replace_file(f->store.root_fd, path, "{", 1, 0600, NULL), 0);
	assert_int_equal(pod_views_read(&f->store, &views, &broken, NULL), 0);
	assert_int_equal(views.n, 1);
	assert_int_equal(broken.n, 1);
	assert_non_null(strstr(broken.v[0], "damaged"));
	strv_free(&broken);
	pod_views_free(&views);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fixture_test(test_never_ran),  fixture_test(test_after_reboot),
		fixture_test(test_stale_pid),  cmocka_unit_test(test_pod_status),
		fixture_test(test_supervised), fixture_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
