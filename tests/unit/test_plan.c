/*
 * test_plan: plans of records made by hand, as exact text: what is done, to what,
 * in which order. No root, no kernel: a plan is data.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "pod/plan.h"
#include "spec/fields.h"

/* Short for the eye: plans do not care how long an id is. */
#define ROOT                                                                                                 \
	{                                                                                                    \
		.cgroup_base = ""                                                                            \
	}
#define USER(p)                                                                                              \
	{                                                                                                    \
		.rootless = true, .pasta = p, .cgroup_base = "user.slice"                                    \
	}

static char *words_ipc_net_uts[] = { "ipc", "net", "uts", NULL };
static char *words_all[] = { "ipc", "net", "uts", "pid", "cgroup", NULL };

#define SHARED                                                                                               \
	{                                                                                                    \
		.v = words_ipc_net_uts, .n = 3                                                               \
	}
#define ALL_SHARED                                                                                           \
	{                                                                                                    \
		.v = words_all, .n = 5                                                                       \
	}

static struct port_map ports[] = { { .host_port = 8080, .ctr_port = 80 } };

#define PORTS                                                                                                \
	{                                                                                                    \
		.v = ports, .n = 1                                                                           \
	}

static void assert_plan(const struct plan *plan, const char *expected)
{
	struct buf text = { 0 };

	buf_text(&text, "");
	plan_print(plan, &text);
	assert_string_equal(text.data, expected);
	buf_free(&text);
}

static void assert_pod(const struct pod_record *pod, struct plan_facts facts, const char *expected)
{
	struct plan plan = { 0 };

	plan_pod(pod, &facts, &plan);
	assert_plan(&plan, expected);
	assert_int_equal(plan.done, 0);
	plan_free(&plan);
	assert_int_equal(plan.n, 0);
}

static void assert_ctr(const struct pod_record *pod, const struct ctr_record *ctr, struct plan_facts facts,
		       const char *expected)
{
	struct plan plan = { 0 };

	plan_ctr(pod, ctr, &facts, &plan);
	assert_plan(&plan, expected);
	plan_free(&plan);
}

/* Of a manifest: the volumes are there before any process is. */
static void test_volumes(void **state)
{
	struct pod_volume volume = { .name = "v", .kind = "empty" };
	const struct pod_record pod = { .id = "P", .spec = { .volumes = { &volume, 1 } } };

	(void)state;
	assert_pod(&pod, (struct plan_facts)ROOT, "cgroup runpod/P\nvolumes P\n");
	assert_pod(&pod, (struct plan_facts){ .rootless = true }, "volumes P\n");
}

/* run busybox, as root: a bridge of its own. */
static void test_alone_bridge(void **state)
{
	const struct pod_record pod = { .id = "P", .spec = { .hidden = true, .no_infra = true } };
	const struct ctr_record ctr = { .id = "C", .pod_id = "P", .hidden_pod = true };

	(void)state;
	assert_pod(&pod, (struct plan_facts)ROOT, "cgroup runpod/P\n");
	assert_ctr(&pod, &ctr, (struct plan_facts)ROOT,
		   "cgroup runpod/P/C\n"
		   "streams C\n"
		   "lease C\n"
		   "bridge C\n"
		   "spawn C\n"
		   "attach C\n"
		   "go C\n");
}

/* run -p 8080:80: the port before anything that costs, the publisher once there is a network. */
static void test_alone_ports(void **state)
{
	const struct pod_record pod = { .id = "P", .spec = { .hidden = true, .no_infra = true } };
	const struct ctr_record ctr = { .id = "C", .spec = { .ports = PORTS } };

	(void)state;
	assert_ctr(&pod, &ctr, (struct plan_facts)ROOT,
		   "cgroup runpod/P/C\n"
		   "streams C\n"
		   "listen C\n"
		   "cgroup runpod/P/C-helpers\n"
		   "lease C\n"
		   "bridge C\n"
		   "spawn C\n"
		   "attach C\n"
		   "publish C\n"
		   "go C\n");
}

/* A pod with ports: its infra has them, and writes nowhere. */
static void test_infra(void **state)
{
	const struct pod_record pod = { .id = "P",
					.infra_id = "I",
					.spec = { .share = SHARED, .ports = PORTS } };
	const struct ctr_record infra = { .id = "I", .infra = true, .builtin = "pause" };

	(void)state;
	assert_ctr(&pod, &infra, (struct plan_facts)ROOT,
		   "cgroup runpod/P/I\n"
		   "listen I\n"
		   "cgroup runpod/P/I-helpers\n"
		   "lease I\n"
		   "bridge I\n"
		   "spawn I\n"
		   "attach I\n"
		   "publish I\n"
		   "go I\n");
}

