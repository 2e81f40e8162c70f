/*
 * door: what `-p 8080:80` does: a port of the host leads to one in the pod.
 *
 * Build: gcc -I../.. -o door lab.c
 *
 *	door HOSTPORT PID PODPORT
 *
 * Listens on 127.0.0.1:HOSTPORT here, and connects whoever comes with
 * 127.0.0.1:PODPORT in the network namespace of process PID. Runs until it is
 * killed. See network_namespaces(7), splice(2), shutdown(2).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lesson.h"

static struct sockaddr_in local(int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

static int listen_on(int port)
{
	struct sockaddr_in address = local(port);
	int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 64) < 0)
		die("listen on port %d", port);
	return fd;
}

/* From here on, sockets that we make are born in the network namespace of that process. */
static void enter(pid_t pid)
{
	int pidfd = pidfd_open(pid, 0);

	if (pidfd < 0)
		die("pidfd_open %d", pid);
	if (setns(pidfd, CLONE_NEWUSER | CLONE_NEWNET) < 0)
		die("join the network namespace of process %d", pid);
	close(pidfd);
}

/* A connection to the server. Returns -1 when there is none. */
static int connect_to(int port)
{
	struct sockaddr_in address = local(port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		complain("connect to port %d of the pod", port);
		close(fd);
		return -1;
	}
	return fd;
}

/* Carries bytes one way, until there are no more. They never come into our memory. */
static void carry(int from, int to)
{
	int pipe[2];

	if (pipe2(pipe, O_CLOEXEC) < 0)
		die("pipe");
	for (;;) {
		ssize_t size = splice(from, NULL, pipe[1], NULL, 65536, 0);

		if (size <= 0)
			break;
		while (size > 0) {
			ssize_t out = splice(pipe[0], NULL, to, NULL, size, 0);

			if (out <= 0)
				return;
			size -= out;
		}
	}
	shutdown(to, SHUT_WR);
}

/* One connection: two processes, one for each direction. */
static void serve(int client, int port)
{
	int server = connect_to(port);

	if (server < 0)
		return;
	if (fork() == 0)
		carry(client, server);
	else
		carry(server, client);
}

int main(int argc, char **argv)
{
	int listener;

	if (argc != 4) {
		fprintf(stderr, "usage: door HOSTPORT PID PODPORT\n");
		return 2;
	}
	listener = listen_on(atoi(argv[1])); /* born here */
	enter(atoi(argv[2]));		     /* what comes later is born in the pod */
	signal(SIGCHLD, SIG_IGN);	     /* nobody waits for the processes of a connection */
	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (client < 0)
			die("accept");
		if (fork() == 0) {
			close(listener);
			serve(client, atoi(argv[3]));
			_exit(0);
		}
		close(client);
	}
}
