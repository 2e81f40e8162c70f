/*
 * kube_read: what is wrong with a manifest, in Kubernetes' words and at its place.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spec/kube.h"

/* Lines 1 to 7; what a row adds begins in line 8. */
#define POD                                                                                                  \
	"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    image: i\n"
#define LABEL                                                                                                \
	"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "    \
	"start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for "       \
	"validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
#define SUBDOMAIN                                                                                            \
	"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "    \
	"and must start and end with an alphanumeric character (e.g. 'example.com', regex used for "         \
	"validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
#define QUANTITY "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

/* error: every one that is noted, "LINE:COLUMN: TEXT", one a line; NULL: the manifest is good. */
struct row {
	const char *yaml;
	const char *error;
};

static char *errors_of(const char *yaml, const struct kube_options *options)
{
	struct kube_objects objects = { 0 };
	struct diags diags = { 0 };
	struct buf text = { 0 };
	int code = kube_read(yaml, strlen(yaml), options, &objects, &diags);

	assert_int_equal(code, diags.n ? -EINVAL : 0);
	for (size_t i = 0; i < diags.n; i++)
		buf_format(&text, "%s%d:%d: %s", i ? "\n" : "", diags.v[i].line, diags.v[i].column,
			   diags.v[i].text);
	kube_objects_free(&objects);
	diags_free(&diags);
	return text.data;
}

static void check_rows(const struct row *rows, size_t n)
{
	int wrong = 0;

	for (size_t i = 0; i < n; i++) {
		const char *error = rows[i].error ? rows[i].error : "";
		char *text = errors_of(rows[i].yaml, NULL);

		if (strcmp(text ? text : "", error)) {
			print_message("%s\nexpected: %s\ngot:      %s\n\n", rows[i].yaml, error,
				      text ? text : "");
			wrong++;
		}
		free(text);
	}
	assert_int_equal(wrong, 0);
}

#define CHECK(rows) check_rows(rows, sizeof(rows) / sizeof(*(rows)))

static void test_documents(void **state)
{
	static const struct row rows[] = {
		{ POD, NULL },
		{ "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"p\"}, \"spec\": "
		  "{\"containers\": [{\"name\": \"c\", \"image\": \"i\", \"tty\": true}]}}\n",
		  NULL },
		{ "# nothing\n", "0:0: no objects in it" },
		{ "apiVersion: v1\n", "1:1: Object 'Kind' is missing" },
		{ "kind: Pod\n", "1:1: Object 'apiVersion' is missing" },
		{ "- a\n",
		  "1:1: json: cannot unmarshal array: an object with apiVersion and kind is expected" },
		{ "apiVersion: v1\nkind: Pot\n", "2:7: no matches for kind \"Pot\" in version \"v1\"" },
		{ "apiVersion: v2\nkind: Pod\n", "2:7: no matches for kind \"Pod\" in version \"v2\"" },
		{ "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n",
		  "2:7: kind \"Service\" is not supported here: publish ports with hostPort" },
		{ "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: "
		  "a}}\n"
		  "- {apiVersion: v1, kind: ConfigMap, metadata: {}}\n",
		  "5:47: metadata.name: Required value: name or generateName is required" },
		{ POD "---\n" POD,
		  "11:18: metadata.name: Duplicate value: \"p\": another Pod of the file has it" },
	};

	(void)state;
	CHECK(rows);
}

static void test_skip(void **state)
{
	static const char text[] = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n---\n"
				   "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: x}\n---\n" POD;
	struct kube_options options = { .skip_unsupported = true };
	struct kube_objects objects = { 0 };
	struct diags diags = { 0 };

	(void)state;
	assert_int_equal(kube_read(text, strlen(text), &options, &objects, &diags), 0);
	assert_int_equal(objects.n, 1);
	assert_int_equal(objects.warnings.n, 2);
	assert_string_equal(objects.warnings.v[0],
			    "Service web is passed over: not supported here: publish ports with hostPort");
	assert_string_equal(objects.warnings.v[1], "Thing x is passed over: not supported here");
	kube_objects_free(&objects);
}