/* A container of that pod joins: no network to make. */
static void test_joined(void **state)
{
	const struct pod_record pod = { .id = "P",
					.infra_id = "I",
					.spec = { .share = SHARED, .ports = PORTS } };
	const struct ctr_record ctr = { .id = "C" };

	(void)state;
	assert_ctr(&pod, &ctr, (struct plan_facts)ROOT,
		   "cgroup runpod/P/C\n"
		   "streams C\n"
		   "spawn C\n"
		   "go C\n");
}

/* The trick: --net=container:X; ports of its own mean nothing. */
static void test_container_net(void **state)
{
	const struct pod_record pod = { .id = "P", .spec = { .hidden = true, .no_infra = true } };
	const struct ctr_record ctr = { .id = "C",
					.net_donor = "X",
					.spec = { .net = { "container", "x" }, .ports = PORTS } };

	(void)state;
	assert_ctr(&pod, &ctr, (struct plan_facts)ROOT,
		   "cgroup runpod/P/C\n"
		   "streams C\n"
		   "spawn C\n"
		   "go C\n");
}

/* ns:PATH: somebody else made the network, but a door to it can be opened. */
static void test_path_net(void **state)
{
	const struct pod_record pod = { .id = "P", .spec = { .hidden = true, .no_infra = true } };
	const struct ctr_record ctr = { .id = "C", .spec = { .net = { "ns", "/x" }, .ports = PORTS } };

	(void)state;
	assert_ctr(&pod, &ctr, (struct plan_facts)ROOT,
		   "cgroup runpod/P/C\n"
		   "streams C\n"
		   "listen C\n"
		   "cgroup runpod/P/C-helpers\n"
		   "spawn C\n"
		   "publish C\n"
		   "go C\n");
}

static void test_host_net(void **state)
{
	const struct pod_record pod = { .id = "P",
					.infra_id = "I",
					.spec = {
						.share = SHARED, .net = { "host", NULL }, .ports = PORTS } };
	const struct ctr_record infra = { .id = "I", .infra = true };
	const struct ctr_record ctr = { .id = "C" };

	(void)state;
	assert_ctr(&pod, &infra, (struct plan_facts)ROOT,
		   "cgroup runpod/P/I\n"
		   "spawn I\n"
		   "go I\n");
	assert_ctr(&pod, &ctr, (struct plan_facts)ROOT,
		   "cgroup runpod/P/C\n"
		   "streams C\n"
		   "spawn C\n"
		   "go C\n");
}

static void test_none_net(void **state)
{
	const struct pod_record pod = { .id = "P", .spec = { .hidden = true, .no_infra = true } };
	const struct ctr_record ctr = { .id = "C", .spec = { .net = { "none", NULL }, .ports = PORTS } };

	(void)state;
	assert_ctr(&pod, &ctr, (struct plan_facts)ROOT,
		   "cgroup runpod/P/C\n"
		   "streams C\n"
		   "listen C\n"
		   "cgroup runpod/P/C-helpers\n"
		   "spawn C\n"
		   "local C\n"
		   "publish C\n"
		   "go C\n");
}

/* An ordinary user: pasta where it can be had; its group is below the user's own. */
static void test_rootless_pasta(void **state)
{
	const struct pod_record pod = { .id = "P", .infra_id = "I", .spec = { .share = SHARED } };
	const struct ctr_record infra = { .id = "I", .infra = true };

	(void)state;
	assert_pod(&pod, (struct plan_facts)USER(true), "cgroup user.slice/runpod/P\n");
	assert_ctr(&pod, &infra, (struct plan_facts)USER(true),
		   "cgroup user.slice/runpod/P/I\n"
		   "cgroup user.slice/runpod/P/I-helpers\n"
		   "spawn I\n"
		   "lo I\n"
		   "pasta I\n"
		   "go I\n");
}

/* Without pasta and without any cgroup: a network of lo alone; ports still work. */
static void test_rootless_bare(void **state)
{
	const struct pod_record pod = { .id = "P",
					.infra_id = "I",
					.spec = { .share = SHARED, .ports = PORTS } };
	const struct ctr_record infra = { .id = "I", .infra = true };
	const struct plan_facts facts = { .rootless = true };

	(void)state;
	assert_pod(&pod, facts, "");
	assert_ctr(&pod, &infra, facts,
		   "listen I\n"
		   "spawn I\n"
		   "local I\n"
		   "publish I\n"
		   "go I\n");
}

