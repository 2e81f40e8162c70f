/*
 * check_words: the small grammars, one row a text.
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
#include "spec/security_opt.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

#define NETS " (bridge, pasta, host, none, private, container:NAME and ns:PATH are there)"
static const struct {
	const char *kind, *text, *mode, *arg, *error;
} ns_rows[] = {
	{ "net", "host", "host", NULL, "" },
	{ "net", "private", "private", NULL, "" },
	{ "net", "none", "none", NULL, "" },
	{ "net", "bridge", "bridge", NULL, "" },
	{ "net", "pasta", "pasta", NULL, "" },
	{ "net", "container:web", "container", "web", "" },
	{ "net", "ns:/run/netns/x", "ns", "/run/netns/x", "" },
	{ "net", "", NULL, NULL, "" },
	{ "net", "default", NULL, NULL, "" },
	{ "net", "bogus", NULL, NULL,
	  "unable to find network with name or ID bogus: network not found" NETS },
	{ "net", "container:", NULL, NULL, "namespace mode container requires a value" },
	{ "net", "ns:", NULL, NULL, "namespace mode path requires a value" },
	{ "ipc", "shareable", "shareable", NULL, "" },
	{ "ipc", "none", "none", NULL, "" },
	{ "ipc", "bridge", NULL, NULL, "unrecognized namespace mode bridge passed" },
	{ "pid", "pod", "pod", NULL, "" },
	{ "pid", "none", NULL, NULL, "unrecognized namespace mode none passed" },
	{ "uts", "shareable", NULL, NULL, "unrecognized namespace mode shareable passed" },
	{ "cgroup", "container:a:b", "container", "a:b", "" },
	{ "cgroup", "x", NULL, NULL, "unrecognized cgroup namespace mode x passed" },
	{ "user", "host", "host", NULL, "" },
	{ "user", "keep-id", NULL, NULL,
	  "unrecognized namespace mode keep-id passed (containers have the user namespace that "
	  "runpod "
	  "itself runs in)" },
	{ "user", "container:x", NULL, NULL,
	  "unrecognized namespace mode container:x passed (containers have the user namespace that "
	  "runpod itself runs in)" },
};

static void test_ns(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(ns_rows); i++) {
		struct ns_choice choice = { 0 };
		struct err err = { 0 };

		print_message("%s=%s\n", ns_rows[i].kind, ns_rows[i].text);
		assert_int_equal(ns_parse(ns_rows[i].kind, ns_rows[i].text, &choice, &err),
				 *ns_rows[i].error ? -EINVAL : 0);
		assert_string_equal(err.text, ns_rows[i].error);
		assert_true(text_equal(choice.mode, ns_rows[i].mode));
		assert_true(text_equal(choice.arg, ns_rows[i].arg));
		free(choice.mode);
		free(choice.arg);
	}
}

static const struct {
	const char *text, *name;
	int64_t tries;
	const char *error;
} restart_rows[] = {
	{ "no", "no", 0, "" },
	{ "always", "always", 0, "" },
	{ "unless-stopped", "unless-stopped", 0, "" },
	{ "on-failure", "on-failure", 0, "" },
	{ "on-failure:3", "on-failure", 3, "" },
	{ "", NULL, 0, "" },
	{ "bogus", NULL, 0, "\"bogus\" is not a valid restart policy: invalid argument" },
	{ "always:3", NULL, 0,
	  "restart policy retries can only be specified with on-failure restart policy" },
	{ "on-failure:x", NULL, 0,
	  "parsing restart policy retry count: strconv.Atoi: parsing \"x\": invalid syntax" },
	{ "on-failure:-1", NULL, 0,
	  "parsing restart policy retry count: strconv.Atoi: parsing \"-1\": invalid syntax" },
	{ "on-failure:1:2", NULL, 0, "invalid restart policy: may specify retries at most once" },
};

static void test_restart(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(restart_rows); i++) {
		struct restart_policy policy = { 0 };
		struct err err = { 0 };

		print_message("--restart %s\n", restart_rows[i].text);
		assert_int_equal(restart_parse(restart_rows[i].text, &policy, &err),
				 *restart_rows[i].error ? -EINVAL : 0);
		assert_string_equal(err.text, restart_rows[i].error);
		assert_true(text_equal(policy.name, restart_rows[i].name));
		assert_int_equal(policy.tries, restart_rows[i].tries);
		free(policy.name);
	}
}

#define OPTIONS ". Options are: cgroup, ipc, net, pid, uts or none"
static const struct {
	const char *text, *share, *error;
} share_rows[] = {
	{ NULL, "ipc,net,uts", "" },
	{ "", "", "" },
	{ "none", "", "" },
	{ "net", "net", "" },
	{ "pid,cgroup,net,net", "pid,cgroup,net", "" },
	{ "+pid", "ipc,net,uts,pid", "" },
	{ "+net,pid", "ipc,net,uts,pid", "" },
	{ "bogus", "", "invalid kernel namespace to share: bogus" OPTIONS },
	{ "user", "", "invalid kernel namespace to share: user" OPTIONS },
	{ "net,+pid", "net", "invalid kernel namespace to share: +pid" OPTIONS },
};

static void test_share(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(share_rows); i++) {
		struct strv share = { 0 };
		struct err err = { 0 };
		char *joined;

		print_message("--share %s\n", share_rows[i].text ? share_rows[i].text : "(not given)");
		assert_int_equal(share_parse(share_rows[i].text, &share, &err),
				 *share_rows[i].error ? -EINVAL : 0);
		joined = strv_join(&share, ",");
		assert_string_equal(err.text, share_rows[i].error);
		assert_string_equal(joined, share_rows[i].share);
		free(joined);
		strv_free(&share);
	}
}

#define X64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define SYSCTLS                                                                                              \
	" (only those of a network or IPC namespace: net.*, kernel.msg*, kernel.sem, kernel.shm*, "          \
	"fs.mqueue.*)"

static const struct {
	int (*check)(const char *text, struct err *err);
	const char *text, *error;
} words_rows[] = {
	{ check_hostname, "web-1.example_x", "" },
	{ check_hostname, X64, "" },
	{ check_hostname, X64 "x", "invalid hostname \"" X64 "x\": must have 1 to 64 characters" },
	{ check_hostname, "", "invalid hostname \"\": must have 1 to 64 characters" },
	{ check_hostname, "a b", "invalid hostname \"a b\": only letters, digits, '.', '-' and '_'" },
	{ check_hostname, "a\n1.2.3.4 b",
	  "invalid hostname \"a\n1.2.3.4 b\": only letters, digits, '.', '-' and '_'" },
	{ check_sysctl, "net.core.somaxconn=1", "" },
	{ check_sysctl, "net.ipv4.conf.eth0/1.forwarding=1", "" },
	{ check_sysctl, "kernel.shm_rmid_forced=1", "" },
	{ check_sysctl, "kernel.sem=1 2 3 4", "" },
	{ check_sysctl, "fs.mqueue.msg_max=100", "" },
	{ check_sysctl, "net.core.somaxconn",
	  "net.core.somaxconn is invalid, sysctl values must be in the form of KEY=VALUE" },
	{ check_sysctl, "kernel.panic=1", "sysctl \"kernel.panic\" is not allowed" SYSCTLS },
	{ check_sysctl, "vm.swappiness=1", "sysctl \"vm.swappiness\" is not allowed" SYSCTLS },
	{ check_sysctl, "kernel.shmx=1", "sysctl \"kernel.shmx\" is not allowed" SYSCTLS },
	{ check_sysctl, "net.=1", "sysctl \"net.\" is not allowed" SYSCTLS },
	{ check_sysctl, "net...kernel.panic=1", "sysctl \"net...kernel.panic\" is not allowed" SYSCTLS },
	{ check_sysctl, "net./../kernel/panic=1", "sysctl \"net./../kernel/panic\" is not allowed" SYSCTLS },
	{ check_sysctl, "=1", "sysctl \"\" is not allowed" SYSCTLS },
	{ check_add_host, "db:10.0.0.1", "" },
	{ check_add_host, "db:fe80::1", "" },
	{ check_add_host, "db:host-gateway", "" },
	{ check_add_host, "db", "bad format for add-host: \"db\"" },
	{ check_add_host, ":1.2.3.4", "bad format for add-host: \":1.2.3.4\"" },
	{ check_add_host, "a b:1.2.3.4", "bad format for add-host: \"a b:1.2.3.4\"" },
	{ check_add_host, "db:", "invalid IP address in add-host: \"\"" },
	{ check_add_host, "db:1.2.3", "invalid IP address in add-host: \"1.2.3\"" },
	{ check_dns, "1.1.1.1", "" },
	{ check_dns, "::1", "" },
	{ check_dns, "one", "one is not an ip address" },
	{ check_device, "/dev/fuse", "" },
	{ check_device, "/dev/fuse:rw", "" },
	{ check_device, "/x/node:/dev/a/b:rwm", "" },
	{ check_device, "", "invalid device specification: " },
	{ check_device, "fuse", "invalid device specification: fuse" },
	{ check_device, "/dev/a:b:rwm", "invalid device specification: /dev/a:b:rwm" },
	{ check_device, "/dev/a:/dev/b:x", "invalid device mode: x" },
	{ check_device, "/dev/a:r",
	  "device /dev/a: access cannot be limited to \"r\" (a device is given whole, rwm, or not at all)" },
	{ check_device, "/dev/a:/etc/a",
	  "invalid device specification: /dev/a:/etc/a: devices are put below /dev" },
	{ check_device, "/dev/a:/dev/../a",
	  "invalid device specification: /dev/a:/dev/../a: devices are put below /dev" },
	{ check_umask, "0022", "" },
	{ check_umask, "7", "" },
	{ check_umask, "8", "invalid umask \"8\": expected an octal number like 0022" },
	{ check_umask, "00022", "invalid umask \"00022\": expected an octal number like 0022" },
	{ check_umask, "", "invalid umask \"\": expected an octal number like 0022" },
	{ check_annotation, "a=b", "" },
	{ check_annotation, "a=", "" },
	{ check_annotation, "a", "annotation \"a\" must include an '=' sign" },
	{ check_annotation, "=b", "annotation \"=b\" must include an '=' sign" },
};

static void test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(words_rows); i++) {
		struct err err = { 0 };

		print_message("%s\n", words_rows[i].text);
		assert_int_equal(words_rows[i].check(words_rows[i].text, &err),
				 *words_rows[i].error ? -EINVAL : 0);
		assert_string_equal(err.text, words_rows[i].error);
	}
}

static const struct {
	const char *text;
	bool allowed, ok; /* new privileges; no error */
	const char *seccomp, *masks, *unmasks;
} security_opt_rows[] = {
	{ "no-new-privileges", false, true, NULL, "", "" },
	{ "no-new-privileges=true", false, true, NULL, "", "" },
	{ "no-new-privileges:false", true, true, NULL, "", "" },
	{ "no-new-privileges=maybe", false, false, NULL, "", "" },
	{ "no-new-privilegesx", false, false, NULL, "", "" },
	{ "seccomp=unconfined", false, true, "unconfined", "", "" },
	{ "seccomp=/file.json", false, false, NULL, "", "" },
	{ "mask=/a:/b", false, true, NULL, "/a|/b", "" },
	{ "unmask=ALL", false, true, NULL, "", "ALL" },
	{ "systempaths=unconfined", false, true, NULL, "", "ALL" },
	{ "systempaths=x", false, false, NULL, "", "" },
	{ "label=disable", false, true, NULL, "", "" },
	{ "label=type:x", false, false, NULL, "", "" },
	{ "apparmor=unconfined", false, true, NULL, "", "" },
	{ "bogus", false, false, NULL, "", "" },
	{ "", false, false, NULL, "", "" },
};

static void test_security_opt(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(security_opt_rows); i++) {
		struct ctr_spec ctr = { 0 };
		char *masks, *unmasks;
		struct err err = { 0 };

		print_message("--security-opt %s\n", security_opt_rows[i].text);
		assert_int_equal(security_opt_parse(security_opt_rows[i].text, &ctr, &err),
				 security_opt_rows[i].ok ? 0 : -EINVAL);
		assert_int_equal(ctr.allow_new_privileges, security_opt_rows[i].allowed);
		assert_true(text_equal(ctr.seccomp, security_opt_rows[i].seccomp));
		masks = strv_join(&ctr.masks, "|");
		unmasks = strv_join(&ctr.unmasks, "|");
		assert_string_equal(masks, security_opt_rows[i].masks);
		assert_string_equal(unmasks, security_opt_rows[i].unmasks);
		free(masks);
		free(unmasks);
		free(ctr.seccomp);
		strv_free(&ctr.masks);
		strv_free(&ctr.unmasks);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ns),	     cmocka_unit_test(test_restart),
		cmocka_unit_test(test_share),	     cmocka_unit_test(test_words),
		cmocka_unit_test(test_security_opt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
