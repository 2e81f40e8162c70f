/*
 * HTTP as text: what a probe says to a server, and what it makes of the reply,
 * also when the server is broken or means harm.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pod/http.h"

static void test_request(void **state)
{
	static const struct {
		const char *host, *path, *headers; /* the headers separated by "|" */
		const char *text;		   /* the request, or the error */
	} table[] = {
		{ "10.88.0.5", "/healthz", "",
		  "GET /healthz HTTP/1.1\r\nHost: 10.88.0.5:8080\r\nUser-Agent: kube-probe/runpod\r\n"
		  "Accept: */*\r\nConnection: close\r\n\r\n" },
		{ "::1", "ok?a=1&b=%20#part", "",
		  "GET /ok?a=1&b=%20 HTTP/1.1\r\nHost: [::1]:8080\r\nUser-Agent: kube-probe/runpod\r\n"
		  "Accept: */*\r\nConnection: close\r\n\r\n" },
		{ "h", NULL, "X-A=1|X-A=2|host=web|user-agent=|ACCEPT=text/plain",
		  "GET / HTTP/1.1\r\nX-A: 1\r\nX-A: 2\r\nhost: web\r\nACCEPT: text/plain\r\n"
		  "Connection: close\r\n\r\n" },
		{ "h", "/a b\r\nEvil: 1", "X-Empty=|User-Agent=me|Accept=",
		  "GET /a%20b%0D%0AEvil:%201 HTTP/1.1\r\nHost: h:8080\r\nX-Empty: \r\nUser-Agent: me\r\n"
		  "Connection: close\r\n\r\n" },
		{ "h", "/", "X-A=1\r\nX-B: 2", "net/http: invalid header field value for \"X-A\"" },
		{ "h", "/", "X A=1", "net/http: invalid header field name \"X A\"" },
		{ "h", "/", "=1", "net/http: invalid header field name \"\"" },
		{ "h", "/", "nothing", "net/http: invalid header field name \"\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct http_url url = http_url(table[i].host, 8080, table[i].path);
		struct strv headers = { 0 };
		struct buf text = { 0 };
		struct err err = { 0 };
		int code;

		strv_split(&headers, table[i].headers, '|');
		code = http_request(&url, &headers, &text, &err);
		assert_string_equal(code ? err.text : text.data, table[i].text);
		assert_int_equal(code, strncmp(table[i].text, "GET", 3) ? -EINVAL : 0);
		strv_free(&headers);
		buf_free(&text);
		http_url_free(&url);
	}
}

static void test_url(void **state)
{
	struct http_url url = http_url("10.0.0.1", 80, "x");
	char *text = http_url_text(&url);

	(void)state;
	assert_string_equal(text, "http://10.0.0.1:80/x");
	free(text);
	http_url_free(&url);
}

static void test_reply(void **state)
{
	static const struct {
		const char *bytes;
		int code, status; /* 1: whole; 0: not yet; or -errno */
		int64_t length;
		bool chunked;
		const char *rest; /* location; or the error */
	} table[] = {
		{ "HTTP/1.1 200 OK\r\n\r\n", 1, 200, -1, false, NULL },
		{ "HTTP/1.0 404 Not Found\nContent-Length: 3\n\nabc", 1, 404, 3, false, NULL },
		{ "HTTP/1.1 500\r\ncontent-length:0\r\n\r\n", 1, 500, 0, false, NULL },
		{ "HTTP/1.1 200 \r\nTransfer-Encoding: gzip, Chunked \r\nX:\r\n\r\n", 1, 200, -1, true,
		  NULL },
		{ "HTTP/1.1 302 Found\r\nLOCATION: /login \r\n\r\n", 1, 302, -1, false, "/login" },
		{ "HTTP/1.1 200 OK\r\nX-Long: a\r\n b: c\r\n\tdd\r\n\r\n", 1, 200, -1, false, NULL },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", 1, 200, 5, false,
		  NULL },
		{ "", 0, 0, -1, false, NULL },
		{ "HTTP/1.1 200 OK", 0, 0, -1, false, NULL },
		{ "HTTP/1.1 200 OK\r\nA: b\r\n", 0, 200, -1, false, NULL },
#define BROKEN "net/http: HTTP/1.x transport connection broken: malformed "
		{ "SSH-2.0-OpenSSH_9.6\r\n", -EPROTO, 0, -1, false,
		  BROKEN "HTTP response \"SSH-2.0-OpenSSH_9.6\"" },
		{ "\r\n", -EPROTO, 0, -1, false, BROKEN "HTTP response \"\"" },
		{ "HTTP/2.0 200 OK\r\n", -EPROTO, 0, -1, false, BROKEN "HTTP response \"HTTP/2.0 200 OK\"" },
		{ "HTTP/1.1  200\r\n", -EPROTO, 0, -1, false, BROKEN "HTTP status code \" 200\"" },
		{ "HTTP/1.1 20\r\n", -EPROTO, 0, -1, false, BROKEN "HTTP status code \"20\"" },
		{ "HTTP/1.1 2000 OK\r\n", -EPROTO, 0, -1, false, BROKEN "HTTP status code \"2000 OK\"" },
		{ "HTTP/1.1 -20 OK\r\n", -EPROTO, 0, -1, false, BROKEN "HTTP status code \"-20 OK\"" },
		{ "HTTP/1.1 099 OK\r\n", -EPROTO, 0, -1, false, BROKEN "HTTP status code \"099 OK\"" },
		{ "HTTP/1.1 200 OK\r\nno colon\r\n", -EPROTO, 200, -1, false,
		  BROKEN "MIME header line: \"no colon\"" },
		{ "HTTP/1.1 200 OK\r\na b: c\r\n", -EPROTO, 200, -1, false,
		  BROKEN "MIME header line: \"a b: c\"" },
		{ "HTTP/1.1 200 OK\r\n: c\r\n", -EPROTO, 200, -1, false, BROKEN "MIME header line: \": c\"" },
		{ "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n", -EPROTO, 200, -1, false,
		  BROKEN "Content-Length \"-1\"" },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n", -EPROTO, 200, -1, false,
		  BROKEN "Content-Length \"99999999999999999999\"" },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n", -EPROTO, 200, 5, false,
		  BROKEN "Content-Length \"6\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct http_reply reply;
		struct err err = { 0 };
		size_t len = strlen(table[i].bytes);

		assert_int_equal(http_reply_read(table[i].bytes, len, &reply, &err), table[i].code);
		assert_int_equal(reply.status, table[i].status);
		assert_int_equal(reply.length, table[i].length);
		assert_int_equal(reply.chunked, table[i].chunked);
		if (table[i].code < 0) {
			assert_string_equal(err.text, table[i].rest);
		} else if (table[i].rest) {
			assert_int_equal(reply.location_len, strlen(table[i].rest));
			assert_memory_equal(reply.location, table[i].rest, reply.location_len);
		} else {
			assert_null(reply.location);
		}
		/* the same bytes one by one: never a wrong answer earlier */
		for (size_t part = 0; table[i].code == 1 && part < reply.size; part++) {
			struct http_reply early;

			assert_int_equal(http_reply_read(table[i].bytes, part, &early, &err), 0);
		}
	}
}

