/*
 * show: values in the forms that listings and inspect share; show.h names them.
 */
#include "cli/show.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/when.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD, for bytes that are no text */

json_t *show_text(const char *text)
{
	json_t *string = json_string(text ? text : "");
	struct buf clean = { 0 };

	if (string)
		return string;
	for (const char *p = text; *p; p++)
		buf_text(&clean, (unsigned char)*p < 0x80 ? (char[]){ *p, '\0' } : REPLACEMENT);
	string = json_string(clean.data);
	buf_free(&clean);
	return string;
}

json_t *show_take(char *text)
{
	json_t *string = show_text(text);

	free(text);
	return string;
}

json_t *show_list(const struct strv *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++)
		json_array_append_new(array, show_text(list->v[i]));
	return array;
}

json_t *show_map(const struct strv *pairs)
{
	json_t *object = json_object();

	for (size_t i = 0; i < pairs->n; i++) {
		size_t length = strcspn(pairs->v[i], "=");
		char *key = text_ndup(pairs->v[i], length);

		json_object_set_new(object, key,
				    show_text(pairs->v[i][length] ? pairs->v[i] + length + 1 : ""));
		free(key);
	}
	return object;
}

json_t *show_time(int64_t when)
{
	return show_take(when_rfc3339(when));
}

char *show_id(const char *id, bool whole)
{
	if (!id)
		return text_dup("");
	return whole || strlen(id) < SHORT_ID ? text_dup(id) : text_ndup(id, SHORT_ID);
}

char *show_status(const struct ctr_state *now)
{
	char *when, *text;

	if (text_equal(now->status, "running")) {
		when = when_ago(now->started);
		text = text_format("Up %.*s", (int)(strlen(when) - strlen(" ago")), when);
	} else if (text_equal(now->status, "exited")) {
		when = now->finished ? when_ago(now->finished) : text_dup("");
		text = now->exit_code == EXIT_UNKNOWN
			       ? text_format("Exited (unknown) %s", when)
			       : text_format("Exited (%" PRId64 ") %s", now->exit_code, when);
	} else {
		when = NULL;
		text = text_dup(now->status ? now->status : "unknown");
		text[0] = (char)(text[0] - 'a' + 'A'); /* the states are lower-case words */
	}
	free(when);
	return text;
}

const struct port_list *show_ports(const struct store *store, struct pod_view *pod,
				   const struct ctr_view *ctr)
{
	static const struct port_list none;

	for (size_t i = 0; i < pod->n; i++)
		if (ctr_view_alive(&pod->ctrs[i]))
			return &pod->state.ports; /* with the host ports that the kernel chose */
	if (ctr->hidden && ctr->loaded)
		return &ctr->record.spec.ports;
	return pod_view_load(store, pod, NULL) ? &none : &pod->record.spec.ports;
}

json_t *show_port_map(const struct port_list *ports)
{
	json_t *object = json_object();

	for (size_t i = 0; i < ports->n; i++) {
		const struct port_map *port = &ports->v[i];
		char *key = text_format("%" PRId64 "/%s", port->ctr_port,
					port->protocol ? port->protocol : "tcp");
		json_t *list = json_object_get(object, key);

		if (!list) {
			list = json_array();
			json_object_set_new(object, key, list);
		}
		json_array_append_new(list, json_pack("{s:s, s:o}", "HostIp",
						      port->host_ip ? port->host_ip : "0.0.0.0", "HostPort",
						      show_take(text_format("%" PRId64, port->host_port))));
		free(key);
	}
	return object;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

json_t *show_labels(const struct strv *labels)
{
	struct strv sorted = { 0 };
	json_t *text;

	strv_copy(&sorted, labels);
	if (sorted.n)
		qsort(sorted.v, sorted.n, sizeof(*sorted.v), by_text);
	text = show_take(strv_join(&sorted, ","));
	strv_free(&sorted);
	return text;
}
