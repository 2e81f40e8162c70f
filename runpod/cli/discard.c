/*
 * discard: the warnings that podman's users know; discard.h says when.
 */
#include "cli/discard.h"

#include <unistd.h>

#include "spec/fields.h"

void discard_ports(const struct cli *cli, struct port_list *ports, const struct ns_choice *net)
{
	struct strv line = { 0 };

	if (!ports->n || (!text_equal(net->mode, "host") && !text_equal(net->mode, "container")))
		return;
	strv_addf(&line,
		  "Port mappings have been discarded because \"%s\" network namespace mode does not support "
		  "them",
		  net->mode);
	cli_warn(cli, &line);
	strv_free(&line);
	while (ports->n)
		fields_free(&port_map_shape, &ports->v[--ports->n]);
}

void discard_terminal(const struct cli *cli, bool tty, bool interactive)
{
	struct strv line = { 0 };

	if (!tty || !interactive || isatty(STDIN_FILENO))
		return;
	strv_add(&line, "The input device is not a TTY. The --tty and --interactive flags might not work "
			"properly");
	cli_warn(cli, &line);
	strv_free(&line);
}
