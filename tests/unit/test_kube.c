/*
 * kube: good manifests: what is filled in, what a pod is asked for then, how two differ,
 * what explain says; and the real ones of others.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kube_manifest.h"

#define CAPACITY ((int64_t)8 << 30)

/* {'a': 1} with single quotes. */
static json_t *loads(const char *text)
{
	char *copy = text_dup(text);
	json_error_t error;
	json_t *value;

	for (char *c = copy; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	value = json_loads(copy, JSON_DECODE_ANY, &error);
	if (!value)
		fail_msg("%s: %s", copy, error.text);
	free(copy);
	return value;
}

/* Every key of wanted is in have with that value; null: it is not there. Says what is not so. */
static bool holds(const char *what, json_t *have, json_t *wanted)
{
	const char *key;
	json_t *value;
	bool good = true;

	json_object_foreach(wanted, key, value)
	{
		json_t *found = json_object_get(have, key);
		char *text;

		if (json_is_null(value) ? !found : json_equal(found, value))
			continue;
		text = found ? json_dumps(found, JSON_ENCODE_ANY | JSON_COMPACT) : text_dup("nothing");
		print_message("%s\n%s is %s\n", what, key, text);
		free(text);
		good = false;
	}
	return good;
}

static void specs_of(const json_t *pod, struct pod_spec *ret_pod, struct ctr_specs *ret_ctrs,
		     struct strv *ret_notes)
{
	struct err err;

	if (kube_pod_specs(pod, CAPACITY, ret_pod, ret_ctrs, ret_notes, &err))
		fail_msg("%s", err.text);
}

/* ---- defaults ---------------------------------------------------------------------------- */

static void test_defaults(void **state)
{
	static const char wanted[] =
		"{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','namespace':'default'},'spec':{"
		"'containers':[{'name':'c','image':'i','imagePullPolicy':'Always','resources':{'limits':{'"
		"cpu':"
		"'500m'},'requests':{'cpu':'500m'}},'ports':[{'containerPort':80,'protocol':'TCP'}],"
		"'livenessProbe':{'httpGet':{'port':80,'path':'/','scheme':'HTTP'},'periodSeconds':10,"
		"'timeoutSeconds':1,'successThreshold':1,'failureThreshold':3},'terminationMessagePath':"
		"'/dev/"
		"termination-log','terminationMessagePolicy':'File'}],'volumes':[{'name':'e','emptyDir':{}"
		"},{'name':'m','configMap':{'name':'m','defaultMode':420}}],'restartPolicy':'Always',"
		"'terminationGracePeriodSeconds':30,'dnsPolicy':'ClusterFirst','securityContext':{},"
		"'schedulerName':'default-scheduler','enableServiceLinks':true}}";
	struct kube_objects objects = { 0 };
	struct strv lines = { 0 };
	json_t *value = loads(wanted);

	(void)state;
	manifest_read(
		POD
		"    resources: {limits: {cpu: 0.5}}\n    ports: [{containerPort: 80}]\n    livenessProbe: "
		"{httpGet: {port: 80}, periodSeconds: 0}\n  volumes: [{name: e}, {name: m, configMap: {name: "
		"m}}]\n"
		"  restartPolicy: \"\"\nstatus: {phase: Running}\n",
		&objects);
	kube_diff(value, objects.v[0].value, &lines);
	for (size_t i = 0; i < lines.n; i++)
		print_message("%s\n", lines.v[i]);
	assert_int_equal(lines.n, 0);
	assert_int_equal(objects.warnings.n, 0);
	json_decref(value);
	kube_objects_free(&objects);
}

static void test_others(void **state)
{
	static const struct {
		const char *yaml, *json;
	} rows[] = {
		{ "apiVersion: v1\nkind: Secret\nmetadata: {name: s, uid: x, managedFields: []}\nstringData: "
		  "{a: b}\n",
		  "{'apiVersion':'v1','kind':'Secret','metadata':{'name':'s','namespace':'default'},'"
		  "stringData':{"
		  "'a':'b'},'type':'Opaque'}" },
		{ "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  a: |\n    x\n    y\n  b: "
		  "''\n",
		  "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'c','namespace':'default'},'data'"
		  ":{'a':"
		  "'x\\ny\\n','b':''}}" },
		{ "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c}\nspec: {accessModes: "
		  "[ReadWriteOnce], resources: {requests: {storage: 1024Mi}}}\n",
		  "{'apiVersion':'v1','kind':'PersistentVolumeClaim','metadata':{'name':'c','namespace':'"
		  "default'},"
		  "'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}},'"
		  "volumeMode':"
		  "'Filesystem'}}" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kube_objects objects = { 0 };
		json_t *value;

		manifest_read(rows[i].yaml, &objects);
		value = loads(rows[i].json);
		if (!json_equal(value, objects.v[0].value))
			json_dumpf(objects.v[0].value, stderr, JSON_INDENT(1));
		assert_true(json_equal(value, objects.v[0].value));
		json_decref(value);
		kube_objects_free(&objects);
	}
}

static void test_warnings(void **state)
{
	struct kube_objects objects = { 0 };

	(void)state;
	manifest_read(POD "    stdinOnce: false\n  nodeSelector: {a: b}\n  affinity: {nodeAffinity: {}}\n  "
			  "priorityClassName: x\n"
			  "  subdomain: z\n  dnsPolicy: ClusterFirst\n",
		      &objects);
	assert_int_equal(objects.warnings.n, 3);
	assert_string_equal(
		objects.warnings.v[0],
		"pods/p: spec.nodeSelector, spec.affinity, spec.priorityClassName: no effect here: "
		"there is no cluster to schedule in");
	assert_string_equal(objects.warnings.v[1],
			    "pods/p: spec.subdomain: no effect here: there is no cluster domain");
	assert_string_equal(
		objects.warnings.v[2],
		"pods/p: spec.dnsPolicy: ClusterFirst is read as Default: there is no cluster DNS");
	assert_non_null(json_object_get(json_object_get(objects.v[0].value, "spec"), "affinity"));
	kube_objects_free(&objects);
}

/* ---- specs ------------------------------------------------------------------------------- */

/* ctr: which container; -1: the pod. */
static const struct {
	const char *yaml;
	int ctr;
	const char *json;
} spec_rows[] = {
	{ "", -1,
	  "{'name':'p','hostname':'p','share':['ipc','net','uts'],'restart':{'name':'always'},'exit_policy':"
	  "'stop','limits':null,'ports':null,'fs_group':-1,'volumes':null,'names':null}" },
	{ "", 0,
	  "{'name':'p-c','image':'i','pull':'newer','entrypoint_set':null,'restart':{'name':'always'},"
	  "'stop_timeout':30,'labels':['io.kubernetes.container.name=c'],'expand':true,'termination_path':"
	  "'/dev/termination-log','limits':{'oom_score_adj':1000,'oom_score_adj_set':true},'user':null,"
	  "'allow_new_privileges':null,'seccomp':null,'init_ctr':null}" },
	{ "    imagePullPolicy: Never\n    command: [a, $(B)]\n    args: [c]\n    workingDir: /w\n    tty: "
	  "true\n"
	  "    stdin: true\n",
	  0,
	  "{'pull':'never','entrypoint':['a','$(B)'],'entrypoint_set':true,'command':['c'],'workdir':'/"
	  "w','tty':"
	  "true,'interactive':true}" },
	/* restart and end */
	{ "  restartPolicy: Never\n  terminationGracePeriodSeconds: 0\n  activeDeadlineSeconds: 9\n", -1,
	  "{'restart':{'name':'no'},'active_deadline':9}" },
	{ "  restartPolicy: Never\n  terminationGracePeriodSeconds: 0\n", 0,
	  "{'restart':{'name':'no'},'stop_timeout':null}" },
	{ "  restartPolicy: OnFailure\n", 0, "{'restart':{'name':'on-failure'}}" },
	{ "  initContainers: [{name: i, image: i}, {name: s, image: s, restartPolicy: Always}]\n", 0,
	  "{'name':'p-i','init_ctr':'init','restart':{'name':'on-failure'}}" },
	{ "  initContainers: [{name: i, image: i}, {name: s, image: s, restartPolicy: Always}]\n", 1,
	  "{'name':'p-s','init_ctr':'sidecar','restart':{'name':'always'}}" },
	{ "  initContainers: [{name: i, image: i}]\n  restartPolicy: Never\n", 0,
	  "{'init_ctr':'init','restart':{'name':'no'}}" },
	/* what is shared */
	{ "  hostNetwork: true\n", -1, "{'net':{'mode':'host'},'uts':{'mode':'host'},'hostname':null}" },
	{ "    ports: [{containerPort: 80, hostPort: 80}]\n  hostNetwork: true\n", -1, "{'ports':null}" },
	{ "  hostPID: true\n", -1, "{'pid':{'mode':'host'},'share':['ipc','net','uts','pid']}" },
	{ "  hostIPC: true\n", -1, "{'ipc':{'mode':'host'}}" },
	{ "  shareProcessNamespace: true\n", -1, "{'pid':null,'share':['ipc','net','uts','pid']}" },
	{ "  hostname: h\n", -1, "{'hostname':'h'}" },
	{ "    ports:\n    - {containerPort: 80}\n    - {containerPort: 80, hostPort: 8080, hostIP: "
	  "127.0.0.1}\n"
	  "    - {containerPort: 53, hostPort: 53, protocol: UDP}\n",
	  -1,
	  "{'ports':[{'host_ip':'127.0.0.1','host_port':8080,'ctr_port':80,'protocol':'tcp'},{'host_port':53,"
	  "'ctr_port':53,'protocol':'udp'}]}" },
	{ "  hostAliases: [{ip: 1.2.3.4, hostnames: [a, b.c]}]\n  dnsPolicy: None\n  dnsConfig: "
	  "{nameservers: "
	  "[9.9.9.9], options: [{name: ndots, value: '2'}, {name: edns0}]}\n",
	  -1,
	  "{'names':{'hosts':['a:1.2.3.4','b.c:1.2.3.4'],'servers':['9.9.9.9'],'search':['.'],'options':["
	  "'ndots:2','edns0']}}" },
	{ "  securityContext: {sysctls: [{name: net.core.somaxconn, value: '9'}], fsGroup: 7}\n", -1,
	  "{'sysctls':['net.core.somaxconn=9'],'fs_group':7}" },
	/* power */
	{ "    securityContext: {runAsUser: 5}\n  securityContext: {runAsUser: 1, runAsGroup: 2, fsGroup: 3, "
	  "supplementalGroups: [4], runAsNonRoot: true}\n",
	  0, "{'user':'5:2','group_add':['4','3'],'run_as_non_root':true}" },
	{ "    securityContext: {runAsGroup: 2, runAsNonRoot: false}\n  securityContext: {runAsNonRoot: "
	  "true}\n",
	  0, "{'user':':2','run_as_non_root':null}" },
	{ "    securityContext: {capabilities: {add: [NET_RAW], drop: [ALL]}, readOnlyRootFilesystem: true, "
	  "allowPrivilegeEscalation: true, seccompProfile: {type: Unconfined}}\n",
	  0,
	  "{'cap_add':['NET_RAW'],'cap_drop':['ALL'],'read_only':true,'allow_new_privileges':true,'seccomp':"
	  "'unconfined','privileged':null}" },
	{ "    securityContext: {privileged: true, seccompProfile: {type: RuntimeDefault}}\n  "
	  "securityContext: "
	  "{seccompProfile: {type: Unconfined}}\n",
	  0, "{'privileged':true,'seccomp':null}" },
	/* variables */
	{ "    env:\n    - {name: A, value: $(B)}\n    - {name: B}\n    - {name: C, valueFrom: "
	  "{configMapKeyRef: {name: "
	  "m, key: k, optional: true}}}\n    - {name: D, valueFrom: {secretKeyRef: {name: s, key: k}}}\n    "
	  "- {name: "
	  "E, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['x']\"}}}\n    - {name: F, valueFrom: "
	  "{resourceFieldRef: {resource: limits.cpu}}}\n    envFrom:\n    - {prefix: P_, configMapRef: "
	  "{name: m}}\n"
	  "    - {secretRef: {name: s, optional: true}}\n",
	  0,
	  "{'env_sources':[{'kind':'configmap','object':'m','prefix':'P_'},{'kind':'secret','object':'s',"
	  "'optional':true},{'name':'A','value':'$(B)'},{'name':'B','value':''},{'name':'C','kind':'"
	  "configmap',"
	  "'object':'m','key':'k','optional':true},{'name':'D','kind':'secret','object':'s','key':'k'},{'"
	  "name':"
	  "'E','kind':'field','key':'metadata.labels[\\u0027x\\u0027]'},{'name':'F','kind':'resource','"
	  "object':'c',"
	  "'key':'limits.cpu','divisor':'0'}]}" },
	/* volumes */
	{ "    volumeMounts:\n    - {name: e, mountPath: /e, subPath: a/b, readOnly: true, "
	  "recursiveReadOnly: "
	  "Enabled}\n    - {name: h, mountPath: /h, mountPropagation: HostToContainer, subPathExpr: $(X)}\n"
	  "  volumes: [{name: e, emptyDir: {}}, {name: h, hostPath: {path: /srv}}]\n",
	  0,
	  "{'mounts':[{'type':'pod','source':'e','target':'/e','subpath':'a/b','read_only':true,"
	  "'read_only_below':true,'recursive':true},{'type':'pod','source':'h','target':'/"
	  "h','subpath':'$(X)',"
	  "'expand':true,'propagation':'rslave','recursive':true}]}" },
	{ "  volumes:\n  - {name: e, emptyDir: {sizeLimit: 1Mi}}\n  - {name: m, emptyDir: {medium: Memory, "
	  "sizeLimit: "
	  "1k}}\n  - {name: h, hostPath: {path: /srv, type: File}}\n  - {name: p, persistentVolumeClaim: "
	  "{claimName: "
	  "v, readOnly: true}}\n",
	  -1,
	  "{'volumes':[{'name':'e','kind':'empty','size':1048576},{'name':'m','kind':'memory','size':1000},{"
	  "'name':'h','kind':'host','path':'/srv','host_type':'File'},{'name':'p','kind':'claim','path':'v',"
	  "'read_only':true}]}" },
	{ "  volumes:\n  - {name: m, configMap: {name: m, optional: true, items: [{key: k, path: d/f, mode: "
	  "0400}, "
	  "{key: l, path: l}]}}\n  - {name: s, secret: {secretName: s, defaultMode: 0600}}\n  - {name: d, "
	  "downwardAPI: {items: [{path: o, fieldRef: {fieldPath: metadata.name}}]}}\n",
	  -1,
	  "{'volumes':[{'name':'m','kind':'projection','mode':420,'sources':[{'kind':'configmap','object':'m'"
	  ","
	  "'optional':true,'items':[{'key':'k','path':'d/"
	  "f','mode':256},{'key':'l','path':'l','mode':-1}]}]},{"
	  "'name':'s','kind':'projection','mode':384,'sources':[{'kind':'secret','object':'s'}]},{'name':'d',"
	  "'kind':'projection','mode':420,'sources':[{'kind':'downward','items':[{'key':'metadata.name','"
	  "path':"
	  "'o','mode':-1}]}]}]}" },
	{ "  volumes:\n  - name: p\n    projected:\n      sources:\n      - configMap: {name: m}\n      - "
	  "secret: {name: "
	  "s}\n      - downwardAPI: {items: [{path: c, resourceFieldRef: {containerName: c, resource: "
	  "limits.cpu, "
	  "divisor: 1m}}]}\n",
	  -1,
	  "{'volumes':[{'name':'p','kind':'projection','mode':420,'sources':[{'kind':'configmap','object':'m'"
	  "},{"
	  "'kind':'secret','object':'s'},{'kind':'downward','items':[{'key':'limits.cpu','ctr':'c','divisor':"
	  "'1m',"
	  "'path':'c','mode':-1}]}]}]}" },
	/* probes and hooks */
	{ "    ports: [{name: web, containerPort: 81}]\n    livenessProbe: {httpGet: {port: web, path: h, "
	  "host: x, "
	  "httpHeaders: [{name: A, value: b}]}, initialDelaySeconds: 2, terminationGracePeriodSeconds: 4}\n"
	  "    readinessProbe: {tcpSocket: {port: 82}, periodSeconds: 5, timeoutSeconds: 6, "
	  "successThreshold: 7, "
	  "failureThreshold: 8}\n    startupProbe: {exec: {command: [a, b]}}\n    lifecycle: {postStart: "
	  "{exec: "
	  "{command: [c]}}, preStop: {sleep: {seconds: 3}}, stopSignal: SIGUSR1}\n  os: {name: linux}\n",
	  0,
	  "{'liveness':{'how':{'kind':'http','host':'x','path':'/"
	  "h','port':81,'headers':['A=b']},'initial_delay':2,"
	  "'period':10,'timeout':1,'success':1,'failure':3,'grace':4},'readiness':{'how':{'kind':'tcp','port'"
	  ":82},"
	  "'period':5,'timeout':6,'success':7,'failure':8,'grace':-1},'startup':{'how':{'kind':'exec','"
	  "command':["
	  "'a','b']},'period':10,'timeout':1,'success':1,'failure':3,'grace':-1},'post_start':{'kind':'exec',"
	  "'command':['c']},'pre_stop':{'kind':'sleep','seconds':3},'stop_signal':'SIGUSR1'}" },
	{ "    terminationMessagePath: /x\n    terminationMessagePolicy: FallbackToLogsOnError\n", 0,
	  "{'termination_path':'/x','termination_policy':'FallbackToLogsOnError'}" },
	/* limits: 1 Gi of 8 Gi is 1000 - 125 */
	{ "    resources: {requests: {cpu: 250m, memory: 1Gi}, limits: {cpu: 2}}\n", 0,
	  "{'limits':{'cpu_quota':200000,'cpu_shares':256,'oom_score_adj':875,'oom_score_adj_set':true}}" },
	{ "    resources: {requests: {cpu: 250m, memory: 1Gi}, limits: {cpu: 2}}\n", -1,
	  "{'limits':{'cpu_quota':200000,'cpu_shares':256}}" },
	{ "    resources: {limits: {cpu: 1, memory: 64Mi}}\n", 0,
	  "{'limits':{'memory':67108864,'cpu_quota':100000,'cpu_shares':1024,'oom_score_adj':-997,"
	  "'oom_score_adj_set':true}}" },
	{ "    resources: {limits: {cpu: 1, memory: 64Mi}}\n  - {name: d, image: i}\n", -1,
	  "{'limits':{'cpu_shares':1024}}" },
	{ "    resources: {limits: {cpu: 1, memory: 64Mi}}\n  - {name: d, image: i}\n", 1,
	  "{'limits':{'oom_score_adj':999,'oom_score_adj_set':true}}" },
	{ "  resources: {limits: {cpu: 2, memory: 1Gi}}\n", -1,
	  "{'limits':{'memory':1073741824,'cpu_quota':200000,'cpu_shares':2048}}" },
};

static void test_specs(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(spec_rows) / sizeof(*spec_rows); i++) {
		char *yaml = text_format("%s%s", POD, spec_rows[i].yaml);
		struct kube_objects objects = { 0 };
		struct ctr_specs ctrs = { 0 };
		struct pod_spec pod = { 0 };
		struct strv notes = { 0 };
		json_t *have, *wanted;
		int ctr = spec_rows[i].ctr;

		manifest_read(yaml, &objects);
		specs_of(objects.v[0].value, &pod, &ctrs, &notes);
		have = ctr < 0 ? fields_encode(&pod_spec_shape, &pod)
			       : fields_encode(&ctr_spec_shape, &ctrs.v[ctr]);
		wanted = loads(spec_rows[i].json);
		wrong += !holds(yaml, have, wanted);
		json_decref(have);
		json_decref(wanted);
		kube_objects_free(&objects);
		ctr_specs_free(&ctrs);
		fields_free(&pod_spec_shape, &pod);
		strv_free(&notes);
		free(yaml);
	}
	assert_int_equal(wrong, 0);
}

static void test_pull(void **state)
{
	static const struct {
		const char *image, *policy, *pull;
	} rows[] = {
		{ "busybox", "Always", "newer" },
		{ "busybox:latest", "Always", "newer" },
		{ "busybox:1.36", "IfNotPresent", "missing" },
		{ "localhost:5000/busybox", "Always", "newer" },
		{ "localhost:5000/busybox:1", "IfNotPresent", "missing" },
		{ "busybox@sha256:0123", "IfNotPresent", "missing" },
		{ "busybox:1\n    imagePullPolicy: Always", "Always", "always" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *yaml =
			text_format("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n"
				    "  - name: c\n    image: %s\n",
				    rows[i].image);
		struct kube_objects objects = { 0 };
		struct ctr_specs ctrs = { 0 };
		struct pod_spec pod = { 0 };
		struct strv notes = { 0 };
		json_t *list;

		manifest_read(yaml, &objects);
		list = json_object_get(json_object_get(objects.v[0].value, "spec"), "containers");
		assert_string_equal(
			json_string_value(json_object_get(json_array_get(list, 0), "imagePullPolicy")),
			rows[i].policy);
		specs_of(objects.v[0].value, &pod, &ctrs, &notes);
		assert_string_equal(ctrs.v[0].pull, rows[i].pull);
		kube_objects_free(&objects);
		ctr_specs_free(&ctrs);
		fields_free(&pod_spec_shape, &pod);
		free(yaml);
	}
}

static void test_long_name(void **state)
{
	static const char name[] = "a123456789012345678901234567890123456789012345678901234567890.bc";
	char *yaml =
		text_format("apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec: {containers: [{name: c, "
			    "image: i}]}\n",
			    name);
	struct kube_objects objects = { 0 };
	struct ctr_specs ctrs = { 0 };
	struct pod_spec pod = { 0 };
	struct strv notes = { 0 };

	(void)state;
	manifest_read(yaml, &objects);
	specs_of(objects.v[0].value, &pod, &ctrs, &notes);
	assert_string_equal(pod.name, name);
	assert_int_equal(strlen(pod.hostname), 63);
	kube_objects_free(&objects);
	ctr_specs_free(&ctrs);
	fields_free(&pod_spec_shape, &pod);
	free(yaml);
}

static void test_template(void **state)
{
	struct kube_objects objects = { 0 };
	json_t *pod, *wanted = loads("{'name':'j-pod','labels':{'a':'b'},'namespace':'default'}");

	(void)state;
	manifest_read(
		"apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec:\n  activeDeadlineSeconds: 5\n"
		"  template:\n    metadata: {labels: {a: b}}\n    spec: {restartPolicy: Never, containers: "
		"[{name: c, image: i}]}\n",
		&objects);
	pod = kube_template_pod(&objects.v[0]);
	assert_true(json_equal(json_object_get(pod, "metadata"), wanted));
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(pod, "spec"), "activeDeadlineSeconds")),
		5);
	json_decref(pod);
	json_decref(wanted);
	kube_objects_free(&objects);
}

