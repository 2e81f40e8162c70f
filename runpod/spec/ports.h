/*
 * ports: what -p says, and how ps shows it. Lesson 17 opens such a door.
 */
#ifndef RUNPOD_SPEC_PORTS_H
#define RUNPOD_SPEC_PORTS_H

#include "base/err.h"
#include "spec/pod_spec.h"

/*
 * Reads [[IP:][HOSTPORT[-END]]:]PORT[-END][/tcp|udp] and appends one entry a
 * port. An IPv6 address stands in brackets. Without a host port it is 0: the
 * kernel chooses. The same door asked for twice is added once; one host port
 * for two container ports is an error. Returns 0 or -EINVAL; on error the
 * list is as it was.
 */
int ports_parse(const char *text, struct port_list *list, struct err *err);

/* "0.0.0.0:8080->80/tcp, 0.0.0.0:9000-9002->9000-9002/udp": neighbours are joined. "" for none. Owned by
 * the caller. */
char *ports_text(const struct port_list *list);

#endif
