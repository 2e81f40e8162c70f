/*
 * flags: command lines of run and create, and the spec each gives, shown as its
 * JSON, where all that is not set is left out.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "spec/fields.h"
#include "spec/flags.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

/* The spec's JSON with single quotes. stop_timeout's -1 is in every container: left out. */
static char *json_of(const struct ctr_spec *spec)
{
	json_t *json = fields_encode(&ctr_spec_shape, spec);
	char *text;

	if (json_integer_value(json_object_get(json, "stop_timeout")) == -1)
		json_object_del(json, "stop_timeout");
	text = json_dumps(json, JSON_SORT_KEYS | JSON_COMPACT);
	for (char *p = text; *p; p++)
		*p = *p == '"' ? '\'' : *p;
	json_decref(json);
	return text;
}

/* Arguments are separated by blanks. */
static int parse_run(const struct opt *table, const char *args, struct run_request *request, struct err *err)
{
	struct strv argv = { 0 };
	int code;

	strv_split(&argv, args, ' ');
	code = flags_run_parse(table, "podman run", "/home/me", (int)argv.n, argv.v, request, err);
	strv_free(&argv);
	return code;
}

static const struct {
	const char *args;
	const char *json;
} run_rows[] = {
	{ "busybox", "{'image':'busybox'}" },
	{ "busybox ls -la --rm", "{'command':['ls','-la','--rm'],'image':'busybox'}" },
	{ "-it --rm busybox", "{'auto_remove':true,'image':'busybox','interactive':true,'tty':true}" },
	{ "--name web -h host1 -u 1000:1000 -w /srv img",
	  "{'hostname':'host1','image':'img','name':'web','user':'1000:1000','workdir':'/srv'}" },
	{ "--rootfs /srv/root sh", "{'command':['sh'],'rootfs':'/srv/root'}" },
	{ "--rootfs root/../r2 sh", "{'command':['sh'],'rootfs':'/home/me/r2'}" },
	{ "-e A=1 -e B --env-file f,g img", "{'env':['A=1','B'],'env_files':['f,g'],'image':'img'}" },
	{ "-p 8080:80,9000:90/udp img",
	  "{'image':'img','ports':[{'ctr_port':80,'host_port':8080,'protocol':'tcp'},"
	  "{'ctr_port':90,'host_port':9000,'protocol':'udp'}]}" },
	{ "-v ./d:/d:ro --tmpfs /t --mount type=volume,src=v,dst=/v img",
	  "{'image':'img','mounts':[{'read_only':true,'recursive':true,'source':'/home/me/"
	  "d','target':'/d','type':'bind'},"
	  "{'nodev':true,'nosuid':true,'target':'/t','type':'tmpfs'},"
	  "{'source':'v','target':'/v','type':'volume'}]}" },
	{ "--network container:web --ipc=host --pid host --uts ns:/x --cgroupns private img",
	  "{'cgroupns':{'mode':'private'},'image':'img','ipc':{'mode':'host'},"
	  "'net':{'arg':'web','mode':'container'},'pid':{'mode':'host'},'uts':{'arg':'/x','mode':'ns'}}" },
	{ "--net none img", "{'image':'img','net':{'mode':'none'}}" },
	{ "-m 64m --memory-reservation 32m --memory-swap -1 --cpus 1.5 -c 512 --pids-limit -1 img",
	  "{'image':'img','limits':{'cpu_period':100000,'cpu_quota':150000,'cpu_shares':512,'memory':"
	  "67108864,"
	  "'memory_low':33554432,'memory_swap':-1,'pids':-1}}" },
	{ "--cpu-quota 5000 --cpu-period 20000 --cpuset-cpus 0-1 --cpuset-mems 0 img",
	  "{'image':'img','limits':{'cpu_period':20000,'cpu_quota':5000,'cpuset_cpus':'0-1','cpuset_mems':'0'"
	  "}"
	  "}" },
	{ "--oom-score-adj 0 img", "{'image':'img','limits':{'oom_score_adj_set':true}}" },
	{ "--oom-score-adj -5 img",
	  "{'image':'img','limits':{'oom_score_adj':-5,'oom_score_adj_set':true}}" },
	{ "--cap-add sys_time,net_admin --cap-drop all img",
	  "{'cap_add':['sys_time','net_admin'],'cap_drop':['all'],'image':'img'}" },
	{ "--privileged --read-only --init --read-only-tmpfs=false img",
	  "{'image':'img','init':true,'privileged':true,'read_only':true}" },
	{ "--read-only -v v:/run --tmpfs /var/tmp:noexec img",
	  "{'image':'img','mounts':[{'source':'v','target':'/"
	  "run','type':'volume'},{'nodev':true,'noexec':true,"
	  "'nosuid':true,'target':'/var/tmp','type':'tmpfs'},{'nodev':true,'nosuid':true,'target':'/"
	  "tmp','type':"
	  "'tmpfs'}],'read_only':true}" },
	{ "--read-only-tmpfs img", "{'image':'img'}" },
	{ "--security-opt no-new-privileges=false --security-opt seccomp=unconfined --security-opt "
	  "mask=/a:/b "
	  "img",
	  "{'allow_new_privileges':true,'image':'img','masks':['/a','/b'],'seccomp':'unconfined'}" },
	{ "--restart on-failure:3 --stop-signal INT --stop-timeout 0 --timeout 9 img",
	  "{'image':'img','restart':{'name':'on-failure','tries':3},'stop_signal':'INT','timeout':9}" },
	{ "--entrypoint sh img -c x",
	  "{'command':['-c','x'],'entrypoint':['sh'],'entrypoint_set':true,'image':'img'}" },
	{ "--entrypoint= img", "{'entrypoint_set':true,'image':'img'}" },
	{ "--entrypoint [\"a\",\"b\"] img", "{'entrypoint':['a','b'],'entrypoint_set':true,'image':'img'}" },
	{ "-l a=1 -l b -l a=2 --annotation x=y img",
	  "{'annotations':['x=y'],'image':'img','labels':['a=2','b=']}" },
	{ "--add-host db:1.2.3.4 --dns 1.1.1.1 --dns-search x.y --dns-option ndots:1 --dns-opt debug img",
	  "{'image':'img','names':{'hosts':['db:1.2.3.4'],'options':['ndots:1','debug'],"
	  "'search':['x.y'],'servers':['1.1.1.1']}}" },
	{ "--log-driver none --log-opt path=/l --log-opt max-size=1m img",
	  "{'image':'img','log':{'driver':'none','max_size':1000000,'path':'/l'}}" },
	{ "--sysctl net.core.somaxconn=1 --ulimit nofile=1:2 --device /dev/fuse --group-add 5,6 --shm-size "
	  "1m "
	  "img",
	  "{'devices':['/dev/fuse'],'group_add':['5','6'],'image':'img','shm_size':1048576,"
	  "'sysctls':['net.core.somaxconn=1'],'ulimits':['nofile=1:2']}" },
	{ "--umask 0027 --tz UTC --pull never --requires a,b --cgroup-parent /x --no-hosts img",
	  "{'cgroup_parent':'/x','depends_on':['a','b'],'image':'img','names':{'no_hosts':true},"
	  "'pull':'never','timezone':'UTC','umask':'0027'}" },
};

