/*
 * handler: the frame of all kinds: begun, timed, answered once, or given up; and
 * the simplest kind, sleep. handler.h tells the rules. Lesson 22.
 *
 * An answer wakes the loop through an eventfd(2) instead of calling its receiver on the spot:
 * whoever starts a question is never in the middle of something when the answer comes.
 */
#include "pod/handler.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "pod/handler_kinds.h"

#define SECOND INT64_C(1000000000)

static void sleep_begin(struct handler *handler)
{
	int64_t length = handler->how->seconds * SECOND;

	if (!handler->deadline || handler->timeout > length) /* else it is cut short */
		handler->deadline = supervisor_now() + length;
}

static void sleep_expire(struct handler *handler)
{
	bool whole = !handler->timeout || handler->timeout >= handler->how->seconds * SECOND;

	handler_finish(handler, whole, "%s", whole ? "" : "the time was over before the sleep was");
}

static const struct handler_kind kinds[] = {
	{ "exec", exec_begin, exec_expire },
	{ "http", http_begin, http_expire },
	{ "tcp", tcp_begin, tcp_expire },
	{ "sleep", sleep_begin, sleep_expire },
};

static const struct handler_kind *kind_of(const struct handler_spec *how)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (text_equal(kinds[i].name, how->kind))
			return &kinds[i];
	return NULL;
}

/* Takes it out of its container's list and releases all it has. */
static void forget(struct handler *handler)
{
	struct handler **at = &handler->ctr->handlers;

	while (*at != handler)
		at = &(*at)->next;
	*at = handler->next;
	exec_abandon(handler);
	watch_close(handler->ctr->pod, &handler->sock);
	watch_close(handler->ctr->pod, &handler->wake);
	http_url_free(&handler->url);
	buf_free(&handler->request);
	buf_free(&handler->text);
	free(handler->peer);
	free(handler->message);
	free(handler);
}

/* The turn of the loop in which the answer is told. */
static void tell(struct pod *pod, struct watch *watch, unsigned events)
{
	struct handler *handler = watch->owner, answer = *handler;

	(void)pod;
	(void)events;
	handler->message = NULL;
	forget(handler);
	answer.done(answer.ctr, answer.context, answer.success, answer.message); /* may be the end of ctr */
	free(answer.message);
}

/* How many bytes the character at text has, in UTF-8 (RFC 3629); 0: it is none, or one that commands a terminal. */
static size_t character(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;
	size_t len = c[0] >= 0xf0 ? 4 : c[0] >= 0xe0 ? 3 : 2;

	if (c[0] < 0x80)
		return c[0] == '\n' || c[0] == '\t' || (c[0] >= ' ' && c[0] != 0x7f);
	if (c[0] < 0xc2 || c[0] > 0xf4 || (c[0] == 0xc2 && c[1] < 0xa0) || (c[0] == 0xe0 && c[1] < 0xa0) ||
	    (c[0] == 0xed && c[1] > 0x9f) || (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] > 0x8f))
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

/* What a container says becomes part of a record and of a line on a terminal. */
static void make_printable(char *text)
{
	while (*text) {
		size_t len = character(text);

		if (!len)
			*text = '?';
		text += len ? len : 1;
	}
}

void handler_finish(struct handler *handler, bool success, const char *format, ...)
{
	struct buf text = { 0 };
	uint64_t one = 1;
	va_list args;

	if (handler->finished)
		return;
	handler->finished = true;
	handler->success = success;
	handler->deadline = 0;
	watch_close(handler->ctr->pod, &handler->sock);
	va_start(args, format);
	buf_vformat(&text, format, args);
	va_end(args);
	handler->message = text.data ? text.data : text_dup("");
	make_printable(handler->message);
	(void)!write(handler->wake.fd, &one, sizeof(one));
}

static int make_wake(struct handler *handler, struct err *err)
{
	int code;

	handler->wake = (struct watch){ .fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
					.ready = tell,
					.owner = handler };
	if (handler->wake.fd < 0)
		return err_set(err, errno, "make an eventfd");
	code = watch_add(handler->ctr->pod, &handler->wake, EPOLLIN);
	return code ? err_set(err, -code, "watch an eventfd") : 0;
}

int handler_start(struct ctr *ctr, const struct handler_spec *how, int64_t timeout_ns, handler_done_fn *done,
		  void *context, struct err *err)
{
	const struct handler_kind *kind = kind_of(how);
	struct handler *handler;
	int code;

	if (!kind)
		return err_set(err, 0, "cannot run a handler of kind %s", how->kind ? how->kind : "none");
	if (ctr->main.exit.fd < 0)
		return err_set(err, ESRCH, "question container %s", ctr->record.spec.name);
	handler = mem_zalloc(sizeof(*handler));
	*handler = (struct handler){ .ctr = ctr,
				     .next = ctr->handlers,
				     .how = how,
				     .kind = kind,
				     .done = done,
				     .context = context,
				     .timeout = timeout_ns };
	handler->sock = (struct watch){ .fd = -1, .owner = handler };
	ctr->handlers = handler;
	code = make_wake(handler, err);
	if (code) {
		forget(handler);
		return code;
	}
	if (timeout_ns > 0)
		handler->deadline = supervisor_now() + timeout_ns;
	kind->begin(handler);
	return 0;
}

void handler_cancel(struct ctr *ctr, const void *context)
{
	for (struct handler *handler = ctr->handlers, *next; handler; handler = next) {
		next = handler->next;
		if (handler->context == context)
			forget(handler);
	}
}

void handler_cancel_all(struct ctr *ctr)
{
	while (ctr->handlers)
		forget(ctr->handlers);
}

void handler_tick(struct ctr *ctr, int64_t now, int64_t *io_next)
{
	for (struct handler *handler = ctr->handlers; handler; handler = handler->next) {
		if (handler->deadline && handler->deadline <= now)
			handler->kind->expire(handler);
		if (handler->deadline && (!*io_next || handler->deadline < *io_next))
			*io_next = handler->deadline;
	}
}
