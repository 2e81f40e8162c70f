/*
 * downward: what a pod may be told about itself; downward.h has the list. In Kubernetes
 * these words are the API server's; here the manifest, the record and the machine give them. Lesson 21.
 */
#include "pod/downward.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "spec/quantity.h"

int downward_open(const struct pod_record *pod, const char *ip, struct downward *ret_about, struct err *err)
{
	json_t *manifest = pod->spec.manifest ? json_loads(pod->spec.manifest, 0, NULL) : json_object();

	*ret_about = (struct downward){ .pod = pod, .ip = ip && *ip ? ip : NULL, .manifest = manifest };
	return manifest ? 0 : err_set(err, 0, "the manifest of pod %s is damaged", pod->id);
}

void downward_close(struct downward *about)
{
	json_decref(about->manifest);
	*about = (struct downward){ 0 };
}

/* The text at metadata.NAME or spec.NAME of the manifest, or fallback. */
static const char *manifest_text(const struct downward *about, const char *part, const char *name,
				 const char *fallback)
{
	const json_t *of = json_object_get(about->manifest, part);
	const char *text = json_string_value(json_object_get(of, name));

	return text && *text ? text : fallback;
}

const char *downward_namespace(const struct downward *about)
{
	return manifest_text(about, "metadata", "namespace", "default");
}

char *pod_uid(const char *pod_id)
{
	/* the first 32 digits; in a random UUID the version is 4 and the variant is 8, 9, a or b (RFC 9562, 5.4) */
	return text_format("%.8s-%.4s-4%.3s-%c%.3s-%.12s", pod_id, pod_id + 8, pod_id + 13,
			   "89ab"[pod_id[16] & 3], pod_id + 17, pod_id + 20);
}

/* The address by which this machine reaches others: the kernel chooses it for a UDP socket that is connected,
 * and nothing is sent (ip(7)). */
static char *host_ip(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(9) };
	socklen_t size = sizeof(at);
	cleanup_fd int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char text[INET_ADDRSTRLEN];

	at.sin_addr.s_addr = htonl(0xc6336401); /* 198.51.100.1, of a net that is nobody's (RFC 5737) */
	if (sock < 0 || connect(sock, (struct sockaddr *)&at, sizeof(at)) < 0 ||
	    getsockname(sock, (struct sockaddr *)&at, &size) < 0)
		return text_dup("127.0.0.1");
	return text_dup(inet_ntop(AF_INET, &at.sin_addr, text, sizeof(text)));
}

/* The node's name, as the kubelet makes it: the host name in small letters. */
static char *node_name(void)
{
	char name[HOST_NAME_MAX + 1] = "";

	gethostname(name, sizeof(name) - 1);
	for (char *c = name; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return text_dup(name);
}

/* Text as Go's %q writes it: what the kubelet puts into files of labels. */
static void quote(struct buf *ret_text, const char *text)
{
	static const char letters[] = "abtnvfr"; /* \a is 7, and so on */

	buf_text(ret_text, "\"");
	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		if (*c == '"' || *c == '\\')
			buf_format(ret_text, "\\%c", *c);
		else if (*c >= 7 && *c <= 13)
			buf_format(ret_text, "\\%c", letters[*c - 7]);
		else if (*c < ' ' || *c == 127)
			buf_format(ret_text, "\\x%02x", *c);
		else
			buf_add(ret_text, c, 1);
	}
	buf_text(ret_text, "\"");
}

