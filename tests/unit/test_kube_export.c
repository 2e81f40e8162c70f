/*
 * kube_export: pods made with flags as Kubernetes would write them; real kubectl, where it is
 * there, says whether it knows every field.
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

#include "kube_manifest.h"
#include "spec/flags.h"
#include "spec/kube_tree.h"

/* pod, first and second: arguments of pod create and run; json: what the Pod says. */
static const struct row {
	const char *pod, *first, *second;
	const char *json;
	const char *notes; /* one a line */
} rows[] = {
	{ "web", "nginx", NULL,
	  "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'web','labels':{'app':'web'}},'spec':{'"
	  "containers':[{"
	  "'name':'c1','image':'nginx'}],'restartPolicy':'Never'}}",
	  "" },
	{ "--label a=b --label bad=a/b -p 8080:80 -p 127.0.0.1:53:53/udp -p 90 --share +pid --restart always "
	  "web",
	  "--name web-app --restart always nginx:1 -g off", "--pull never --expose 70-71/udp busybox sleep 9",
	  "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'web','labels':{'a':'b'}},'spec':{'containers':"
	  "[{"
	  "'name':'app','image':'nginx:1','args':['-g','off'],'ports':[{'containerPort':80,'hostPort':8080,"
	  "'protocol':'TCP'},{'containerPort':53,'hostPort':53,'hostIP':'127.0.0.1','protocol':'UDP'},{"
	  "'containerPort':90,'protocol':'TCP'}]},{'name':'c2','image':'busybox','imagePullPolicy':'Never','"
	  "args':["
	  "'sleep','9'],'ports':[{'containerPort':70,'protocol':'UDP'},{'containerPort':71,'protocol':'UDP'}]"
	  "}],'shareProcessNamespace':true,'restartPolicy':'Always'}}",
	  "label bad=a/b is none that Kubernetes takes: left out\n"
	  "port 90: the host's port is chosen at each start: left out\n" },
	{ "--hostname h --add-host a:1.2.3.4 --add-host x:host-gateway --dns 9.9.9.9 --dns-search s "
	  "--dns-option "
	  "ndots:2 --sysctl net.core.somaxconn=9 My_Pod",
	  "-it -e A=$(B)$$ -e C= -w /w --entrypoint sh -u 1:2 --stop-timeout 3 --stop-signal USR1 i -c "
	  "$(date)",
	  NULL,
	  "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'my-pod','labels':{'app':'my-pod'}},'spec':{"
	  "'securityContext':{'sysctls':[{'name':'net.core.somaxconn','value':'9'}]},'os':{'name':'linux'},"
	  "'containers':[{'name':'c1','image':'i','command':['sh'],'args':['-c','$$(date)'],'workingDir':'/"
	  "w',"
	  "'stdin':true,'tty':true,'env':[{'name':'A','value':'$$(B)$$$'},{'name':'C'}],'"
	  "securityContext'"
	  ":{'runAsUser':1,'runAsGroup':2},'lifecycle':{'stopSignal':'SIGUSR1'}}],'hostname':'h','"
	  "hostAliases':[{"
	  "'ip':'1.2.3.4','hostnames':['a']}],'dnsPolicy':'None','dnsConfig':{'nameservers':['9.9.9.9'],'"
	  "searches':["
	  "'s'],'options':[{'name':'ndots','value':'2'}]},'restartPolicy':'Never','"
	  "terminationGracePeriodSeconds':"
	  "3}}",
	  "pod My_Pod is called my-pod: Kubernetes takes small letters, digits and '-'\n"
	  "--add-host x:host-gateway has no words in Kubernetes: left out\n" },
	{ "-v /srv:/pod:ro web",
	  "-v /srv/data:/a -v vol:/b:ro -v My_Vol:/c --tmpfs /t:size=64m -v /anon --mount "
	  "type=volume,src=vol,dst=/d,subpath=x i",
	  "-v /srv/data:/z i",
	  "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'web','labels':{'app':'web'}},'spec':{'volumes'"
	  ":[{"
	  "'name':'srv','hostPath':{'path':'/srv'}},{'name':'data','hostPath':{'path':'/srv/"
	  "data'}},{'name':'vol',"
	  "'persistentVolumeClaim':{'claimName':'vol'}},{'name':'my-vol','persistentVolumeClaim':{'claimName'"
	  ":"
	  "'my-vol'}},{'name':'t','emptyDir':{'medium':'Memory','sizeLimit':'64Mi'}},{'name':'anon','"
	  "emptyDir':{}}],"
	  "'containers':[{'name':'c1','image':'i','volumeMounts':[{'name':'srv','mountPath':'/"
	  "pod','readOnly':true},"
	  "{'name':'data','mountPath':'/a'},{'name':'vol','mountPath':'/b','readOnly':true},{'name':'my-vol',"
	  "'mountPath':'/c'},{'name':'t','mountPath':'/t'},{'name':'anon','mountPath':'/anon'},{'name':'vol',"
	  "'mountPath':'/"
	  "d','subPath':'x'}]},{'name':'c2','image':'i','volumeMounts':[{'name':'srv','mountPath':"
	  "'/pod','readOnly':true},{'name':'data','mountPath':'/z'}]}],'restartPolicy':'Never'}}",
	  "volume My_Vol is called my-vol: Kubernetes takes small letters, digits and '-'\n" },
	{ "--network host --pid host --share ipc,net,pid web",
	  "--cpus 1.5 -m 64m --cpu-shares 512 --memory-reservation 32m --cap-add net_raw --cap-add CAP_CHOWN "
	  "--cap-drop all --read-only --security-opt seccomp=unconfined --security-opt "
	  "no-new-privileges=false "
	  "--ulimit nofile=9 --umask 077 i",
	  "--privileged --restart on-failure -u www --pids-limit 5 i",
	  "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'web','labels':{'app':'web'}},'spec':{"
	  "'volumes':[{'name':'run','emptyDir':{'medium':'Memory'}},{'name':'tmp','emptyDir':{'medium':'"
	  "Memory'}},"
	  "{'name':'var-tmp','emptyDir':{'medium':'Memory'}}],'containers':[{"
	  "'name':'c1','image':'i','volumeMounts':[{'name':'run','mountPath':'/"
	  "run'},{'name':'tmp','mountPath':'/tmp'},{'name':'var-tmp','mountPath':'/var/"
	  "tmp'}],'resources':{'limits':{'cpu':'1500m','memory':'64Mi'},'requests':{'cpu':'"
	  "500m',"
	  "'memory':'32Mi'}},'securityContext':{'capabilities':{'add':['NET_RAW','CHOWN'],'drop':['ALL']},"
	  "'allowPrivilegeEscalation':true,'readOnlyRootFilesystem':true,'seccompProfile':{'type':'"
	  "Unconfined'}}},{"
	  "'name':'c2','image':'i','securityContext':{'privileged':true}}],'hostNetwork':true,'hostPID':true,"
	  "'restartPolicy':'OnFailure'}}",
	  "container c1: --umask has no words in Kubernetes: left out\n"
	  "container c1: --ulimit has no words in Kubernetes: left out\n"
	  "container c2: user www: Kubernetes takes numbers: left out\n"
	  "container c2: --pids-limit has no words in Kubernetes: left out\n"
	  "the containers do not share uts: in Kubernetes they do\n" },
	{ "--restart on-failure web",
	  "--tz UTC --pull newer --cpus 0.5 --cpu-shares 1024 -v /a/x:/1 -v /b/x:/2:rslave,noexec -v "
	  "/c:/3:rshared --pod web --init-ctr "
	  "always i",
	  "--name ___ --restart always i",
	  "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'web','labels':{'app':'web'}},'spec':{'volumes'"
	  ":[{"
	  "'name':'x','hostPath':{'path':'/a/x'}},{'name':'x-2','hostPath':{'path':'/b/"
	  "x'}},{'name':'c','hostPath':{"
	  "'path':'/"
	  "c'}}],'initContainers':[{'name':'c1','image':'i','imagePullPolicy':'Always','env':[{'name':'TZ',"
	  "'value':'UTC'}],'volumeMounts':[{'name':'x','mountPath':'/1'},{'name':'x-2','mountPath':'/2',"
	  "'mountPropagation':'HostToContainer'},{'name':'c','mountPath':'/"
	  "3'}],'resources':{'limits':{'cpu':'500m'}}}"
	  "],'containers':[{'name':'x','image':'i'}],'restartPolicy':'OnFailure'}}",
	  "/2: noexec has no words in Kubernetes: left out\n"
	  "/3: shared propagation is for privileged containers: left out\n"
	  "container c1: a weight above its limit cannot be asked for: left out\n"
	  "container ___ is called x: Kubernetes takes small letters, digits and '-'\n"
	  "container ___: restart policy always: all containers have one policy\n" },
};

