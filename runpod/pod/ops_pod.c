/*
 * ops_pod: the operations of a plan that need no process: cgroups, addresses,
 * ports, the network. Each is a few words around one mechanism of kern/ or one
 * function of network.h, and its undo. Lessons 14, 15 and 17.
 */
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <sched.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/cgroup.h"
#include "kern/join.h"
#include "kern/pidfd.h"
#include "pod/network.h"
#include "pod/pasta.h"
#include "pod/actions.h"
#include "pod/pod.h"

int op_cgroup(struct pod *pod, struct op *op, struct err *err)
{
	(void)pod;
	return cgroup_make(op->object, err);
}

void op_cgroup_undo(struct pod *pod, struct op *op)
{
	cleanup_free char *parent = NULL;

	cgroup_remove(op->object, NULL);
	if (text_ends(op->object, pod->record.id)) { /* the pod's own group: */
		parent = text_ndup(op->object, (size_t)(strrchr(op->object, '/') - op->object));
		cgroup_remove_empty(parent); /* the last pod takes the group of all pods with it */
	}
}

int op_limit(struct pod *pod, struct op *op, struct err *err)
{
	(void)pod;
	if (!*op->object)
		return err_hint(err,
				err_set(err, 0, "set %s to %s: there is no cgroup for us to set it on",
					op->key, op->value),
				"an ordinary user needs a delegated cgroup: systemd-run --user --scope -p "
				"Delegate=yes");
	return cgroup_set(op->object, op->key, op->value, err);
}

/* Whether the pod or container that holds a lease is still there: its supervisor lives. */
static bool lease_alive(const char *ctr_id, void *arg)
{
	struct pod *pod = arg;
	struct name_ref ref;
	struct pod_state state = { 0 };
	int64_t ticks;
	bool alive;

	if (pod_find(pod, ctr_id))
		return true;
	if (name_find(pod->store, NAME_CTR, ctr_id, &ref, NULL) ||
	    record_read_state(pod->store, ref.pod_id, &state, NULL))
		return false;
	state_verify(&state);
	alive = !pidfd_start_ticks((pid_t)state.supervisor_pid, &ticks) && ticks == state.supervisor_ticks;
	for (size_t i = 0; i < state.ctrs.n; i++)
		alive = alive || (state.ctrs.v[i].pid && !strcmp(state.ctrs.v[i].id, ctr_id));
	pod_state_free(&state);
	return alive;
}

int op_lease(struct pod *pod, struct op *op, struct err *err)
{
	struct ctr *ctr = pod_find(pod, op->object);
	struct network_alive who = { lease_alive, pod };
	char ip[LEASE_IP_MAX];
	int code = network_lease(pod->store->run_fd, op->object, &who, ip, err);

	if (!code)
		strcpy(ctr->ip, ip);
	return code;
}

static int same_holder(const char *ip, const char *id, void *arg)
{
	struct ctr *ctr = arg;

	if (strcmp(id, ctr->record.id))
		return 0;
	strcpy(ctr->ip, ip);
	return 1;
}

void op_lease_undo(struct pod *pod, struct op *op)
{
	struct ctr *ctr = pod_find(pod, op->object);
	struct network_alive who = { lease_alive, pod };

	if (!ctr->ip[0]) /* taken by a supervisor that died before it wrote that down */
		lease_each(pod->store->run_fd, same_holder, ctr, NULL);
	network_release(pod->store->run_fd, op->object, ctr->ip, &who, NULL);
	ctr->ip[0] = '\0';
}

int op_bridge(struct pod *pod, struct op *op, struct err *err)
{
	(void)op;
	return network_bridge_up(pod->store->run_fd, NULL, err);
}

int op_lo(struct pod *pod, struct op *op, struct err *err)
{
	return network_lo_up(pod_find(pod, op->object)->main.exit.fd, err);
}

int op_local(struct pod *pod, struct op *op, struct err *err)
{
	struct ctr *ctr = pod_find(pod, op->object);
	int code = network_local(ctr->main.exit.fd, err);

	if (!code)
		strcpy(ctr->ip, NETWORK_LOCAL_IP);
	return code;
}

int op_attach(struct pod *pod, struct op *op, struct err *err)
{
	struct ctr *ctr = pod_find(pod, op->object);

	return network_bridge_attach(ctr->main.exit.fd, op->object, ctr->ip, err);
}

void op_attach_undo(struct pod *pod, struct op *op)
{
	(void)pod;
	network_bridge_detach(op->object, NULL);
}

static void pasta_ended(struct pod *pod, struct watch *watch, unsigned events)
{
	int code;

	(void)events;
	pidfd_exit_code(watch->fd, &code); /* reaps it; the pod goes on without a way out */
	watch_close(pod, watch);
}

/* Ends a helper process and waits for it. */
static void end_helper(struct pod *pod, struct watch *watch)
{
	int code;

	if (watch->fd < 0)
		return;
	pidfd_kill(watch->fd, SIGTERM);
	if (pidfd_wait(watch->fd, 2000) != 1)
		pidfd_kill(watch->fd, SIGKILL);
	pidfd_wait(watch->fd, 2000);
	pidfd_exit_code(watch->fd, &code);
	watch_close(pod, watch);
}