static int by_text(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* All of them, NAME="VALUE" in lines. */
static char *all_pairs(const struct strv *pairs)
{
	struct strv sorted = { 0 };
	struct buf text = { 0 };

	buf_text(&text, "");
	strv_copy(&sorted, pairs);
	if (sorted.n)
		qsort(sorted.v, sorted.n, sizeof(*sorted.v), by_text);
	for (size_t i = 0; i < sorted.n; i++) {
		char *equal = strchrnul(sorted.v[i], '=');

		buf_format(&text, "%s%.*s=", i ? "\n" : "", (int)(equal - sorted.v[i]), sorted.v[i]);
		quote(&text, *equal ? equal + 1 : "");
	}
	strv_free(&sorted);
	return text.data;
}

/* One of them, metadata.labels['NAME']; what is not there is empty. NULL when field is no such word. */
static char *one_pair(const char *field, const char *what, const struct strv *pairs)
{
	size_t length = strlen(what);
	cleanup_free char *name = NULL;
	const char *value;

	if (strncmp(field, what, length) || strncmp(field + length, "['", 2) || !text_ends(field, "']"))
		return NULL;
	name = text_ndup(field + length + 2, strlen(field) - length - 4);
	value = strv_get(pairs, name);
	return text_dup(value ? value : "");
}

static char *field_text(const struct downward *about, const char *field)
{
	const struct pod_record *pod = about->pod;
	char *text;

	if (!strcmp(field, "metadata.name"))
		return text_dup(manifest_text(about, "metadata", "name", pod->spec.name));
	if (!strcmp(field, "metadata.namespace"))
		return text_dup(downward_namespace(about));
	if (!strcmp(field, "metadata.uid"))
		return pod_uid(pod->id);
	if (!strcmp(field, "metadata.labels"))
		return all_pairs(&pod->spec.labels);
	if (!strcmp(field, "metadata.annotations"))
		return all_pairs(&pod->spec.annotations);
	if (!strcmp(field, "spec.nodeName"))
		return node_name();
	if (!strcmp(field, "spec.serviceAccountName"))
		return text_dup(manifest_text(about, "spec", "serviceAccountName", "default"));
	if (!strcmp(field, "status.podIP") || !strcmp(field, "status.podIPs"))
		return about->ip ? text_dup(about->ip) : host_ip(); /* as with hostNetwork: the node's */
	if (!strcmp(field, "status.hostIP") || !strcmp(field, "status.hostIPs"))
		return host_ip();
	text = one_pair(field, "metadata.labels", &pod->spec.labels);
	return text ? text : one_pair(field, "metadata.annotations", &pod->spec.annotations);
}

int downward_field(const struct downward *about, const char *field, char **ret_text, struct err *err)
{
	*ret_text = field_text(about, field);
	return *ret_text ? 0 : err_set(err, 0, "unsupported fieldPath: %s", field);
}

/* What the container of that name says under resources.KIND.NAME; the whole pod's where it is silent; NULL. */
static const char *asked_for(const struct downward *about, const char *ctr, const char *kind,
			     const char *name)
{
	static const char *const lists[] = { "initContainers", "containers" };
	const json_t *spec = json_object_get(about->manifest, "spec"), *found = NULL;
	const char *amount;

	for (size_t list = 0; list < 2; list++) {
		const json_t *ctrs = json_object_get(spec, lists[list]);

		for (size_t i = 0; i < json_array_size(ctrs); i++) {
			const json_t *each = json_array_get(ctrs, i);

			if (text_equal(json_string_value(json_object_get(each, "name")), ctr))
				found = json_object_get(each, "resources");
		}
	}
	amount = json_string_value(json_object_get(json_object_get(found, kind), name));
	if (amount)
		return amount;
	found = json_object_get(spec, "resources");
	return json_string_value(json_object_get(json_object_get(found, kind), name));
}

/* What this machine has, in thousandths of a core or in bytes. */
static int64_t capacity(bool cpu)
{
	struct sysinfo info = { 0 };

	if (cpu)
		return sysconf(_SC_NPROCESSORS_ONLN) * INT64_C(1000);
	sysinfo(&info);
	return (int64_t)info.totalram * info.mem_unit;
}

int downward_resource(const struct downward *about, const char *ctr, const char *resource,
		      const char *divisor, char **ret_text, struct err *err)
{
	bool limit = text_starts(resource, "limits."), cpu = text_ends(resource, ".cpu");
	const char *name = strchr(resource, '.') ? strchr(resource, '.') + 1 : "";
	int (*number)(const char *text, int64_t *ret_number) = cpu ? quantity_milli : quantity_value;
	int64_t amount = 0, unit = cpu ? 1000 : 1;
	const char *asked;

	*ret_text = NULL;
	if ((!limit && !text_starts(resource, "requests.")) || (!cpu && strcmp(name, "memory")))
		return err_set(err, 0, "unsupported container resource : %s", resource);
	asked = asked_for(about, ctr, limit ? "limits" : "requests", name);
	if (!asked && !limit) /* a request that was not made is the limit, and without one it is nothing */
		asked = asked_for(about, ctr, "limits", name);
	if (asked && number(asked, &amount))
		return err_set(err, 0, "%s of container %s: %s is no quantity", resource, ctr, asked);
	if (!amount && limit)
		amount = capacity(cpu);
	if (divisor && number(divisor, &unit))
		return err_set(err, 0, "%s of container %s: divisor %s is no quantity", resource, ctr,
			       divisor);
	if (!unit)
		unit = cpu ? 1000 : 1;
	*ret_text = text_format("%lld", (long long)(amount / unit + (amount % unit != 0)));
	return 0;
}