static json_t *loads(const char *text)
{
	char *copy = text_dup(text);
	json_error_t error;
	json_t *value;

	for (char *c = copy; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	value = json_loads(copy, 0, &error);
	if (!value)
		fail_msg("%s: %s", copy, error.text);
	free(copy);
	return value;
}

static void parse_ctr(const char *line, int number, struct ctr_specs *ctrs)
{
	struct run_request request = { 0 };
	struct strv words = { 0 };
	struct err err = { 0 };

	strv_split(&words, line, ' ');
	if (flags_run_parse(flags_create_options, "create", "/", (int)words.n, words.v, &request, &err))
		fail_msg("run %s: %s", line, err.text);
	fields_copy(&ctr_spec_shape, &request.spec, fields_append(&ctr_spec_shape, ctrs));
	if (!request.spec.name)
		ctrs->v[ctrs->n - 1].name = text_format("c%d", number);
	strv_free(&words);
	flags_run_free(&request);
}

static void parse_row(const struct row *row, struct pod_spec *pod, struct ctr_specs *ctrs)
{
	struct pod_request request = { 0 };
	struct strv words = { 0 };
	struct err err = { 0 };

	strv_split(&words, row->pod, ' ');
	if (flags_pod_parse("pod create", "/", (int)words.n, words.v, &request, &err))
		fail_msg("pod create %s: %s", row->pod, err.text);
	if (!request.flags.share && request.flags.infra < 0)
		strv_split(&request.spec.share, "ipc,net,uts", ','); /* as `pod create` does */
	fields_copy(&pod_spec_shape, &request.spec, pod);
	strv_free(&words);
	flags_pod_free(&request);
	parse_ctr(row->first, 1, ctrs);
	if (row->second)
		parse_ctr(row->second, 2, ctrs);
}

/* What is written is read again, and written in the same way from then on. */
static void check_fixed_point(const json_t *exported)
{
	struct kube_objects objects = { 0 };
	struct ctr_specs ctrs = { 0 };
	struct pod_spec pod = { 0 };
	struct strv notes = { 0 };
	struct buf yaml = { 0 };
	struct err err;
	json_t *again;

	yaml_write(exported, &yaml);
	manifest_read(yaml.data, &objects);
	assert_int_equal(kube_pod_specs(objects.v[0].value, 1 << 30, &pod, &ctrs, &notes, &err), 0);
	again = kube_export(&pod, &ctrs, &notes);
	assert_true(json_equal(again, objects.v[0].value));
	json_decref(again);
	ctr_specs_free(&ctrs);
	fields_free(&pod_spec_shape, &pod);
	strv_free(&notes);
	buf_free(&yaml);
	kube_objects_free(&objects);
}

static void test_export(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct ctr_specs ctrs = { 0 };
		struct pod_spec pod = { 0 };
		struct strv notes = { 0 }, lines = { 0 };
		json_t *wanted = loads(rows[i].json), *have;
		struct buf text = { 0 };

		parse_row(&rows[i], &pod, &ctrs);
		have = kube_export(&pod, &ctrs, &notes);
		kube_diff(wanted, have, &lines);
		for (size_t j = 0; j < lines.n; j++)
			print_message("%s\n", lines.v[j]);
		assert_int_equal(lines.n, 0);
		buf_text(&text, "");
		for (size_t j = 0; j < notes.n; j++)
			buf_format(&text, "%s\n", notes.v[j]);
		assert_string_equal(text.data, rows[i].notes);
		check_fixed_point(have);
		buf_free(&text);
		strv_free(&notes);
		json_decref(wanted);
		json_decref(have);
		ctr_specs_free(&ctrs);
		fields_free(&pod_spec_shape, &pod);
	}
}

