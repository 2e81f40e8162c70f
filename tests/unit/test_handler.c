/*
 * Questions to a container that are asked over its network: what is said, what
 * counts as yes, what the answer is called, and that a hostile server gets nothing
 * but a no. The "container" is a process that holds a network namespace; the
 * server is this test, with sockets born in there.
 */
#include "net_ground.h"

#include <dirent.h>
#include <sys/epoll.h>

#include "pod/handler_kinds.h"
#include "pod/network.h"

#define SECOND INT64_C(1000000000)
#define PORT   8080
#define AT     NETWORK_LOCAL_IP ":8080"
#define ASKED  "Get \"http://" AT "/healthz\": "
#define BROKEN "net/http: HTTP/1.x transport connection broken: malformed "

struct stage {
	struct ground_pod ground;
	struct pod pod;
	struct ctr ctr;
	struct ctr_state state;
	int server; /* listening in the pod */
};

/* What done was told. */
struct answer {
	int times;
	bool success;
	char message[16384];
};

static struct handler_spec get = { .kind = "http", .path = "/healthz", .port = PORT };

static int count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static int set_up(void **state)
{
	static struct stage stage;
	struct err err = { 0 };

	*state = &stage;
	if (ground_missing)
		return 0;
	stage = (struct stage){ .ground = ground_pod_start() };
	ground_ok(network_local(stage.ground.pidfd, &err), &err);
	stage.pod.epoll = epoll_create1(EPOLL_CLOEXEC);
	stage.pod.ctrs = &stage.ctr;
	stage.state.status = "running";
	stage.ctr = (struct ctr){ .pod = &stage.pod, .state = &stage.state };
	stage.ctr.record.id = "c";
	stage.ctr.main.pid = stage.ground.pid;
	stage.ctr.main.exit.fd = stage.ground.pidfd;
	strcpy(stage.ctr.ip, NETWORK_LOCAL_IP);
	stage.server = ground_serve_in(&stage.ground, SOCK_STREAM, "0.0.0.0", PORT);
	return 0;
}

static int tear_down(void **state)
{
	struct stage *stage = *state;

	if (ground_missing)
		return 0;
	close(stage->server);
	close(stage->pod.epoll);
	ground_pod_end(&stage->ground);
	return 0;
}

static void done(struct ctr *ctr, void *context, bool success, const char *message)
{
	struct answer *answer = context;

	(void)ctr;
	answer->times++;
	answer->success = success;
	strncpy(answer->message, message, sizeof(answer->message) - 1);
}

/* One turn of the supervisor's loop, if anything is ready within so many milliseconds. */
static bool turn(struct stage *stage, int milliseconds)
{
	struct epoll_event event;
	struct watch *watch;

	if (epoll_wait(stage->pod.epoll, &event, 1, milliseconds) != 1)
		return false;
	watch = event.data.ptr;
	watch->ready(&stage->pod, watch, event.events);
	return true;
}

static void ask(struct stage *stage, const struct handler_spec *how, struct answer *answer)
{
	struct err err = { 0 };

	*answer = (struct answer){ 0 };
	ground_ok(handler_start(&stage->ctr, how, SECOND, done, answer, &err), &err);
	assert_int_equal(answer->times, 0); /* never before handler_start returns */
}

static void await(struct stage *stage, struct answer *answer)
{
	while (!answer->times && turn(stage, PATIENCE))
		;
	assert_int_equal(answer->times, 1);
	assert_null(stage->ctr.handlers);
	assert_false(turn(stage, 0)); /* and nothing more comes of it */
}

/* Its time is over. */
static void expire(struct stage *stage, struct answer *answer)
{
	int64_t next = 0;

	handler_tick(&stage->ctr, supervisor_now(), &next);
	assert_true(next > 0 && stage->ctr.handlers != NULL);
	handler_tick(&stage->ctr, next - 1, &next);
	assert_int_equal(stage->ctr.handlers->deadline, next); /* not a nanosecond too early */
	handler_tick(&stage->ctr, next, &next);
	assert_int_equal(answer->times, 0); /* from the loop only */
	await(stage, answer);
}

/* The server takes the connection and reads the request. */
static int receive(struct stage *stage, char request[1024])
{
	int fd = accept(stage->server, NULL, NULL);
	size_t len = 0;

	assert_true(fd >= 0);
	ground_patience(fd);
	request[0] = '\0';
	while (!strstr(request, "\r\n\r\n")) {
		ssize_t n;

		turn(stage, 0);
		n = recv(fd, request + len, 1023 - len, MSG_DONTWAIT);
		assert_true(n > 0 || (n < 0 && errno == EAGAIN));
		len += n > 0 ? (size_t)n : 0;
		request[len] = '\0';
	}
	return fd;
}

