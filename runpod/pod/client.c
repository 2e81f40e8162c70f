/*
 * client: connect, or start a supervisor and be connected already: the command
 * makes the listening socket itself, connects to it, and only then forks the
 * supervisor that will accept. Nobody has to wait for anybody to be ready.
 *
 * The pod's lock decides who starts it when two commands come at once. Lesson 19.
 */
#include "pod/client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/failpoint.h"
#include "base/io.h"
#include "kern/self.h"
#include "kern/sys.h"
#include "pod/actions.h"
#include "pod/portowner.h"
#include "pod/supervisor.h"
#include "pod/userns.h"
#include "pod/wire.h"
#include "store/lock.h"

int action_explain_fd = -1;

/* sun_path holds 108 bytes and a run directory may be deep, so it is named through a descriptor. */
static void address_of(int run_dir, struct sockaddr_un *ret_address)
{
	*ret_address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	snprintf(ret_address->sun_path, sizeof(ret_address->sun_path), "/proc/self/fd/%d/control", run_dir);
}

static int connect_to(int run_dir)
{
	struct sockaddr_un address;
	cleanup_fd int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	int room = 1 << 20;

	if (sock < 0)
		return -errno;
	setsockopt(sock, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	address_of(run_dir, &address);
	if (connect(sock, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	return take_fd(&sock);
}

static int listen_at(int run_dir, struct err *err)
{
	struct sockaddr_un address;
	cleanup_fd int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (sock < 0)
		return err_set(err, errno, "make a control socket");
	address_of(run_dir, &address);
	unlinkat(run_dir, "control", 0); /* one whose supervisor was killed */
	if (bind(sock, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    fchmodat(run_dir, "control", 0600, 0) < 0 || listen(sock, 64) < 0)
		return err_set(err, errno, "listen at the pod's control socket");
	return take_fd(&sock);
}

/* In the child: become the supervisor. Its words go to a file beside the socket. */
static void become_supervisor(const struct store *store, const char *pod_id, int run_dir, int listener)
{
	char *const argv[] = { "runpod-pod", "supervisor", store->root, store->run, (char *)pod_id, NULL };
	struct err err = { 0 };
	int lock = -1, words, null = open("/dev/null", O_RDWR | O_CLOEXEC);

	setsid();
	words = openat(run_dir, "supervisor.log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (store->rootless && geteuid() && userns_enter(store, &lock, &err))
		goto failed;
	dup2(null, 0);
	dup2(words, 1);
	dup2(words, 2);
	if (dup2(listener, 100) < 0 || dup2(lock >= 0 ? lock : null, 101) < 0 ||
	    dup2(100, SUPERVISOR_LISTENER) < 0 || dup2(101, SUPERVISOR_LOCK) < 0)
		_exit(EXIT_OWN_ERROR);
	sys_close_range(SUPERVISOR_LOCK + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	umask(022);
	self_exec_protected(argv, environ, &err);
failed:
	/* nobody accepts: the command that waits reads our last words instead */
	if (write(words, err.text, strlen(err.text)) < 0)
		_exit(EXIT_OWN_ERROR);
	_exit(EXIT_OWN_ERROR);
}

/* Holding the pod's lock: makes the socket, connects, forks the supervisor. */
static int start_supervisor(const struct store *store, const char *pod_id, int run_dir, struct err *err)
{
	cleanup_fd int listener = listen_at(run_dir, err);
	cleanup_fd int sock = -1;
	int code;
	pid_t pid;

	if (listener < 0)
		return listener;
	sock = connect_to(run_dir);
	if (sock < 0)
		return err_set(err, -sock, "connect to the pod's control socket");
	code = failpoint("supervisor", err);
	unlinkat(run_dir, "supervisor.log", 0);
	if (code)
		return code;
	pid = fork();
	if (!pid)
		become_supervisor(store, pod_id, run_dir, listener);
	if (pid < 0)
		return err_set(err, errno, "fork the pod's supervisor");
	return take_fd(&sock);
}

int client_connect(const struct store *store, const char *pod_id, bool start, struct err *err)
{
	cleanup_free char *path = text_format("pods/%s", pod_id), *record = text_format("%s/pod.json", path);
	cleanup_fd int lock = -1, run_dir = openat(store->run_fd, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int sock = run_dir < 0 ? -errno : connect_to(run_dir);

	if (sock >= 0)
		return sock;
	if (!start)
		return -ESRCH;
	lock = lock_pod(store, pod_id, 30000, err);
	if (lock < 0)
		return lock;
	if (faccessat(store->root_fd, record, F_OK, 0) < 0) { /* removed meanwhile */
		io_remove_tree(store->run_fd, path, NULL);
		return err_set(err, 0, "no pod with name or ID %s found: no such pod", pod_id);
	}
	if (run_dir < 0)
		run_dir = openat(store->run_fd, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (run_dir < 0)
		return err_set(err, errno, "open the pod's run directory");
	sock = connect_to(run_dir); /* somebody was faster */
	return sock >= 0 ? sock : start_supervisor(store, pod_id, run_dir, err);
}

int client_send(int sock, json_t *request, struct err *err)
{
	int preserved = (int)json_integer_value(json_object_get(request, "preserve_fds"));
	const char *breaking = getenv("RUNPOD_FAILPOINT");
	int fds[IO_MAX_FDS];
	size_t n = 0;
	cleanup_free char *text = NULL, *packet = NULL;
	int code;

	if (action_explain_fd >= 0)
		json_object_set_new(request, "explain", json_true());
	if (breaking)
		json_object_set_new(request, "failpoint", json_string(breaking));
	text = json_dumps(request, JSON_COMPACT);
	json_decref(request);
	packet = text_format("%c%s", WIRE_REQUEST, text);
	if (strlen(packet) > WIRE_MAX)
		return err_set(err, E2BIG, "ask the pod's supervisor");
	if (action_explain_fd >= 0)
		fds[n++] = action_explain_fd;
	for (int i = 0; i < preserved; i++)
		fds[n++] = 3 + i;
	code = io_send(sock, packet, strlen(packet), fds, n);
	return code ? err_set(err, -code, "ask the pod's supervisor") : 0;
}

/* A user's supervisor may not look into processes outside its user namespace (see ptrace(2), access mode
 * checks), so it cannot say who has the port. We can. */
static void name_port_owner(struct err *err)
{
	const char *end = strstr(err->text, ": bind: address already in use"), *colon = end;
	char protocol[4], owner[80];
	unsigned port;

	if (!end || !text_ends(err->text, "in use"))
		return;
	while (colon > err->text && *--colon != ':')
		;
	if (sscanf(colon, ":%u/%3[a-z]", &port, protocol) == 2 &&
	    !portowner_find(!strcmp(protocol, "udp"), (uint16_t)port, owner, sizeof(owner)))
		err_hint(err, 0, "by %s", owner);
}

/* The answer's error, made ours. */
static int take_error(const json_t *reply, struct err *err)
{
	const char *text = json_string_value(json_object_get(reply, "error"));
	int code = (int)json_integer_value(json_object_get(reply, "code"));

	if (!text)
		return 0;
	err_set(err, 0, "%s", text);
	name_port_owner(err);
	return err_status(err, code ? code : -EIO, (int)json_integer_value(json_object_get(reply, "status")));
}

int client_receive(int sock, struct strv *ret_notes, json_t **ret_reply, struct err *err)
{
	cleanup_free char *packet = mem_zalloc(WIRE_MAX + 1);
	json_t *reply;
	int code;

	for (;;) {
		ssize_t got = io_receive(sock, packet, WIRE_MAX, NULL, NULL);

		if (got <= 0)
			return err_set(err, got < 0 ? (int)-got : ECONNRESET,
				       "hear from the pod's supervisor");
		packet[got] = '\0';
		if (packet[0] == WIRE_NOTE && ret_notes)
			strv_add(ret_notes, packet + 1);
		if (packet[0] == WIRE_REPLY)
			break;
	}
	reply = json_loads(packet + 1, 0, NULL);
	code = take_error(reply, err);
	if (!code && ret_reply)
		*ret_reply = reply;
	else
		json_decref(reply);
	return code;
}

/* Why a supervisor ended before it answered: its own words. */
static int last_words(const struct store *store, const char *pod_id, int code, struct err *err)
{
	cleanup_free char *path = text_format("pods/%s/supervisor.log", pod_id);
	struct buf words = { 0 };

	if (!io_read_file(store->run_fd, path, 4096, &words, NULL) && words.len) {
		words.data[strcspn(words.data, "\n")] = '\0';
		err_set(err, 0, "%s", words.data);
	}
	buf_free(&words);
	return code;
}

int client_call(const struct store *store, const char *pod_id, json_t *request, struct strv *ret_notes,
		json_t **ret_reply, int *ret_sock, struct err *err)
{
	int code = -ECONNRESET;

	/* a supervisor that is just leaving may take our connection with it: once more, then */
	for (int attempt = 0; attempt < 3 && (code == -ECONNRESET || code == -EPIPE); attempt++) {
		cleanup_fd int sock = client_connect(store, pod_id, true, err);

		if (sock < 0) {
			code = sock;
			break;
		}
		code = client_send(sock, json_incref(request), err);
		if (!code)
			code = client_receive(sock, ret_notes, ret_reply, err);
		if (!code && ret_sock)
			*ret_sock = take_fd(&sock);
	}
	json_decref(request);
	return code == -ECONNRESET || code == -EPIPE ? last_words(store, pod_id, code, err) : code;
}
