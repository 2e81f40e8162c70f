/*
 * kube_fields_pod: the rows of Pod, its metadata and its spec. Lesson 21.
 */
#include "spec/kube_fields.h"

#define CLUSTER "there is no cluster to schedule in"

static const struct kube_field metadata_fields[] = {
	{ "name", KUBE_STRING, .help = "The name, unique among objects of its kind." },
	{ "generateName", KUBE_STRING,
	  .help = "Prefix from which a cluster makes up a name. Give a name here.", .support = KUBE_SILENT },
	{ "namespace", KUBE_STRING, .help = "Kept; there is one space of names here.", .fallback = "default",
	  .check = kube_word_label },
	{ "labels", KUBE_TEXTS, .help = "Names and values that objects are selected by." },
	{ "annotations", KUBE_TEXTS, .help = "Names and values for tools and people." },
	{ "uid", KUBE_STRING, .help = "Written by a cluster.", .support = KUBE_DROPPED },
	{ "creationTimestamp", KUBE_ANY, .help = "Written by a cluster.", .support = KUBE_DROPPED },
	{ "deletionTimestamp", KUBE_ANY, .help = "Written by a cluster.", .support = KUBE_DROPPED },
	{ "deletionGracePeriodSeconds", KUBE_ANY, .help = "Written by a cluster.", .support = KUBE_DROPPED },
	{ "resourceVersion", KUBE_ANY, .help = "Written by a cluster.", .support = KUBE_DROPPED },
	{ "generation", KUBE_ANY, .help = "Written by a cluster.", .support = KUBE_DROPPED },
	{ "selfLink", KUBE_ANY, .help = "Written by a cluster.", .support = KUBE_DROPPED },
	{ "managedFields", KUBE_ANY, .help = "Written by a cluster.", .support = KUBE_DROPPED },
	{ "ownerReferences", KUBE_ANY, .help = "Written by a cluster.", .support = KUBE_DROPPED },
	{ "finalizers", KUBE_ANY, .help = "Written by a cluster.", .support = KUBE_DROPPED },
	{ 0 },
};
const struct kube_struct kube_metadata = { "ObjectMeta", "What an object is called and marked with.",
					   metadata_fields };

static const struct kube_field host_alias_fields[] = {
	{ "ip", KUBE_STRING, .help = "The address.", .required = true, .check = kube_word_address },
	{ "hostnames", KUBE_STRINGS, .help = "The names for it.", .check = kube_word_subdomain },
	{ 0 },
};
static const struct kube_struct host_alias = { "HostAlias", "A line of the pod's /etc/hosts.",
					       host_alias_fields };

static const struct kube_field dns_option_fields[] = {
	{ "name", KUBE_STRING, .help = "The option's name, such as ndots.", .required = true,
	  .check = kube_word_plain },
	{ "value", KUBE_STRING, .help = "Its value, where it has one.", .check = kube_word_plain },
	{ 0 },
};
static const struct kube_struct dns_option = { "PodDNSConfigOption", "An option of resolv.conf(5).",
					       dns_option_fields };

static const struct kube_field dns_fields[] = {
	{ "nameservers", KUBE_STRINGS, .help = "Addresses of name servers, at most 3.",
	  .check = kube_word_address },
	{ "searches", KUBE_STRINGS, .help = "Domains to look names up in.", .check = kube_word_search },
	{ "options", KUBE_LIST, .help = "Options of resolv.conf(5).", .of = &dns_option },
	{ 0 },
};
static const struct kube_struct dns = { "PodDNSConfig", "What the pod's /etc/resolv.conf says.", dns_fields };

static const struct kube_field name_fields[] = {
	{ "name", KUBE_STRING, .help = "The object's name." },
	{ 0 },
};
static const struct kube_struct object_name = { "LocalObjectReference", "An object by its name.",
						name_fields };

static const struct kube_field os_fields[] = {
	{ "name", KUBE_STRING, .help = "linux.", .required = true, .allowed = "linux" },
	{ 0 },
};
static const struct kube_struct os = { "PodOS", "The operating system that the containers are made for.",
				       os_fields };

