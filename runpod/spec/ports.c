/*
 * ports: from text to entries and back; ports.h has the forms.
 *
 * Rule: a port is a number of 16 bits, and 0 in bind(2) means "any that is
 * free" (see ip(7)); hence 1…65535 in text, and 0 for one left out.
 */
#include "spec/ports.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "spec/fields.h"

#define MAX_PORT    65535
#define MAX_ENTRIES 65535

/* One -p, taken apart. The pointers go into a copy of the text. */
struct pieces {
	char *ip;    /* NULL: not given */
	char *host;  /* host port or range; NULL: not given, "": any */
	char *ctr;   /* container port or range */
	char *proto; /* NULL: not given */
};

struct range {
	int64_t first;
	int64_t count;
};

static int parse_port(const char *text, int64_t *ret_port, struct err *err)
{
	uint64_t port;
	int code = num_u64(text, UINT32_MAX, &port);

	if (code == -EINVAL)
		return err_set(err, 0, "invalid port number: strconv.Atoi: parsing \"%s\": invalid syntax",
			       text);
	if (code || port < 1 || port > MAX_PORT)
		return err_set(err, 0, "port numbers must be between 1 and 65535 (inclusive), got %s", text);
	*ret_port = (int64_t)port;
	return 0;
}

static int parse_range(char *text, struct range *ret_range, struct err *err)
{
	char *dash = strchr(text, '-');
	int64_t last;
	int code;

	if (dash == text)
		return err_set(err, 0, "port numbers cannot be negative");
	if (dash && strchr(dash + 1, '-'))
		return err_set(err, 0,
			       "invalid port format - port ranges are formatted as startPort-stopPort");
	if (dash)
		*dash++ = '\0';
	code = parse_port(text, &ret_range->first, err);
	if (code)
		return code;
	ret_range->count = 1;
	if (!dash)
		return 0;
	if (!*dash)
		return err_set(err, 0, "must provide ending number for port range");
	code = parse_port(dash, &last, err);
	if (code)
		return code;
	if (last <= ret_range->first)
		return err_set(err, 0,
			       "the end port of a range must be higher than the start port - %lld is not "
			       "higher than %lld",
			       (long long)last, (long long)ret_range->first);
	ret_range->count = last - ret_range->first + 1;
	return 0;
}

/* [IPV6]: in front of *text is cut off it. */
static int split_v6(char **text, struct pieces *pieces, struct err *err)
{
	char *end = strchr(*text, ']');

	if (!end)
		return 0;
	if (**text != '[')
		return err_set(err, 0, "invalid port format - IPv6 addresses must be enclosed by []");
	if (strchr(end + 1, ']'))
		return err_set(
			err, 0,
			"invalid port format - at most one IPv6 address can be specified in a --publish");
	if (end[1] != ':')
		return err_set(err, 0,
			       "invalid port format - IPv6 address must be followed by a colon (':')");
	*end = '\0';
	pieces->ip = *text + 1;
	*text = end + 2;
	return 0;
}

static int split(char *text, struct pieces *pieces, struct err *err)
{
	char *slash = strchr(text, '/'), *colon, *second;
	int code;

	if (slash && strchr(slash + 1, '/'))
		return err_set(err, 0, "invalid port format - protocol can only be specified once");
	if (slash) {
		*slash = '\0';
		pieces->proto = slash + 1;
	}
	code = split_v6(&text, pieces, err);
	if (code)
		return code;
	pieces->ctr = text;
	colon = strchr(text, ':');
	if (!colon && pieces->ip)
		return err_set(
			err, 0,
			"invalid port format - must provide host and destination port if specifying an IP");
	if (!colon)
		return 0;
	*colon = '\0';
	pieces->host = text;
	pieces->ctr = colon + 1;
	second = strchr(colon + 1, ':');
	if (!second)
		return 0;
	if (pieces->ip)
		return err_set(
			err, 0,
			"invalid port format - when v6 address specified, must be [ipv6]:hostPort:ctrPort");
	if (strchr(second + 1, ':'))
		return err_set(err, 0, "invalid port format - format is [[hostIP:]hostPort:]containerPort");
	*second = '\0';
	pieces->ip = text;
	pieces->host = colon + 1;
	pieces->ctr = second + 1;
	return 0;
}

/* The address as the kernel writes it; the one that means all stays NULL. */
static int parse_ip(const char *text, char **ret_ip, struct err *err)
{
	char plain[INET6_ADDRSTRLEN];
	unsigned char address[16];
	int family = strchr(text, ':') ? AF_INET6 : AF_INET;

	if (!*text)
		return err_set(err, 0, "must provide a non-empty container host IP to publish");
	if (inet_pton(family, text, address) != 1)
		return err_set(err, 0, "cannot parse \"%s\" as an IP address", text);
	inet_ntop(family, address, plain, sizeof(plain));
	*ret_ip = strcmp(plain, "0.0.0.0") ? text_dup(plain) : NULL;
	return 0;
}

