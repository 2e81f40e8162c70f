/*
 * http: as much of HTTP as one GET needs: the text of the request, and the head of
 * the reply. Plain text in, plain values out: no socket is here.
 *
 * Lives by RFC 9112 (how messages are written) and RFC 9110 (what they mean). The
 * reply comes from a container, which may be hostile: nothing in it is
 * believed beyond its own bytes, and the reader of the head is fuzzed. Lesson 22.
 */
#ifndef RUNPOD_POD_HTTP_H
#define RUNPOD_POD_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

#define HTTP_HEAD_MAX 16384 /* bytes of a reply's status line and headers together */

/* Where a request goes. Both texts are owned by it. */
struct http_url {
	char *host;    /* an address, or a name, without the brackets of IPv6 */
	uint16_t port; /* … */
	char *path;    /* begins with "/", and has no byte that a request line may not have */
};

/* path: as in a manifest, with or without the "/" in front, NULL for none. What may not stand in a request
 * line, a blank or a line feed, is written as %20 and %0A. */
struct http_url http_url(const char *host, uint16_t port, const char *path);
void http_url_free(struct http_url *url);

/* "http://10.88.0.5:8080/healthz"; the caller owns it. */
char *http_url_text(const struct http_url *url);

/*
 * Appends the text of a GET. headers: "Name=value", which take the place of our Host, User-Agent
 * and Accept; an empty User-Agent or Accept is not sent at all. Returns 0, or -EINVAL for one
 * that would break out of its line.
 */
int http_request(const struct http_url *url, const struct strv *headers, struct buf *ret_text,
		 struct err *err);

/* The head of a reply. */
struct http_reply {
	int status;	      /* 100…999 */
	size_t size;	      /* bytes of the head, with the empty line: the body begins there */
	int64_t length;	      /* Content-Length; -1: not told */
	bool chunked;	      /* the body comes in chunks (RFC 9112, 7.1) */
	const char *location; /* where a redirect points to, in the caller's bytes; NULL */
	size_t location_len;  /* bytes of it */
};

/*
 * Reads the head from what has come so far. Returns 1 when it is there, 0 when more is needed, -EPROTO
 * for what is no HTTP/1 reply and -EMSGSIZE when there are more than HTTP_HEAD_MAX bytes
 * of it, with an error text in the words of Go's net/http, which are the kubelet's.
 */
int http_reply_read(const char *bytes, size_t len, struct http_reply *ret_reply, struct err *err);

/* Whether all that will come of the body is in bytes, as far as can be seen from here; when not, the end of the
 * connection tells. */
bool http_reply_whole(const struct http_reply *reply, const char *bytes, size_t len);

/*
 * Where a reply sends us that is to be followed: a redirect to a path of the same host, as the
 * kubelet follows them. Returns true and fills ret_url, or false: then the reply is the answer.
 */
bool http_redirect(const struct http_url *url, const struct http_reply *reply, struct http_url *ret_url);

#endif