static void test_decoding(void **state)
{
	static const struct row rows[] = {
		{ POD "  foo: 1\n", "8:3: strict decoding error: unknown field \"spec.foo\"" },
		{ POD "    foo: 1\n    ports:\n    - containerPort: 80\n      hostport: 1\n",
		  "11:7: strict decoding error: unknown field \"spec.containers[0].ports[0].hostport\"\n"
		  "8:5: strict decoding error: unknown field \"spec.containers[0].foo\"" },
		{ "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nSpec: {}\n",
		  "4:1: strict decoding error: unknown field \"Spec\"\n1:1: spec: Required value" },
		{ POD "    env:\n    - {name: A, value: 1}\n",
		  "9:24: json: cannot unmarshal number into Go struct field "
		  "EnvVar.spec.containers.env.value of type string" },
		{ POD "    env:\n    - {name: A, value: yes}\n",
		  "9:24: json: cannot unmarshal bool into Go struct field "
		  "EnvVar.spec.containers.env.value of type string" },
		{ POD "    command: ls\n", "8:14: json: cannot unmarshal string into Go struct field "
					   "Container.spec.containers.command of type []string" },
		{ POD "    args: [1]\n", "8:12: json: cannot unmarshal number into Go struct field "
					 "Container.spec.containers.args of type string" },
		{ POD "    ports: [{containerPort: \"80\"}]\n",
		  "8:29: json: cannot unmarshal string into Go struct field "
		  "ContainerPort.spec.containers.ports.containerPort of type int32" },
		{ POD "    ports: [{containerPort: 99999999999}]\n",
		  "8:29: json: cannot unmarshal number into Go struct field "
		  "ContainerPort.spec.containers.ports.containerPort of type int32" },
		{ POD "    tty: \"true\"\n", "8:10: json: cannot unmarshal string into Go struct field "
					     "Container.spec.containers.tty of type bool" },
		{ POD "  securityContext: 5\n",
		  "8:20: json: cannot unmarshal number into Go struct field "
		  "PodSpec.spec.securityContext of type v1.PodSecurityContext" },
		{ POD "  volumes: {}\n", "8:12: json: cannot unmarshal object into Go struct field "
					 "PodSpec.spec.volumes of type []v1.Volume" },
		{ "apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {a: 1}}\nspec: {containers: "
		  "[{name: c, "
		  "image: i}]}\n",
		  "3:33: json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of "
		  "type "
		  "string" },
		{ POD "    livenessProbe:\n      grpc: {port: 1}\n",
		  "9:13: spec.containers[0].livenessProbe.grpc: Forbidden: not supported here: use exec, "
		  "httpGet or tcpSocket" },
		{ POD "  ephemeralContainers: []\n",
		  "8:24: spec.ephemeralContainers: Forbidden: not supported "
		  "here: use `debug` on the running pod" },
		{ POD "  volumes:\n  - name: v\n    nfs: {server: a, path: /}\n",
		  "10:10: spec.volumes[0].nfs: Forbidden: not supported here: emptyDir, hostPath, configMap, "
		  "secret, projected, downwardAPI and persistentVolumeClaim are there" },
		{ POD "    command: [null]\n    resources: {limits: {cpu: null}}\n    env: [null]\n",
		  "10:11: spec.containers[0].env[0].name: Required value" },
		{ POD "  restartPolicy:\n  nodeName: null\n", NULL },
		{ "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: 1}\n",
		  "4:11: json: cannot unmarshal number into Go struct field ConfigMap.data of type "
		  "string" },
		{ "apiVersion: v1\nkind: Secret\nmetadata: {name: c}\ndata: {a: YQ==, b: YQ, c: \"?\"}\n",
		  "4:20: data[b]: illegal base64 data\n4:27: data[c]: illegal base64 data" },
	};

	(void)state;
	CHECK(rows);
}