/* ---- comparing, explaining --------------------------------------------------------------- */

static void test_diff(void **state)
{
	static const char *const lines[] = {
		"metadata.labels.b: <none> -> 2",
		"spec.containers[0].image: a -> b",
		"spec.containers[1]: {\"name\":\"y\",\"image\":\"a\"} -> <none>",
		"spec.containers[1]: <none> -> {\"name\":\"z\",\"image\":\"a\"}",
		"spec.tty: true -> false",
	};
	json_t *from = loads(
		"{'metadata':{'labels':{'a':'1'}},'spec':{'containers':[{'name':'x','image':'a'},{'name':"
		"'y','image':'a'}],'tty':true}}");
	json_t *to = loads(
		"{'metadata':{'labels':{'b':'2','a':'1'}},'spec':{'containers':[{'name':'x','image':'b'},{"
		"'name':'z','image':'a'}],'tty':false}}");
	struct strv found = { 0 };

	(void)state;
	kube_diff(from, from, &found);
	assert_int_equal(found.n, 0);
	kube_diff(from, to, &found);
	assert_int_equal(found.n, sizeof(lines) / sizeof(*lines));
	for (size_t i = 0; i < found.n; i++)
		assert_string_equal(found.v[i], lines[i]);
	strv_free(&found);
	json_decref(from);
	json_decref(to);
}

