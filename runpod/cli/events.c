/*
 * events: prints the journal (store/journal.h): what has happened to containers, pods, images and volumes, and goes
 * on with what happens. Without --since and --until, what lies before now is passed over.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "cli/filter.h"
#include "cli/listing.h"
#include "cli/show.h"
#include "cli/template.h"
#include "cli/verbs.h"
#include "cli/when.h"
#include "store/journal.h"

#define MILLISECOND INT64_C(1000000)
#define SECOND	    INT64_C(1000000000)

struct events_flags {
	bool stream, no_trunc;
	char *format, *since, *until;
	struct strv filters;
};

static const struct events_flags defaults = { .stream = true, .no_trunc = true };

#define ROW(name, letter, type, member, metavar, help)                                                       \
	{                                                                                                    \
		name, letter, type, offsetof(struct events_flags, member), metavar, help, NULL, NULL         \
	}

static const struct opt options[] = {
	ROW("filter", 'f', OPT_STRV, filters, "filter",
	    "Show only those: container, event, image, label, pod, type or volume"),
	ROW("format", 0, OPT_TEXT, format, "string", "Print each event as JSON or by a Go template"),
	ROW("no-trunc", 0, OPT_BOOL, no_trunc, NULL, "Do not truncate the output (default true)"),
	ROW("since", 0, OPT_TEXT, since, "string", "Show events since TIMESTAMP (or a duration before now)"),
	ROW("stream", 0, OPT_BOOL, stream, NULL, "Go on with what happens from now on (default true)"),
	ROW("until", 0, OPT_TEXT, until, "string", "Show events until TIMESTAMP (or a duration from now)"),
	{ 0 },
};

/* One call. */
struct showing {
	const struct events_flags *flags;
	int64_t since, until; /* nanoseconds since 1970; until 0: for ever */
	struct template template;
};

/* What pod/events.c puts in front of a container's labels; all three are always there. */
enum { IMAGE, POD_ID, EXIT_CODE, OWN };

/* One of them; "" where there is none. */
static const char *own(const struct event *event, int which)
{
	const struct strv *list = &event->attributes;

	if (strcmp(event->type, "container") || list->n < OWN || !strchr(list->v[which], '='))
		return "";
	return strchr(list->v[which], '=') + 1;
}

static struct strv labels_of(const struct event *event)
{
	size_t n = !strcmp(event->type, "container") && event->attributes.n >= OWN ? OWN : 0;

	return (struct strv){ .v = event->attributes.v + n, .n = event->attributes.n - n };
}