static void test_names(void **state)
{
	static const struct row rows[] = {
		{ "apiVersion: v1\nkind: Pod\nmetadata: {}\nspec: {containers: []}\n",
		  "4:20: spec.containers: Required value\n"
		  "3:11: metadata.name: Required value: name or generateName is required" },
		{ "apiVersion: v1\nkind: Pod\nmetadata: {name: My_Pod}\nspec: {containers: [{name: C, image: "
		  "i}]}\n",
		  "4:28: spec.containers[0].name: Invalid value: \"C\": " LABEL
		  "\n3:18: metadata.name: Invalid value: \"My_Pod\": " SUBDOMAIN },
		{ POD "  - name: c\n", "8:5: spec.containers[1].image: Required value\n"
				       "8:11: spec.containers[1].name: Duplicate value: \"c\"" },
		{ POD "  initContainers: [{name: c, image: i}]\n",
		  "6:11: spec.containers[0].name: Duplicate value: \"c\"" },
		{ "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  labels: {a b: c, x/: z, ok: -}\n"
		  "spec: {containers: [{name: c, image: i}]}\n",
		  "5:11: metadata.labels: Invalid value: \"a b\": name part must consist of alphanumeric "
		  "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. "
		  "'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
		  "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')\n"
		  "5:11: metadata.labels: Invalid value: \"x/\": name part must be non-empty\n"
		  "5:11: metadata.labels: Invalid value: \"-\": a valid label must be an empty string or "
		  "consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
		  "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for "
		  "validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')" },
		{ "apiVersion: v1\nkind: Pod\nmetadata: {generateName: p-, annotations: {A/b: c, \"\": "
		  "d}}\nspec: "
		  "{containers: [{name: c, image: i}]}\n",
		  "3:11: metadata.name: Required value: no names are made up here: give one instead of "
		  "generateName\n"
		  "3:43: metadata.annotations: Invalid value: \"\": name part must be non-empty" },
		{ "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: x}\nbinaryData: {a: "
		  "eA==}\n",
		  "5:17: binaryData[a]: Invalid value: \"a\": duplicate of key present in data" },
		{ "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {/a: b, _/a: b}}\n",
		  "3:29: metadata.labels: Invalid value: \"/a\": prefix part must be non-empty\n"
		  "3:29: metadata.labels: Invalid value: \"_/a\": prefix part " SUBDOMAIN },
		{ POD "    env: [{name: \"A=B\", value: c}, {value: c}]\n",
		  "8:18: spec.containers[0].env[0].name: Invalid value: \"A=B\": a valid environment "
		  "variable "
		  "name must consist only of printable ASCII characters other than '='\n"
		  "8:36: spec.containers[0].env[1].name: Required value" },
		{ "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a/b: x}\n",
		  "4:13: data[a/b]: Invalid value: \"a/b\": a valid config key must consist of alphanumeric "
		  "characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used "
		  "for validation is '[-._a-zA-Z0-9]+')" },
	};

	(void)state;
	CHECK(rows);
}

static void test_ports(void **state)
{
	static const struct row rows[] = {
		{ POD "    ports: [{containerPort: 70000}, {hostPort: 1}]\n",
		  "8:29: spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 "
		  "and "
		  "65535, inclusive\n"
		  "8:37: spec.containers[0].ports[1].containerPort: Required value" },
		{ POD "    ports: [{containerPort: 0}, {containerPort: 1, hostPort: 0}]\n",
		  "8:29: spec.containers[0].ports[0].containerPort: Required value" },
		{ POD "    ports: [{name: a, containerPort: 1}, {name: a, containerPort: 2}]\n",
		  "8:49: spec.containers[0].ports[1].name: Duplicate value: \"a\"" },
		{ POD "    ports: [{containerPort: 1, hostPort: 8}, {containerPort: 2, hostPort: 8}]\n",
		  "8:75: spec.containers[0].ports[1].hostPort: Duplicate value: \"TCP//8\"" },
		{ POD
		  "    ports: [{containerPort: 1, hostPort: 8}, {containerPort: 2, hostPort: 8, protocol: "
		  "UDP}]\n",
		  NULL },
		{ POD "    ports: [{containerPort: 1, protocol: SCTP, hostIP: x, name: 9}]\n",
		  "8:65: json: cannot unmarshal number into Go struct field "
		  "ContainerPort.spec.containers.ports.name of type string\n"
		  "8:56: spec.containers[0].ports[0].hostIP: Invalid value: \"x\": must be a valid IP "
		  "address, "
		  "(e.g. 10.9.8.7 or 2001:db8::ffff)\n"
		  "8:42: spec.containers[0].ports[0].protocol: Unsupported value: \"SCTP\": supported "
		  "values: "
		  "\"TCP\", \"UDP\"" },
		{ POD "    ports: [{containerPort: 1, hostPort: 8}]\n  hostNetwork: true\n",
		  "8:29: spec.containers[0].ports[0].containerPort: Invalid value: 1: must match `hostPort` "
		  "when "
		  "`hostNetwork` is true" },
		{ POD "    ports: [{containerPort: 1}]\n  hostNetwork: true\n", NULL },
		{ POD "    ports: [{containerPort: 1, name: a--b}, {containerPort: 2, name: -a}, "
		      "{containerPort: 3, "
		      "name: \"12\"}, {containerPort: 4, name: abcdefghijklmnop}]\n",
		  "8:38: spec.containers[0].ports[0].name: Invalid value: \"a--b\": must not contain "
		  "consecutive "
		  "hyphens\n"
		  "8:70: spec.containers[0].ports[1].name: Invalid value: \"-a\": must not begin or end with "
		  "a hyphen\n"
		  "8:100: spec.containers[0].ports[2].name: Invalid value: \"12\": must contain at least one "
		  "letter "
		  "(a-z)\n"
		  "8:132: spec.containers[0].ports[3].name: Invalid value: \"abcdefghijklmnop\": must be no "
		  "more than "
		  "15 characters" },
		{ POD "    ports: [{containerPort: 1, name: Web}]\n",
		  "8:38: spec.containers[0].ports[0].name: Invalid value: \"Web\": must contain only "
		  "alpha-numeric characters (a-z, 0-9), and hyphens (-)" },
	};

	(void)state;
	CHECK(rows);
}