static int parse_protocol(const char *text, const char **ret_protocol, struct err *err)
{
	*ret_protocol = !text || !strcasecmp(text, "tcp") ? "tcp" : "udp";
	if (!text || !strcasecmp(text, *ret_protocol))
		return 0;
	if (!*text)
		return err_set(err, 0, "must provide a non-empty protocol to publish");
	return err_hint(err, err_set(err, 0, "unrecognized protocol \"%s\" in port mapping", text),
			"tcp and udp are there");
}

static int parse_ranges(const struct pieces *pieces, struct range *ret_host, struct range *ret_ctr,
			struct err *err)
{
	int code;

	if (!*pieces->ctr)
		return err_set(err, 0, "must provide a non-empty container port to publish");
	code = parse_range(pieces->ctr, ret_ctr, err);
	if (code)
		return err_context(err, code, "parsing container port");
	*ret_host = (struct range){ 0, ret_ctr->count };
	if (!pieces->host || !*pieces->host)
		return 0;
	code = parse_range(pieces->host, ret_host, err);
	if (code)
		return err_context(err, code, "parsing host port");
	if (ret_host->count != ret_ctr->count)
		return err_set(err, 0, "host and container port ranges have different lengths: %lld vs %lld",
			       (long long)ret_host->count, (long long)ret_ctr->count);
	return 0;
}

/* Whether an entry already opens one of the host's ports asked for: 1 for the very same door. */
static int find_conflict(const struct port_list *list, const char *ip, const char *protocol,
			 const struct range *host, const struct range *ctr, struct err *err)
{
	for (size_t i = 0; host->first && i < list->n; i++) {
		const struct port_map *have = &list->v[i];
		int64_t at = have->host_port - host->first;

		if (at < 0 || at >= host->count || strcmp(have->protocol, protocol) ||
		    !text_equal(have->host_ip, ip))
			continue;
		if (host->count == 1 && have->ctr_port == ctr->first)
			return 1;
		return err_set(err, 0, "conflicting port mappings for host port %lld (protocol %s)",
			       (long long)have->host_port, protocol);
	}
	if (list->n + (size_t)ctr->count > MAX_ENTRIES)
		return err_set(err, 0, "too many ports to publish: at most %d", MAX_ENTRIES);
	return 0;
}

static int add(const struct pieces *pieces, struct port_list *list, struct err *err)
{
	struct port_map *fresh = NULL;
	struct range host = { 0 }, ctr = { 0 };
	const char *protocol = NULL;
	char *ip = NULL;
	int code = parse_ranges(pieces, &host, &ctr, err);

	if (!code)
		code = parse_protocol(pieces->proto, &protocol, err);
	if (!code && pieces->ip)
		code = parse_ip(pieces->ip, &ip, err);
	if (!code)
		code = find_conflict(list, ip, protocol, &host, &ctr, err);
	if (!code)
		fresh = fields_append_many(&port_map_shape, list, (size_t)ctr.count);
	for (int64_t i = 0; fresh && i < ctr.count; i++) {
		fresh[i].host_ip = text_dup(ip);
		fresh[i].host_port = host.first ? host.first + i : 0;
		fresh[i].ctr_port = ctr.first + i;
		fresh[i].protocol = text_dup(protocol);
	}
	free(ip);
	return code > 0 ? 0 : code;
}

int ports_parse(const char *text, struct port_list *list, struct err *err)
{
	struct pieces pieces = { 0 };
	char *copy = text_dup(text);
	int code = split(copy, &pieces, err);

	if (!code)
		code = add(&pieces, list, err);
	free(copy);
	return code;
}

/* How many entries from first on go up in step: they are shown as one range. */
static size_t run_length(const struct port_list *list, size_t first)
{
	const struct port_map *start = &list->v[first];
	size_t n = 1;

	while (first + n < list->n) {
		const struct port_map *next = &list->v[first + n];

		if (next->host_port != start->host_port + (int64_t)n ||
		    next->ctr_port != start->ctr_port + (int64_t)n ||
		    !text_equal(next->host_ip, start->host_ip) ||
		    !text_equal(next->protocol, start->protocol))
			break;
		n++;
	}
	return n;
}

char *ports_text(const struct port_list *list)
{
	struct buf text = { 0 };

	buf_text(&text, "");
	for (size_t i = 0, n; i < list->n; i += n) {
		const struct port_map *port = &list->v[i];
		const char *ip = port->host_ip ? port->host_ip : "0.0.0.0";
		bool v6 = strchr(ip, ':');

		n = run_length(list, i);
		buf_format(&text, "%s%s%s%s:%lld", i ? ", " : "", v6 ? "[" : "", ip, v6 ? "]" : "",
			   (long long)port->host_port);
		if (n > 1)
			buf_format(&text, "-%lld->%lld-%lld", (long long)(port->host_port + (int64_t)n - 1),
				   (long long)port->ctr_port, (long long)(port->ctr_port + (int64_t)n - 1));
		else
			buf_format(&text, "->%lld", (long long)port->ctr_port);
		buf_format(&text, "/%s", port->protocol);
	}
	return text.data;
}