static void test_explain(void **state)
{
	static const struct {
		const char *path;
		bool recursive;
		const char *text; /* is in what is printed; or the error */
		bool good;
	} rows[] = {
		{ "pod", false, "KIND:       Pod\nVERSION:    v1\n\nDESCRIPTION:\n    Containers that share",
		  true },
		{ "pods.spec.containers", false,
		  "FIELD: containers <[]Container>\n\n\nDESCRIPTION:\n    The containers of the "
		  "pod: at "
		  "least one.\n    A container of the pod.\n\nFIELDS:\n  args\t<[]string>\n    Replaces",
		  true },
		{ "po.spec.containers.imagePullPolicy", false,
		  "FIELD: imagePullPolicy <string>\nENUM:\n    Always\n    IfNotPresent\n    "
		  "Never\n\nDESCRIPTION:\n",
		  true },
		{ "pod.spec.nodeSelector", false,
		  "    Accepted and kept, without effect here: there is no cluster to schedule in.\n", true },
		{ "pod.spec.containers.livenessProbe.grpc", false,
		  "    Not supported here: use exec, httpGet or tcpSocket.\n", true },
		{ "pod.spec.restartPolicy", false, "    Default: Always.\n", true },
		{ "deploy.spec", false, "GROUP:      apps\nKIND:       Deployment\nVERSION:    v1\n\n",
		  true },
		{ "Pod", true, "\n    containers\t<[]Container> -required-\n      args\t<[]string>\n", true },
		{ "pod.spec.volumes.hostPath", false,
		  "  type\t<string>\n  enum: \"\", BlockDevice, CharDevice, Directory, ....\n    What must "
		  "be there",
		  true },
		{ "foo", false, "the server doesn't have a resource type \"foo\"", false },
		{ "pod.spec.foo", false, "field \"foo\" does not exist", false },
		{ "pod.spec.hostname.x", false, "field \"x\" does not exist", false },
		{ "svc", false, "kind \"Service\" is not supported here: publish ports with hostPort",
		  false },
		{ "", false, "the server doesn't have a resource type \"\"", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf text = { 0 };
		struct err err = { 0 };
		int code = kube_explain(rows[i].path, rows[i].recursive, &text, &err);

		assert_int_equal(code, rows[i].good ? 0 : -EINVAL);
		if (!strstr(rows[i].good ? text.data : err.text, rows[i].text))
			fail_msg("%s says %s", rows[i].path, rows[i].good ? text.data : err.text);
		buf_free(&text);
	}
}

/* ---- real manifests ---------------------------------------------------------------------- */

/* Decoded, written, read again: the same, and the same is asked of a pod. */
static void check_again(const struct kube_object *object)
{
	struct kube_objects again = { 0 };
	struct pod_spec pods[2] = { 0 };
	struct ctr_specs ctrs[2] = { 0 };
	json_t *trees[2] = { manifest_pod(object), NULL };
	struct strv notes = { 0 };
	struct buf yaml = { 0 };
	json_t *exported;

	yaml_write(object->value, &yaml);
	manifest_read(yaml.data, &again);
	assert_int_equal(again.n, 1);
	assert_true(json_equal(object->value, again.v[0].value));
	trees[1] = manifest_pod(&again.v[0]);
	for (int i = 0; i < 2; i++)
		specs_of(trees[i], &pods[i], &ctrs[i], &notes);
	assert_true(ctrs[0].n > 0);
	assert_int_equal(ctrs[0].n, ctrs[1].n);
	assert_true(fields_equal(&pod_spec_shape, &pods[0], &pods[1]));
	for (size_t i = 0; i < ctrs[0].n; i++)
		assert_true(fields_equal(&ctr_spec_shape, &ctrs[0].v[i], &ctrs[1].v[i]));
	exported = kube_export(&pods[0], &ctrs[0], &notes); /* what was played is generated again */
	assert_true(json_equal(exported, trees[0]));
	json_decref(exported);
	for (int i = 0; i < 2; i++) {
		fields_free(&pod_spec_shape, &pods[i]);
		ctr_specs_free(&ctrs[i]);
		json_decref(trees[i]);
	}
	strv_free(&notes);
	buf_free(&yaml);
	kube_objects_free(&again);
}

static void test_manifests(void **state)
{
	glob_t found;
	int good = 0;

	(void)state;
	if (!manifest_glob(&found))
		skip();
	for (size_t i = 0; i < found.gl_pathc; i++) {
		char *text = manifest_file(found.gl_pathv[i]);
		struct kube_objects objects = { 0 };
		struct diags diags = { 0 };

		if (strstr(found.gl_pathv[i], "/bad-")) {
			assert_int_equal(kube_read(text, strlen(text), NULL, &objects, &diags), -EINVAL);
			assert_true(diags.n > 0);
		} else {
			print_message("%s\n", found.gl_pathv[i]);
			manifest_read(text, &objects);
			assert_int_equal(objects.n, 1);
			check_again(&objects.v[0]);
			good++;
		}
		diags_free(&diags);
		kube_objects_free(&objects);
		free(text);
	}
	assert_true(good > 0);
	globfree(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults), cmocka_unit_test(test_others),
		cmocka_unit_test(test_warnings), cmocka_unit_test(test_specs),
		cmocka_unit_test(test_pull),	 cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_template), cmocka_unit_test(test_diff),
		cmocka_unit_test(test_explain),	 cmocka_unit_test(test_manifests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
