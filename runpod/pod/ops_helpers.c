/*
 * ops_helpers: the operations of a plan that are about the pod's helper processes:
 * the doors on the host, the publisher that stands in them, and pasta. Helpers are
 * born in a group of the pod's, held by a pidfd, and ended by the undo. Lesson 17.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/cgroup.h"
#include "kern/join.h"
#include "kern/pidfd.h"
#include "pod/ops.h"
#include "pod/pasta.h"
#include "pod/pod.h"

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

static bool joins_path(const struct ctr *ctr)
{
	return text_equal(ctr->record.infra ? ctr->pod->record.spec.net.mode : ctr->record.spec.net.mode,
			  "ns");
}

/* The container's network namespace. One named by its path is opened by it at first, since the child may not
 * have joined it yet; later through the process, since the path may have come to mean another. */
static int open_network(const struct ctr *ctr, struct err *err)
{
	if (!joins_path(ctr) || ctr->ip[0])
		return fcntl(ctr->main.exit.fd, F_DUPFD_CLOEXEC, 3);
	return io_open(AT_FDCWD, ctr->record.infra ? ctr->pod->record.spec.net.arg : ctr->record.spec.net.arg,
		       O_RDONLY, err);
}

int op_publish(struct pod *pod, struct op *op, struct err *err)
{
	struct ctr *ctr = pod_find(pod, op->object);
	cleanup_fd int group = helpers_group(ctr), network = open_network(ctr, err);
	pid_t pid;
	int code = network < 0 ? network : 0;

	if (!code && !ctr->ip[0]) {
		code = join_call(network, CLONE_NEWNET, find_address, ctr, err);
		if (code)
			err_set(err, -code,
				"publish ports: the network namespace has no address but 127.0.0.1");
	}
	if (code)
		return code;
	pid = publish_spawn(ctr->ports, ctr->n_ports, network, ctr->main.exit.fd, ctr->ip, group,
			    &ctr->publisher.fd, err);
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
	struct ctr *ctr = pod_find(pod, op->object);

	end_helper(pod, &ctr->publisher);
	pod->state.publisher_pid = 0;
	if (joins_path(ctr))
		ctr->ip[0] = '\0'; /* looked up again at the next start */
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