static void say(struct stage *stage, int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
	turn(stage, 0);
}

static void test_replies(void **state)
{
	static const struct {
		const char *reply;
		bool stays;	     /* the server does not end the connection */
		const char *message; /* NULL: success */
	} table[] = {
		{ "HTTP/1.1 200 OK\r\n\r\nfine", false, NULL },
		{ "HTTP/1.0 399 Odd\nContent-Length: 2\n\nok", true, NULL },
		{ "HTTP/1.1 204 No Content\r\n\r\n", true, NULL },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", true, NULL },
		{ "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 "
		  "OK\r\n\r\n",
		  false, NULL },
		{ "HTTP/1.1 302 Found\r\nLocation: https://elsewhere/\r\n\r\n", false, NULL },
		{ "HTTP/1.1 400 Bad Request\r\n\r\n", false, "HTTP probe failed with statuscode: 400" },
		{ "HTTP/1.1 500 x\r\nContent-Length: 3\r\n\r\nwhy", true,
		  "HTTP probe failed with statuscode: 500" },
		{ "", false, ASKED "EOF" },
		{ "HTTP/1.1 200 OK\r\nContent-", false, ASKED "unexpected EOF" },
		/* letters stay; what is no character, or would command a terminal, does not */
		{ "SSH \303\251\342\202\254\360\237\230\200 \033[2J\302\233\377\303\360\200\200\200\r\n",
		  true,
		  ASKED BROKEN "HTTP response \"SSH \303\251\342\202\254\360\237\230\200 ?[2J????????\"" },
		{ "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", true, ASKED BROKEN "Content-Length \"x\"" },
	};
	struct stage *stage = *state;
	struct answer answer;
	char request[1024];

	need_ground();
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		int before = count_fds(), fd;

		ask(stage, &get, &answer);
		fd = receive(stage, request);
		assert_string_equal(request, "GET /healthz HTTP/1.1\r\nHost: " AT
					     "\r\nUser-Agent: kube-probe/runpod\r\nAccept: */*\r\n"
					     "Connection: close\r\n\r\n");
		say(stage, fd, table[i].reply);
		if (!table[i].stays)
			close(fd);
		await(stage, &answer);
		assert_string_equal(answer.message, table[i].message ? table[i].message : "");
		assert_int_equal(answer.success, !table[i].message);
		if (table[i].stays)
			close(fd);
		assert_int_equal(count_fds(), before);
	}
}

/* From the pod's own address, through the pod's own network: from here there is no way to that address. */
static void test_asked_from_inside(void **state)
{
	struct sockaddr_in peer = { 0 };
	struct stage *stage = *state;
	socklen_t size = sizeof(peer);
	struct answer answer;
	char request[1024];
	int fd;

	need_ground();
	assert_true(ground_connect(NETWORK_LOCAL_IP, PORT) < 0);
	ask(stage, &get, &answer);
	fd = receive(stage, request);
	assert_int_equal(getpeername(fd, (void *)&peer, &size), 0);
	assert_int_equal(peer.sin_addr.s_addr, ground_address(NETWORK_LOCAL_IP, 0).sin_addr.s_addr);
	close(fd);
	await(stage, &answer);
}

static void test_headers_and_host(void **state)
{
	struct handler_spec how = { .kind = "http", .port = PORT, .host = "127.0.0.1" };
	struct stage *stage = *state;
	struct answer answer;
	char request[1024];
	int fd;

	need_ground();
	strv_add(&how.headers, "Host=web.example");
	strv_add(&how.headers, "X-Probe=yes");
	ask(stage, &how, &answer);
	fd = receive(stage, request);
	assert_non_null(strstr(request, "GET / HTTP/1.1\r\n"));
	assert_non_null(strstr(request, "\r\nHost: web.example\r\nX-Probe: yes\r\n"));
	say(stage, fd, "HTTP/1.1 200 OK\r\n\r\n");
	close(fd);
	await(stage, &answer);
	assert_true(answer.success);
	strv_free(&how.headers);
	strv_add(&how.headers, "X=1\nY: 2");
	ask(stage, &how, &answer);
	await(stage, &answer);
	assert_string_equal(answer.message, "Get \"http://127.0.0.1:8080/\": net/http: invalid header field "
					    "value for \"X\"");
	strv_free(&how.headers);
	how.host = "web";
	ask(stage, &how, &answer);
	await(stage, &answer);
	assert_string_equal(answer.message, "Get \"http://web:8080/\": dial tcp: lookup web: host names are "
					    "not looked up: give an address");
}

