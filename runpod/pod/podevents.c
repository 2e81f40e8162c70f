/*
 * podevents: a pod's events, appended one line each in one write(2) with O_APPEND, so
 * that a reader never sees half a line; podevents.h says what they are. When the file has grown
 * too long its younger half is kept. Lesson 22.
 */
#include "pod/podevents.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"
#include "pod/phase.h"
#include "pod/pod.h"

#define FILE_NAME "events"
#define FILE_MAX  (128 * 1024) /* bytes of the file; a line has about two hundred */

/* What kubectl shows as the event's object: which part of the manifest it is about. */
static char *field_path(const struct ctr *ctr)
{
	const char *role = ctr->state->role;

	return text_format("spec.%s{%s}", role ? "initContainers" : "containers",
			   phase_short_name(ctr->pod->state.name, ctr->state->name));
}

/* The file is full: keeps the younger half, from the beginning of a line on. */
static void shorten(struct pod *pod)
{
	struct buf text = { 0 };
	const char *half, *line;

	if (!io_read_file(pod->run_dir, FILE_NAME, 2 * FILE_MAX, &text, NULL)) {
		half = text.data + text.len / 2;
		line = memchr(half, '\n', text.len - text.len / 2);
		if (line)
			io_replace_file(pod->run_dir, FILE_NAME, line + 1,
					(size_t)(text.data + text.len - line - 1), 0600, NULL);
	}
	buf_free(&text);
}

/* An event that cannot be written is lost: nothing else stops for it. */
static void append(struct pod *pod, const char *line, size_t len)
{
	cleanup_fd int fd =
		openat(pod->run_dir, FILE_NAME, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct stat info;

	if (fd < 0 || io_write_all(fd, line, len))
		return;
	if (!fstat(fd, &info) && info.st_size > FILE_MAX)
		shorten(pod);
}

void podevent(struct pod *pod, const struct ctr *ctr, const char *type, const char *reason,
	      const char *format, ...)
{
	cleanup_free char *object = NULL, *line = NULL, *text = NULL;
	char message[2048];
	va_list args;
	json_t *event;

	if (!pod->record.spec.manifest || (ctr && ctr->record.infra))
		return;
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	event = json_pack("{s:I, s:s, s:s, s:s, s:s}", "time", (json_int_t)clock_wall(), "type", type,
			  "reason", reason, "from", "kubelet", "message", message);
	if (!event) /* what a program wrote need not be UTF-8 */
		event = json_pack("{s:I, s:s, s:s, s:s}", "time", (json_int_t)clock_wall(), "type", type,
				  "reason", reason, "from", "kubelet");
	if (ctr) {
		object = field_path(ctr);
		json_object_set_new(event, "object", json_string(object));
	}
	text = json_dumps(event, JSON_COMPACT);
	json_decref(event);
	line = text_format("%s\n", text);
	append(pod, line, strlen(line));
}

static char *take(const json_t *object, const char *key)
{
	return text_dup(json_string_value(json_object_get(object, key)));
}

static bool same(const struct podevent *a, const struct podevent *b)
{
	return text_equal(a->type, b->type) && text_equal(a->reason, b->reason) &&
	       text_equal(a->message, b->message) && text_equal(a->object, b->object);
}

static void free_one(struct podevent *event)
{
	free(event->type);
	free(event->reason);
	free(event->from);
	free(event->message);
	free(event->object);
}

/* Adds one, or counts it where it is known: then that moves to the end. Takes over what event owns. */
static void join(struct podevents *events, struct podevent event)
{
	for (size_t i = 0; i < events->n; i++) {
		struct podevent known = events->v[i];

		if (!same(&known, &event))
			continue;
		known.count++;
		known.last = event.last;
		memmove(&events->v[i], &events->v[i + 1], (events->n - i - 1) * sizeof(event));
		events->v[events->n - 1] = known;
		free_one(&event);
		return;
	}
	events->v = mem_realloc(events->v, (events->n + 1) * sizeof(event));
	events->v[events->n++] = event;
}

int podevents_read(const struct store *store, const char *pod_id, struct podevents *ret_events,
		   struct err *err)
{
	cleanup_free char *path = text_format("pods/%s/" FILE_NAME, pod_id);
	struct buf text = { 0 };
	int code;

	*ret_events = (struct podevents){ 0 };
	if (faccessat(store->run_fd, path, F_OK, 0) < 0)
		return 0;
	code = io_read_file(store->run_fd, path, 2 * FILE_MAX, &text, err);
	for (char *line = text.data, *end; !code && line && (end = strchr(line, '\n')); line = end + 1) {
		json_t *object = json_loadb(line, (size_t)(end - line), 0, NULL);
		int64_t time = json_integer_value(json_object_get(object, "time"));

		if (json_object_get(object, "reason"))
			join(ret_events, (struct podevent){ take(object, "type"), take(object, "reason"),
							    take(object, "from"), take(object, "message"),
							    take(object, "object"), 1, time, time });
		json_decref(object);
	}
	buf_free(&text);
	return code;
}

void podevents_free(struct podevents *events)
{
	for (size_t i = 0; i < events->n; i++)
		free_one(&events->v[i]);
	free(events->v);
	*events = (struct podevents){ 0 };
}