/* A container of a manifest is killed whole when its memory does not suffice; one without a limit has none to exceed. */
static void test_oom_group(void **state)
{
	const struct pod_record pod = {
		.id = "P",
		.infra_id = "I",
		.spec = { .share = SHARED, .manifest = "{}", .cgroup_parent = "mine" }
	};
	struct ctr_record ctr = { .id = "C", .spec = { .limits = { .memory = 1 << 20, .pids = 9 } } };
	struct plan plan = { 0 };
	struct buf text = { 0 };

	(void)state;
	plan_ctr(&pod, &ctr, &(struct plan_facts)ROOT, &plan);
	plan_print(&plan, &text);
	assert_non_null(strstr(text.data, "limit mine/P/C memory.oom.group 1\n"));
	plan_free(&plan);
	buf_free(&text);
	ctr.spec.limits.memory = 0;
	plan_ctr(&pod, &ctr, &(struct plan_facts)ROOT, &plan);
	plan_print(&plan, &text);
	assert_null(strstr(text.data, "memory.oom.group"));
	plan_free(&plan);
	buf_free(&text);
}

/* Limits stand behind their group, before anything is in it. */
static void test_limits(void **state)
{
	const struct pod_record pod = { .id = "P",
					.infra_id = "I",
					.spec = { .share = SHARED,
						  .limits = { .memory = 1 << 30, .cpu_quota = 150000 },
						  .cgroup_parent = "/mine" } };
	const struct ctr_record ctr = { .id = "C",
					.spec = { .limits = { .memory = 64 << 20,
							      .memory_low = 32 << 20,
							      .memory_swap = 96 << 20,
							      .cpu_quota = 50000,
							      .cpu_period = 100000,
							      .cpu_shares = 1024,
							      .cpuset_cpus = "0-1",
							      .cpuset_mems = "0",
							      .pids = 64 } } };

	(void)state;
	assert_pod(&pod, (struct plan_facts)ROOT,
		   "cgroup mine/P\n"
		   "limit mine/P memory.max 1073741824\n"
		   "limit mine/P cpu.max 150000 100000\n");
	assert_ctr(&pod, &ctr, (struct plan_facts)ROOT,
		   "cgroup mine/P/C\n"
		   "limit mine/P/C memory.max 67108864\n"
		   "limit mine/P/C memory.low 33554432\n"
		   "limit mine/P/C memory.swap.max 33554432\n"
		   "limit mine/P/C cpu.max 50000 100000\n"
		   "limit mine/P/C cpu.weight 100\n"
		   "limit mine/P/C cpuset.cpus 0-1\n"
		   "limit mine/P/C cpuset.mems 0\n"
		   "limit mine/P/C pids.max 64\n"
		   "streams C\n"
		   "spawn C\n"
		   "go C\n");
}

/* A limit is not dropped where there is no group: the operation is there, and will fail. */
static void test_limit_without_group(void **state)
{
	const struct pod_record pod = { .id = "P",
					.infra_id = "I",
					.spec = { .share = SHARED, .limits = { .memory = 1 << 20 } } };

	(void)state;
	assert_pod(&pod, (struct plan_facts){ .rootless = true }, "limit  memory.max 1048576\n");
}

/* 2048 processes where the controller is there and nothing was said; -1 means no limit; infra has none. */
static void test_pids(void **state)
{
	const struct pod_record pod = { .id = "P", .infra_id = "I", .spec = { .share = SHARED } };
	const struct ctr_record plain = { .id = "C" };
	const struct ctr_record free_of_it = { .id = "C", .spec = { .limits = { .pids = -1 } } };
	const struct ctr_record infra = { .id = "I", .infra = true, .spec = { .net = { "none", NULL } } };
	const struct plan_facts facts = { .cgroup_base = "", .pids_controller = true };

	(void)state;
	assert_ctr(&pod, &plain, facts,
		   "cgroup runpod/P/C\n"
		   "limit runpod/P/C pids.max 2048\n"
		   "streams C\n"
		   "spawn C\n"
		   "go C\n");
	assert_ctr(&pod, &free_of_it, facts,
		   "cgroup runpod/P/C\n"
		   "streams C\n"
		   "spawn C\n"
		   "go C\n");
	assert_ctr(&pod, &infra, facts,
		   "cgroup runpod/P/I\n"
		   "lease I\n"
		   "bridge I\n"
		   "spawn I\n"
		   "attach I\n"
		   "go I\n");
}

static const char *source_name(enum ns_source source)
{
	static const char *const names[] = { "new", "host", "infra", "donor", "path" };

	return names[source];
}

/* "net=infra ipc=donor:X …" */
static void assert_namespaces(const struct pod_record *pod, const struct ctr_record *ctr,
			      const char *expected)
{
	struct ns_parts parts;
	const struct {
		const char *kind;
		const struct ns_part *part;
	} rows[] = { { "net", &parts.net },
		     { "ipc", &parts.ipc },
		     { "uts", &parts.uts },
		     { "pid", &parts.pid },
		     { "cgroup", &parts.cgroup } };
	struct buf text = { 0 };

	plan_namespaces(pod, ctr, &parts);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		buf_format(&text, "%s%s=%s%s%s", i ? " " : "", rows[i].kind,
			   source_name(rows[i].part->source), rows[i].part->arg ? ":" : "",
			   rows[i].part->arg ? rows[i].part->arg : "");
	assert_string_equal(text.data, expected);
	buf_free(&text);
}

