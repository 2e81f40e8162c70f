/*
 * fuzz_wire: any packets on a supervisor's control socket, each a length byte (times eight) and its bytes. The files
 * that read them are the real ones; what they would have done to a container is only counted here.
 * Whatever was sent, every request is answered with JSON, and nothing stays behind when the client goes.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/num.h"
#include "kern/pidfd.h"
#include "pod/client.h"
#include "pod/control.h"
#include "pod/events.h"
#include "pod/handler.h"
#include "pod/kubelet.h"
#include "pod/pod_volumes.h"
#include "pod/prepare.h"
#include "pod/wire.h"
#include "store/names.h"

/* clang-format off */
/* ---- what stands around the socket in a supervisor, and does nothing here ---- */
int explain_fd = -1;
int watch_add(struct pod *pod, struct watch *watch, unsigned events) { (void)pod; watch->events = events; return 0; }
void watch_remove(struct pod *pod, struct watch *watch) { (void)pod; watch->events = 0; }
void watch_close(struct pod *pod, struct watch *watch)
{
	watch_remove(pod, watch);
	if (watch->fd >= 0)
		close(watch->fd);
	watch->fd = -1;
}
void ctr_ended(struct ctr *ctr) { (void)ctr; }
void ctr_remove_ended(struct ctr *ctr) { (void)ctr; }
bool ctr_running(const struct ctr *ctr) { return !strcmp(ctr->state->status, "running"); }
int ctr_start(struct ctr *ctr, struct err *err) { return err_set(err, 0, "start %s", ctr->record.id); }
void ctr_stop(struct ctr *ctr, int64_t timeout) { (void)timeout; text_replace(&ctr->state->status, text_dup("exited")); }
int pod_start(struct pod *pod, struct err *err) { return pod->ctrs ? err_set(err, EIO, "start") : 0; }
void pod_stop(struct pod *pod, int64_t timeout) { ctr_stop(pod->ctrs, timeout); }
void pod_tick(struct pod *pod) { pod->next_at = 0; }
int pod_save(struct pod *pod, struct err *err) { (void)err; pod->changed = false; return 0; }
int pod_freeze(struct pod *pod, struct ctr *only, bool frozen, struct err *err) { (void)only; (void)frozen; (void)err; pod->changed = true; return 0; }
int pod_volumes_refresh(struct pod *pod, struct err *err) { (void)pod; (void)err; return 0; }
bool kubelet_pod(const struct pod *pod) { (void)pod; return false; }
int log_write(struct log *log, const char *stream, const char *bytes, size_t len) { (void)log; (void)stream; (void)bytes; (void)len; return 0; }
void events_ctr(const struct store *store, const struct ctr_record *ctr, const char *what) { (void)store; (void)ctr; (void)what; }
void events_pod(const struct store *store, const struct pod_record *pod, const char *what) { (void)store; (void)pod; (void)what; }
void events_died(const struct store *store, const struct ctr_record *ctr, const char *what, int code) { (void)store; (void)ctr; (void)what; (void)code; }
void handler_hear(struct proc *proc, const char *bytes, size_t len) { (void)proc; (void)bytes; (void)len; }
void handler_program_ended(struct proc *proc) { (void)proc; }
int pidfd_exit_code(int fd, int *code) { (void)fd; *code = 0; return 0; }
int pidfd_kill(int fd, int signal) { (void)fd; return signal > 0 && signal <= 64 ? 0 : -EINVAL; }
int pidfd_wait(int fd, int ms) { (void)fd; (void)ms; return 0; }
int prepare_and_spawn(struct proc *proc, const struct exec_spec *exec, struct err *err) { (void)proc; return err_set(err, 0, "exec %zu", exec->args.n); }
int proc_go(struct proc *proc, const char *hosts, struct err *err) { (void)proc; (void)hosts; (void)err; return 0; }
void id_random(char *id) { memset(id, '0', 64); id[64] = '\0'; }
int record_read_pod(const struct store *store, const char *id, struct pod_record *pod, struct err *err) { (void)store; *pod = (struct pod_record){ 0 }; return err_set(err, 0, "read %s", id); }
int record_list_ctrs(const struct store *store, const char *id, struct strv *ids, struct err *err) { (void)store; (void)id; (void)ids; (void)err; return 0; }
void pod_record_free(struct pod_record *pod) { (void)pod; }
json_t *client_request(const char *op, const char *id) { (void)op; (void)id; return NULL; }
int client_call(const struct store *store, const char *id, json_t *request, struct strv *notes, json_t **reply, int *sock, struct err *err)
{
	(void)store; (void)id; (void)request; (void)notes; (void)reply; (void)sock;
	return err_set(err, 0, "never");
}
struct ctr *pod_find(struct pod *pod, const char *id) { return !strcmp(pod->ctrs->record.id, id) ? pod->ctrs : NULL; }
struct ctr *pod_load_ctr(struct pod *pod, const char *id, struct err *err)
{
	struct ctr *ctr = pod_find(pod, id);

