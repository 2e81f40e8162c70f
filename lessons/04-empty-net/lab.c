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
	/*
	 * TODO 2: a TCP socket; connect(2) it to port 1 of 127.0.0.1 (htons, htonl: the network wants its
	 * numbers in its own order of bytes). It will fail: complain("%s: connect to 127.0.0.1", when).
	 */
	(void)when;
}

/* Switches lo on. ioctl(2) wants any socket of the namespace, and a request with a name in it. */
static void raise_loopback(void)
{
	/*
	 * TODO 3: a struct ifreq with ifr_name "lo"; SIOCGIFFLAGS fills in ifr_flags; add IFF_UP to them;
	 * SIOCSIFFLAGS sets them.
	 */
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: newnet COMMAND [ARG...]\n");
		return 2;
	}
	/* TODO 1: which flag makes a network namespace? */
	new_namespaces(0);
	try_loopback("lo is down");
	raise_loopback();
	try_loopback("lo is up");

	execvp(argv[1], argv + 1);
	die("run %s", argv[1]);
}