static void test_volumes(void **state)
{
	static const struct row rows[] = {
		{ POD "    volumeMounts: [{name: v, mountPath: /v}]\n",
		  "8:27: spec.containers[0].volumeMounts[0].name: Not found: \"v\"" },
		{ POD "    volumeMounts:\n    - {name: v, mountPath: /v, subPath: a/../b}\n"
		      "    - {name: v, mountPath: /v, subPath: /a}\n    - {name: v, mountPath: w}\n"
		      "  volumes: [{name: v, emptyDir: {}}]\n",
		  "9:41: spec.containers[0].volumeMounts[0].subPath: Invalid value: \"a/../b\": must not "
		  "contain "
		  "'..'\n"
		  "10:41: spec.containers[0].volumeMounts[1].subPath: Invalid value: \"/a\": must be a "
		  "relative "
		  "path\n"
		  "11:28: spec.containers[0].volumeMounts[2].mountPath: Invalid value: \"w\": must be an "
		  "absolute "
		  "path\n"
		  "10:28: spec.containers[0].volumeMounts[1].mountPath: Invalid value: \"/v\": must be "
		  "unique" },
		{ POD "  volumes: [{name: v}, {name: v, emptyDir: {}}]\n",
		  "8:31: spec.volumes[1].name: Duplicate value: \"v\"" },
		{ POD "  volumes: [{name: v, emptyDir: {}, hostPath: {path: /}}]\n",
		  "8:47: spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type" },
		{ POD "  volumes: [{name: v, hostPath: {path: /a/../b, type: Dir}}]\n",
		  "8:55: spec.volumes[0].hostPath.type: Unsupported value: \"Dir\": supported values: \"\", "
		  "\"BlockDevice\", \"CharDevice\", \"Directory\", \"DirectoryOrCreate\", \"File\", "
		  "\"FileOrCreate\", \"Socket\"\n"
		  "8:40: spec.volumes[0].hostPath.path: Invalid value: \"/a/../b\": must not contain '..'" },
		{ POD "  volumes: [{name: v, emptyDir: {medium: HugePages}}]\n",
		  "8:42: spec.volumes[0].emptyDir.medium: Unsupported value: \"HugePages\": supported "
		  "values: \"\", "
		  "\"Memory\"" },
		{ POD "  volumes: [{name: v, secret: {secretName: s, defaultMode: 01000}}]\n",
		  "8:60: spec.volumes[0].secret.defaultMode: Invalid value: 512: must be a number between 0 "
		  "and "
		  "0777 (octal), both inclusive" },
		{ POD "  volumes: [{name: v, configMap: {name: c, items: [{key: k, path: ../x}]}}]\n",
		  "8:67: spec.volumes[0].configMap.items[0].path: Invalid value: \"../x\": must not contain "
		  "'..'" },
		{ POD "  volumes: [{name: v, configMap: {name: c, items: [{key: k, path: ..x}]}}]\n",
		  "8:67: spec.volumes[0].configMap.items[0].path: Invalid value: \"..x\": must not start "
		  "with "
		  "'..'" },
		{ POD "  volumes: [{name: v, projected: {sources: [{serviceAccountToken: {}}]}}]\n",
		  "8:67: spec.volumes[0].projected.sources[0].serviceAccountToken: Forbidden: not supported "
		  "here: there is no API server to log in to" },
		{ POD "  volumes: [{name: v, projected: {sources: [{}, {configMap: {name: a, items: [{key: "
		      "k, path: x}]}, "
		      "secret: {name: s, items: [{key: k, path: x}]}}]}}]\n",
		  "8:45: spec.volumes[0].projected.sources[0]: Required value: must specify a volume type\n"
		  "8:49: spec.volumes[0].projected.sources[1]: Forbidden: may not specify more than 1 volume "
		  "type\n"
		  "8:141: spec.volumes[0].projected.sources[1].secret.items[0].path: Invalid value: \"x\": "
		  "conflicting "
		  "duplicate paths" },
		{ POD "  volumes: [{name: v, downwardAPI: {items: [{path: a, fieldRef: {fieldPath: "
		      "metadata.name}, "
		      "resourceFieldRef: {resource: limits.cpu, containerName: c}}]}}]\n",
		  "8:45: spec.volumes[0].downwardAPI.items[0]: Invalid value: \"a\": fieldRef and "
		  "resourceFieldRef can "
		  "not be specified simultaneously" },
		{ POD "  volumes: [{name: v, hostPath: {path: a}}, {name: w, emptyDir: {sizeLimit: -1}}, {}, "
		      "5]\n",
		  "8:87: json: cannot unmarshal number into Go struct field PodSpec.spec.volumes of type "
		  "v1.Volume\n"
		  "8:83: spec.volumes[2].name: Required value\n"
		  "8:40: spec.volumes[0].hostPath.path: Invalid value: \"a\": must be an absolute path\n"
		  "8:77: spec.volumes[1].emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid "
		  "resource "
		  "quantity\n"
		  "8:83: spec.volumes[2]: Required value: must specify a volume type" },
		{ POD "    volumeMounts: [{name: v, mountPath: /v, subPath: a, subPathExpr: b}]\n  volumes: "
		      "[{name: v, "
		      "emptyDir: {}}]\n",
		  "8:70: spec.containers[0].volumeMounts[0].subPathExpr: Invalid value: \"b\": subPathExpr "
		  "and subPath "
		  "are mutually exclusive" },
		{ POD "  volumes: [{name: v, downwardAPI: {items: [{path: a}, {path: b, resourceFieldRef: "
		      "{resource: limits.cpu}}]}}]\n",
		  "8:45: spec.volumes[0].downwardAPI.items[0]: Required value: one of fieldRef and "
		  "resourceFieldRef is required\n"
		  "8:84: spec.volumes[0].downwardAPI.items[1].resourceFieldRef.containerName: Required "
		  "value" },
		{ POD
		  "    volumeMounts: [{name: v, mountPath: /v, recursiveReadOnly: Enabled, mountPropagation: "
		  "Bidirectional}]\n  volumes: [{name: v, emptyDir: {}}]\n",
		  "8:91: spec.containers[0].volumeMounts[0].mountPropagation: Forbidden: Bidirectional mount "
		  "propagation is available only to privileged containers\n"
		  "8:64: spec.containers[0].volumeMounts[0].recursiveReadOnly: Forbidden: may only be "
		  "specified "
		  "when readOnly is true\n"
		  "8:64: spec.containers[0].volumeMounts[0].recursiveReadOnly: Forbidden: may only be "
		  "specified "
		  "when mountPropagation is None or not specified" },
	};

	(void)state;
	CHECK(rows);
}