static void test_run(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(run_rows); i++) {
		struct run_request request = { 0 };
		struct err err = { 0 };
		char *json;
		int code;

		print_message("run %s\n", run_rows[i].args);
		code = parse_run(flags_run_options, run_rows[i].args, &request, &err);
		assert_string_equal(err.text, "");
		assert_int_equal(code, 0);
		json = json_of(&request.spec);
		assert_string_equal(json, run_rows[i].json);
		free(json);
		flags_run_free(&request);
	}
}

#define SEE "\nSee 'podman run --help'"

static const struct {
	const char *args;
	const char *error;
} run_errors_rows[] = {
	{ "", "requires at least 1 arg(s), only received 0" },
	{ "--rm", "requires at least 1 arg(s), only received 0" },
	{ "--bogus img", "unknown flag: --bogus" SEE },
	{ "-h", "flag needs an argument: 'h' in -h" SEE },
	{ "--init-ctr once img", "unknown flag: --init-ctr" SEE }, /* only create has it */
	{ "-p 0:80 img", "parsing host port: port numbers must be between 1 and 65535 (inclusive), got 0" },
	{ "-v a:b img", "invalid container path \"b\", must be an absolute path" },
	{ "-v a:/b -v c:/b img", "/b: duplicate mount destination" },
	{ "-m x img", "invalid value for memory: invalid size: 'x'" },
	{ "--shm-size x img", "unable to translate --shm-size: invalid size: 'x'" },
	{ "--cpus 1 --cpu-period 5000 img", "--cpu-period and --cpus cannot be set together" },
	{ "--cpus 1 --cpu-quota 5000 img", "--cpu-quota and --cpus cannot be set together" },
	{ "--oom-score-adj x img",
	  "invalid argument \"x\" for \"--oom-score-adj\" flag: strconv.ParseInt: parsing \"x\": "
	  "invalid syntax" },
	{ "--stop-timeout -1 img",
	  "invalid argument \"-1\" for \"--stop-timeout\" flag: strconv.ParseUint: parsing \"-1\": "
	  "invalid syntax" SEE },
	{ "--stop-signal 99 img", "valid signals are 1 through 64" },
	{ "--replace img", "cannot replace container without --name being set" },
	{ "--pod a --pod-id-file b img", "cannot specify both --pod and --pod-id-file" },
	{ "--rm --restart always img",
	  "the --rm option conflicts with --restart, when the restartPolicy is not \"\" and \"no\"" },
	{ "-d -a stdout img", "conflicting options: -a and -d" },
	{ "-a stdlog img",
	  "invalid stream \"stdlog\" for --attach - must be one of stdin, stdout, or stderr: invalid "
	  "argument" },
	{ "--log-opt tag=x img",
	  "invalid log option \"tag=x\" (path=/ABSOLUTE/FILE and max-size=SIZE are there)" },
	{ "-l =x img", "invalid label: \"=x\"" },
	{ "--annotation x img", "annotation \"x\" must include an '=' sign" },
};

