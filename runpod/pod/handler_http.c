/*
 * handler_http: one GET, byte by byte as the loop says that the socket can take or
 * has some. Success is a status from 200 to 399, as the kubelet has it; redirects
 * within the same host are followed first.
 *
 * The server is the container's and may mean us harm: what is read of it is
 * bounded (HTTP_HEAD_MAX, HANDLER_TEXT_MAX), each turn of the loop reads one
 * chunk, and the question's one deadline does not start anew with each byte. Lesson 22.
 */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "pod/handler_kinds.h"

#define CHUNK	 4096
#define HOPS_MAX 10

static void http_ready(struct pod *pod, struct watch *watch, unsigned events);

/* `Get "http://10.88.0.5:8080/healthz": WHY` */
static void fail(struct handler *handler, const char *why)
{
	cleanup_free char *url = http_url_text(&handler->url);

	handler_finish(handler, false, "Get \"%s\": %s", url, why);
}

static void fail_errno(struct handler *handler, const char *doing, int errnum)
{
	char words[64];
	cleanup_free char *why = text_format("%s tcp %s: %s: %s", doing, handler->peer, doing,
					     handler_errno_text(errnum, words));

	fail(handler, why);
}

/* One connection for handler->url. */
static void ask(struct handler *handler)
{
	struct err err = { 0 };
	int code;

	buf_free(&handler->request);
	buf_free(&handler->text);
	handler->reply.size = 0;
	code = http_request(&handler->url, &handler->how->headers, &handler->request, &err);
	if (!code)
		code = handler_dial(handler, handler->url.host, handler->url.port, http_ready, &err);
	if (code)
		fail(handler, err.text);
}

void http_begin(struct handler *handler)
{
	handler->url = http_url(handler_host(handler), (uint16_t)handler->how->port, handler->how->path);
	ask(handler);
}

void http_expire(struct handler *handler)
{
	cleanup_free char *why = NULL;

	if (handler->reply.size)
		return handler_finish(
			handler, false,
			"context deadline exceeded (Client.Timeout or context cancellation while "
			"reading body)");
	why = handler->connected ? text_dup("context deadline exceeded")
				 : text_format("dial tcp %s: i/o timeout", handler->peer);
	text_replace(&why, text_format("%s (Client.Timeout exceeded while awaiting headers)", why));
	fail(handler, why);
}

/* Sends what is left of the request; then listens. */
static void send_on(struct handler *handler)
{
	struct buf *left = &handler->request;
	ssize_t n = send(handler->sock.fd, left->data, left->len, MSG_NOSIGNAL);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0)
		return fail_errno(handler, "write", errno);
	buf_drop(left, (size_t)n);
	if (left->len)
		return;
	watch_remove(handler->ctr->pod, &handler->sock);
	watch_add(handler->ctr->pod, &handler->sock, EPOLLIN);
}

/* All has come that will be looked at. */
static void conclude(struct handler *handler)
{
	int status = handler->reply.status;

	if (status >= 200 && status < 400)
		handler_finish(handler, true, "%s", "");
	else
		handler_finish(handler, false, "HTTP probe failed with statuscode: %d", status);
}

/* Reads the head, past interim replies (100 Continue). Returns 1 when it is there, 0 when not yet, or -errno. */
static int read_head(struct handler *handler, struct err *err)
{
	struct buf *text = &handler->text;

	while (text->len) {
		int code = http_reply_read(text->data, text->len, &handler->reply, err);

		if (code <= 0 || handler->reply.status >= 200)
			return code;
		if (handler->hops++ == HOPS_MAX)
			return err_set(err, 0, "net/http: too many 1xx informational responses");
		buf_drop(text, handler->reply.size);
		handler->reply.size = 0;
	}
	return 0;
}

/* The server is somewhere else on its host. */
static void follow(struct handler *handler, struct http_url *next)
{
	http_url_free(&handler->url);
	handler->url = *next;
	watch_close(handler->ctr->pod, &handler->sock);
	if (handler->hops++ == HOPS_MAX)
		fail(handler, "stopped after 10 redirects");
	else
		ask(handler);
}

/* Looks at what has come; ended: nothing more will. The body says nothing about success, but it is waited for: a
 * server that is cut short would write complaints into its log, once a period. */
static void look(struct handler *handler, bool ended)
{
	struct buf *text = &handler->text;
	struct http_url next;
	struct err err = { 0 };
	int code = 1;

	if (!handler->reply.size) {
		code = read_head(handler, &err);
		if (code < 0)
			return fail(handler, err.text);
		if (code && http_redirect(&handler->url, &handler->reply, &next))
			return follow(handler, &next);
	}
	if (!code && ended)
		return fail(handler, text->len ? "unexpected EOF" : "EOF");
	if (code && (ended || text->len - handler->reply.size >= HANDLER_TEXT_MAX ||
		     http_reply_whole(&handler->reply, text->data, text->len)))
		conclude(handler);
}

static void http_ready(struct pod *pod, struct watch *watch, unsigned events)
{
	struct handler *handler = watch->owner;
	struct err err = { 0 };
	char bytes[CHUNK];
	ssize_t n;

	(void)pod;
	(void)events;
	if (!handler->connected && handler_dialled(handler, &err))
		return fail(handler, err.text);
	if (handler->request.len)
		return send_on(handler);
	n = recv(watch->fd, bytes, sizeof(bytes), 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0 && !handler->reply.size)
		return fail_errno(handler, "read", errno);
	if (n > 0)
		buf_add(&handler->text, bytes, (size_t)n);
	look(handler, n <= 0);
}
