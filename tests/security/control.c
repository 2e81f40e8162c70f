/*
 * control: a client of a pod's control socket (runpod/pod/wire.h) that does not behave.
 *
 *	control ask SOCKET REQUEST      sends one request, prints its answer; says "refused" when none comes
 *	control junk SOCKET N SEED      N connections with random packets on each
 *	control many SOCKET N           N connections that say nothing,
 *	control half SOCKET N           … that have closed one direction, or the other,
 *	control deaf SOCKET N REQUEST   … that send a request and never read: until standard input ends
 *	control room SOCKET N           how many of N connections are accepted and answered at once
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PACKET_MAX (1 << 17)

static int meet(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (sock < 0 || connect(sock, (struct sockaddr *)&address, sizeof(address)) < 0) {
		printf("connect: %s\n", strerror(errno));
		exit(1);
	}
	return sock;
}

static void request(int sock, const char *text)
{
	static char packet[PACKET_MAX];
	int length = snprintf(packet, sizeof(packet), "J%s", text);

	if (send(sock, packet, (size_t)length, MSG_NOSIGNAL) < 0)
		printf("send: %s\n", strerror(errno));
}

static int ask(const char *path, const char *text)
{
	static char packet[PACKET_MAX + 1];
	int sock = meet(path);
	ssize_t got;

	request(sock, text);
	while ((got = recv(sock, packet, PACKET_MAX, 0)) > 0) {
		packet[got] = '\0';
		if (packet[0] == 'R') {
			puts(packet + 1);
			return 0;
		}
	}
	puts("refused");
	return 1;
}

/* Packets of every kind and length, some of them nearly right. */
static void talk_nonsense(int sock)
{
	static const char *const almost[] = {
		"J",
		"J{}",
		"J[]",
		"Jnull",
		"J{\"op\":7}",
		"J{\"op\":\"exec\"}",
		"J{\"op\":\"wait\"}",
		"J{\"op\":\"start\",\"ctr\":\"../../../etc\"}",
		"J{\"op\":\"kill\",\"signal\":-1}",
		"J{\"op\":\"clock\",\"advance\":9223372036854775807}",
		"J{\"op\":\"hello\",\"explain\":true}",
		"W99999999 -1",
		"Wx",
		"K0",
		"K99",
		"K",
		"I",
		"C",
		"R{}",
		"X0",
		"J{\"op\":\"attach\",\"ctr\":\"\"}",
	};
	static char packet[PACKET_MAX];

	for (int i = 0; i < 20; i++) {
		size_t length = (size_t)(random() % (i % 5 ? 64 : PACKET_MAX));

		if (i % 2) {
			const char *text = almost[(size_t)random() % (sizeof(almost) / sizeof(*almost))];

			length = strlen(text);
			memcpy(packet, text, length);
		} else {
			for (size_t j = 0; j < length; j++)
				packet[j] = (char)random();
		}
		if (send(sock, packet, length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
			return;
	}
}

static int junk(const char *path, int n, unsigned seed)
{
	srandom(seed);
	for (int i = 0; i < n; i++) {
		int sock = meet(path);

		talk_nonsense(sock);
		close(sock);
	}
	return 0;
}

static int crowd(const char *what, const char *path, int n, const char *text)
{
	char byte;

	for (int i = 0; i < n; i++) {
		int sock = meet(path);

		if (!strcmp(what, "half"))
			shutdown(sock, i % 2 ? SHUT_WR : SHUT_RD);
		if (text)
			request(sock, text);
	}
	puts("here");
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
	return 0;
}

static int room(const char *path, int n)
{
	int *socks = calloc((size_t)n, sizeof(*socks)), answered = 0;

	for (int i = 0; i < n; i++) {
		char packet[100];
		struct pollfd ready;

		socks[i] = meet(path);
		request(socks[i], "{\"op\":\"hello\"}");
		ready = (struct pollfd){ .fd = socks[i], .events = POLLIN };
		if (poll(&ready, 1, answered == i ? 500 : 0) <= 0 || recv(socks[i], packet, 100, 0) <= 0)
			break; /* the last */
		answered++;
	}
	printf("%d\n", answered);
	return 0;
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if (argc == 4 && !strcmp(argv[1], "ask"))
		return ask(argv[2], argv[3]);
	if (argc == 5 && !strcmp(argv[1], "junk"))
		return junk(argv[2], atoi(argv[3]), (unsigned)atoi(argv[4]));
	if (argc == 4 && !strcmp(argv[1], "room"))
		return room(argv[2], atoi(argv[3]));
	if (argc >= 4)
		return crowd(argv[1], argv[2], atoi(argv[3]), argv[4]);
	fputs("usage: control ask|junk|many|half|deaf|room SOCKET …\n", stderr);
	return 2;
}
