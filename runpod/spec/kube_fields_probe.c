/*
 * kube_fields_probe: the rows of probes and hooks. Lesson 22.
 */
#include "spec/kube_fields.h"

static const struct kube_field exec_fields[] = {
	{ "command", KUBE_STRINGS, .help = "The program and its arguments; no shell is around it.",
	  .required = true },
	{ 0 },
};
static const struct kube_struct exec = { "ExecAction", "A program in the container: exit code 0 is success.",
					 exec_fields };

static const struct kube_field header_fields[] = {
	{ "name", KUBE_STRING, .help = "The header's name.", .required = true, .check = kube_word_header },
	{ "value", KUBE_STRING, .help = "What it says.", .check = kube_word_one_line },
	{ 0 },
};
static const struct kube_struct header = { "HTTPHeader", "A header of the request.", header_fields };

static const struct kube_field http_fields[] = {
	{ "path", KUBE_STRING, .help = "What is asked for.", .fallback = "/", .check = kube_word_plain },
	{ "port", KUBE_PORT, .help = "A number, or the name of one of the container's ports.",
	  .required = true, .check = kube_word_port },
	{ "host", KUBE_STRING, .help = "Where it is asked; the pod's address where it is silent.",
	  .check = kube_word_plain },
	{ "scheme", KUBE_STRING, .help = "HTTP.", .fallback = "HTTP", .allowed = "HTTP" },
	{ "httpHeaders", KUBE_LIST, .help = "More headers.", .of = &header },
	{ 0 },
};
static const struct kube_struct http = {
	"HTTPGetAction", "A request that the runtime makes inside the pod's network: 200 to 399 is success.",
	http_fields
};

static const struct kube_field tcp_fields[] = {
	{ "port", KUBE_PORT, .help = "A number, or the name of one of the container's ports.",
	  .required = true, .check = kube_word_port },
	{ "host", KUBE_STRING, .help = "Where; the pod's address where it is silent." },
	{ 0 },
};
static const struct kube_struct tcp = { "TCPSocketAction", "A connection: that it opens is success.",
					tcp_fields };

static const struct kube_field probe_fields[] = {
	{ "exec", KUBE_OBJECT, .help = "A program in the container.", .of = &exec },
	{ "httpGet", KUBE_OBJECT, .help = "A request over HTTP.", .of = &http },
	{ "tcpSocket", KUBE_OBJECT, .help = "A connection over TCP.", .of = &tcp },
	{ "grpc", KUBE_ANY, .help = "A gRPC health check.", .support = KUBE_REFUSED,
	  .why = "use exec, httpGet or tcpSocket" },
	{ "initialDelaySeconds", KUBE_INT, .help = "Seconds before the first question.",
	  .check = kube_word_not_negative },
	{ "periodSeconds", KUBE_INT, .help = "Seconds from one to the next.", .fallback = "10",
	  .check = kube_word_positive },
	{ "timeoutSeconds", KUBE_INT, .help = "Seconds that an answer may take.", .fallback = "1",
	  .check = kube_word_positive },
	{ "successThreshold", KUBE_INT, .help = "How many successes in a row count.", .fallback = "1",
	  .check = kube_word_positive },
	{ "failureThreshold", KUBE_INT, .help = "How many failures in a row count.", .fallback = "3",
	  .check = kube_word_positive },
	{ "terminationGracePeriodSeconds", KUBE_LONG, .help = "Seconds for its end when this probe failed.",
	  .check = kube_word_positive },
	{ 0 },
};
const struct kube_struct kube_probe = { "Probe", "A question that is asked again and again.", probe_fields };

static const struct kube_field sleep_fields[] = {
	{ "seconds", KUBE_LONG, .help = "How long.", .required = true, .check = kube_word_not_negative },
	{ 0 },
};
static const struct kube_struct sleeping = { "SleepAction", "Nothing, for a while.", sleep_fields };

static const struct kube_field hook_fields[] = {
	{ "exec", KUBE_OBJECT, .help = "A program in the container.", .of = &exec },
	{ "httpGet", KUBE_OBJECT, .help = "A request over HTTP.", .of = &http },
	{ "sleep", KUBE_OBJECT, .help = "Nothing, for a while.", .of = &sleeping },
	{ "tcpSocket", KUBE_ANY, .help = "Never did anything.", .support = KUBE_REFUSED,
	  .why = "use exec, httpGet or sleep" },
	{ 0 },
};
static const struct kube_struct hook = { "LifecycleHandler", "Something that is done once.", hook_fields };

static const struct kube_field lifecycle_fields[] = {
	{ "postStart", KUBE_OBJECT, .help = "Done right after its start; failing, the container is killed.",
	  .of = &hook },
	{ "preStop", KUBE_OBJECT, .help = "Done before the stop signal, within the grace period.",
	  .of = &hook },
	{ "stopSignal", KUBE_STRING, .help = "The signal to stop it with; the image's where it is silent.",
	  .check = kube_word_signal },
	{ 0 },
};
const struct kube_struct kube_lifecycle = { "Lifecycle", "What is done after its start and before its end.",
					    lifecycle_fields };
