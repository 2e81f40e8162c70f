/*
 * The publisher: what goes in at the host's door comes out in the pod, whole,
 * in both directions, with its end and its breaks; and what it may not do.
 */
#include "net_ground.h"

#include <dirent.h>
#include <netinet/tcp.h>
#include <sys/resource.h>

#include "pod/network.h"
#include "pod/publish.h"

#define POD_IP	 NETWORK_LOCAL_IP
#define CTR_PORT 8080

struct stage {
	struct ground_pod pod;
	struct publish_port port[2]; /* [0] TCP, [1] UDP */
	pid_t publisher;
	int pidfd;
	int app; /* the app's listening socket, born in the pod */
	int app_udp;
};

static void publisher_start(struct stage *stage)
{
	struct err err = { 0 };

	stage->publisher = publish_spawn(stage->port, 2, stage->pod.pidfd, stage->pod.pidfd, POD_IP, -1,
					 &stage->pidfd, &err);
	ground_ok(stage->publisher, &err);
}

static int publisher_end(struct stage *stage, int signal)
{
	int status = -1;

	kill(stage->publisher, signal);
	assert_int_equal(waitpid(stage->publisher, &status, 0), stage->publisher);
	close(stage->pidfd);
	return status;
}

static int set_up(void **state)
{
	static struct stage stage;
	struct err err = { 0 };

	*state = &stage;
	if (ground_missing)
		return 0;
	stage = (struct stage){ .pod = ground_pod_start() };
	ground_ok(network_local(stage.pod.pidfd, &err), &err);
	stage.port[0] = (struct publish_port){ .ctr_port = CTR_PORT, .fd = -1 };
	stage.port[1] = (struct publish_port){ .ctr_port = CTR_PORT, .udp = true, .fd = -1 };
	ground_ok(publish_listen(stage.port, 2, &err), &err);
	stage.app = ground_serve_in(&stage.pod, SOCK_STREAM, "0.0.0.0", CTR_PORT);
	stage.app_udp = ground_serve_in(&stage.pod, SOCK_DGRAM, "0.0.0.0", CTR_PORT);
	publisher_start(&stage);
	return 0;
}

static int tear_down(void **state)
{
	struct stage *stage = *state;

	if (ground_missing)
		return 0;
	publisher_end(stage, SIGTERM);
	publish_close(stage->port, 2);
	close(stage->app);
	close(stage->app_udp);
	ground_pod_end(&stage->pod);
	return 0;
}

static int client_of(const struct stage *stage)
{
	int fd = ground_connect("127.0.0.1", stage->port[0].host_port);

	if (fd < 0)
		fail_msg("connect: %s", strerror(-fd));
	return fd;
}

static int app_of(const struct stage *stage)
{
	int fd = accept(stage->app, NULL, NULL);

	assert_true(fd >= 0);
	ground_patience(fd);
	return fd;
}