static void test_redirects(void **state)
{
	struct stage *stage = *state;
	struct answer answer;
	char request[1024];

	need_ground();
	ask(stage, &get, &answer);
	for (int hop = 0; hop <= 10; hop++) {
		int fd = receive(stage, request);

		assert_non_null(
			strstr(request, hop ? "GET /login HTTP/1.1\r\n" : "GET /healthz HTTP/1.1\r\n"));
		say(stage, fd, "HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n");
		close(fd);
	}
	await(stage, &answer);
	assert_string_equal(answer.message, "Get \"http://" AT "/login\": stopped after 10 redirects");
	ask(stage, &get, &answer);
	for (int hop = 0; hop <= 1; hop++) {
		int fd = receive(stage, request);

		say(stage, fd,
		    hop ? "HTTP/1.1 503 No\r\n\r\n"
			: "HTTP/1.1 301 Moved\r\nLocation: http://" AT "/x\r\n\r\n");
		close(fd);
	}
	await(stage, &answer);
	assert_string_equal(answer.message, "HTTP probe failed with statuscode: 503");
}

static void test_interim_without_end(void **state)
{
	struct stage *stage = *state;
	struct answer answer;
	char request[1024];
	int fd;

	need_ground();
	ask(stage, &get, &answer);
	fd = receive(stage, request);
	for (int i = 0; i < 11; i++)
		say(stage, fd, "HTTP/1.1 100 Continue\r\n\r\n");
	await(stage, &answer);
	assert_string_equal(answer.message, ASKED "net/http: too many 1xx informational responses");
	close(fd);
}

/* Nobody there: the words of the kubelet. */
static void test_refused(void **state)
{
	struct handler_spec http = { .kind = "http", .path = "healthz", .port = 81 };
	struct handler_spec tcp = { .kind = "tcp", .port = 81 };
	struct stage *stage = *state;
	struct answer answer;

	need_ground();
	ask(stage, &http, &answer);
	await(stage, &answer);
	assert_false(answer.success);
	assert_string_equal(answer.message, "Get \"http://10.0.2.100:81/healthz\": dial tcp 10.0.2.100:81: "
					    "connect: connection refused");
	ask(stage, &tcp, &answer);
	await(stage, &answer);
	assert_false(answer.success);
	assert_string_equal(answer.message, "dial tcp 10.0.2.100:81: connect: connection refused");
}

static void test_reset(void **state)
{
	struct linger now = { .l_onoff = 1 };
	struct stage *stage = *state;
	struct answer answer;
	char request[1024];
	int fd;

	need_ground();
	ask(stage, &get, &answer);
	fd = receive(stage, request);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(fd);
	await(stage, &answer);
	assert_string_equal(answer.message, ASKED "read tcp " AT ": read: connection reset by peer");
}

