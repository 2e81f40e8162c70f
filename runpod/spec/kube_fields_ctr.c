/*
 * kube_fields_ctr: the rows of a container; init containers have the same. Lesson 21.
 */
#include "spec/kube_fields.h"

static const struct kube_field port_fields[] = {
	{ "name", KUBE_STRING, .help = "A name that probes can use.", .check = kube_word_port_name },
	{ "containerPort", KUBE_INT, .help = "The port inside the pod.", .required = true,
	  .check = kube_word_port },
	{ "hostPort", KUBE_INT, .help = "The port of the host that leads to it.", .check = kube_word_port },
	{ "hostIP", KUBE_STRING, .help = "The host's address to listen on; all where it is silent.",
	  .check = kube_word_address },
	{ "protocol", KUBE_STRING, .help = "TCP or UDP.", .fallback = "TCP", .allowed = "TCP|UDP" },
	{ 0 },
};
static const struct kube_struct port = { "ContainerPort", "A port that the container listens on.",
					 port_fields };

static const struct kube_field mount_fields[] = {
	{ "name", KUBE_STRING, .help = "Of one of the pod's volumes.", .required = true },
	{ "mountPath", KUBE_STRING, .help = "Where it is mounted.", .required = true,
	  .check = kube_word_absolute },
	{ "readOnly", KUBE_BOOL, .help = "Mount it read-only." },
	{ "recursiveReadOnly", KUBE_STRING, .help = "With readOnly: the mounts below it too.",
	  .allowed = "Disabled|Enabled|IfPossible" },
	{ "subPath", KUBE_STRING, .help = "A file or directory of the volume instead of its root.",
	  .check = kube_word_below },
	{ "subPathExpr", KUBE_STRING, .help = "The same with $(NAME) of the container's variables.",
	  .check = kube_word_below },
	{ "mountPropagation", KUBE_STRING, .help = "Whether later mounts get through.",
	  .allowed = "None|HostToContainer|Bidirectional" },
	{ 0 },
};
static const struct kube_struct mount = { "VolumeMount", "A volume in a container.", mount_fields };

static const struct kube_field resource_fields[] = {
	{ "limits", KUBE_QUANTITIES, .help = "The most it may use: cpu (cpu.max), memory (memory.max)." },
	{ "requests", KUBE_QUANTITIES,
	  .help = "What it needs: cpu becomes its weight, both decide the QoS class. A limit where it is "
		  "silent." },
	{ "claims", KUBE_ANY, .help = "Devices of the cluster.", .support = KUBE_REFUSED,
	  .why = "there are no device claims" },
	{ 0 },
};
const struct kube_struct kube_resources = { "ResourceRequirements", "How much cpu and memory.",
					    resource_fields };

static const struct kube_field ctr_fields[] = {
	{ "name", KUBE_STRING, .help = "The container's name, unique in the pod.", .required = true,
	  .check = kube_word_label },
	{ "image", KUBE_STRING, .help = "The image.", .required = true, .check = kube_word_image },
	{ "imagePullPolicy", KUBE_STRING,
	  .help = "Always, also where nothing is said and the image is :latest; else IfNotPresent.",
	  .allowed = "Always|IfNotPresent|Never" },
	{ "command", KUBE_STRINGS,
	  .help = "Replaces the image's ENTRYPOINT; $(NAME) is a variable's value." },
	{ "args", KUBE_STRINGS, .help = "Replaces the image's CMD; $(NAME) is a variable's value." },
	{ "workingDir", KUBE_STRING, .help = "Directory to start in." },
	{ "env", KUBE_LIST, .help = "Variables, in order.", .of = &kube_env },
	{ "envFrom", KUBE_LIST, .help = "Whole ConfigMaps and Secrets as variables; env goes before them.",
	  .of = &kube_env_from },
	{ "ports", KUBE_LIST, .help = "Ports that it listens on.", .of = &port },
	{ "volumeMounts", KUBE_LIST, .help = "Volumes of the pod to be mounted.", .of = &mount },
	{ "volumeDevices", KUBE_ANY, .help = "Block devices of the cluster.", .support = KUBE_REFUSED,
	  .why = "there are no block volumes" },
	{ "resources", KUBE_OBJECT, .help = "How much cpu and memory.", .of = &kube_resources,
	  .fallback = "{}" },
	{ "resizePolicy", KUBE_ANY, .help = "What a later change of resources does.", .support = KUBE_KEPT,
	  .why = "a change of resources makes the container anew" },
	{ "livenessProbe", KUBE_OBJECT,
	  .help = "Asked while it runs; failing, the container is started anew.", .of = &kube_probe },
	{ "readinessProbe", KUBE_OBJECT, .help = "Whether it can be used now.", .of = &kube_probe },
	{ "startupProbe", KUBE_OBJECT, .help = "Whether it has started; holds the other probes back.",
	  .of = &kube_probe },
	{ "lifecycle", KUBE_OBJECT, .help = "What is done after its start and before its end.",
	  .of = &kube_lifecycle },
	{ "securityContext", KUBE_OBJECT, .help = "Who it runs as.", .of = &kube_ctr_security },
	{ "stdin", KUBE_BOOL, .help = "Keep its standard input open." },
	{ "stdinOnce", KUBE_BOOL, .help = "Close it after the first who attached has gone.",
	  .support = KUBE_KEPT, .why = "standard input stays open" },
	{ "tty", KUBE_BOOL, .help = "Give it a terminal." },
	{ "terminationMessagePath", KUBE_STRING, .help = "A file whose text becomes the message of its end.",
	  .fallback = "/dev/termination-log", .check = kube_word_absolute },
	{ "terminationMessagePolicy", KUBE_STRING,
	  .help = "FallbackToLogsOnError: the end of its log where it failed and wrote no message.",
	  .fallback = "File", .allowed = "File|FallbackToLogsOnError" },
	{ "restartPolicyRules", KUBE_ANY, .help = "Restarts by exit code.", .support = KUBE_REFUSED,
	  .why = "restartPolicy alone decides" },
	{ "restartPolicy", KUBE_STRING, .help = "Of an init container only: Always makes it a sidecar." },
	{ 0 },
};
const struct kube_struct kube_ctr = { "Container", "A container of the pod.", ctr_fields };