static void say(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static void hear(int fd, const char *text)
{
	char got[64] = { 0 };

	assert_int_equal(recv(fd, got, strlen(text), MSG_WAITALL), strlen(text));
	assert_string_equal(got, text);
}

static void hear_end(int fd)
{
	char byte;

	assert_int_equal(read(fd, &byte, 1), 0);
}

/* CVE-2021-20199: an app that trusts 127.0.0.1 must not be given the world under that name. */
static void test_peer_is_the_pod(void **state)
{
	struct stage *stage = *state;
	struct sockaddr_in peer;
	socklen_t length = sizeof(peer);
	char text[INET_ADDRSTRLEN];
	int client, app;

	need_ground();
	client = client_of(stage);
	app = app_of(stage);
	assert_int_equal(getpeername(app, (void *)&peer, &length), 0);
	assert_string_equal(inet_ntop(AF_INET, &peer.sin_addr, text, sizeof(text)), POD_IP);
	say(client, "hello");
	hear(app, "hello");
	close(client);
	close(app);
}

static void test_half_close(void **state)
{
	struct stage *stage = *state;

	need_ground();
	for (int app_first = 0; app_first < 2; app_first++) {
		int client = client_of(stage), app = app_of(stage);
		int first = app_first ? app : client, second = app_first ? client : app;

		say(first, "request");
		assert_int_equal(shutdown(first, SHUT_WR), 0);
		hear(second, "request");
		hear_end(second);
		say(second, "a late answer"); /* this direction is still open */
		hear(first, "a late answer");
		close(second);
		hear_end(first);
		close(first);
	}
}

static void test_reset(void **state)
{
	struct linger now = { .l_onoff = 1 };
	struct stage *stage = *state;
	char byte;

	need_ground();
	for (int app_first = 0; app_first < 2; app_first++) {
		int client = client_of(stage), app = app_of(stage);
		int first = app_first ? app : client, second = app_first ? client : app;

		say(client, "x");
		hear(app, "x");
		setsockopt(first, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
		close(first);
		assert_int_equal(read(second, &byte, 1), -1);
		assert_int_equal(errno, ECONNRESET);
		close(second);
	}
	close(stage->app); /* and nobody listens in the pod */
	stage->app = -1;
	for (int i = 0; i < 3; i++) {
		int client = client_of(stage);

		assert_int_equal(read(client, &byte, 1), -1);
		assert_int_equal(errno, ECONNRESET);
		close(client);
	}
}

#define BULK (100 * 1000 * 1000)

/* A reproducible stream of bytes (xorshift64*). */
static void fill(uint64_t *seed, uint64_t *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		*seed ^= *seed >> 12;
		*seed ^= *seed << 25;
		*seed ^= *seed >> 27;
		words[i] = *seed * UINT64_C(0x2545f4914f6cdd1d);
	}
}

static int send_bulk(int fd, uint64_t seed)
{
	static uint64_t words[8000];

	for (size_t sent = 0; sent < BULK; sent += sizeof(words)) {
		fill(&seed, words, 8000);
		for (size_t at = 0; at < sizeof(words);) {
			ssize_t n = write(fd, (char *)words + at, sizeof(words) - at);

			if (n <= 0)
				return 1;
			at += (size_t)n;
		}
	}
	return shutdown(fd, SHUT_WR) < 0;
}

/* 0 when exactly that stream came, and then its end. */
static int receive_bulk(int fd, uint64_t seed)
{
	static uint64_t expected[8000], got[8000];

	for (size_t received = 0; received < BULK; received += sizeof(got)) {
		fill(&seed, expected, 8000);
		if (recv(fd, got, sizeof(got), MSG_WAITALL) != sizeof(got) ||
		    memcmp(got, expected, sizeof(got)))
			return 2;
	}
	return read(fd, got, 1) ? 3 : 0;
}

static void test_bulk_both_ways(void **state)
{
	struct stage *stage = *state;
	int client, app, status;

	need_ground();
	client = client_of(stage);
	app = app_of(stage);
	if (!fork())
		_exit(send_bulk(client, 11));
	if (!fork())
		_exit(receive_bulk(client, 22));
	if (!fork())
		_exit(send_bulk(app, 22));
	if (!fork())
		_exit(receive_bulk(app, 11));
	close(client);
	close(app);
	for (int i = 0; i < 4; i++) {
		pid_t pid = wait(&status);

		assert_true(pid > 0 && pid != stage->publisher && pid != stage->pod.pid);
		assert_int_equal(status, 0);
	}
}

/* User and system time of a process in clock ticks (proc(5), fields 14 and 15 of stat). */
static long cpu_ticks(pid_t pid)
{
	long user = -1, kernel = 0;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld",
				&user, &kernel),
			 2);
	fclose(file);
	return user + kernel;
}

