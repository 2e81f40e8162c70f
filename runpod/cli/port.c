/*
 * port: on which ports of the host a container is reached.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "cli/choose.h"
#include "cli/show.h"
#include "cli/verbs.h"

static const struct opt options[] = {
	{ "all", 'a', OPT_BOOL, offsetof(struct choice, all), NULL,
	  "Display port information for all containers", NULL, NULL },
	{ "latest", 'l', OPT_BOOL, offsetof(struct choice, latest), NULL, "The latest container", NULL,
	  NULL },
	{ 0 },
};

static const char *protocol_of(const struct port_map *port)
{
	return port->protocol ? port->protocol : "tcp";
}

static const char *host_of(const struct port_map *port)
{
	return port->host_ip && *port->host_ip ? port->host_ip : "0.0.0.0";
}

/* "80" or "80/udp": the port that was asked about. */
static int parse_wanted(const char *text, int64_t *ret_port, bool *ret_udp, struct err *err)
{
	char *digits = text_ndup(text, strcspn(text, "/"));
	const char *protocol = strchr(text, '/');
	uint64_t port = 0;
	int code = num_u64(digits, 65535, &port);

	text_replace(&digits, NULL);
	*ret_port = (int64_t)port;
	*ret_udp = protocol && !strcmp(protocol, "/udp");
	if (code || !port || (protocol && !*ret_udp && strcmp(protocol, "/tcp")))
		return err_set(err, 0, "invalid port \"%s\": expected PORT or PORT/PROTOCOL", text);
	return 0;
}

/* Prints the ports of a container; of one alone when wanted is not NULL. head: its id stands in front. */
static int print_ports(struct cli *cli, const struct name_ref *ref, const char *wanted, bool head,
		       struct err *err)
{
	int64_t port = 0;
	bool udp = false, found = false;
	struct pod_view pod;
	struct ctr_view *ctr;
	const struct port_list *ports;
	int code = wanted ? parse_wanted(wanted, &port, &udp, err) : 0;

	if (!code)
		code = pod_view_read(&cli->store, ref->pod_id, &pod, err);
	if (code)
		return code;
	ctr = pod_view_ctr(&pod, ref->ctr_id);
	if (ctr)
		ctr_view_load(&cli->store, ctr, NULL);
	ports = ctr ? show_ports(&cli->store, &pod, ctr) : &pod.state.ports;
	for (size_t i = 0; i < ports->n; i++) {
		const struct port_map *map = &ports->v[i];

		if (wanted && (map->ctr_port != port || !strcmp(protocol_of(map), "udp") != udp))
			continue;
		found = true;
		if (head)
			printf("%.*s\t", SHORT_ID, ref->ctr_id);
		if (!wanted)
			printf("%" PRId64 "/%s -> ", map->ctr_port, protocol_of(map));
		printf("%s:%" PRId64 "\n", host_of(map), map->host_port);
	}
	pod_view_free(&pod);
	if (wanted && !found)
		return err_set(err, 0, "failed to find published port \"%s\"", wanted);
	return 0;
}

static bool alive(const struct ctr_view *view)
{
	return ctr_view_alive(view);
}

static int port(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct choice *choice = target;
	const char *wanted = NULL;
	struct strv names = *args;
	struct chosen chosen = { 0 };
	int code;

	if (!args->n && !choice->latest && !choice->all)
		return err_set(err, 0, "you must supply a running container name or id");
	if (args->n && (choice->latest || args->n == 2)) {
		wanted = args->v[args->n - 1];
		names.n--;
	}
	code = choose_ctrs(cli, choice, &names, alive, 0, &chosen, err);
	for (size_t i = 0; !code && i < chosen.n; i++)
		code = print_ports(cli, &chosen.v[i].ref, wanted, choice->all, err);
	chosen_free(&chosen);
	return code;
}

const struct verb verb_port = {
	.usage = "[options] CONTAINER [PORT]",
	.description = "Prints the ports of the host on which a container is reached.",
	.examples = "port --all\nport ctrID 80/tcp",
	.options = options,
	.flags_size = sizeof(struct choice),
	.max_args = 2,
	.run = port,
};
