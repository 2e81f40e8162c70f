/*
 * kube_fields_kinds: the kinds of object that a file may hold, and the rows of those
 * that are no Pod. Lesson 21.
 */
#include <string.h>

#include "spec/kube_fields.h"

#define HEAD(kind_text, version)                                                                             \
	{ "apiVersion", KUBE_STRING, .help = version }, { "kind", KUBE_STRING, .help = kind_text },          \
	{                                                                                                    \
		"metadata", KUBE_OBJECT, .help = "What it is called and marked with.", .of = &kube_metadata, \
					 .fallback = "{}"                                                    \
	}
#define STATUS                                                                                               \
	{                                                                                                    \
		"status", KUBE_ANY, .help = "Written by a cluster.", .support = KUBE_DROPPED                 \
	}

static const struct kube_field config_map_fields[] = {
	HEAD("ConfigMap", "v1"),
	{ "data", KUBE_TEXTS, .help = "Keys and their text." },
	{ "binaryData", KUBE_BYTES, .help = "Keys and their bytes, in base64." },
	{ "immutable", KUBE_BOOL, .help = "Its data cannot be changed." },
	{ 0 },
};
const struct kube_struct kube_config_map = { "ConfigMap", "Settings, for variables and files of pods.",
					     config_map_fields };

static const struct kube_field secret_fields[] = {
	HEAD("Secret", "v1"),
	{ "data", KUBE_BYTES, .help = "Keys and their bytes, in base64." },
	{ "stringData", KUBE_TEXTS, .help = "The same as text; it goes before data." },
	{ "type", KUBE_STRING, .help = "What it is for.", .fallback = "Opaque" },
	{ "immutable", KUBE_BOOL, .help = "Its data cannot be changed." },
	{ 0 },
};
const struct kube_struct kube_secret = { "Secret", "The same for what is not everybody's to read.",
					 secret_fields };

#define ANY_DISK "a claim is a directory of this host"

static const struct kube_field claim_spec_fields[] = {
	{ "accessModes", KUBE_STRINGS, .help = "Who may mount it.", .support = KUBE_SILENT },
	{ "resources", KUBE_OBJECT, .help = "How much it should hold; not enforced.", .of = &kube_resources,
	  .fallback = "{}" },
	{ "volumeMode", KUBE_STRING, .help = "Filesystem.", .fallback = "Filesystem",
	  .allowed = "Filesystem" },
	{ "storageClassName", KUBE_STRING, .help = "What sort of disk.", .support = KUBE_KEPT,
	  .why = ANY_DISK },
	{ "volumeName", KUBE_STRING, .help = "Which disk.", .support = KUBE_KEPT, .why = ANY_DISK },
	{ "volumeAttributesClassName", KUBE_STRING, .help = "What sort of disk.", .support = KUBE_KEPT,
	  .why = ANY_DISK },
	{ "selector", KUBE_ANY, .help = "Labels of disks.", .support = KUBE_KEPT, .why = ANY_DISK },
	{ "dataSource", KUBE_ANY, .help = "What to fill it with.", .support = KUBE_REFUSED,
	  .why = "a new volume is empty" },
	{ "dataSourceRef", KUBE_ANY, .help = "What to fill it with.", .support = KUBE_REFUSED,
	  .why = "a new volume is empty" },
	{ 0 },
};
const struct kube_struct kube_claim_spec = { "PersistentVolumeClaimSpec", "What is asked for.",
					     claim_spec_fields };

static const struct kube_field claim_fields[] = {
	HEAD("PersistentVolumeClaim", "v1"),
	{ "spec", KUBE_OBJECT, .help = "What is asked for.", .of = &kube_claim_spec, .fallback = "{}" },
	STATUS,
	{ 0 },
};
const struct kube_struct kube_claim = { "PersistentVolumeClaim", "A named volume (see `volume ls`).",
					claim_fields };

static const struct kube_field selector_fields[] = {
	{ "matchLabels", KUBE_TEXTS, .help = "Labels that a pod of it has." },
	{ "matchExpressions", KUBE_ANY, .help = "The same as expressions.", .support = KUBE_SILENT },
	{ 0 },
};
static const struct kube_struct selector = { "LabelSelector", "Which pods belong to it.", selector_fields };

#define ONE_POD "one pod is made"

static const struct kube_field deployment_spec_fields[] = {
	{ "replicas", KUBE_INT, .help = "How many pods: one.", .fallback = "1" },
	{ "selector", KUBE_OBJECT, .help = "Which pods belong to it.", .of = &selector, .required = true },
	{ "template", KUBE_OBJECT, .help = "The pod.", .of = &kube_template, .required = true },
	{ "strategy", KUBE_ANY, .help = "How pods are replaced.", .support = KUBE_SILENT },
	{ "minReadySeconds", KUBE_INT, .help = "When a pod counts.", .support = KUBE_KEPT, .why = ONE_POD },
	{ "revisionHistoryLimit", KUBE_INT, .help = "How much is remembered.", .support = KUBE_SILENT,
	  .fallback = "10" },
	{ "progressDeadlineSeconds", KUBE_INT, .help = "When a roll-out has failed.", .support = KUBE_SILENT,
	  .fallback = "600" },
	{ "paused", KUBE_BOOL, .help = "Roll nothing out.", .support = KUBE_REFUSED,
	  .why = "what is played runs" },
	{ 0 },
};
static const struct kube_struct deployment_spec = { "DeploymentSpec", "What is kept running.",
						    deployment_spec_fields };

