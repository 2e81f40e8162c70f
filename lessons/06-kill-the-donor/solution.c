/*
 * donor: starts a process that does nothing but own a network namespace.
 *
 * Build: gcc -I../.. -o donor lab.c
 *
 *	donor PAUSE		runs the program PAUSE as donor, prints its PID, and ends
 *
 * Members come and go (netbox --net=container:PID), the donor stays. When donor
 * prints the PID, everything is ready to be joined. See namespaces(7).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <net/if.h>
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

/* Switches lo, the interface of 127.0.0.1, on (lesson 04). */
static void raise_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request) < 0)
		die("ask for the flags of lo");
	request.ifr_flags |= IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		die("switch lo on");
	close(fd);
}

/* Our output may be a pipe, as in pid=$(donor pause): who reads it waits until the last holder is gone. */
static void let_go_of_output(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
		die("open /dev/null");
}

/*
 * The child: make the namespaces, then become pause. ready is the writing end
 * of a pipe; it is closed by execve, since it was made with O_CLOEXEC.
 */
static void become_donor(char *pause, int ready)
{
	char *arguments[] = { pause, NULL };

	new_namespaces(CLONE_NEWNET);
	raise_loopback();
	let_go_of_output();
	setsid(); /* Ctrl-C in this terminal is not for it */
	execv(pause, arguments);
	complain("run %s", pause);
	if (write(ready, "x", 1) < 0) /* a byte: it did not work */
		complain("tell the parent");
	_exit(1);
}

/* Waits for the end of the pipe: 0 when it was closed without a word, -1 when something came. */
static int wait_until_ready(int ready)
{
	char byte;

	return read(ready, &byte, 1) == 0 ? 0 : -1;
}

int main(int argc, char **argv)
{
	int ready[2];
	pid_t pid;

	if (argc != 2) {
		fprintf(stderr, "usage: donor PAUSE\n");
		return 2;
	}
	if (pipe2(ready, O_CLOEXEC) < 0)
		die("make a pipe");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0)
		become_donor(argv[1], ready[1]);
	close(ready[1]); /* else our own writing end would keep the pipe open */
	if (wait_until_ready(ready[0]) < 0)
		return 1;
	printf("%d\n", pid);
	return 0;
}
