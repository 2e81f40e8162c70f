/*
 * kube_fields_env: the rows of a container's variables. Lesson 21.
 */
#include "spec/kube_fields.h"

static const struct kube_field key_fields[] = {
	{ "name", KUBE_STRING, .help = "The object's name.", .required = true, .check = kube_word_subdomain },
	{ "key", KUBE_STRING, .help = "The key in it.", .required = true, .check = kube_word_key },
	{ "optional", KUBE_BOOL, .help = "A missing object or key is no error." },
	{ 0 },
};
static const struct kube_struct map_key = { "ConfigMapKeySelector", "A key of a ConfigMap.", key_fields };
static const struct kube_struct secret_key = { "SecretKeySelector", "A key of a Secret.", key_fields };

static const struct kube_field field_ref_fields[] = {
	{ "fieldPath", KUBE_STRING,
	  .help = "metadata.name, namespace, uid, labels['x'], annotations['x']; variables also "
		  "spec.nodeName, "
		  "spec.serviceAccountName, status.podIP, status.hostIP.",
	  .required = true },
	{ "apiVersion", KUBE_STRING, .help = "v1", .fallback = "v1", .allowed = "v1" },
	{ 0 },
};
const struct kube_struct kube_field_ref = { "ObjectFieldSelector", "Something that the pod says.",
					    field_ref_fields };

static const struct kube_field resource_ref_fields[] = {
	{ "containerName", KUBE_STRING, .help = "Of which container; a variable's own where it is silent." },
	{ "resource", KUBE_STRING, .help = "limits.cpu, limits.memory, requests.cpu or requests.memory.",
	  .required = true, .allowed = "limits.cpu|limits.memory|requests.cpu|requests.memory" },
	{ "divisor", KUBE_QUANTITY, .help = "The unit that it is told in.", .fallback = "0" },
	{ 0 },
};
const struct kube_struct kube_resource_ref = { "ResourceFieldSelector", "A limit or request.",
					       resource_ref_fields };

static const struct kube_field source_fields[] = {
	{ "configMapKeyRef", KUBE_OBJECT, .help = "A key of a ConfigMap.", .of = &map_key },
	{ "secretKeyRef", KUBE_OBJECT, .help = "A key of a Secret.", .of = &secret_key },
	{ "fieldRef", KUBE_OBJECT, .help = "Something that the pod says.", .of = &kube_field_ref },
	{ "resourceFieldRef", KUBE_OBJECT, .help = "A limit or request of a container.",
	  .of = &kube_resource_ref },
	{ "fileKeyRef", KUBE_ANY, .help = "A key of a file in a volume.", .support = KUBE_REFUSED,
	  .why = "files are not read for variables" },
	{ 0 },
};
static const struct kube_struct source = { "EnvVarSource", "Where a value comes from.", source_fields };

static const struct kube_field env_fields[] = {
	{ "name", KUBE_STRING, .help = "The variable.", .required = true, .check = kube_word_env },
	{ "value", KUBE_STRING, .help = "Its value; $(NAME) is that of a variable above it." },
	{ "valueFrom", KUBE_OBJECT, .help = "Where its value comes from.", .of = &source },
	{ 0 },
};
const struct kube_struct kube_env = { "EnvVar", "A variable of the environment.", env_fields };

static const struct kube_field object_fields[] = {
	{ "name", KUBE_STRING, .help = "The object's name.", .required = true, .check = kube_word_subdomain },
	{ "optional", KUBE_BOOL, .help = "A missing object is no error." },
	{ 0 },
};
static const struct kube_struct map_object = { "ConfigMapEnvSource", "A ConfigMap.", object_fields };
static const struct kube_struct secret_object = { "SecretEnvSource", "A Secret.", object_fields };

static const struct kube_field env_from_fields[] = {
	{ "prefix", KUBE_STRING, .help = "In front of each name.", .check = kube_word_prefix },
	{ "configMapRef", KUBE_OBJECT, .help = "A ConfigMap.", .of = &map_object },
	{ "secretRef", KUBE_OBJECT, .help = "A Secret.", .of = &secret_object },
	{ 0 },
};
const struct kube_struct kube_env_from = { "EnvFromSource", "Every key of an object as a variable.",
					   env_from_fields };
