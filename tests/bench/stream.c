/*
 * stream: how fast a TCP connection is, and how long it takes to get one.
 *
 *	stream serve PORT                       until it is killed
 *	stream measure ROUNDS IP:PORT…          one stream at a time, in turn
 *
 * A client's first byte says what it wants: 'p' gets one byte back (the time
 * until then is the latency: a proxy has accepted long before it is through to
 * the server), 's' has everything swallowed and is answered when it has all come.
 * For each address measure prints the median of megabytes a second and of
 * microseconds.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>

#include "bench.h"

#define BURST	 0.2 /* seconds of sending in a round */
#define CONNECTS 20
#define MOST	 16

static char block[1 << 17];

static void answer(int sock)
{
	char want;

	if (read(sock, &want, 1) != 1)
		return;
	if (want == 's')
		while (read(sock, block, sizeof(block)) > 0)
			continue;
	must(write(sock, "", 1), "answer");
}

_Noreturn static void serve(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int listener = (int)must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"), yes = 1;

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	must(bind(listener, (struct sockaddr *)&address, sizeof(address)), "bind");
	must(listen(listener, 64), "listen");
	for (;;) {
		int sock = (int)must(accept(listener, NULL, NULL), "accept");

		answer(sock);
		close(sock);
	}
}

static int connect_to(const char *text)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	const char *colon = strchr(text, ':');
	char ip[32];
	int sock = (int)must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");

	snprintf(ip, sizeof(ip), "%.*s", colon ? (int)(colon - text) : 0, text);
	address.sin_addr.s_addr = inet_addr(ip);
	address.sin_port = htons((uint16_t)(colon ? atoi(colon + 1) : 0));
	must(connect(sock, (struct sockaddr *)&address, sizeof(address)), text);
	return sock;
}

/* Megabytes a second. */
static double throughput(const char *address)
{
	int sock = connect_to(address);
	double start = seconds(), sent = 0;
	char byte;

	must(write(sock, "s", 1), address);
	while (seconds() - start < BURST)
		sent += (double)must(write(sock, block, sizeof(block)), address);
	shutdown(sock, SHUT_WR);
	must(read(sock, &byte, 1) == 1 ? 0 : -1, address);
	close(sock);
	return sent / (seconds() - start) / 1e6;
}

/* Microseconds until the server's first byte. */
static double latency(const char *address)
{
	double start = seconds(), took;
	int sock = connect_to(address);
	char byte;

	must(write(sock, "p", 1), address);
	must(read(sock, &byte, 1) == 1 ? 0 : -1, address);
	took = seconds() - start;
	close(sock);
	return took * 1e6;
}

int main(int argc, char **argv)
{
	int rounds = argc > 2 ? atoi(argv[2]) : 0, n = argc - 3;

	signal(SIGPIPE, SIG_IGN);
	if (argc == 3 && !strcmp(argv[1], "serve"))
		serve(rounds);
	if (n < 1 || n > MOST || rounds < 1 || strcmp(argv[1], "measure")) {
		fputs("usage: stream serve PORT | stream measure ROUNDS IP:PORT...\n", stderr);
		return 2;
	}
	double *rates = calloc((size_t)(rounds * n), sizeof(double));
	double *waits = calloc((size_t)(rounds * n * CONNECTS), sizeof(double));

	for (int round = 0; round < rounds; round++)
		for (int i = 0; i < n; i++) {
			rates[i * rounds + round] = throughput(argv[3 + i]);
			for (int c = 0; c < CONNECTS; c++)
				waits[(i * rounds + round) * CONNECTS + c] = latency(argv[3 + i]);
		}
	for (int i = 0; i < n; i++)
		printf("%s\t%.0f\t%.0f\n", argv[3 + i], median(rates + i * rounds, rounds),
		       median(waits + i * rounds * CONNECTS, rounds * CONNECTS));
	return 0;
}