/* A container outside any pod: its own choices are the pod's. */
static void test_lone(void **state)
{
	struct ctr_specs ctrs = { 0 };
	struct pod_spec pod = { .hidden = true, .no_infra = true };
	struct strv notes = { 0 };
	json_t *have, *wanted = loads(
			      "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'box-pod','labels':{'app':"
			      "'box-pod'}},'spec':{'containers':[{'name':'box','image':'i','ports':[{"
			      "'containerPort':80,'hostPort':80,'protocol':'TCP'}]}],'hostPID':true,'hostIPC'"
			      ":true,'hostname':"
			      "'h','dnsPolicy':'Default','dnsConfig':{'searches':['s']},'restartPolicy':"
			      "'Never'}}");

	(void)state;
	pod.name = text_dup("box");
	parse_ctr("--name box -p 80:80 --pid host --ipc host --hostname h --dns-search s i", 1, &ctrs);
	have = kube_export(&pod, &ctrs, &notes);
	assert_true(json_equal(have, wanted));
	assert_int_equal(notes.n, 0);
	json_decref(have);
	json_decref(wanted);
	ctr_specs_free(&ctrs);
	fields_free(&pod_spec_shape, &pod);
}

/* Kubernetes runs images only. */
static void test_rootfs(void **state)
{
	struct ctr_specs ctrs = { 0 };
	struct pod_spec pod = { 0 };
	struct strv notes = { 0 };
	json_t *have;

	(void)state;
	pod.name = text_dup("p");
	strv_split(&pod.share, "ipc,net,uts", ',');
	parse_ctr("--rootfs /r sh", 1, &ctrs);
	have = kube_export(&pod, &ctrs, &notes);
	assert_int_equal(json_array_size(json_object_get(json_object_get(have, "spec"), "containers")), 0);
	assert_int_equal(notes.n, 1);
	assert_string_equal(notes.v[0], "container c1 has a directory as its root, and no image: left out");
	strv_free(&notes);
	json_decref(have);
	ctr_specs_free(&ctrs);
	fields_free(&pod_spec_shape, &pod);
}