/* Slow in each of the three phases. */
static void test_timeouts(void **state)
{
	static const char *const told[] = {
		ASKED "dial tcp " AT ": i/o timeout (Client.Timeout exceeded while awaiting headers)",
		ASKED "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
		"context deadline exceeded (Client.Timeout or context cancellation while reading body)",
	};
	struct handler_spec tcp = { .kind = "tcp", .port = PORT };
	struct stage *stage = *state;
	struct answer answer;
	char request[1024];
	int fd;

	need_ground();
	ask(stage, &get, &answer); /* expired before the loop looks at the connection */
	expire(stage, &answer);
	assert_string_equal(answer.message, told[0]);
	close(accept(stage->server, NULL, NULL));

	ask(stage, &get, &answer);
	fd = receive(stage, request);
	say(stage, fd, "HTTP/1.1 200 OK\r\n"); /* not the end of the head */
	expire(stage, &answer);
	assert_string_equal(answer.message, told[1]);
	close(fd);

	ask(stage, &get, &answer);
	fd = receive(stage, request);
	say(stage, fd, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
	expire(stage, &answer);
	assert_string_equal(answer.message, told[2]);
	assert_false(answer.success);
	close(fd);

	ask(stage, &tcp, &answer);
	expire(stage, &answer);
	assert_string_equal(answer.message, "dial tcp " AT ": i/o timeout");
	close(accept(stage->server, NULL, NULL));
}

/* Bytes one by one; a body and a head without end: each is answered, and not much of them is read. */
static void test_hostile(void **state)
{
	const char *slow = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
	struct stage *stage = *state;
	struct answer answer;
	char request[1024], flood[1000];
	size_t sent = 0;
	int fd;

	need_ground();
	ask(stage, &get, &answer);
	fd = receive(stage, request);
	for (const char *c = slow; *c; c++)
		say(stage, fd, (char[]){ *c, '\0' });
	await(stage, &answer);
	assert_true(answer.success);
	close(fd);
	memset(flood, 'a', sizeof(flood));
	for (int head = 0; head < 2; head++) {
		ask(stage, &get, &answer);
		fd = receive(stage, request);
		say(stage, fd, head ? "HTTP/1.1 200 OK\r\nX: " : "HTTP/1.1 500 Oh\r\n\r\n");
		for (sent = 0; !answer.times && sent < 1000000; sent += sizeof(flood)) {
			(void)!send(fd, flood, sizeof(flood), MSG_NOSIGNAL | MSG_DONTWAIT);
			turn(stage, 0);
		}
		await(stage, &answer);
		assert_true(sent < 100000);
		assert_string_equal(answer.message,
				    head ? ASKED
					    "net/http: server response headers exceeded 16384 bytes; aborted"
					 : "HTTP probe failed with statuscode: 500");
		close(fd);
	}
}

static void test_tcp(void **state)
{
	struct handler_spec tcp = { .kind = "tcp", .port = PORT };
	struct stage *stage = *state;
	struct answer answer;

	need_ground();
	ask(stage, &tcp, &answer);
	await(stage, &answer);
	assert_true(answer.success);
	assert_string_equal(answer.message, "");
	close(accept(stage->server, NULL, NULL));
}

static void test_sleep(void **state)
{
	struct handler_spec how = { .kind = "sleep", .seconds = 5 };
	struct stage *stage = *state;
	struct answer answer = { 0 };
	int64_t before = supervisor_now(), next = 0;

	need_ground();
	assert_int_equal(handler_start(&stage->ctr, &how, 0, done, &answer, NULL), 0);
	handler_tick(&stage->ctr, before, &next);
	assert_true(next >= before + 5 * SECOND && next <= supervisor_now() + 5 * SECOND);
	expire(stage, &answer);
	assert_true(answer.success);
	ask(stage, &how, &answer); /* cut short after a second */
	next = 0;
	handler_tick(&stage->ctr, before, &next);
	assert_true(next < supervisor_now() + 2 * SECOND);
	expire(stage, &answer);
	assert_false(answer.success);
	assert_string_equal(answer.message, "the time was over before the sleep was");
}

/* Given up, before and after the answer is there: nobody is told, nothing is left. */
static void test_cancel(void **state)
{
	struct handler_spec how = { .kind = "sleep", .seconds = 5 };
	struct answer answers[3] = { 0 };
	struct stage *stage = *state;
	int before = count_fds();

	need_ground();
	assert_int_equal(handler_start(&stage->ctr, &how, 0, done, &answers[0], NULL), 0);
	assert_int_equal(handler_start(&stage->ctr, &get, SECOND, done, &answers[1], NULL), 0);
	assert_int_equal(handler_start(&stage->ctr, &how, 0, done, &answers[2], NULL), 0);
	handler_cancel(&stage->ctr, &answers[1]);
	handler_tick(&stage->ctr, INT64_MAX, &(int64_t){ 0 });
	handler_cancel(&stage->ctr, &answers[0]);
	assert_true(turn(stage, 0));
	assert_int_equal(answers[2].times, 1);
	assert_int_equal(handler_start(&stage->ctr, &how, 0, done, &answers[0], NULL), 0);
	handler_cancel_all(&stage->ctr);
	assert_null(stage->ctr.handlers);
	assert_false(turn(stage, 0));
	assert_int_equal(answers[0].times + answers[1].times, 0);
	assert_int_equal(count_fds(), before);
	close(accept(stage->server, NULL, NULL));
}

/* A program may write without end: some of it is kept. */
static void test_program_output(void **state)
{
	struct handler handler = { 0 };
	struct proc proc = { .asker = &handler };
	char bytes[4000];

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	for (int i = 0; i < 100; i++)
		handler_hear(&proc, bytes, sizeof(bytes));
	assert_int_equal(handler.text.len, HANDLER_TEXT_MAX);
	buf_free(&handler.text);
}

static void test_cannot_start(void **state)
{
	struct handler_spec how = { .kind = "grpc" };
	struct stage *stage = *state;
	struct err err = { 0 };
	int pidfd = stage->ctr.main.exit.fd;

	need_ground();
	assert_int_equal(handler_start(&stage->ctr, &how, 0, done, NULL, &err), -EINVAL);
	assert_string_equal(err.text, "cannot run a handler of kind grpc");
	stage->ctr.main.exit.fd = -1;
	assert_int_equal(handler_start(&stage->ctr, &get, 0, done, NULL, &err), -ESRCH);
	stage->ctr.main.exit.fd = pidfd;
	assert_null(stage->ctr.handlers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replies),
		cmocka_unit_test(test_asked_from_inside),
		cmocka_unit_test(test_headers_and_host),
		cmocka_unit_test(test_redirects),
		cmocka_unit_test(test_interim_without_end),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_timeouts),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_sleep),
		cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_program_output),
		cmocka_unit_test(test_cannot_start),
	};

	ground_enter();
	return cmocka_run_group_tests_name("handler", tests, set_up, tear_down);
}
