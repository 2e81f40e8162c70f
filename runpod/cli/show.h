/*
 * show: the pieces that several listings and inspect show in the same way.
 */
#ifndef RUNPOD_CLI_SHOW_H
#define RUNPOD_CLI_SHOW_H

#include <jansson.h>

#include "pod/status.h"

#define SHORT_ID 12

/* JSON of text: "" for NULL; bytes that are no UTF-8 become U+FFFD. */
json_t *show_text(const char *text);
json_t *show_list(const struct strv *list);
/* A list of NAME=value as an object. */
json_t *show_map(const struct strv *pairs);
/* A time as RFC 3339. */
json_t *show_time(int64_t when);
/* Takes text over. */
json_t *show_take(char *text);

/* The first 12 characters of an id, or all. Owned by the caller. */
char *show_id(const char *id, bool whole);

/* "Up 5 seconds", "Exited (0) 2 minutes ago", "Created", "Paused". Owned by the caller. */
char *show_status(const struct ctr_state *now);

/* The ports that reach the container: those of its pod. Loads records where nothing runs. */
const struct port_list *show_ports(const struct store *store, struct pod_view *pod,
				   const struct ctr_view *ctr);

/* {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}]} */
json_t *show_port_map(const struct port_list *ports);

/* "k=v,k2=v2", sorted. */
json_t *show_labels(const struct strv *labels);

#endif