/* An app that does not read stops the client, costs no processor time meanwhile, and loses nothing. */
static void test_backpressure(void **state)
{
	struct stage *stage = *state;
	static char block[65536];
	size_t sent = 0, received = 0;
	int client, app;
	ssize_t n;
	long ticks;

	need_ground();
	client = client_of(stage);
	app = app_of(stage);
	for (;;) {
		struct pollfd full = { .fd = client, .events = POLLOUT };

		if (poll(&full, 1, 300) == 0)
			break;
		n = send(client, block, sizeof(block), MSG_DONTWAIT);
		assert_true(n > 0 || errno == EAGAIN);
		sent += n > 0 ? (size_t)n : 0;
	}
	assert_true(sent > 100000 && sent < 64 * 1000 * 1000);
	ticks = cpu_ticks(stage->publisher);
	poll(NULL, 0, 500); /* the time over which the idleness is measured */
	assert_true(cpu_ticks(stage->publisher) - ticks <= 2);
	assert_int_equal(shutdown(client, SHUT_WR), 0);
	while ((n = read(app, block, sizeof(block))) > 0)
		received += (size_t)n;
	assert_int_equal(n, 0);
	assert_int_equal(received, sent);
	close(client);
	close(app);
}

static int fds_of(pid_t pid)
{
	char path[64];
	DIR *entries;
	int n = 0;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	entries = opendir(path);
	assert_non_null(entries);
	while (readdir(entries))
		n++;
	closedir(entries);
	return n - 2; /* . and .. */
}

/* What a publisher has that relays nothing: 0 1 2, epoll, infra's pidfd, two ports. */
#define IDLE_FDS 7

/* Waits until the publisher has from least to most descriptors. */
static void wait_for_fds(pid_t pid, int least, int most)
{
	int now = 0;

	for (int i = 0; i < PATIENCE / 10; i++) {
		now = fds_of(pid);
		if (now >= least && now <= most)
			return;
		poll(NULL, 0, 10);
	}
	fail_msg("%d descriptors are open, %d to %d expected", now, least, most);
}

static void connections(const struct stage *stage, int n)
{
	for (int i = 0; i < n; i++) {
		int client = client_of(stage), app = app_of(stage);

		say(client, "ping");
		hear(app, "ping");
		say(app, "pong");
		hear(client, "pong");
		close(i % 2 ? client : app);
		hear_end(i % 2 ? app : client);
		close(i % 2 ? app : client);
	}
}

static void test_no_leak(void **state)
{
	struct stage *stage = *state;
	int before;

	need_ground();
	connections(stage, 10);
	wait_for_fds(stage->publisher, IDLE_FDS, IDLE_FDS + 2 * 4);
	before = fds_of(stage->publisher); /* with its spare pipes */
	connections(stage, 1000);
	wait_for_fds(stage->publisher, IDLE_FDS, before);
}

static void test_many_at_once(void **state)
{
	static int client[300], app[300];
	struct stage *stage = *state;

	need_ground();
	for (int i = 0; i < 300; i++)
		client[i] = client_of(stage);
	for (int i = 0; i < 300; i++)
		say(client[i], "hello");
	for (int i = 0; i < 300; i++) {
		app[i] = app_of(stage);
		hear(app[i], "hello");
		say(app[i], "welcome");
	}
	for (int i = 0; i < 300; i++) {
		hear(client[i], "welcome");
		close(client[i]);
	}
	for (int i = 0; i < 300; i++) {
		hear_end(app[i]);
		close(app[i]);
	}
	wait_for_fds(stage->publisher, IDLE_FDS, IDLE_FDS + 2 * 32); /* spare pipes stay */
}

static void test_killed_and_restarted(void **state)
{
	struct stage *stage = *state;
	int client, app;
	char byte;

	need_ground();
	client = client_of(stage);
	app = app_of(stage);
	publisher_end(stage, SIGKILL);
	assert_int_equal(read(app, &byte, 1) <= 0, 1); /* the connection went with it */
	close(client);
	close(app);
	client = client_of(stage); /* waits in the backlog of the supervisor's socket */
	say(client, "patience");
	publisher_start(stage);
	app = app_of(stage);
	hear(app, "patience");
	close(client);
	close(app);
}