static void test_env(void **state)
{
	static const struct row rows[] = {
		{ POD "    env: [{name: A, value: x, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]\n",
		  "8:42: spec.containers[0].env[0].valueFrom: Invalid value: \"\": may not be specified when "
		  "`value` is not empty" },
		{ POD "    env: [{name: A, valueFrom: {}}]\n",
		  "8:32: spec.containers[0].env[0].valueFrom: Invalid value: \"\": must specify one of: "
		  "`fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`" },
		{ POD "    env: [{name: A, valueFrom: {fieldRef: {fieldPath: spec.foo}}}]\n",
		  "8:55: spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "
		  "\"spec.foo\": "
		  "error converting fieldPath: field label not supported: spec.foo" },
		{ POD "    env: [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.labels}}}]\n",
		  "8:55: spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "
		  "\"metadata.labels\": supported values: \"metadata.name\", \"metadata.namespace\", "
		  "\"metadata.uid\", \"spec.nodeName\", \"spec.serviceAccountName\", \"status.hostIP\", "
		  "\"status.hostIPs\", \"status.podIP\", \"status.podIPs\"" },
		{ POD
		  "    env: [{name: A, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['app']\"}}}]\n",
		  NULL },
		{ POD
		  "    env: [{name: A, valueFrom: {configMapKeyRef: {name: c}, secretKeyRef: {key: k}}}]\n",
		  "8:50: spec.containers[0].env[0].valueFrom.configMapKeyRef.key: Required value\n"
		  "8:75: spec.containers[0].env[0].valueFrom.secretKeyRef.name: Required value\n"
		  "8:32: spec.containers[0].env[0].valueFrom: Invalid value: \"\": may not have more than "
		  "one "
		  "field specified at a time" },
		{ POD
		  "    env: [{name: A, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['a b']\"}}}]\n",
		  "8:55: spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "
		  "\"metadata.labels['a "
		  "b']\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start "
		  "and end "
		  "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used "
		  "for "
		  "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')" },
		{ POD "    envFrom: [{configMapRef: {name: a}, secretRef: {name: b}}]\n",
		  "8:15: spec.containers[0].envFrom[0]: Invalid value: \"\": may not have more than one "
		  "field "
		  "specified at a time" },
		{ POD "    envFrom: [{prefix: A_}]\n", "8:15: spec.containers[0].envFrom[0]: Invalid value: "
						       "\"\": must specify one of: `configMapRef` "
						       "or `secretRef`" },
		{ POD
		  "    env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.gpu, containerName: "
		  "z}}}]\n",
		  "8:62: spec.containers[0].env[0].valueFrom.resourceFieldRef.resource: Unsupported value: "
		  "\"limits.gpu\": supported values: \"limits.cpu\", \"limits.memory\", \"requests.cpu\", "
		  "\"requests.memory\"\n"
		  "8:89: spec.containers[0].env[0].valueFrom.resourceFieldRef.containerName: Not found: "
		  "\"z\"" },
	};

	(void)state;
	CHECK(rows);
}

