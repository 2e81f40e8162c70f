/*
 * net_ground: what the tests of the network stand on: a "host", which is this
 * process in a network namespace of its own, so that no bridge and no port
 * touches the machine; and "pods", processes that hold one each.
 */
#ifndef TESTS_UNIT_NET_GROUND_H
#define TESTS_UNIT_NET_GROUND_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/num.h"
#include "kern/join.h"
#include "kern/link.h"
#include "kern/netlink.h"
#include "kern/spawn.h"
#include "kern/sys.h"

#define PATIENCE 10000 /* milliseconds that any wait may last */

static const char *ground_missing = "not tried"; /* why there is no ground to test on, or NULL */

static bool ground_rootless; /* we are root of a user namespace of one user only */

/* Makes user or group id 0 of a new user namespace that number outside. */
static inline bool ground_map(const char *file, unsigned outside)
{
	char map[64];
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	snprintf(map, sizeof(map), "0 %u 1", outside);
	n = fd < 0 ? -1 : write(fd, map, strlen(map));
	close(fd);
	return n > 0;
}

/* Moves this process into a network namespace with lo up; without root, into a user namespace first. */
static inline void ground_enter(void)
{
	int flags = CLONE_NEWNET | (geteuid() ? CLONE_NEWUSER : 0), socket;
	unsigned uid = getuid(), gid = getgid();

	if (unshare(flags) < 0) {
		ground_missing = "no network namespace can be made here";
		return;
	}
	ground_rootless = flags & CLONE_NEWUSER;
	if (ground_rootless) {
		int fd = open("/proc/self/setgroups", O_WRONLY | O_CLOEXEC);

		ground_missing = "no user id can be mapped here";
		if (fd < 0 || write(fd, "deny", 4) != 4)
			return;
		close(fd);
		if (!ground_map("/proc/self/uid_map", uid) || !ground_map("/proc/self/gid_map", gid))
			return;
	}
	socket = netlink_open(NULL);
	ground_missing = link_up(socket, "lo", NULL) ? "lo cannot be set up" : NULL;
	close(socket);
}

#define need_ground()                                                                                        \
	do {                                                                                                 \
		if (ground_missing) {                                                                        \
			print_message("skipped: %s\n", ground_missing);                                      \
			skip();                                                                              \
		}                                                                                            \
	} while (0)

struct ground_pod {
	pid_t pid; /* holds the namespace */
	int pidfd;
};

static inline int ground_pause(void *arg)
{
	(void)arg;
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* a failed test leaves none behind */
	for (;;)
		pause();
	return 0;
}

/* A process in a new network namespace, as infra is. */
static inline struct ground_pod ground_pod_start(void)
{
	struct spawn how = { .flags = CLONE_NEWNET, .cgroup_fd = -1, .purpose = "a pod" };
	struct ground_pod pod = { .pidfd = -1 };
	struct err err = { 0 };

	pod.pid = spawn(&how, ground_pause, NULL, &pod.pidfd, &err);
	if (pod.pid < 0)
		fail_msg("%s", err.text);
	return pod;
}

static inline void ground_pod_end(struct ground_pod *pod)
{
	kill(pod->pid, SIGKILL);
	waitpid(pod->pid, NULL, 0);
	close(pod->pidfd);
}

/* "must work": fails with the text of the error. */
#define ground_ok(code, err)                                                                                 \
	do {                                                                                                 \
		int code_ = (code);                                                                          \
		if (code_ < 0)                                                                               \
			fail_msg("%s: %d: %s", #code, code_, (err)->text);                                   \
	} while (0)

static inline struct sockaddr_in ground_address(const char *ip, uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };

	assert_int_equal(inet_pton(AF_INET, ip, &address.sin_addr), 1);
	return address;
}

/* Every read and write of a test gives up after PATIENCE. */
static inline void ground_patience(int fd)
{
	struct timeval time = { .tv_sec = PATIENCE / 1000 };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time));
}

/* A socket bound at ip (port 0: any), listening when TCP. */
static inline int ground_serve(int type, const char *ip, uint16_t port)
{
	struct sockaddr_in address = ground_address(ip, port);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (void *)&address, sizeof(address)) < 0 ||
	    (type == SOCK_STREAM && listen(fd, 1024) < 0)) {
		close(fd);
		return -errno;
	}
	ground_patience(fd);
	return fd;
}

/* A TCP connection, or -errno. */
static inline int ground_connect(const char *ip, uint16_t port)
{
	struct sockaddr_in address = ground_address(ip, port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ground_patience(fd);
	if (connect(fd, (void *)&address, sizeof(address)) < 0) {
		int code = -errno;

		close(fd);
		return code;
	}
	return fd;
}

struct ground_place {
	int type;	/* SOCK_STREAM or SOCK_DGRAM */
	const char *ip; /* where to serve, or to connect */
	uint16_t port;
};

static inline int ground_serve_there(void *arg)
{
	struct ground_place *place = arg;

	return ground_serve(place->type, place->ip, place->port);
}

static inline int ground_connect_there(void *arg)
{
	struct ground_place *place = arg;

	return ground_connect(place->ip, place->port);
}

/* The same with a socket born in the pod, used from here. */
static inline int ground_serve_in(const struct ground_pod *pod, int type, const char *ip, uint16_t port)
{
	struct ground_place place = { .type = type, .ip = ip, .port = port };
	int fd = join_call(pod->pidfd, CLONE_NEWNET, ground_serve_there, &place, NULL);

	if (fd < 0)
		fail_msg("serve at %s:%u in the pod: %s", ip, port, strerror(-fd));
	return fd;
}

static inline int ground_connect_in(const struct ground_pod *pod, const char *ip, uint16_t port)
{
	struct ground_place place = { .type = SOCK_STREAM, .ip = ip, .port = port };

	return join_call(pod->pidfd, CLONE_NEWNET, ground_connect_there, &place, NULL);
}

static inline uint16_t ground_port_of(int fd)
{
	struct sockaddr_in address;
	socklen_t length = sizeof(address);

	assert_int_equal(getsockname(fd, (void *)&address, &length), 0);
	return ntohs(address.sin_port);
}

static inline ino_t ground_inode(pid_t pid)
{
	char path[64];
	struct stat stat_;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	assert_int_equal(stat(path, &stat_), 0);
	return stat_.st_ino;
}

#endif