static void test_ends_with_infra(void **state)
{
	struct stage *stage = *state;
	struct pollfd ended = { .fd = stage->pidfd, .events = POLLIN };

	need_ground();
	kill(stage->pod.pid, SIGKILL);
	assert_int_equal(poll(&ended, 1, PATIENCE), 1);
}

/* Looks for a line of /proc/PID/status. */
static void assert_status(pid_t pid, const char *line)
{
	char path[64], text[8192] = { 0 };
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	if (!strstr(text, line))
		fail_msg("not in %s: %s", path, line);
}

static void test_has_no_power(void **state)
{
	struct stage *stage = *state;
	sigset_t all, before;

	need_ground();
	publisher_end(stage, SIGTERM);
	sigfillset(&all); /* as in a supervisor, which reads its signals from a signalfd */
	sigprocmask(SIG_BLOCK, &all, &before);
	publisher_start(stage);
	sigprocmask(SIG_SETMASK, &before, NULL);
	assert_status(stage->publisher, "Name:\tpublisher\n");
	assert_status(stage->publisher, "CapPrm:\t0000000000000000\n");
	assert_status(stage->publisher, "CapEff:\t0000000000000000\n");
	assert_status(stage->publisher, "CapBnd:\t0000000000000000\n");
	assert_status(stage->publisher, "NoNewPrivs:\t1\n");
	assert_status(stage->publisher, "SigBlk:\t0000000000000000\n");
	assert_int_equal(ground_inode(stage->publisher), ground_inode(stage->pod.pid));
	wait_for_fds(stage->publisher, IDLE_FDS, IDLE_FDS);
	assert_int_equal(publisher_end(stage, SIGTERM), SIGTERM);
	publisher_start(stage);
}

#define CLIENTS	  10
#define DATAGRAMS 1000

static int udp_client(const char *from, const char *to, uint16_t port)
{
	struct sockaddr_in address = ground_address(to, port);
	int fd = ground_serve(SOCK_DGRAM, from, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (void *)&address, sizeof(address)),
			 0); /* so answers from others are dropped */
	return fd;
}

static void udp_answer(int app)
{
	struct sockaddr_in peer;
	socklen_t length = sizeof(peer);
	char text[2048], from[INET_ADDRSTRLEN];
	ssize_t n = recvfrom(app, text, sizeof(text), 0, (void *)&peer, &length);

	assert_true(n >= 0);
	assert_string_equal(inet_ntop(AF_INET, &peer.sin_addr, from, sizeof(from)), POD_IP);
	assert_int_equal(sendto(app, text, (size_t)n, 0, (void *)&peer, length), n);
}

static void test_udp(void **state)
{
	struct stage *stage = *state;
	int client[CLIENTS];
	char sent[64], got[64];

	need_ground();
	for (int i = 0; i < CLIENTS; i++) { /* every other one speaks to another address of the host */
		const char *ip = i % 2 ? "127.0.0.2" : "127.0.0.1";

		client[i] = udp_client("127.0.0.1", ip, stage->port[1].host_port);
	}
	for (int i = 0; i < DATAGRAMS; i += CLIENTS) {
		for (int c = 0; c < CLIENTS; c++) {
			snprintf(sent, sizeof(sent), "datagram %d of client %d", i, c);
			assert_int_equal(send(client[c], sent, strlen(sent) + 1, 0), strlen(sent) + 1);
			udp_answer(stage->app_udp);
		}
		for (int c = 0; c < CLIENTS; c++) {
			snprintf(sent, sizeof(sent), "datagram %d of client %d", i, c);
			assert_int_equal(recv(client[c], got, sizeof(got), 0), strlen(sent) + 1);
			assert_string_equal(got, sent);
		}
	}
	assert_int_equal(send(client[0], "", 0, 0), 0); /* an empty one is one too */
	udp_answer(stage->app_udp);
	assert_int_equal(recv(client[0], got, sizeof(got), 0), 0);
	assert_int_equal(fds_of(stage->publisher), IDLE_FDS + CLIENTS);
	for (int i = 0; i < CLIENTS; i++)
		close(client[i]);
}