	if (!ctr)
		err_set(err, 0, "no container %s", id);
	return ctr;
}
/* clang-format on */

static void need(int good)
{
	if (!good)
		abort();
}

/* A client that has connected to pod->listener. */
static int meet(struct pod *pod)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t size = sizeof(address);
	int client = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	static int listener = -1;

	if (listener < 0) { /* a name that the kernel chooses: see unix(7), "Autobind" */
		listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
		need(!bind(listener, (struct sockaddr *)&address, sizeof(sa_family_t)) &&
		     !listen(listener, 4));
		signal(SIGPIPE, SIG_IGN);
	}
	need(!getsockname(listener, (struct sockaddr *)&address, &size) &&
	     !connect(client, (struct sockaddr *)&address, size));
	pod->listener.fd = listener;
	session_accept(pod, &pod->listener, EPOLLIN);
	need(pod->sessions != NULL);
	return client;
}

/* What the client hears: letters of wire.h, answers that are JSON. Returns how many answers. */
static int hear(int client)
{
	static char packet[WIRE_MAX + 1];
	int answers = 0;
	ssize_t got;

	while ((got = recv(client, packet, WIRE_MAX, 0)) > 0) {
		packet[got] = '\0';
		need(strchr("RNOEX", packet[0]) != NULL);
		if (packet[0] == WIRE_REPLY) {
			json_t *answer = json_loads(packet + 1, 0, NULL);

			need(json_is_object(answer));
			json_decref(answer);
			answers++;
		}
	}
	return answers;
}

static void talk(struct pod *pod, int client, const uint8_t *data, size_t size)
{
	while (size && pod->sessions) {
		size_t length = (size_t)data[0] * 8;

		length = length < size - 1 ? length : size - 1;
		if (length && send(client, data + 1, length, 0) > 0)
			pod->sessions->sock.ready(pod, &pod->sessions->sock, EPOLLIN);
		data += 1 + length;
		size -= 1 + length;
		sessions_check(pod);
		sessions_reap(pod);
		hear(client);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ctr_state state = { .status = text_dup("running") };
	struct ctr ctr = { .record.id = (char[]){ "c" }, .state = &state };
	struct pod pod = { .ctrs = &ctr, .epoll = -1 };
	int client = meet(&pod), ends[2];

	ctr.pod = &pod;
	proc_init(&ctr.main, &ctr);
	need(!pipe2(ends, O_CLOEXEC | O_NONBLOCK));
	ctr.main.in.fd = ends[1];
	talk(&pod, client, data, size);
	/* a request that asks for nothing is answered even now */
	if (pod.sessions && !pod.sessions->closing && send(client, "J{\"op\":\"hello\"}", 14, 0) > 0) {
		pod.sessions->sock.ready(&pod, &pod.sessions->sock, EPOLLIN);
		need(hear(client) == 1);
	}
	close(client);
	if (pod.sessions)
		pod.sessions->sock.ready(&pod, &pod.sessions->sock, EPOLLIN | EPOLLHUP);
	sessions_reap(&pod);
	need(!pod.sessions && !ctr.execs);
	proc_close(&ctr.main);
	close(ends[0]);
	strv_free(&state.execs);
	free(state.status);
	return 0;
}
