/*
 * http: the request's text and the reply's head; http.h tells the rules. Lesson 22.
 */
#include "pod/http.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/num.h"

/* Appends text with every byte that may not stand in a request line as %XX; a fragment (#…) is never sent. */
static void add_encoded(struct buf *buf, const char *text, size_t len)
{
	for (size_t i = 0; i < len && text[i] != '#'; i++) {
		unsigned char byte = (unsigned char)text[i];

		if (byte <= ' ' || byte > '~' || strchr("\"<>\\^`{|}", byte))
			buf_format(buf, "%%%02X", byte);
		else
			buf_add(buf, &byte, 1);
	}
}

static struct http_url make_url(const char *host, uint16_t port, const char *path, size_t len)
{
	struct buf text = { 0 };

	if (!len || path[0] != '/')
		buf_text(&text, "/");
	add_encoded(&text, path, len);
	return (struct http_url){ .host = text_dup(host), .port = port, .path = text.data };
}

struct http_url http_url(const char *host, uint16_t port, const char *path)
{
	return make_url(host, port, path ? path : "", path ? strlen(path) : 0);
}

void http_url_free(struct http_url *url)
{
	text_replace(&url->host, NULL);
	text_replace(&url->path, NULL);
}

/* "10.88.0.5:8080", "[::1]:80" */
static char *authority(const struct http_url *url)
{
	bool six = strchr(url->host, ':') != NULL;

	return text_format("%s%s%s:%u", six ? "[" : "", url->host, six ? "]" : "", url->port);
}

char *http_url_text(const struct http_url *url)
{
	cleanup_free char *where = authority(url);

	return text_format("http://%s%s", where, url->path);
}

static bool is_token(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c <= ' ' || c > '~' || strchr("\"(),/:;<=>?@[\\]{}", c))
			return false;
	}
	return len > 0;
}

/* A header's value may hold anything but what ends its line. */
static bool is_value(const char *text)
{
	for (; *text; text++)
		if (((unsigned char)*text < ' ' && *text != '\t') || *text == 0x7f)
			return false;
	return true;
}

static int add_header(const char *pair, struct buf *text, struct err *err)
{
	const char *equals = strchr(pair, '=');
	size_t len = equals ? (size_t)(equals - pair) : 0;

	if (!is_token(pair, len))
		return err_set(err, 0, "net/http: invalid header field name \"%.*s\"", (int)len, pair);
	if (!is_value(equals + 1))
		return err_set(err, 0, "net/http: invalid header field value for \"%.*s\"", (int)len, pair);
	if (equals[1] || (strncasecmp(pair, "User-Agent=", len + 1) && strncasecmp(pair, "Accept=", len + 1)))
		buf_format(text, "%.*s: %s\r\n", (int)len, pair, equals + 1);
	return 0;
}

static bool is_given(const struct strv *headers, const char *name)
{
	for (size_t i = 0; i < headers->n; i++)
		if (!strncasecmp(headers->v[i], name, strlen(name)) && headers->v[i][strlen(name)] == '=')
			return true;
	return false;
}

int http_request(const struct http_url *url, const struct strv *headers, struct buf *ret_text,
		 struct err *err)
{
	cleanup_free char *where = authority(url);
	int code = 0;

	buf_format(ret_text, "GET %s HTTP/1.1\r\n", url->path);
	if (!is_given(headers, "Host"))
		buf_format(ret_text, "Host: %s\r\n", where);
	if (!is_given(headers, "User-Agent")) /* apps tell probes from people by this beginning */
		buf_text(ret_text, "User-Agent: kube-probe/runpod\r\n");
	if (!is_given(headers, "Accept"))
		buf_text(ret_text, "Accept: */*\r\n");
	for (size_t i = 0; i < headers->n && !code; i++)
		code = add_header(headers->v[i], ret_text, err);
	buf_text(ret_text, "Connection: close\r\n\r\n"); /* one question, one connection */
	return code;
}

/* The head in a reader's hands: a place in it, and where it ends. */
struct lines {
	const char *at, *end;
};

/* Takes one line without its end. Returns false when no whole line is left. */
static bool take_line(struct lines *lines, const char **ret_line, size_t *ret_len)
{
	const char *feed = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));

	if (!feed)
		return false;
	*ret_line = lines->at;
	*ret_len = (size_t)(feed - lines->at);
	if (*ret_len && feed[-1] == '\r')
		--*ret_len;
	lines->at = feed + 1;
	return true;
}

static int malformed(struct err *err, const char *what, const char *line, size_t len)
{
	err_set(err, 0, "net/http: HTTP/1.x transport connection broken: malformed %s \"%.*s\"", what,
		len > 200 ? 200 : (int)len, line);
	return -EPROTO;
}