static void test_life(void **state)
{
	static const struct row rows[] = {
		{ POD "    livenessProbe: {}\n",
		  "8:20: spec.containers[0].livenessProbe: Required value: must specify a handler type" },
		{ POD "    readinessProbe: {exec: {command: [a]}, tcpSocket: {port: 1}, periodSeconds: -1}\n",
		  "8:81: spec.containers[0].readinessProbe.periodSeconds: Invalid value: -1: must be greater "
		  "than "
		  "or equal to 1\n"
		  "8:55: spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 "
		  "handler type" },
		{ POD "    livenessProbe: {httpGet: {port: web}, successThreshold: 2}\n",
		  "8:37: spec.containers[0].livenessProbe.httpGet.port: Invalid value: \"web\": couldn't "
		  "find port "
		  "with that name in ports\n"
		  "8:61: spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1" },
		{ POD
		  "    livenessProbe: {httpGet: {port: web}}\n    ports: [{name: web, containerPort: 80}]\n",
		  NULL },
		{ POD "    readinessProbe: {exec: {command: [a]}, terminationGracePeriodSeconds: 3}\n",
		  "8:75: spec.containers[0].readinessProbe.terminationGracePeriodSeconds: Invalid value: 3: "
		  "must "
		  "not be set for readinessProbes" },
		{ POD
		  "  initContainers:\n  - name: i\n    image: i\n    livenessProbe: {exec: {command: [a]}}\n",
		  "11:20: spec.initContainers[0].livenessProbe: Forbidden: may not be set for init "
		  "containers "
		  "without restartPolicy=Always" },
		{ POD "  initContainers:\n  - name: i\n    image: i\n    restartPolicy: Always\n    "
		      "livenessProbe: "
		      "{exec: {command: [a]}}\n",
		  NULL },
		{ POD "  initContainers: [{name: i, image: i, restartPolicy: Never}]\n",
		  "8:55: spec.initContainers[0].restartPolicy: Unsupported value: \"Never\": supported "
		  "values: "
		  "\"Always\"" },
		{ POD "    restartPolicy: Always\n", "8:20: spec.containers[0].restartPolicy: Forbidden: may "
						     "not be set for non-init containers" },
		{ POD "    lifecycle: {preStop: {sleep: {seconds: -1}}, stopSignal: SIGUSR1}\n",
		  "8:44: spec.containers[0].lifecycle.preStop.sleep.seconds: Invalid value: -1: must be "
		  "greater "
		  "than or equal to 0\n"
		  "8:62: spec.containers[0].lifecycle.stopSignal: Forbidden: may not be set for containers "
		  "with "
		  "empty `spec.os.name`" },
		{ POD "    lifecycle: {stopSignal: SIGUSR1}\n  os: {name: linux}\n", NULL },
		{ POD
		  "  restartPolicy: Sometimes\n  terminationGracePeriodSeconds: -1\n  activeDeadlineSeconds: "
		  "0\n",
		  "8:18: spec.restartPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\", "
		  "\"OnFailure\", \"Never\"\n"
		  "9:34: spec.terminationGracePeriodSeconds: Invalid value: -1: must be greater than or "
		  "equal to "
		  "0\n"
		  "10:26: spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, "
		  "inclusive" },
	};

	(void)state;
	CHECK(rows);
}