static void test_service(void **state)
{
	json_t *pod = loads("{'metadata':{'name':'web','labels':{'a':'b'}},'spec':{'containers':[{'ports':[{"
			    "'containerPort':80,'hostPort':8080},{'containerPort':53,'protocol':'UDP'}]}]}}");
	json_t *wanted =
		loads("{'apiVersion':'v1','kind':'Service','metadata':{'name':'web','labels':{'a':'b'}},"
		      "'spec':{'ports':[{'name':'port-0','port':8080,'targetPort':80,'protocol':'TCP'},{"
		      "'name':'port-1','port':53,'targetPort':53,'protocol':'UDP'}],'selector':{'a':'b'}}}");
	json_t *none = loads("{'metadata':{'name':'web'},'spec':{'containers':[{}]}}");
	json_t *have = kube_export_service(pod);

	(void)state;
	assert_true(json_equal(have, wanted));
	assert_null(kube_export_service(none));
	json_decref(none);
	json_decref(have);
	json_decref(wanted);
	json_decref(pod);
}

/* ---- real kubectl ------------------------------------------------------------------------ */

/* Fields that came after Kubernetes 1.20, which some distributions still have: they may vanish there. */
static bool is_newer(const char *line)
{
	static const char *const fields[] = {
		"restartPolicy",
		"stopSignal",
		"os",
		"recursiveReadOnly",
		"sleep",
		"hostUsers",
		"resources",
		"terminationGracePeriodSeconds",
		"supplementalGroupsPolicy",
		"suspend",
		"completionMode",
		"podReplacementPolicy",
	};
	const char *colon = strchr(line, ':');

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		size_t length = strlen(fields[i]);

		if ((size_t)(colon - line) > length && !strncmp(colon - length, fields[i], length))
			return true;
	}
	return false;
}

/* What kubectl writes when it has read object into the type it has for that kind: what the type has no field for
 * is not there any more. (`kubectl label` no longer does so.) */
static json_t *through_kubectl(const json_t *object)
{
	char path[] = "/tmp/runpod-kube-XXXXXX";
	bool service = text_equal(json_string_value(json_object_get(object, "kind")), "Service");
	struct buf yaml = { 0 }, out = { 0 };
	struct diags diags = { 0 };
	struct yaml_docs docs = { 0 };
	int fd = mkstemp(path), status;
	char *command = text_format("kubectl set %s --local -f %s %s -o yaml 2>&1",
				    service ? "selector" : "env", path, service ? "a=b" : "TRIED=1");
	json_t *theirs;
	FILE *pipe;

	yaml_write(object, &yaml);
	assert_int_equal(write(fd, yaml.data, yaml.len), yaml.len);
	close(fd);
	pipe = popen(command, "r");
	assert_int_equal(io_read_all(fileno(pipe), 1 << 20, &out), 0);
	status = pclose(pipe);
	unlink(path);
	if (status)
		fail_msg("%s%s", yaml.data, out.data);
	assert_int_equal(yaml_read(out.data, out.len, &docs, &diags), 0);
	theirs = kube_decode_any(&docs.v[0]);
	yaml_docs_free(&docs);
	buf_free(&yaml);
	buf_free(&out);
	free(command);
	return theirs;
}