/* A filter by who it was, as `container=web`: of that type, by name or by the beginning of its id. */
#define IDENTITY(kind)                                                                                       \
	static bool is_##kind(const char *value, const void *thing)                                          \
	{                                                                                                    \
		const struct event *event = thing;                                                           \
		return !strcmp(event->type, #kind) &&                                                        \
		       (text_equal(event->name, value) || text_starts(event->id, value));                    \
	}
IDENTITY(container)
IDENTITY(image)
IDENTITY(pod)
IDENTITY(volume)

static bool of_type(const char *value, const void *event)
{
	return !strcmp(((const struct event *)event)->type, value);
}

/* Docker's word for the end of a container is understood too. */
static bool of_action(const char *value, const void *event)
{
	return !strcmp(((const struct event *)event)->action, !strcmp(value, "die") ? "died" : value);
}

static bool wanted(const struct showing *showing, const struct event *event)
{
	const struct strv *filters = &showing->flags->filters, labels = labels_of(event);

	if (event->time < showing->since || (showing->until && event->time > showing->until))
		return false;
	return filter_any(filters, "container", is_container, event) &&
	       filter_any(filters, "image", is_image, event) && filter_any(filters, "pod", is_pod, event) &&
	       filter_any(filters, "volume", is_volume, event) &&
	       filter_any(filters, "type", of_type, event) &&
	       filter_any(filters, "event", of_action, event) &&
	       filter_any(filters, "status", of_action, event) &&
	       filter_all(filters, "label", filter_label, &labels);
}

/* An event under podman's keys. all: those too that say nothing of this one, for templates. */
static json_t *object_of(const struct event *event, bool all)
{
	static const char *const optional[] = { "ContainerExitCode", "ID", "Image", "Name", "PodID" };
	struct strv labels = labels_of(event);
	json_t *object = json_object();
	int64_t number = 0;

	if (!num_i64(own(event, EXIT_CODE), -1, 255, &number))
		json_object_set_new(object, "ContainerExitCode", json_integer(number));
	json_object_set_new(object, "ID", show_text(event->id));
	json_object_set_new(object, "Image", show_text(own(event, IMAGE)));
	json_object_set_new(object, "Name", show_text(event->name));
	json_object_set_new(object, "Status", show_text(event->action));
	json_object_set_new(object, "time", json_integer(event->time / SECOND));
	json_object_set_new(object, "timeNano", json_integer(event->time));
	json_object_set_new(object, "Type", show_text(event->type));
	json_object_set_new(object, "PodID", show_text(own(event, POD_ID)));
	json_object_set_new(object, "Attributes", show_map(&labels));
	for (size_t i = 0; i < sizeof(optional) / sizeof(*optional); i++) {
		const char *text = json_string_value(json_object_get(object, optional[i]));

		if (!all && text && !*text)
			json_object_del(object, optional[i]);
		else if (all && !json_object_get(object, optional[i]))
			json_object_set_new(object, optional[i], json_string(""));
	}
	return object;
}

/* The form that people read: TIME TYPE ACTION ID (image=…, name=…). */
static void print_text(const struct event *event, bool whole)
{
	cleanup_free char *when = when_go(event->time), *id = show_id(event->id, whole);
	struct strv labels = labels_of(event);
	bool of_image = !strcmp(event->type, "image");

	printf("%s %s %s ", when, event->type, event->action);
	if (of_image)
		printf("%s %s\n", id, event->name ? event->name : "");
	else if (!strcmp(event->type, "volume"))
		printf("%s\n", event->id);
	if (of_image || !strcmp(event->type, "volume"))
		return;
	printf("%s (image=%s, name=%s", id, own(event, IMAGE), event->name ? event->name : "");
	if (*own(event, POD_ID))
		printf(", pod_id=%s", own(event, POD_ID));
	for (size_t i = 0; i < labels.n; i++)
		printf(", %s", labels.v[i]);
	printf(")\n");
}

static int print(const struct showing *showing, const struct event *event, struct err *err)
{
	const struct events_flags *flags = showing->flags;
	json_t *object;
	int code = 0;

	if (!flags->format) {
		print_text(event, flags->no_trunc);
		return 0;
	}
	object = object_of(event, !listing_is_json(flags->format));
	if (listing_is_json(flags->format)) {
		cleanup_free char *text = json_dumps(object, JSON_COMPACT);

		puts(text);
	} else {
		struct buf text = { 0 };

		code = template_render(&showing->template, object, &text, err);
		if (!code)
			puts(text.data ? text.data : "");
		buf_free(&text);
	}
	json_decref(object);
	return code;
}

/* How long to sleep; 0 when there is nothing more to come. */
static int patience(const struct showing *showing)
{
	int64_t left = showing->until - clock_wall();

	if (!showing->flags->stream)
		return 0;
	if (!showing->until)
		return -1;
	return left <= 0 ? 0 : left / MILLISECOND >= INT_MAX ? INT_MAX : (int)(left / MILLISECOND) + 1;
}

static int show(const struct showing *showing, struct journal *journal, struct err *err)
{
	struct event event;
	int code = 0, sleep;

	do {
		/* asked before reading: what comes before the end is shown, however short before */
		sleep = patience(showing);
		while (!code && journal_next(journal, &event) > 0) {
			if (wanted(showing, &event))
				code = print(showing, &event, err);
			event_free(&event);
		}
		fflush(stdout);
		if (!code && sleep)
			code = journal_wait(journal, sleep, err);
	} while (!code && sleep);
	return code;
}

static int events(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct events_flags *flags = target;
	struct showing showing = { .flags = flags };
	struct journal journal = { .fd = -1, .watch = -1 };
	int code = filter_check(&flags->filters, "container event image label pod status type volume", err);

	(void)args;
	if (!code)
		code = when_parse(flags->since, "since", false, &showing.since, err);
	if (!code)
		code = when_parse(flags->until, "until", true, &showing.until, err);
	if (!code && flags->format && !listing_is_json(flags->format))
		code = template_parse(flags->format, &showing.template, err);
	if (!code)
		code = cli_store(cli, err);
	if (!code && flags->stream && !flags->since && !flags->until)
		showing.since = clock_wall();
	if (!code)
		code = journal_open(&cli->store, &journal, err);
	if (!code)
		code = show(&showing, &journal, err);
	journal_close(&journal);
	template_free(&showing.template);
	return code;
}

const struct verb verb_events = {
	.usage = "[options]",
	.description =
		"Shows what happens to containers, pods, images and volumes. What has happened before is\n"
		"  shown with --since, --until or --stream=false.",
	.examples = "events\nevents --filter event=create\nevents --since 1h30s --format {{.Image}}",
	.options = options,
	.flags_size = sizeof(struct events_flags),
	.defaults = &defaults,
	.run = events,
};
