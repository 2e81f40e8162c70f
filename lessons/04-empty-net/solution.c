/*
 * newnet: runs a command in a new network namespace, with lo switched on.
 *
 * Build: gcc -I../.. -o newnet lab.c
 *
 *	newnet COMMAND [ARG...]
 *
 * On the way it tries to reach 127.0.0.1 twice, and tells what it got. See
 * network_namespaces(7) and netdevice(7).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lesson.h"

/* Writes one text to a file of /proc, with one write(2). */
static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die("write \"%s\" to %s", text, path);
	close(fd);
}

/* New namespaces, in a new user namespace in which we are root (lesson 02). */
static void new_namespaces(int flags)
{
	char uid_map[32], gid_map[32];

	snprintf(uid_map, sizeof(uid_map), "0 %u 1", geteuid());
	snprintf(gid_map, sizeof(gid_map), "0 %u 1", getegid());
	if (unshare(CLONE_NEWUSER | flags) < 0)
		die("make namespaces");
	write_file("/proc/self/uid_map", uid_map);
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/gid_map", gid_map);
}

/* Tries to connect to a port of 127.0.0.1 where nobody listens, and tells which error that is. */
static void try_loopback(const char *when)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(1),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("make a socket");
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		complain("%s: connect to 127.0.0.1", when);
	close(fd);
}

/* Switches lo on. ioctl(2) wants any socket of the namespace, and a request with a name in it. */
static void raise_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request) < 0)
		die("ask for the flags of lo");
	request.ifr_flags |= IFF_UP; /* the others stay as they are */
	if (ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		die("switch lo on");
	close(fd);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: newnet COMMAND [ARG...]\n");
		return 2;
	}
	new_namespaces(CLONE_NEWNET);
	try_loopback("lo is down");
	raise_loopback();
	try_loopback("lo is up");

	execvp(argv[1], argv + 1);
	die("run %s", argv[1]);
}