static void test_namespaces(void **state)
{
	const struct pod_record pod = { .id = "P", .infra_id = "I", .spec = { .share = SHARED } };
	const struct pod_record all = { .id = "P", .infra_id = "I", .spec = { .share = ALL_SHARED } };
	const struct pod_record none = { .id = "P", .spec = { .share = SHARED, .no_infra = true } };
	const struct pod_record host = { .id = "P",
					 .infra_id = "I",
					 .spec = { .share = SHARED, .net = { "host", NULL } } };
	const struct ctr_record infra = { .id = "I", .infra = true };
	const struct ctr_record plain = { .id = "C" };
	const struct ctr_record own = { .id = "C",
					.spec = { .net = { "bridge", NULL }, .ipc = { "private", NULL } } };
	const struct ctr_record mixed = { .id = "C",
					  .pid_donor = "X",
					  .spec = { .pid = { "container", "x" },
						    .uts = { "host", NULL },
						    .net = { "ns", "/n" },
						    .ipc = { "pod", NULL } } };

	(void)state;
	assert_namespaces(&pod, &infra, "net=new ipc=new uts=new pid=host cgroup=host");
	assert_namespaces(&pod, &plain, "net=infra ipc=infra uts=infra pid=new cgroup=new");
	assert_namespaces(&pod, &own, "net=new ipc=new uts=infra pid=new cgroup=new");
	assert_namespaces(&pod, &mixed, "net=path:/n ipc=infra uts=host pid=donor:X cgroup=new");
	assert_namespaces(&all, &infra, "net=new ipc=new uts=new pid=new cgroup=new");
	assert_namespaces(&all, &plain, "net=infra ipc=infra uts=infra pid=infra cgroup=infra");
	assert_namespaces(&none, &plain, "net=new ipc=new uts=new pid=new cgroup=new");
	assert_namespaces(&host, &infra, "net=host ipc=new uts=new pid=host cgroup=host");
	assert_namespaces(&host, &plain, "net=host ipc=infra uts=infra pid=new cgroup=new");
}

static void test_network(void **state)
{
	const struct plan_facts root = ROOT, user = USER(true), bare = USER(false);
	const struct ctr_record infra = { .id = "I", .infra = true };
	static const char *const modes[] = { NULL, "private", "none", "bridge", "pasta" };
	static const char *const as_root[] = { "bridge", "bridge", "none", "bridge", "pasta" };
	static const char *const as_user[] = { "pasta", "pasta", "none", "bridge", "pasta" };

	(void)state;
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		struct pod_record pod = { .id = "P", .spec = { .net = { (char *)modes[i], NULL } } };

		assert_string_equal(plan_network(&pod, &infra, &root), as_root[i]);
		assert_string_equal(plan_network(&pod, &infra, &user), as_user[i]);
	}
	assert_string_equal(plan_network(&(struct pod_record){ .id = "P" }, &infra, &bare), "none");
}

static void test_groups(void **state)
{
	const struct plan_facts nested = { .cgroup_base = "a/b" }, nowhere = { 0 };
	const struct pod_record pod = { .id = "P", .spec = { .cgroup_parent = "//x/y" } };
	char *group = plan_group(&nested, &pod, "C");

	(void)state;
	assert_string_equal(group, "a/b/x/y/P/C");
	free(group);
	group = plan_group(&nested, &pod, NULL);
	assert_string_equal(group, "a/b/x/y/P");
	free(group);
	assert_null(plan_group(&nowhere, &pod, "C"));
}

/* Every kind has a name of its own: failpoints go by it. */
static void test_names(void **state)
{
	(void)state;
	for (int kind = 0; kind < OP_KINDS; kind++) {
		assert_non_null(op_name(kind));
		for (int other = 0; other < kind; other++)
			assert_string_not_equal(op_name(kind), op_name(other));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_volumes),	      cmocka_unit_test(test_alone_bridge),
		cmocka_unit_test(test_alone_ports),   cmocka_unit_test(test_infra),
		cmocka_unit_test(test_joined),	      cmocka_unit_test(test_container_net),
		cmocka_unit_test(test_path_net),      cmocka_unit_test(test_host_net),
		cmocka_unit_test(test_none_net),      cmocka_unit_test(test_rootless_pasta),
		cmocka_unit_test(test_rootless_bare), cmocka_unit_test(test_limits),
		cmocka_unit_test(test_oom_group),     cmocka_unit_test(test_limit_without_group),
		cmocka_unit_test(test_pids),	      cmocka_unit_test(test_namespaces),
		cmocka_unit_test(test_network),	      cmocka_unit_test(test_groups),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