static void test_run_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(run_errors_rows); i++) {
		struct run_request request = { 0 };
		struct err err = { 0 };

		print_message("run %s\n", run_errors_rows[i].args);
		assert_int_equal(parse_run(flags_run_options, run_errors_rows[i].args, &request, &err),
				 -EINVAL);
		assert_string_equal(err.text, run_errors_rows[i].error);
		flags_run_free(&request);
	}
}

static void test_run_flags(void **state)
{
	struct run_request request = { 0 };
	struct run_flags *flags = &request.flags;

	(void)state;
	assert_int_equal(parse_run(flags_run_options, "img", &request, NULL), 0);
	assert_true(flags->sig_proxy && !flags->detach && !flags->detach_keys && !flags->pod);
	assert_int_equal(request.spec.stop_timeout, -1);
	flags_run_free(&request);
	assert_int_equal(parse_run(flags_run_options,
				   "-d --sig-proxy=false --detach-keys ctrl-x --cidfile c --pod new:p "
				   "--preserve-fds 2 -q --replace --name n --stop-timeout 0 img",
				   &request, NULL),
			 0);
	assert_true(flags->detach && !flags->sig_proxy && flags->quiet && flags->replace);
	assert_string_equal(flags->detach_keys, "ctrl-x");
	assert_string_equal(flags->cidfile, "c");
	assert_string_equal(flags->pod, "new:p");
	assert_int_equal(flags->preserve_fds, 2);
	assert_int_equal(request.spec.stop_timeout, 0);
	flags_run_free(&request);
	assert_int_equal(parse_run(flags_run_options, "-a STDIN,stdout -a stderr img", &request, NULL), 0);
	assert_int_equal(flags->attach.n, 3);
	assert_string_equal(flags->attach.v[0], "stdin");
	flags_run_free(&request);
	assert_int_equal(parse_run(flags_run_options, "--help", &request, NULL), OPT_HELP);
	flags_run_free(&request);
}

static void test_create(void **state)
{
	struct run_request request = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(parse_run(flags_create_options, "--pod p --init-ctr once img", &request, &err), 0);
	assert_string_equal(request.spec.init_ctr, "once");
	flags_run_free(&request);
	assert_int_equal(parse_run(flags_create_options, "--init-ctr once img", &request, &err), -EINVAL);
	assert_string_equal(err.text, "must specify pod value with init-ctr");
	flags_run_free(&request);
	assert_int_equal(parse_run(flags_create_options, "-d img", &request, &err), -EINVAL);
	assert_string_equal(err.text, "unknown shorthand flag: 'd' in -d" SEE);
	flags_run_free(&request);
}

static void test_read_files(void **state)
{
	char *const environment[] = { "HOME=/root", NULL };
	struct run_request request = { 0 };
	char path[] = "/tmp/test_flags.XXXXXX", *args, *joined;
	int fd = mkostemp(path, O_CLOEXEC);

	(void)state;
	assert_int_equal(io_write_all(fd, "A=file\nB=file\n", 14), 0);
	close(fd);
	args = text_format("-e B=asked -e HOME --env-file %s --label-file %s -l A=asked img", path, path);
	assert_int_equal(parse_run(flags_run_options, args, &request, NULL), 0);
	assert_int_equal(flags_read_files(&request, environment, NULL), 0);
	joined = strv_join(&request.spec.env, "|");
	assert_string_equal(joined, "A=file|B=asked|HOME=/root");
	free(joined);
	joined = strv_join(&request.spec.labels, "|");
	assert_string_equal(joined, "A=asked|B=file");
	free(joined);
	assert_int_equal(request.spec.env_files.n, 0);
	flags_run_free(&request);
	unlink(path);
	assert_int_equal(parse_run(flags_run_options, args, &request, NULL), 0);
	assert_int_equal(flags_read_files(&request, environment, NULL), -ENOENT);
	flags_run_free(&request);
	free(args);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_run),	   cmocka_unit_test(test_run_errors),
		cmocka_unit_test(test_run_flags),  cmocka_unit_test(test_create),
		cmocka_unit_test(test_read_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