static void test_resources(void **state)
{
	static const struct row rows[] = {
		{ POD "    resources: {limits: {cpu: 1K}}\n",
		  "8:31: spec.containers[0].resources.limits[cpu]: Invalid value: \"1K\": " QUANTITY },
		{ POD "    resources: {limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 1500m, memory: 1G}}\n",
		  "8:58: spec.containers[0].resources.requests: Invalid value: \"1500m\": must be less than "
		  "or "
		  "equal to cpu limit of 1" },
		{ POD "    resources: {limits: {memory: 99999E}, requests: {memory: 10E}}\n",
		  "8:34: spec.containers[0].resources.limits[memory]: Invalid value: \"99999E\": is too "
		  "large\n"
		  "8:62: spec.containers[0].resources.requests[memory]: Invalid value: \"10E\": is too "
		  "large" },
		{ POD "    resources: {limits: {memory: 2E}, requests: {memory: 3E}}\n",
		  "8:49: spec.containers[0].resources.requests: Invalid value: \"3E\": must be less than or "
		  "equal to "
		  "memory limit of 2E" },
		{ POD "    resources: {limits: {cpu: [1]}, requests: []}\n",
		  "8:31: json: cannot unmarshal array into Go struct field "
		  "ResourceRequirements.spec.containers.resources.limits of type resource.Quantity\n"
		  "8:47: json: cannot unmarshal array into Go struct field "
		  "ResourceRequirements.spec.containers.resources.requests of type v1.ResourceList" },
		{ POD "    resources: {limits: {nvidia.com/gpu: 1}, requests: {memory: -1}}\n",
		  "8:42: spec.containers[0].resources.limits[nvidia.com/gpu]: Forbidden: not supported here: "
		  "cpu "
		  "and memory are there\n"
		  "8:65: spec.containers[0].resources.requests[memory]: Invalid value: \"-1\": must be "
		  "greater "
		  "than or equal to 0" },
	};

	(void)state;
	CHECK(rows);
}

static void test_security(void **state)
{
	static const struct row rows[] = {
		{ POD "    securityContext: {runAsNonRoot: true, runAsUser: 0}\n",
		  "8:54: spec.containers[0].securityContext.runAsUser: Invalid value: 0: container's "
		  "runAsUser "
		  "breaks non-root policy" },
		{ POD "    securityContext: {runAsUser: -1, capabilities: {add: [NET_ADMIN, CAP_FOO]}}\n",
		  "8:34: spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 "
		  "and "
		  "2147483647, inclusive\n"
		  "8:70: spec.containers[0].securityContext.capabilities.add[1]: Invalid value: \"CAP_FOO\": "
		  "must "
		  "be the name of a capability without CAP_, such as NET_ADMIN (capabilities(7))" },
		{ POD "    securityContext: {privileged: true, allowPrivilegeEscalation: false}\n",
		  "8:22: spec.containers[0].securityContext: Invalid value: "
		  "{\"privileged\":true,\"allowPrivilegeEscalation\":false}: cannot set "
		  "`allowPrivilegeEscalation` to false and `privileged` to true" },
		{ POD "    securityContext: {seccompProfile: {type: Localhost, localhostProfile: a}}\n",
		  "8:75: spec.containers[0].securityContext.seccompProfile.localhostProfile: Forbidden: not "
		  "supported here: RuntimeDefault and Unconfined are there\n"
		  "8:46: spec.containers[0].securityContext.seccompProfile.type: Unsupported value: "
		  "\"Localhost\": "
		  "supported values: \"RuntimeDefault\", \"Unconfined\"" },
		{ POD "    securityContext: {allowPrivilegeEscalation: false, capabilities: {add: "
		      "[SYS_ADMIN]}}\n",
		  "8:22: spec.containers[0].securityContext: Invalid value: "
		  "{\"capabilities\":{\"add\":[\"SYS_ADMIN\"]},\"allowPrivilegeEscalation\":false}: cannot "
		  "set "
		  "`allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN" },
		{ POD "  securityContext: {sysctls: [{name: kernel.sem, value: \"1\"}, {name: kernel.sem, "
		      "value: \"2\"}]}\n",
		  "8:70: spec.securityContext.sysctls[1].name: Duplicate value: \"kernel.sem\"" },
		{ POD "    securityContext: {seLinuxOptions: {level: a}}\n",
		  "8:39: spec.containers[0].securityContext.seLinuxOptions: Forbidden: not supported here: "
		  "containers are not labelled for SELinux" },
		{ POD "  securityContext: {sysctls: [{name: kernel.panic, value: \"1\"}]}\n",
		  "8:38: spec.securityContext.sysctls[0].name: Invalid value: \"kernel.panic\": forbidden "
		  "sysctl: "
		  "only those of a network or IPC namespace: net.*, kernel.msg*, kernel.sem, kernel.shm*, "
		  "fs.mqueue.*" },
		{ POD
		  "  securityContext: {sysctls: [{name: net.core.somaxconn, value: \"1\"}]}\n  hostNetwork: "
		  "true\n",
		  "8:38: spec.securityContext.sysctls[0].name: Invalid value: \"net.core.somaxconn\": may "
		  "not be "
		  "specified when 'hostNetwork' is true" },
		{ POD "  hostUsers: false\n",
		  "8:14: spec.hostUsers: Unsupported value: false: supported values: true" },
	};

	(void)state;
	CHECK(rows);
}