/* How many fields of object kubectl does not know; prints them. */
static int count_unknown(const json_t *object)
{
	json_t *theirs = through_kubectl(object);
	struct strv lines = { 0 };
	int unknown = 0;

	kube_diff(object, theirs, &lines);
	for (size_t i = 0; i < lines.n; i++) {
		if (strstr(lines.v[i], ": <none> -> ") || text_starts(lines.v[i], "spec.selector") ||
		    is_newer(lines.v[i]))
			continue;
		print_message("%s\n", lines.v[i]);
		unknown++;
	}
	strv_free(&lines);
	json_decref(theirs);
	return unknown;
}

static void check_kubectl(const json_t *object)
{
	assert_int_equal(count_unknown(object), 0);
}

static void need_kubectl(void)
{
	if (!system("kubectl version --client >/dev/null 2>&1"))
		return;
	print_message("skipped: data: kubectl is not there (kubernetes-client)\n");
	skip();
}

/* The test itself: a field that nobody knows is noticed. */
static void test_kubectl_notices(void **state)
{
	json_t *object = loads(
		"{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p'},'spec':{'foo':'x','containers':"
		"[{'name':'c','image':'i','bar':'y'}]}}");

	(void)state;
	need_kubectl();
	assert_int_equal(count_unknown(object), 2);
	json_decref(object);
}

static void test_kubectl_flags(void **state)
{
	(void)state;
	need_kubectl();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		json_t *object = loads(rows[i].json), *service = kube_export_service(object);

		check_kubectl(object);
		if (service)
			check_kubectl(service);
		json_decref(service);
		json_decref(object);
	}
}

static void test_kubectl_manifests(void **state)
{
	glob_t found;

	(void)state;
	need_kubectl();
	if (!manifest_glob(&found))
		skip();
	for (size_t i = 0; i < found.gl_pathc; i++) {
		char *text = manifest_file(found.gl_pathv[i]);
		struct kube_objects objects = { 0 };

		if (!strstr(found.gl_pathv[i], "/bad-")) {
			manifest_read(text, &objects);
			check_kubectl(objects.v[0].value);
		}
		kube_objects_free(&objects);
		free(text);
	}
	globfree(&found);
}

/* Something for every row of the table that is kept. */
static json_t *sample(const struct kube_struct *of);

static json_t *sample_value(const struct kube_field *row)
{
	switch (row->type) {
	case KUBE_BOOL:
		return json_true();
	case KUBE_INT:
	case KUBE_LONG:
	case KUBE_PORT:
		return json_integer(5);
	case KUBE_QUANTITY:
		return json_string("1");
	case KUBE_STRINGS:
		return json_pack("[s]", "x");
	case KUBE_LONGS:
		return json_pack("[i]", 5);
	case KUBE_TEXTS:
		return json_pack("{s:s}", "k", "v");
	case KUBE_BYTES:
		return json_pack("{s:s}", "k", "YQ==");
	case KUBE_QUANTITIES:
		return json_pack("{s:s}", "cpu", "1");
	case KUBE_OBJECT:
		return sample(row->of);
	case KUBE_LIST:
		return json_pack("[o]", sample(row->of));
	default:
		return json_string("x");
	}
}

static json_t *sample(const struct kube_struct *of)
{
	json_t *object = json_object();

	for (const struct kube_field *row = of->fields; row->name; row++)
		if (row->type != KUBE_ANY && row->support != KUBE_DROPPED && row->support != KUBE_REFUSED)
			json_object_set_new(object, row->name, sample_value(row));
	return object;
}

/* No field of the table is one that Kubernetes lacks, and each has its type. */
static void test_kubectl_table(void **state)
{
	static const char *const kinds[] = { "Pod", "Deployment", "Job" };

	(void)state;
	need_kubectl();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const struct kube_kind *kind = kube_kind_find(kinds[i]);
		json_t *object = sample(kind->of);

		json_object_set_new(object, "apiVersion", json_string(kind->version));
		json_object_set_new(object, "kind", json_string(kind->kind));
		check_kubectl(object);
		json_decref(object);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_export),
		cmocka_unit_test(test_lone),
		cmocka_unit_test(test_rootfs),
		cmocka_unit_test(test_service),
		cmocka_unit_test(test_kubectl_notices),
		cmocka_unit_test(test_kubectl_flags),
		cmocka_unit_test(test_kubectl_manifests),
		cmocka_unit_test(test_kubectl_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
