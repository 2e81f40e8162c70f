/*
 * network: the networks there are: ls, inspect, exists. They are built in, and a pod takes one by its name; making others
 * is left to refused.c. Lesson 16.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sha256.h"
#include "cli/filter.h"
#include "cli/listing.h"
#include "cli/show.h"
#include "cli/verbs.h"
#include "pod/network.h"
#include "pod/status.h"

struct network_flags {
	bool quiet, no_heading, no_trunc;
	char *format;
	struct strv filters;
};

#define ROW(name, letter, type, member, metavar, help)                                                       \
	{                                                                                                    \
		name, letter, type, offsetof(struct network_flags, member), metavar, help, NULL, NULL        \
	}

/* What --network takes by name, beside what is no network of its own (container:X, ns:PATH). */
static const struct network {
	const char *name, *driver, *interface, *subnet;
} networks[] = {
	{ "bridge", "bridge", NETWORK_BRIDGE, NETWORK_SUBNET },
	{ "host", "host", "", NULL },
	{ "none", "null", "", NULL },
	{ "pasta", "pasta", "", NULL },
};

#define N_NETWORKS (sizeof(networks) / sizeof(*networks))

/* Podman's rule: a network's id is the hash of its name. */
static void id_of(const struct network *network, char ret_id[SHA256_HEX_SIZE])
{
	struct sha256 sha;

	sha256_init(&sha);
	sha256_add(&sha, network->name, strlen(network->name));
	sha256_hex(&sha, ret_id);
}

/* By its name, its id or the beginning of its id; NULL when there is none. */
static const struct network *find(const char *typed)
{
	char id[SHA256_HEX_SIZE];

	for (size_t i = 0; i < N_NETWORKS; i++) {
		id_of(&networks[i], id);
		if (!strcmp(networks[i].name, typed) || (strlen(typed) > 2 && text_starts(id, typed)))
			return &networks[i];
	}
	return NULL;
}

static json_t *subnets_of(const struct network *network)
{
	cleanup_free char *gateway = network->subnet ? text_dup(network->subnet) : NULL;

	if (!gateway)
		return json_array();
	*strchr(gateway, '/') = '\0';
	*(strrchr(gateway, '.') + 1) = '1'; /* its first address: 10.88.0.0/16 has 10.88.0.1 */
	return json_pack("[{s:s, s:s}]", "subnet", network->subnet, "gateway", gateway);
}

static json_t *object_of(const struct network *network)
{
	char id[SHA256_HEX_SIZE];
	json_t *object = json_object();

	id_of(network, id);
	json_object_set_new(object, "name", json_string(network->name));
	json_object_set_new(object, "id", json_string(id));
	json_object_set_new(object, "driver", json_string(network->driver));
	json_object_set_new(object, "network_interface", json_string(network->interface));
	json_object_set_new(object, "subnets", subnets_of(network));
	json_object_set_new(object, "ipv6_enabled", json_false());
	json_object_set_new(object, "internal", json_boolean(!strcmp(network->name, "none")));
	json_object_set_new(object, "dns_enabled", json_false());
	json_object_set_new(object, "labels", json_object());
	json_object_set_new(object, "options", json_object());
	return object;
}

static const struct opt ls_options[] = {
	ROW("filter", 'f', OPT_STRV, filters, "filter", "Show only those: driver, id or name"),
	ROW("format", 0, OPT_TEXT, format, "string", "Print networks as JSON or by a Go template"),
	ROW("no-trunc", 0, OPT_BOOL, no_trunc, NULL, "Do not truncate the network ID"),
	ROW("noheading", 'n', OPT_BOOL, no_heading, NULL, "Do not print headers"),
	ROW("quiet", 'q', OPT_BOOL, quiet, NULL, "Print the names only"),
	{ 0 },
};

static bool driver_is(const char *value, const void *network)
{
	return !strcmp(((const struct network *)network)->driver, value);
}

/* A row: the object, and its fields as podman calls them in a template. */
static json_t *row_of(const struct network *network, bool whole)
{
	static const char *const go_names[][2] = { { "network_interface", "NetworkInterface" },
						   { "ipv6_enabled", "IPv6Enabled" },
						   { "dns_enabled", "DNSEnabled" } };
	json_t *row = object_of(network);
	const char *id = json_string_value(json_object_get(row, "id"));

	json_object_set_new(row, "ID", show_take(show_id(id, whole)));
	for (size_t i = 0; i < sizeof(go_names) / sizeof(*go_names); i++)
		json_object_set(row, go_names[i][1], json_object_get(row, go_names[i][0]));
	return row;
}