static void test_network(void **state)
{
	static const struct row rows[] = {
		{ POD "  dnsPolicy: None\n",
		  "5:3: spec.dnsConfig.nameservers: Required value: must provide at "
		  "least one DNS nameserver when `dnsPolicy` is None" },
		{ POD "  dnsConfig: {nameservers: [1.1.1.1, x, 1.1.1.2, 1.1.1.3]}\n",
		  "8:38: spec.dnsConfig.nameservers[1]: Invalid value: \"x\": must be a valid IP address, "
		  "(e.g. "
		  "10.9.8.7 or 2001:db8::ffff)\n"
		  "8:28: spec.dnsConfig.nameservers: Invalid value: "
		  "[\"1.1.1.1\",\"x\",\"1.1.1.2\",\"1.1.1.3\"]: "
		  "must not have more than 3 nameservers" },
		{ POD "  dnsConfig: {searches: [a.b., ., \"a\\nb\"], options: [{name: \"a b\"}]}\n",
		  "8:35: spec.dnsConfig.searches[2]: Invalid value: \"a\\nb\": " SUBDOMAIN
		  "\n8:61: spec.dnsConfig.options[0].name: Invalid value: \"a b\": must not contain blanks "
		  "or "
		  "control characters" },
		{ POD "  hostAliases: [{ip: 1.2.3, hostnames: [A]}]\n",
		  "8:22: spec.hostAliases[0].ip: Invalid value: \"1.2.3\": must be a valid IP address, (e.g. "
		  "10.9.8.7 or 2001:db8::ffff)\n"
		  "8:41: spec.hostAliases[0].hostnames[0]: Invalid value: \"A\": " SUBDOMAIN },
		{ POD "  hostPID: true\n  shareProcessNamespace: true\n",
		  "9:26: spec.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID "
		  "cannot "
		  "both be enabled" },
	};

	(void)state;
	CHECK(rows);
}

#define TEMPLATE                                                                                             \
	"  template:\n    metadata: {labels: {app: a}}\n    spec:\n      containers: [{name: c, image: "     \
	"i}]\n"

static void test_workloads(void **state)
{
	static const struct row rows[] = {
		{ "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  replicas: 3\n  "
		  "selector: "
		  "{matchLabels: {app: b}}\n" TEMPLATE "      restartPolicy: Never\n",
		  "5:13: spec.replicas: Forbidden: not supported here: one pod is made, so only 1 can be "
		  "asked "
		  "for\n"
		  "8:24: spec.template.metadata.labels: Invalid value: {\"app\":\"a\"}: `selector` does not "
		  "match "
		  "template `labels`\n"
		  "11:22: spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: "
		  "\"Always\"" },
		{ "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  replicas: -1\n  "
		  "selector: {}\n" TEMPLATE "      activeDeadlineSeconds: 4\n",
		  "5:13: spec.replicas: Invalid value: -1: must be greater than or equal to 0\n"
		  "6:13: spec.selector: Invalid value: {}: empty selector is invalid for deployment\n"
		  "11:30: spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in "
		  "Deployment is "
		  "not Supported" },
		{ "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n" TEMPLATE,
		  "5:3: spec.selector: Required value" },
		{ "apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec:\n" TEMPLATE,
		  "8:7: spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", "
		  "\"Never\"" },
		{ "apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec:\n  completions: 2\n" TEMPLATE
		  "      restartPolicy: OnFailure\n      foo: 1\n",
		  "11:7: strict decoding error: unknown field \"spec.template.spec.foo\"\n"
		  "5:16: spec.completions: Forbidden: not supported here: one pod is made, so only 1 can be "
		  "asked "
		  "for" },
		{ "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c}\nspec:\n  accessModes: "
		  "[ReadWriteOnce]\n  resources: {requests: {storage: 1Gi}}\n",
		  NULL },
	};

	(void)state;
	CHECK(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_documents), cmocka_unit_test(test_skip),
		cmocka_unit_test(test_decoding),  cmocka_unit_test(test_names),
		cmocka_unit_test(test_ports),	  cmocka_unit_test(test_volumes),
		cmocka_unit_test(test_env),	  cmocka_unit_test(test_life),
		cmocka_unit_test(test_resources), cmocka_unit_test(test_security),
		cmocka_unit_test(test_network),	  cmocka_unit_test(test_workloads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