/* Headers without end are not read without end. */
static void test_endless_head(void **state)
{
	char *bytes = calloc(1, 2 * HTTP_HEAD_MAX);
	struct http_reply reply;
	struct err err = { 0 };

	(void)state;
	strcpy(bytes, "HTTP/1.1 200 OK\r\nX: ");
	memset(bytes + strlen(bytes), 'a', HTTP_HEAD_MAX);
	assert_int_equal(http_reply_read(bytes, HTTP_HEAD_MAX - 1, &reply, &err), 0);
	assert_int_equal(http_reply_read(bytes, HTTP_HEAD_MAX, &reply, &err), -EMSGSIZE);
	assert_string_equal(err.text, "net/http: server response headers exceeded 16384 bytes; aborted");
	free(bytes);
}

static void test_whole(void **state)
{
	static const struct {
		const char *head, *body;
		bool whole;
	} table[] = {
		{ "HTTP/1.1 200 OK\r\n\r\n", "anything", false }, /* until the connection ends */
		{ "HTTP/1.1 204 No Content\r\n\r\n", "", true },
		{ "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "", true },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "", true },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "ab", false },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "abcd", true },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "", false },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n0\r\n", false },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n0\r\n\r\n", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		char *bytes = text_format("%s%s", table[i].head, table[i].body);
		struct http_reply reply;

		assert_int_equal(http_reply_read(bytes, strlen(bytes), &reply, NULL), 1);
		assert_int_equal(http_reply_whole(&reply, bytes, strlen(bytes)), table[i].whole);
		free(bytes);
	}
}

static void test_redirect(void **state)
{
	static const struct {
		int status;
		const char *host, *location;
		const char *url; /* NULL: not followed */
	} table[] = {
		{ 302, "10.0.0.1", "/login", "http://10.0.0.1:8080/login" },
		{ 301, "10.0.0.1", "http://10.0.0.1/x?y", "http://10.0.0.1:80/x?y" },
		{ 303, "10.0.0.1", "HTTP://10.0.0.1:9000", "http://10.0.0.1:9000/" },
		{ 307, "::1", "http://[::1]:81/a b", "http://[::1]:81/a%20b" },
		{ 308, "10.0.0.1", "http://10.0.0.1?q", "http://10.0.0.1:80/?q" },
		{ 304, "10.0.0.1", "/login", NULL },
		{ 300, "10.0.0.1", "/login", NULL },
		{ 200, "10.0.0.1", "/login", NULL },
		{ 302, "10.0.0.1", "", NULL },
		{ 302, "10.0.0.1", "//10.0.0.1/x", NULL },
		{ 302, "10.0.0.1", "login", NULL },
		{ 302, "10.0.0.1", "https://10.0.0.1/", NULL },
		{ 302, "10.0.0.1", "http://10.0.0.2/", NULL },
		{ 302, "10.0.0.1", "http://10.0.0.11/", NULL },
		{ 302, "10.0.0.1", "http://10.0.0.1:0/", NULL },
		{ 302, "10.0.0.1", "http://10.0.0.1:65536/", NULL },
		{ 302, "10.0.0.1", "http://10.0.0.1:80@evil/", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct http_reply reply = { .status = table[i].status,
					    .location = table[i].location,
					    .location_len = strlen(table[i].location) };
		struct http_url url = http_url(table[i].host, 8080, "/"), next = { 0 };
		bool followed = http_redirect(&url, &reply, &next);
		char *text = followed ? http_url_text(&next) : NULL;

		if (table[i].url) {
			assert_non_null(text);
			assert_string_equal(text, table[i].url);
		} else if (followed) {
			fail_msg("%s was followed to %s", table[i].location, text);
		}
		free(text);
		http_url_free(&url);
		http_url_free(&next);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request), cmocka_unit_test(test_url),
		cmocka_unit_test(test_reply),	cmocka_unit_test(test_endless_head),
		cmocka_unit_test(test_whole),	cmocka_unit_test(test_redirect),
	};

	return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