/* More clients than there is room for: the oldest go, the newest are served. */
static void test_udp_is_bounded(void **state)
{
	struct stage *stage = *state;
	char got[8];

	need_ground();
	for (int i = 0; i < 1100; i++) {
		int client = udp_client("127.0.0.1", "127.0.0.1", stage->port[1].host_port);

		assert_int_equal(send(client, "hi", 3, 0), 3);
		udp_answer(stage->app_udp);
		assert_int_equal(recv(client, got, sizeof(got), 0), 3);
		close(client);
	}
	assert_int_equal(fds_of(stage->publisher), IDLE_FDS + 1024);
}

/* With few descriptors allowed the publisher lets clients wait instead of failing them. */
static int with_few_descriptors(void *arg)
{
	struct rlimit few = { .rlim_cur = 1300, .rlim_max = 1300 }; /* room for 24 connections */
	static int client[60], app[60];
	struct stage *stage = arg;
	int served = 0;

	if (setrlimit(RLIMIT_NOFILE, &few) < 0)
		return 1;
	publisher_start(stage);
	for (int i = 0; i < 60; i++)
		client[i] = client_of(stage);
	for (struct pollfd waiting = { .fd = stage->app, .events = POLLIN }; poll(&waiting, 1, 300) > 0;)
		app[served++] = app_of(stage);
	if (served < 10 || served >= 60)
		return 2;
	for (int i = 0; i < 60; i++) { /* as the served leave, the others come in */
		if (i >= served)
			app[i] = app_of(stage);
		say(client[i], "mine");
		hear(app[i], "mine");
		close(client[i]);
		hear_end(app[i]);
		close(app[i]);
	}
	publisher_end(stage, SIGTERM);
	return 0;
}