static int ls(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	static const struct heading headings[] = {
		{ "ID", "NETWORK ID" }, { "name", "NAME" }, { "driver", "DRIVER" }, { NULL, NULL }
	};
	struct network_flags *flags = target;
	struct listing listing = { .format = flags->quiet && !flags->format ? "{{.Name}}" : flags->format,
				   .usual = "table {{.ID}}\t{{.Name}}\t{{.Driver}}",
				   .headings = headings,
				   .no_heading = flags->no_heading };
	bool json = listing_is_json(flags->format);
	json_t *rows = json_array();
	int code = filter_check(&flags->filters, "driver id name", err);

	(void)cli;
	(void)args;
	for (size_t i = 0; !code && i < N_NETWORKS; i++) {
		char id[SHA256_HEX_SIZE];

		id_of(&networks[i], id);
		if (filter_any(&flags->filters, "name", filter_name, networks[i].name) &&
		    filter_any(&flags->filters, "id", filter_id, id) &&
		    filter_any(&flags->filters, "driver", driver_is, &networks[i]))
			json_array_append_new(rows, json ? object_of(&networks[i])
							 : row_of(&networks[i], flags->no_trunc));
	}
	if (!code && json)
		json_print(rows, 5);
	else if (!code)
		code = listing_print(&listing, rows, err);
	json_decref(rows);
	return code;
}

const struct verb verb_network_ls = {
	.usage = "[options]",
	.description = "Lists the networks that --network takes.",
	.examples = "network ls\nnetwork ls --format json\nnetwork ls --quiet",
	.options = ls_options,
	.flags_size = sizeof(struct network_flags),
	.run = ls,
};

/* The containers that hold an address of the network. */
static json_t *members_of(const struct network *network, const struct pod_views *pods)
{
	json_t *members = json_object();

	for (size_t i = 0; i < pods->n; i++) {
		const struct pod_state *state = &pods->v[i].state;
		const struct ctr_view *holder = pods->v[i].n ? &pods->v[i].ctrs[0] : NULL;

		if (!holder || !ctr_view_alive(holder) || !text_equal(state->network, network->name))
			continue;
		json_object_set_new(members, holder->now.id,
				    json_pack("{s:o, s:o}", "name", show_text(holder->now.name), "ip",
					      show_text(state->ip)));
	}
	return members;
}

static const struct opt inspect_options[] = {
	ROW("format", 'f', OPT_TEXT, format, "string", "Format the output by a Go template or json"),
	{ 0 },
};

/* What is not there is reported, and the others are shown nevertheless. */
static json_t *find_all(struct cli *cli, const struct strv *names, const struct pod_views *pods)
{
	json_t *objects = json_array(), *object;

	for (size_t i = 0; i < names->n; i++) {
		const struct network *network = find(names->v[i]);
		struct err why = { 0 };

		if (!network) {
			err_set(&why, 0,
				"network %s: unable to find network with name or ID %s: network not found",
				names->v[i], names->v[i]);
			cli_fail(cli, &why);
			continue;
		}
		object = object_of(network);
		json_object_set_new(object, "containers", members_of(network, pods));
		json_array_append_new(objects, object);
	}
	return objects;
}

static int inspect(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct network_flags *flags = target;
	struct pod_views pods = { 0 };
	json_t *objects, *object;
	size_t i;
	int code = cli_store(cli, err);

	if (!code)
		code = pod_views_read(&cli->store, &pods, NULL, err);
	if (code)
		return code;
	objects = find_all(cli, args, &pods);
	if (!flags->format || listing_is_json(flags->format))
		json_print(objects, 5);
	else
		json_array_foreach(objects, i, object)
		{
			if (!code)
				code = template_print(flags->format, object, err);
		}
	json_decref(objects);
	pod_views_free(&pods);
	return code;
}

const struct verb verb_network_inspect = {
	.usage = "[options] NETWORK [NETWORK...]",
	.description = "Displays what is known of networks, and who is in them.",
	.examples = "network inspect bridge\nnetwork inspect --format '{{.Subnets}}' bridge",
	.options = inspect_options,
	.flags_size = sizeof(struct network_flags),
	.min_args = 1,
	.max_args = -1,
	.run = inspect,
};

static int exists(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	(void)cli;
	(void)flags;
	(void)err;
	return !find(args->v[0]);
}

const struct verb verb_network_exists = {
	.usage = "NETWORK",
	.description = "Ends with 0 when there is a network of that name, with 1 when there is none.",
	.examples = "network exists bridge",
	.min_args = 1,
	.max_args = 1,
	.run = exists,
};