/* "HTTP/1.1 200 OK", of which the words behind the number are for people and may be missing. */
static int read_status(const char *line, size_t len, int *ret_status, struct err *err)
{
	int status = 0;

	if (len < 9 || memcmp(line, "HTTP/1.", 7) || line[7] < '0' || line[7] > '9' || line[8] != ' ')
		return malformed(err, "HTTP response", line, len);
	for (size_t i = 9; i < 12; i++) {
		if (i >= len || line[i] < '0' || line[i] > '9')
			return malformed(err, "HTTP status code", line + 9, len - 9);
		status = status * 10 + line[i] - '0';
	}
	if (status < 100 || (len > 12 && line[12] != ' '))
		return malformed(err, "HTTP status code", line + 9, len - 9);
	*ret_status = status;
	return 0;
}

static int read_length(const char *value, size_t len, struct http_reply *reply, struct err *err)
{
	cleanup_free char *text = text_ndup(value, len);
	uint64_t number;

	if (num_u64(text, INT64_MAX, &number) || (reply->length >= 0 && reply->length != (int64_t)number))
		return malformed(err, "Content-Length", value, len);
	reply->length = (int64_t)number;
	return 0;
}

static int read_header(const char *line, size_t len, struct http_reply *reply, struct err *err)
{
	const char *colon = memchr(line, ':', len), *value, *end = line + len;
	size_t name;

	if (*line == ' ' || *line == '\t')
		return 0; /* the line before goes on here: an old custom, nothing that we ask for */
	name = colon ? (size_t)(colon - line) : 0;
	if (!is_token(line, name))
		return malformed(err, "MIME header line:", line, len);
	for (value = colon + 1; value < end && (*value == ' ' || *value == '\t');)
		value++;
	while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	if (name == 8 && !strncasecmp(line, "Location", name)) {
		reply->location = value;
		reply->location_len = (size_t)(end - value);
	} else if (name == 14 && !strncasecmp(line, "Content-Length", name)) {
		return read_length(value, (size_t)(end - value), reply, err);
	} else if (name == 17 && !strncasecmp(line, "Transfer-Encoding", name)) {
		reply->chunked = end - value >= 7 && !strncasecmp(end - 7, "chunked", 7);
	}
	return 0;
}

int http_reply_read(const char *bytes, size_t len, struct http_reply *ret_reply, struct err *err)
{
	struct lines lines = { bytes, bytes + (len < HTTP_HEAD_MAX ? len : HTTP_HEAD_MAX) };
	const char *line;
	size_t size;
	int code = 0;

	*ret_reply = (struct http_reply){ .length = -1 };
	if (len && take_line(&lines, &line, &size)) {
		code = read_status(line, size, &ret_reply->status, err);
		while (!code && take_line(&lines, &line, &size)) {
			if (!size) {
				ret_reply->size = (size_t)(lines.at - bytes);
				return 1;
			}
			code = read_header(line, size, ret_reply, err);
		}
	}
	if (code || len < HTTP_HEAD_MAX)
		return code;
	err_set(err, 0, "net/http: server response headers exceeded %d bytes; aborted", HTTP_HEAD_MAX);
	return -EMSGSIZE;
}

bool http_reply_whole(const struct http_reply *reply, const char *bytes, size_t len)
{
	static const char last_chunk[] = "0\r\n\r\n";
	size_t body = len - reply->size, end = sizeof(last_chunk) - 1;

	if (reply->status == 204 || reply->status == 304)
		return true;
	if (reply->chunked) /* if it is not the last one but only looks like it: we stop reading early */
		return body >= end && !memcmp(bytes + len - end, last_chunk, end);
	return reply->length >= 0 && body >= (uint64_t)reply->length;
}

/* "http://HOST[:PORT]/…" of the same host: the length of what comes before the path, and the port. 0: no such. */
static size_t same_host(const struct http_url *url, const char *text, size_t len, uint16_t *ret_port)
{
	cleanup_free char *name = strchr(url->host, ':') ? text_format("http://[%s]", url->host)
							 : text_format("http://%s", url->host);
	size_t at = strlen(name);
	uint32_t port = 0;

	if (len < at || strncasecmp(text, name, at))
		return 0;
	*ret_port = 80;
	if (at < len && text[at] == ':') {
		while (++at < len && text[at] >= '0' && text[at] <= '9' && port <= UINT16_MAX)
			port = port * 10 + (uint32_t)(text[at] - '0');
		*ret_port = (uint16_t)port;
	}
	return port <= UINT16_MAX && (at == len || text[at] == '/' || text[at] == '?') ? at : 0;
}

bool http_redirect(const struct http_url *url, const struct http_reply *reply, struct http_url *ret_url)
{
	const char *where = reply->location;
	size_t len = reply->location_len, skip = 0;
	uint16_t port = url->port;
	int status = reply->status;

	if (!where || !len || !((status >= 301 && status <= 303) || status == 307 || status == 308))
		return false;
	if (where[0] != '/' || (len > 1 && where[1] == '/')) { /* "//host/…" is another host */
		skip = same_host(url, where, len, &port);
		if (!skip || !port)
			return false;
	}
	*ret_url = make_url(url->host, port, where + skip, len - skip);
	return true;
}