/* The cgroup that helpers are born in, or -1. */
static int helpers_group(const struct ctr *ctr)
{
	cleanup_free char *group = plan_helpers(&ctr->pod->facts, &ctr->pod->record, ctr->record.id);

	return group ? cgroup_open(group, NULL) : -1;
}

int op_pasta(struct pod *pod, struct op *op, struct err *err)
{
	struct ctr *ctr = pod_find(pod, op->object);
	char ip[LEASE_IP_MAX];
	cleanup_fd int group = helpers_group(ctr);
	pid_t pid = pasta_spawn(ctr->main.exit.fd, group, ip, &ctr->pasta.fd, err);

	if (pid < 0)
		return pid;
	strcpy(ctr->ip, ip);
	pod->state.pasta_pid = pid;
	pidfd_start_ticks(pid, &pod->state.pasta_ticks);
	ctr->pasta.ready = pasta_ended;
	return watch_add(pod, &ctr->pasta, EPOLLIN);
}

void op_pasta_undo(struct pod *pod, struct op *op)
{
	end_helper(pod, &pod_find(pod, op->object)->pasta);
	pod->state.pasta_pid = 0;
}

int op_listen(struct pod *pod, struct op *op, struct err *err)
{
	struct ctr *ctr = pod_find(pod, op->object);
	const struct port_list *asked = ctr->record.infra ? &pod->record.spec.ports : &ctr->record.spec.ports;
	int code;

	free(ctr->ports);
	ctr->n_ports = asked->n;
	ctr->ports = mem_zalloc(asked->n * sizeof(*ctr->ports));
	for (size_t i = 0; i < asked->n; i++) {
		struct publish_port *port = &ctr->ports[i];

		if (asked->v[i].host_ip)
			strncpy(port->host_ip, asked->v[i].host_ip, sizeof(port->host_ip) - 1);
		port->host_port = (uint16_t)asked->v[i].host_port;
		port->ctr_port = (uint16_t)asked->v[i].ctr_port;
		port->udp = text_equal(asked->v[i].protocol, "udp");
		port->fd = -1;
	}
	code = publish_listen(ctr->ports, ctr->n_ports, err);
	if (code)
		ctr->n_ports = 0;
	return code;
}

void op_listen_undo(struct pod *pod, struct op *op)
{
	struct ctr *ctr = pod_find(pod, op->object);

	publish_close(ctr->ports, ctr->n_ports);
	ctr->n_ports = 0;
}

/* The first address of the network namespace that is not of lo: where published ports of a
 * namespace that somebody else made lead to. */
static int find_address(void *arg)
{
	struct ctr *ctr = arg;
	struct ifaddrs *all, *one;

	if (getifaddrs(&all) < 0)
		return -errno;
	for (one = all; one; one = one->ifa_next)
		if (one->ifa_addr && one->ifa_addr->sa_family == AF_INET &&
		    !(one->ifa_flags & IFF_LOOPBACK)) {
			inet_ntop(AF_INET, &((struct sockaddr_in *)one->ifa_addr)->sin_addr, ctr->ip,
				  sizeof(ctr->ip));
			break;
		}
	freeifaddrs(all);
	return ctr->ip[0] ? 0 : -EADDRNOTAVAIL;
}

int op_publish(struct pod *pod, struct op *op, struct err *err)
{
	struct ctr *ctr = pod_find(pod, op->object);
	cleanup_fd int group = helpers_group(ctr);
	pid_t pid;
	int code = ctr->ip[0] ? 0 : join_call(ctr->main.exit.fd, CLONE_NEWNET, find_address, ctr, err);

	if (code)
		return err_set(err, -code,
			       "publish ports: the network namespace has no address but 127.0.0.1");
	pid = publish_spawn(ctr->ports, ctr->n_ports, ctr->main.exit.fd, ctr->ip, group, &ctr->publisher.fd,
			    err);
	if (pid < 0)
		return pid;
	pod->state.publisher_pid = pid;
	pidfd_start_ticks(pid, &pod->state.publisher_ticks);
	ctr->publisher.ready = publisher_ended;
	ctr->publisher.owner = ctr;
	return watch_add(pod, &ctr->publisher, EPOLLIN);
}

void op_publish_undo(struct pod *pod, struct op *op)
{
	end_helper(pod, &pod_find(pod, op->object)->publisher);
	pod->state.publisher_pid = 0;
}

/* A publisher that was killed is started again; its listening sockets are still ours. */
void publisher_ended(struct pod *pod, struct watch *watch, unsigned events)
{
	struct ctr *ctr = watch->owner;
	struct op op = { .kind = OP_PUBLISH, .object = ctr->record.id };
	int code;

	(void)events;
	pidfd_exit_code(watch->fd, &code);
	watch_close(pod, watch);
	if (ctr_running(ctr) && !op_publish(pod, &op, NULL))
		pod->changed = true;
}
