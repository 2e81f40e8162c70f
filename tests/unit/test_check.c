/*
 * check: whole specs, and what excludes each other.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spec/check.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

static char *bad_sysctl[] = { "net.core.somaxconn=1", NULL };
static char *bad_host[] = { "db", NULL };
static char *bad_dns[] = { "x", NULL };
static char *bad_note[] = { "x", NULL };
static char *good_host[] = { "db:1.2.3.4", NULL };
static const struct {
	struct ctr_spec ctr;
	const char *error;
} ctr_rows[] = {
	{ { .stop_timeout = -1 }, "" },
	{ { .stop_timeout = -2 }, "invalid stop timeout -2: must not be negative" },
	{ { .hostname = "a b" }, "invalid hostname \"a b\": only letters, digits, '.', '-' and '_'" },
	{ { .hostname = "a", .uts = { .mode = "host" } },
	  "invalid config provided: cannot set hostname when running in the host UTS namespace: "
	  "invalid configuration" },
	{ { .hostname = "a", .uts = { .mode = "pod" } },
	  "invalid config provided: cannot set hostname when joining the pod UTS namespace: invalid "
	  "configuration" },
	{ { .hostname = "a", .uts = { .mode = "container", .arg = "x" } },
	  "invalid config provided: cannot set hostname when joining another UTS namespace: "
	  "invalid "
	  "configuration" },
	{ { .hostname = "a", .uts = { .mode = "private" } }, "" },
	{ { .sysctls = { bad_sysctl, 1 }, .net = { .mode = "host" } },
	  "sysctl net.core.somaxconn=1 can't be set since Network Namespace set to host: invalid "
	  "argument" },
	{ { .sysctls = { bad_sysctl, 1 }, .ipc = { .mode = "host" } }, "" },
	{ { .names = { .hosts = { bad_host, 1 } } }, "bad format for add-host: \"db\"" },
	{ { .names = { .servers = { bad_dns, 1 } } }, "x is not an ip address" },
	{ { .names = { .hosts = { good_host, 1 }, .no_hosts = true } },
	  "--no-hosts and --add-host cannot be set together" },
	{ { .annotations = { bad_note, 1 } }, "annotation \"x\" must include an '=' sign" },
	{ { .auto_remove = true, .restart = { .name = "always" } },
	  "the --rm option conflicts with --restart, when the restartPolicy is not \"\" and \"no\"" },
	{ { .auto_remove = true, .restart = { .name = "no" } }, "" },
	{ { .stop_signal = "bogus" }, "invalid signal: bogus" },
	{ { .umask = "9" }, "invalid umask \"9\": expected an octal number like 0022" },
	{ { .pull = "sometimes" }, "unsupported pull policy \"sometimes\"" },
	{ { .pull = "missing" }, "" },
	{ { .init_ctr = "twice" }, "init-ctr value must be 'always' or 'once'" },
	{ { .log = { .driver = "journald" } },
	  "invalid log driver \"journald\" (k8s-file, json-file and none are there)" },
	{ { .limits = { .pids = -5 } }, "invalid value -5 for --pids-limit: -1 is unlimited" },
};

static void test_ctr(void **state)
{

	(void)state;
	for (size_t i = 0; i < ROWS(ctr_rows); i++) {
		struct err err = { 0 };

		print_message("%s\n", ctr_rows[i].error);
		assert_int_equal(check_ctr(&ctr_rows[i].ctr, &err), *ctr_rows[i].error ? -EINVAL : 0);
		assert_string_equal(err.text, ctr_rows[i].error);
	}
}

static char *net[] = { "net", "ipc", NULL };
static struct port_map port = { .ctr_port = 80, .protocol = "tcp" };

static const struct {
	struct pod_spec pod;
	const char *error;
} pod_rows[] = {
	{ { 0 }, "" },
	{ { .exit_policy = "stop" }, "" },
	{ { .exit_policy = "x" }, "running pod create option: invalid pod exit policy: \"x\"" },
	{ { .hostname = "a", .uts = { .mode = "host" } },
	  "invalid config provided: cannot set hostname when running in the host UTS namespace: "
	  "invalid configuration" },
	{ { .no_infra = true, .share = { net, 2 } },
	  "cannot set share(net,ipc) namespaces without an infra container" },
	{ { .no_infra = true, .infra_name = "x" }, "cannot set infra-name without an infra container" },
	{ { .no_infra = true, .names = { .no_hosts = true } },
	  "cannot specify --no-hosts without an infra container" },
	{ { .no_infra = true, .ports = { &port, 1 } },
	  "you must have an infra container to publish port bindings to the host" },
	{ { .limits = { .cpu_quota = 1 } }, "CPU cfs quota cannot be less than 1ms (i.e. 1000)" },
};

static void test_pod(void **state)
{

	(void)state;
	for (size_t i = 0; i < ROWS(pod_rows); i++) {
		struct err err = { 0 };

		print_message("%s\n", pod_rows[i].error);
		assert_int_equal(check_pod(&pod_rows[i].pod, &err), *pod_rows[i].error ? -EINVAL : 0);
		assert_string_equal(err.text, pod_rows[i].error);
	}
}

static void test_member(void **state)
{
	char *share[] = { "net", "uts", NULL };
	const struct ctr_spec ports = { .ports = { &port, 1 } }, named = { .hostname = "x" };
	const struct ctr_spec apart = { .ports = { &port, 1 },
					.hostname = "x",
					.net = { .mode = "private" },
					.uts = { .mode = "private" } };
	const struct pod_spec both = { .share = { share, 2 } }, none = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(check_member(&ports, &both, &err), -EINVAL);
	assert_string_equal(err.text,
			    "invalid config provided: published or exposed ports must be defined when "
			    "the pod is created: network cannot be configured when it is shared with "
			    "a pod");
	assert_int_equal(check_member(&named, &both, &err), -EINVAL);
	assert_string_equal(err.text, "invalid config provided: cannot set hostname when joining the pod UTS "
				      "namespace: invalid configuration");
	assert_int_equal(check_member(&apart, &both, &err), 0);
	assert_int_equal(check_member(&ports, &none, &err), 0);
	assert_int_equal(check_member(&named, &none, &err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ctr),
		cmocka_unit_test(test_pod),
		cmocka_unit_test(test_member),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
