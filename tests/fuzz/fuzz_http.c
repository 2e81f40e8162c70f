/*
 * fuzz_http: any bytes as the reply of a server. Whatever is read of them lies within
 * them, reading them in two parts gives the same, and a redirect that is followed
 * makes a request of one clean line.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pod/http.h"

static void check_redirect(const struct http_reply *reply)
{
	static const struct strv no_headers;
	struct http_url url = http_url("10.0.0.1", 8080, "/"), next;

	if (http_redirect(&url, reply, &next)) {
		struct buf text = { 0 };
		const char *end;

		if (http_request(&next, &no_headers, &text, NULL) || !next.port || next.path[0] != '/' ||
		    strcmp(next.host, url.host))
			abort();
		end = strstr(text.data, " HTTP/1.1\r\nHost: 10.0.0.1:");
		if (!end || memchr(text.data + 4, ' ', (size_t)(end - text.data - 4)))
			abort();
		for (const char *c = text.data; c < end; c++)
			if (*c < ' ' || *c > '~')
				abort();
		buf_free(&text);
		http_url_free(&next);
	}
	http_url_free(&url);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = malloc(size ? size : 1); /* of this size exactly: a byte too far is seen */
	struct http_reply reply, again;
	struct err err;
	int code;

	if (size)
		memcpy(bytes, data, size);
	code = http_reply_read(bytes, size, &reply, &err);
	if (code == 1) {
		if (reply.status < 100 || reply.status > 999 || !reply.size || reply.size > size ||
		    reply.size > HTTP_HEAD_MAX || reply.length < -1)
			abort();
		if (reply.location &&
		    (reply.location < bytes || reply.location + reply.location_len > bytes + reply.size))
			abort();
		if (http_reply_read(bytes, reply.size - 1, &again, &err) == 1 ||
		    http_reply_read(bytes, reply.size, &again, &err) != 1 || again.size != reply.size)
			abort();
		http_reply_whole(&reply, bytes, size);
		check_redirect(&reply);
	} else if (code < 0 ? !err.text[0] : size >= HTTP_HEAD_MAX) {
		abort();
	}
	free(bytes);
	return 0;
}