static const struct kube_field pod_spec_fields[] = {
	{ "initContainers", KUBE_LIST,
	  .help = "Run one after the other before the others start; each must succeed. With restartPolicy "
		  "Always it "
		  "is a "
		  "sidecar, which stays.",
	  .of = &kube_ctr },
	{ "containers", KUBE_LIST, .help = "The containers of the pod: at least one.", .of = &kube_ctr,
	  .required = true },
	{ "volumes", KUBE_LIST, .help = "Directories that the containers may mount.", .of = &kube_volume },
	{ "restartPolicy", KUBE_STRING, .help = "Which containers that ended are started again.",
	  .fallback = "Always", .allowed = "Always|OnFailure|Never" },
	{ "terminationGracePeriodSeconds", KUBE_LONG,
	  .help = "Seconds between the stop signal and SIGKILL; preStop counts too.", .fallback = "30",
	  .check = kube_word_not_negative },
	{ "activeDeadlineSeconds", KUBE_LONG,
	  .help = "Seconds that the pod may run; then it is stopped and has failed.",
	  .check = kube_word_deadline },
	{ "dnsPolicy", KUBE_STRING,
	  .help = "None: only dnsConfig. Default: as this host. ClusterFirst is read as Default, for want of "
		  "a "
		  "cluster.",
	  .fallback = "ClusterFirst", .allowed = "ClusterFirst|ClusterFirstWithHostNet|Default|None" },
	{ "dnsConfig", KUBE_OBJECT, .help = "What the pod's /etc/resolv.conf says.", .of = &dns },
	{ "hostname", KUBE_STRING, .help = "The pod's host name; its name where it is silent.",
	  .check = kube_word_label },
	{ "hostAliases", KUBE_LIST, .help = "Lines for the pod's /etc/hosts.", .of = &host_alias },
	{ "hostNetwork", KUBE_BOOL, .help = "Use the host's network." },
	{ "hostPID", KUBE_BOOL, .help = "Use the host's process ids." },
	{ "hostIPC", KUBE_BOOL, .help = "Use the host's IPC." },
	{ "hostUsers", KUBE_BOOL,
	  .help = "true: the user ids are those of the user namespace that runpod runs in.",
	  .allowed = "true" },
	{ "shareProcessNamespace", KUBE_BOOL, .help = "The containers see each other's processes." },
	{ "securityContext", KUBE_OBJECT,
	  .help = "Who the containers run as; their own securityContext goes before it.",
	  .of = &kube_pod_security, .fallback = "{}" },
	{ "resources", KUBE_OBJECT, .help = "Limits of the pod as a whole.", .of = &kube_resources },
	{ "os", KUBE_OBJECT, .help = "The operating system that the containers are made for.", .of = &os },
	{ "nodeName", KUBE_STRING, .help = "The node to run on.", .support = KUBE_KEPT, .why = CLUSTER },
	{ "nodeSelector", KUBE_TEXTS, .help = "Labels of nodes to run on.", .support = KUBE_KEPT,
	  .why = CLUSTER },
	{ "affinity", KUBE_ANY, .help = "Where to be scheduled.", .support = KUBE_KEPT, .why = CLUSTER },
	{ "tolerations", KUBE_ANY, .help = "Taints of nodes that do not matter.", .support = KUBE_KEPT,
	  .why = CLUSTER },
	{ "topologySpreadConstraints", KUBE_ANY, .help = "How to be spread over nodes.", .support = KUBE_KEPT,
	  .why = CLUSTER },
	{ "schedulerName", KUBE_STRING, .help = "Who schedules the pod.", .support = KUBE_SILENT,
	  .why = CLUSTER, .fallback = "default-scheduler" },
	{ "schedulingGates", KUBE_ANY, .help = "What scheduling waits for.", .support = KUBE_KEPT,
	  .why = CLUSTER },
	{ "priorityClassName", KUBE_STRING, .help = "How important the pod is.", .support = KUBE_KEPT,
	  .why = CLUSTER },
	{ "priority", KUBE_INT, .help = "How important the pod is.", .support = KUBE_SILENT, .why = CLUSTER },
	{ "preemptionPolicy", KUBE_STRING, .help = "Whether to push others off a node.",
	  .support = KUBE_SILENT, .why = CLUSTER, .allowed = "Never|PreemptLowerPriority" },
	{ "readinessGates", KUBE_ANY, .help = "Conditions that others set.", .support = KUBE_KEPT,
	  .why = "nobody sets conditions here" },
	{ "serviceAccountName", KUBE_STRING, .help = "The account for the cluster's API.",
	  .support = KUBE_KEPT, .why = "there is no API server to log in to", .check = kube_word_subdomain },
	{ "serviceAccount", KUBE_STRING, .help = "An older name of serviceAccountName.",
	  .support = KUBE_SILENT },
	{ "automountServiceAccountToken", KUBE_BOOL,
	  .help = "Whether to mount a token for the cluster's API.", .support = KUBE_SILENT },
	{ "imagePullSecrets", KUBE_LIST, .help = "Passwords for registries.", .of = &object_name,
	  .support = KUBE_KEPT, .why = "skopeo's own login is used" },
	{ "enableServiceLinks", KUBE_BOOL, .help = "Variables for the Services of the namespace.",
	  .support = KUBE_SILENT, .fallback = "true" },
	{ "subdomain", KUBE_STRING, .help = "The pod's domain in the cluster.", .support = KUBE_KEPT,
	  .why = "there is no cluster domain", .check = kube_word_label },
	{ "setHostnameAsFQDN", KUBE_BOOL, .help = "Use the long name as host name.", .support = KUBE_KEPT,
	  .why = "there is no cluster domain" },
	{ "hostnameOverride", KUBE_STRING, .help = "A host name of any form.", .support = KUBE_REFUSED,
	  .why = "use hostname" },
	{ "runtimeClassName", KUBE_STRING, .help = "Another runtime.", .support = KUBE_REFUSED,
	  .why = "there is one runtime" },
	{ "overhead", KUBE_QUANTITIES, .help = "What another runtime costs.", .support = KUBE_KEPT,
	  .why = CLUSTER },
	{ "ephemeralContainers", KUBE_ANY, .help = "Containers that were added to a running pod.",
	  .support = KUBE_REFUSED, .why = "use `debug` on the running pod" },
	{ "resourceClaims", KUBE_ANY, .help = "Devices of the cluster.", .support = KUBE_REFUSED,
	  .why = "there are no device claims" },
	{ "workloadRef", KUBE_ANY, .help = "What to be scheduled with.", .support = KUBE_KEPT,
	  .why = CLUSTER },
	{ 0 },
};
const struct kube_struct kube_pod_spec = { "PodSpec", "What a pod is made of.", pod_spec_fields };

static const struct kube_field pod_fields[] = {
	{ "apiVersion", KUBE_STRING, .help = "v1" },
	{ "kind", KUBE_STRING, .help = "Pod" },
	{ "metadata", KUBE_OBJECT, .help = "What the pod is called and marked with.", .of = &kube_metadata,
	  .fallback = "{}" },
	{ "spec", KUBE_OBJECT, .help = "What the pod is made of.", .of = &kube_pod_spec, .required = true },
	{ "status", KUBE_ANY, .help = "Written by a cluster.", .support = KUBE_DROPPED },
	{ 0 },
};
const struct kube_struct kube_pod = {
	"Pod", "Containers that share network, IPC and host name, and that start and stop together.",
	pod_fields
};

static const struct kube_field template_fields[] = {
	{ "metadata", KUBE_OBJECT, .help = "What the pods are marked with.", .of = &kube_metadata,
	  .fallback = "{}" },
	{ "spec", KUBE_OBJECT, .help = "What the pods are made of.", .of = &kube_pod_spec, .required = true },
	{ 0 },
};
const struct kube_struct kube_template = { "PodTemplateSpec", "A pod to be made.", template_fields };
