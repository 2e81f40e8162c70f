/*
 * test_podevents: events are appended, joined when they are equal, and bounded; a torn or strange
 * line costs nothing but itself.
 */
#include "store_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pod/podevents.h"
#include "pod/pod.h"

#define POD "1111111111111111111111111111111111111111111111111111111111111111"

struct ground {
	struct pod pod;
	struct ctr ctr;
	struct ctr_state state;
};

static void lay(struct fixture *f, struct ground *g)
{
	*g = (struct ground){ 0 };
	assert_int_equal(io_make_dirs(f->store.run_fd, "pods/" POD, 0700, NULL), 0);
	g->pod.store = &f->store;
	g->pod.run_dir = openat(f->store.run_fd, "pods/" POD, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	g->pod.record.spec.manifest = "{}";
	g->pod.state.name = "shop";
	g->ctr.pod = &g->pod;
	g->ctr.state = &g->state;
	g->state.name = "shop-web";
}

static void test_joined(void **state)
{
	struct fixture *f = *state;
	struct podevents events;
	struct ground g;

	lay(f, &g);
	assert_int_equal(podevents_read(&f->store, POD, &events, NULL), 0);
	assert_int_equal(events.n, 0); /* no file, no events */
	podevent(&g.pod, &g.ctr, EVENT_WARNING, "BackOff", "again %d", 1);
	podevent(&g.pod, &g.ctr, EVENT_NORMAL, "Started", "Started container web");
	podevent(&g.pod, &g.ctr, EVENT_WARNING, "BackOff", "again %d", 1);
	podevent(&g.pod, NULL, EVENT_WARNING, "BackOff", "again %d", 1); /* of the pod: another object */
	g.state.role = "init";
	podevent(&g.pod, &g.ctr, EVENT_NORMAL, "Started", "\xff is no UTF-8");
	assert_int_equal(podevents_read(&f->store, POD, &events, NULL), 0);
	assert_int_equal(events.n, 4);
	assert_string_equal(events.v[0].reason, "Started");
	assert_string_equal(events.v[0].object, "spec.containers{web}");
	assert_string_equal(events.v[0].from, "kubelet");
	assert_string_equal(events.v[1].message, "again 1");
	assert_string_equal(events.v[1].type, "Warning");
	assert_int_equal(events.v[1].count, 2);
	assert_true(events.v[1].first < events.v[1].last);
	assert_null(events.v[2].object);
	assert_string_equal(events.v[3].object, "spec.initContainers{web}");
	podevents_free(&events);
	close(g.pod.run_dir);
}

static void test_only_of_manifests(void **state)
{
	struct fixture *f = *state;
	struct podevents events;
	struct ground g;

	lay(f, &g);
	g.pod.record.spec.manifest = NULL;
	podevent(&g.pod, &g.ctr, EVENT_NORMAL, "Started", "x");
	g.pod.record.spec.manifest = "{}";
	g.ctr.record.infra = true;
	podevent(&g.pod, &g.ctr, EVENT_NORMAL, "Started", "x");
	assert_int_equal(podevents_read(&f->store, POD, &events, NULL), 0);
	assert_int_equal(events.n, 0);
	close(g.pod.run_dir);
}

static void test_bounded(void **state)
{
	struct fixture *f = *state;
	struct podevents events;
	struct ground g;
	struct stat info;

	lay(f, &g);
	for (int i = 0; i < 2000; i++)
		podevent(&g.pod, &g.ctr, EVENT_WARNING, "Unhealthy", "probe %d failed", i);
	assert_int_equal(fstatat(g.pod.run_dir, "events", &info, 0), 0);
	assert_in_range(info.st_size, 32 * 1024, 132 * 1024);
	assert_int_equal(podevents_read(&f->store, POD, &events, NULL), 0);
	assert_in_range(events.n, 200, 1999);
	assert_string_equal(events.v[events.n - 1].message, "probe 1999 failed");
	podevents_free(&events);
	close(g.pod.run_dir);
}

static void test_damaged(void **state)
{
	static const char junk[] =
		"{\"time\":5,\"type\":\"Nor\n{}\nnull\n[1]\n{\"message\":7}\n{\"reason\":\"Good\"}\n{\"half";
	struct fixture *f = *state;
	struct podevents events;
	struct ground g;

	lay(f, &g);
	assert_int_equal(io_replace_file(g.pod.run_dir, "events", junk, strlen(junk), 0600, NULL), 0);
	assert_int_equal(podevents_read(&f->store, POD, &events, NULL), 0);
	assert_int_equal(events.n, 1);
	assert_string_equal(events.v[0].reason, "Good");
	podevents_free(&events);
	close(g.pod.run_dir);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		fixture_test(test_joined),
		fixture_test(test_only_of_manifests),
		fixture_test(test_bounded),
		fixture_test(test_damaged),
	};

	return cmocka_run_group_tests_name("podevents", tests, NULL, NULL);
}
