/*
 * flags: command lines of pod create, and the spec each gives, shown as its
 * JSON, where all that is not set is left out.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spec/fields.h"
#include "spec/flags.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

/* The spec's JSON with single quotes. */
static char *json_of(const struct pod_spec *spec)
{
	json_t *json = fields_encode(&pod_spec_shape, spec);
	char *text = json_dumps(json, JSON_SORT_KEYS | JSON_COMPACT);

	for (char *p = text; *p; p++)
		*p = *p == '"' ? '\'' : *p;
	json_decref(json);
	return text;
}

#define POD_SEE "\nSee 'podman pod create --help'"

static const struct {
	const char *args;
	const char *json;
	const char *error;
} pod_rows[] = {
	{ "", "{'share':['ipc','net','uts']}", "" },
	{ "web", "{'name':'web','share':['ipc','net','uts']}", "" },
	{ "-n web -h h --share +pid", "{'hostname':'h','name':'web','share':['ipc','net','uts','pid']}", "" },
	{ "--share none", "{'no_infra':true}", "" },
	{ "--share none --infra", "{}", "" },
	{ "--infra=false", "{'no_infra':true}", "" },
	{ "-p 8080:80 --network host --share net",
	  "{'net':{'mode':'host'},'ports':[{'ctr_port':80,'host_port':8080,'protocol':'tcp'}],'share'"
	  ":["
	  "'net']}",
	  "" },
	{ "-v d:/d --shm-size 1m --restart always --exit-policy stop --share net",
	  "{'exit_policy':'stop','mounts':[{'source':'d','target':'/d','type':'volume'}],"
	  "'restart':{'name':'always'},'share':['net'],'shm_size':1048576}",
	  "" },
	{ "--cpus 2 -m 1g --share net --infra-name i --infra-command /pause --uts host --pid private",
	  "{'infra_command':['/"
	  "pause'],'infra_name':'i','limits':{'cpu_period':100000,'cpu_quota':200000,"
	  "'memory':1073741824},'pid':{'mode':'private'},'share':['net'],'uts':{'mode':'host'}}",
	  "" },
	{ "-l a=b --sysctl net.core.somaxconn=1 --security-opt label=disable --add-host a:1.1.1.1 "
	  "--share net",
	  "{'labels':['a=b'],'names':{'hosts':['a:1.1.1.1']},'security_opt':['label=disable'],"
	  "'share':['net'],'sysctls':['net.core.somaxconn=1']}",
	  "" },
	{ "a b", NULL, "accepts at most 1 arg(s), received 2" },
	{ "-n a b", NULL, "cannot specify --name and NAME at the same time" },
	{ "--replace", NULL, "cannot replace pod without --name being set" },
	{ "--share bogus", NULL,
	  "invalid kernel namespace to share: bogus. Options are: cgroup, ipc, net, pid, uts or "
	  "none" },
	{ "--infra=false --share net", NULL, "cannot set share(net) namespaces without an infra container" },
	{ "--infra=false -p 80:80", NULL,
	  "you must have an infra container to publish port bindings to the host" },
	{ "--exit-policy x", NULL, "running pod create option: invalid pod exit policy: \"x\"" },
	{ "--security-opt x=y", NULL,
	  "invalid --security-opt: \"x=y\" (no-new-privileges, seccomp=unconfined, mask=, unmask=, "
	  "systempaths=unconfined, label=disable and apparmor=unconfined are there)" },
	{ "--bogus", NULL, "unknown flag: --bogus" POD_SEE },
};

static void test_pod(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(pod_rows); i++) {
		struct pod_request request = { 0 };
		struct strv argv = { 0 };
		struct err err = { 0 };
		char *json;
		int code;

		print_message("pod create %s\n", pod_rows[i].args);
		strv_split(&argv, pod_rows[i].args, ' ');
		code = flags_pod_parse("podman pod create", "/", (int)argv.n, argv.v, &request, &err);
		assert_string_equal(err.text, pod_rows[i].error);
		assert_int_equal(code, pod_rows[i].json ? 0 : -EINVAL);
		json = json_of(&request.spec);
		if (pod_rows[i].json)
			assert_string_equal(json, pod_rows[i].json);
		free(json);
		strv_free(&argv);
		flags_pod_free(&request);
	}
}

/* No letter and no name stands twice in a table, and every row that is shown has a line of help. */
static void test_tables(void **state)
{
	static const struct opt *const tables[] = { flags_run_options, flags_create_options,
						    flags_pod_options };

	(void)state;
	for (size_t i = 0; i < ROWS(tables); i++) {
		for (const struct opt *a = opt_first(tables[i]); a; a = opt_next(a)) {
			assert_true((a->type == OPT_CALL) == (a->parse != NULL));
			assert_true((a->type == OPT_BOOL || a->type == OPT_SWITCH) == !a->metavar);
			for (const struct opt *b = opt_next(a); b; b = opt_next(b)) {
				assert_string_not_equal(a->name, b->name);
				assert_true(!a->letter || a->letter != b->letter);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_pod), cmocka_unit_test(test_tables) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