static const struct kube_field deployment_fields[] = {
	HEAD("Deployment", "apps/v1"),
	{ "spec", KUBE_OBJECT, .help = "What is kept running.", .of = &deployment_spec, .required = true },
	STATUS,
	{ 0 },
};
const struct kube_struct kube_deployment = { "Deployment", "A pod that is kept running: one here.",
					     deployment_fields };

static const struct kube_field job_spec_fields[] = {
	{ "template", KUBE_OBJECT, .help = "The pod; its restartPolicy is OnFailure or Never.",
	  .of = &kube_template, .required = true },
	{ "parallelism", KUBE_INT, .help = "How many pods at a time: one.", .fallback = "1" },
	{ "completions", KUBE_INT, .help = "How many pods must succeed: one.", .fallback = "1" },
	{ "activeDeadlineSeconds", KUBE_LONG, .help = "Seconds that it may take.",
	  .check = kube_word_deadline },
	{ "backoffLimit", KUBE_INT, .help = "How many failures are forgiven.", .support = KUBE_KEPT,
	  .why = "the pod's restartPolicy decides", .check = kube_word_not_negative },
	{ "ttlSecondsAfterFinished", KUBE_INT, .help = "When it is removed.", .support = KUBE_KEPT,
	  .why = "it stays until it is deleted", .check = kube_word_not_negative },
	{ "completionMode", KUBE_STRING, .help = "NonIndexed.", .fallback = "NonIndexed",
	  .allowed = "NonIndexed" },
	{ "suspend", KUBE_BOOL, .help = "false.", .fallback = "false", .allowed = "false" },
	{ "selector", KUBE_ANY, .help = "Written by a cluster.", .support = KUBE_SILENT },
	{ "manualSelector", KUBE_BOOL, .help = "Whether selector was written by people.",
	  .support = KUBE_SILENT },
	{ "podReplacementPolicy", KUBE_STRING, .help = "When a failed pod is replaced.",
	  .support = KUBE_SILENT },
	{ "podFailurePolicy", KUBE_ANY, .help = "Which failures count.", .support = KUBE_REFUSED,
	  .why = ONE_POD },
	{ "successPolicy", KUBE_ANY, .help = "Which successes count.", .support = KUBE_REFUSED,
	  .why = ONE_POD },
	{ "backoffLimitPerIndex", KUBE_INT, .help = "Of indexed jobs.", .support = KUBE_REFUSED,
	  .why = ONE_POD },
	{ "maxFailedIndexes", KUBE_INT, .help = "Of indexed jobs.", .support = KUBE_REFUSED, .why = ONE_POD },
	{ "managedBy", KUBE_STRING, .help = "Another controller.", .support = KUBE_REFUSED, .why = ONE_POD },
	{ 0 },
};
static const struct kube_struct job_spec = { "JobSpec", "What is run to its end.", job_spec_fields };

static const struct kube_field job_fields[] = {
	HEAD("Job", "batch/v1"),
	{ "spec", KUBE_OBJECT, .help = "What is run to its end.", .of = &job_spec, .required = true },
	STATUS,
	{ 0 },
};
const struct kube_struct kube_job = { "Job", "A pod that is run to its end.", job_fields };

const struct kube_kind kube_kinds[] = {
	{ "Pod", "v1", "pods", "po", &kube_pod, NULL },
	{ "ConfigMap", "v1", "configmaps", "cm", &kube_config_map, NULL },
	{ "Secret", "v1", "secrets", "secret", &kube_secret, NULL },
	{ "PersistentVolumeClaim", "v1", "persistentvolumeclaims", "pvc", &kube_claim, NULL },
	{ "Deployment", "apps/v1", "deployments", "deploy", &kube_deployment, NULL },
	{ "Job", "batch/v1", "jobs", "job", &kube_job, NULL },
	{ "Service", "v1", "services", "svc", NULL, "publish ports with hostPort" },
	{ "Ingress", "networking.k8s.io/v1", "ingresses", "ing", NULL, "publish ports with hostPort" },
	{ "StatefulSet", "apps/v1", "statefulsets", "sts", NULL, "use a Pod and a PersistentVolumeClaim" },
	{ "DaemonSet", "apps/v1", "daemonsets", "ds", NULL, "use a Pod, or `kubelet --manifest-dir`" },
	{ "ReplicaSet", "apps/v1", "replicasets", "rs", NULL, "use a Pod" },
	{ "CronJob", "batch/v1", "cronjobs", "cj", NULL, "use a Job and the host's timers" },
	{ "Namespace", "v1", "namespaces", "ns", NULL, "there is one space of names" },
	{ "ServiceAccount", "v1", "serviceaccounts", "sa", NULL, "there is no API server to log in to" },
	{ "PersistentVolume", "v1", "persistentvolumes", "pv", NULL, "a claim alone makes a volume" },
	{ 0 },
};

const struct kube_kind *kube_kind_find(const char *kind)
{
	for (const struct kube_kind *row = kube_kinds; row->kind; row++)
		if (!strcmp(row->kind, kind))
			return row;
	return NULL;
}

const struct kube_field *kube_field_find(const struct kube_struct *of, const char *name)
{
	for (const struct kube_field *row = of->fields; row->name; row++)
		if (!strcmp(row->name, name))
			return row;
	return NULL;
}