static void test_too_many_wait(void **state)
{
	struct spawn how = { .cgroup_fd = -1, .purpose = "a test" };
	struct stage *stage = *state;
	int pidfd, status;
	pid_t pid;

	need_ground();
	publisher_end(stage, SIGTERM);
	pid = spawn(&how, with_few_descriptors, stage, &pidfd, NULL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(pidfd);
	publisher_start(stage);
}

static void test_port_taken(void **state)
{
	struct publish_port ports[2] = { { .ctr_port = 80, .fd = -1 }, { .ctr_port = 80, .fd = -1 } };
	char expected[128];
	struct err err = { 0 };
	int taken;

	(void)state;
	need_ground();
	for (int udp = 0; udp < 2; udp++) {
		taken = ground_serve(udp ? SOCK_DGRAM : SOCK_STREAM, "0.0.0.0", 0);
		ports[1].udp = udp;
		ports[1].host_port = ground_port_of(taken);
		assert_int_equal(publish_listen(ports, 2, &err), -EADDRINUSE);
		assert_int_equal(err.status, EXIT_NOT_INVOKED);
		snprintf(expected, sizeof(expected),
			 "0.0.0.0:%u/%s: bind: address already in use (by test_publish", ports[1].host_port,
			 udp ? "udp" : "tcp");
		assert_non_null(strstr(err.text, expected));
		snprintf(expected, sizeof(expected), ", pid %d)", getpid());
		assert_non_null(strstr(err.text, expected));
		assert_int_equal(ports[0].fd, -1); /* all or none */
		assert_int_equal(ports[1].fd, -1);
		close(taken);
		ports[0].host_port = 0;
	}
}

static void test_listen(void **state)
{
	static const struct {
		const char *ip;
		int code;
	} rows[] = {
		{ "", 0 },
		{ "127.0.0.1", 0 },
		{ "::1", 0 },
		{ "::", 0 },
		{ "localhost", -EINVAL },
		{ "127.0.0.1:80", -EINVAL },
		{ "203.0.113.1", -EADDRNOTAVAIL },
	};

	(void)state;
	need_ground();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (int udp = 0; udp < 2; udp++) {
			struct publish_port port = { .ctr_port = 80, .udp = udp, .fd = -1 };
			struct err err = { 0 };

			strcpy(port.host_ip, rows[i].ip);
			if (publish_listen(&port, 1, &err) != rows[i].code)
				fail_msg("row \"%s\": %s", rows[i].ip, err.text);
			assert_true(rows[i].code ? port.fd < 0 : port.fd >= 0 && port.host_port);
			if (rows[i].code)
				assert_non_null(strstr(err.text, rows[i].ip));
			publish_close(&port, 1);
			assert_int_equal(port.fd, -1);
		}
}

/* 0.0.0.0 and :: of one number are two ports, and a port can be taken again at once. */
static void test_listen_again(void **state)
{
	struct publish_port ports[2] = { { .ctr_port = 80, .fd = -1 },
					 { .host_ip = "::", .ctr_port = 80, .fd = -1 } };
	struct err err = { 0 };

	(void)state;
	need_ground();
	ground_ok(publish_listen(ports, 1, &err), &err);
	publish_close(ports, 1);
	ports[1].host_port = ports[0].host_port;
	for (int i = 0; i < 20; i++) {
		ground_ok(publish_listen(ports, 2, &err), &err);
		publish_close(ports, 2);
	}
}

static int try_low_port(void *arg)
{
	struct publish_port port = { .host_port = 80, .ctr_port = 80, .fd = -1 };
	struct err *err = arg;

	if (setresuid(65534, 65534, 65534) < 0)
		return 1;
	if (publish_listen(&port, 1, err) != -EACCES)
		return 2;
	return strstr(err->text, "publish 0.0.0.0:80/tcp: Permission denied") &&
			       strstr(err->text, "ip_unprivileged_port_start=80") &&
			       err->status == EXIT_NOT_INVOKED
		       ? 0
		       : 3;
}

static void test_low_port(void **state)
{
	struct spawn how = { .cgroup_fd = -1, .purpose = "a test" };
	struct err err = { 0 };
	int pidfd, status;
	pid_t pid;

	(void)state;
	need_ground();
	if (ground_rootless) {
		print_message("skipped: without root there is no second user to be\n");
		skip();
	}
	pid = spawn(&how, try_low_port, &err, &pidfd, &err);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(pidfd);
}

static void test_spawn_fails_clearly(void **state)
{
	struct stage *stage = *state;
	struct err err = { 0 };
	int pidfd = 5, null;

	need_ground();
	assert_int_equal(publish_spawn(stage->port, 2, stage->pod.pidfd, stage->pod.pidfd, "fd00::1", -1,
				       &pidfd, &err),
			 -EINVAL);
	assert_int_equal(pidfd, -1);
	null = open("/dev/null", O_RDONLY | O_CLOEXEC); /* no pidfd */
	assert_true(publish_spawn(stage->port, 2, null, stage->pod.pidfd, POD_IP, -1, &pidfd, &err) < 0);
	assert_non_null(strstr(err.text, "start the publisher: join namespaces NEWNET"));
	assert_int_equal(pidfd, -1);
	close(null);
}

#define on_stage(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_stage(test_peer_is_the_pod),
		on_stage(test_half_close),
		on_stage(test_reset),
		on_stage(test_bulk_both_ways),
		on_stage(test_backpressure),
		on_stage(test_no_leak),
		on_stage(test_many_at_once),
		on_stage(test_killed_and_restarted),
		on_stage(test_ends_with_infra),
		on_stage(test_has_no_power),
		on_stage(test_udp),
		on_stage(test_udp_is_bounded),
		on_stage(test_too_many_wait),
		on_stage(test_spawn_fails_clearly),
		cmocka_unit_test(test_port_taken),
		cmocka_unit_test(test_listen),
		cmocka_unit_test(test_listen_again),
		cmocka_unit_test(test_low_port),
	};

	ground_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
