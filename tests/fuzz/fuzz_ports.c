/*
 * fuzz_ports: any text as -p. What is accepted is in range, and reads back the
 * same from what ps would show of each entry.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "spec/fields.h"
#include "spec/ports.h"

static void check(const struct port_map *port)
{
	char *again =
		text_format("%s%s%s:%lld:%lld/%s", port->host_ip && strchr(port->host_ip, ':') ? "[" : "",
			    port->host_ip ? port->host_ip : "0.0.0.0",
			    port->host_ip && strchr(port->host_ip, ':') ? "]" : "",
			    (long long)port->host_port, (long long)port->ctr_port, port->protocol);
	struct port_list list = { 0 };

	if (port->ctr_port < 1 || port->ctr_port > 65535 || port->host_port < 0 || port->host_port > 65535)
		abort();
	if (port->host_port && (ports_parse(again, &list, NULL) || list.n != 1 ||
				!fields_equal(&port_map_shape, port, &list.v[0])))
		abort();
	for (size_t i = 0; i < list.n; i++)
		fields_free(&port_map_shape, &list.v[i]);
	free(list.v);
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_ndup((const char *)data, size);
	struct port_list list = { 0 };
	struct err err;

	if (!ports_parse(text, &list, &err)) {
		char *shown = ports_text(&list);

		if (!list.n || !*shown)
			abort();
		check(&list.v[0]);
		check(&list.v[list.n - 1]);
		free(shown);
	} else if (list.n) {
		abort();
	}
	for (size_t i = 0; i < list.n; i++)
		fields_free(&port_map_shape, &list.v[i]);
	free(list.v);
	free(text);
	return 0;
}
