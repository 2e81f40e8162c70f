/*
 * probe: what a shell cannot do, for the tests to run in and beside containers:
 *
 *	probe tcp PORT [ADDRESS]        accepts; answers each client with its address, ends the connection
 *	probe udp PORT [ADDRESS]        answers each datagram with "ADDRESS TEXT"
 *	probe ask-tcp ADDRESS PORT      prints what the server says
 *	probe ask-udp ADDRESS PORT TEXT the same; three seconds at most
 *	probe shm-write KEY TEXT        System V shared memory, see shmget(2)
 *	probe shm-read KEY
 *	probe mq-send NAME TEXT         POSIX message queue, see mq_overview(7)
 *	probe mq-receive NAME
 *
 * Ends with 0, or 1 with the errno in words.
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define SHM_SIZE 4096

static struct sockaddr_in address_of(const char *ip, const char *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)) };

	if (inet_pton(AF_INET, ip ? ip : "0.0.0.0", &address.sin_addr) != 1)
		errx(1, "no address: %s", ip);
	return address;
}

static int open_socket(int type)
{
	struct timeval patience = { .tv_sec = 3 };
	int fd = socket(AF_INET, type, 0), on = 1;

	if (fd < 0)
		err(1, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

static int serve(int type, char **args)
{
	struct sockaddr_in own = address_of(args[1], args[0]), peer;
	int fd = open_socket(type);
	char text[2048], answer[2200];

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){ 0 }, sizeof(struct timeval));
	if (bind(fd, (void *)&own, sizeof(own)) < 0 || (type == SOCK_STREAM && listen(fd, 128) < 0))
		err(1, "bind %s", args[0]);
	for (;;) {
		socklen_t length = sizeof(peer);
		ssize_t got = 0;
		int to = fd;

		if (type == SOCK_STREAM)
			to = accept(fd, (void *)&peer, &length);
		else
			got = recvfrom(fd, text, sizeof(text) - 1, 0, (void *)&peer, &length);
		if (to < 0 || got < 0)
			err(1, "receive");
		text[got] = '\0';
		snprintf(answer, sizeof(answer), "%s%s%s\n", inet_ntoa(peer.sin_addr), got ? " " : "", text);
		if (sendto(to, answer, strlen(answer), MSG_NOSIGNAL, (void *)&peer,
			   type == SOCK_STREAM ? 0 : length) < 0)
			warn("answer");
		if (to != fd)
			close(to);
	}
}

static int ask(int type, char **args)
{
	struct sockaddr_in server = address_of(args[0], args[1]);
	int fd = open_socket(type);
	char text[4096];
	ssize_t got;

	if (connect(fd, (void *)&server, sizeof(server)) < 0)
		err(1, "connect");
	if (args[2] && send(fd, args[2], strlen(args[2]), 0) < 0)
		err(1, "send");
	got = recv(fd, text, sizeof(text), 0);
	if (got <= 0)
		err(1, "receive");
	return fwrite(text, 1, (size_t)got, stdout) != (size_t)got;
}

static int shared_memory(char **args)
{
	int id = shmget((key_t)strtol(args[0], NULL, 0), SHM_SIZE, args[1] ? IPC_CREAT | 0666 : 0);
	char *memory = id < 0 ? NULL : shmat(id, NULL, 0);

	if (!memory || memory == (void *)-1)
		err(1, "shared memory %s", args[0]);
	if (args[1])
		strncpy(memory, args[1], SHM_SIZE - 1);
	else
		puts(memory);
	return 0;
}

static int message_queue(char **args)
{
	mqd_t queue = mq_open(args[0], args[1] ? O_WRONLY | O_CREAT : O_RDONLY | O_NONBLOCK, 0666, NULL);
	char text[8192]; /* the default size of a message, which receivers must have room for */
	ssize_t got;

	if (queue < 0)
		err(1, "queue %s", args[0]);
	if (args[1])
		return mq_send(queue, args[1], strlen(args[1]), 0) < 0 ? (warn("send"), 1) : 0;
	got = mq_receive(queue, text, sizeof(text), NULL);
	if (got < 0)
		err(1, "receive");
	printf("%.*s\n", (int)got, text);
	return 0;
}

int main(int argc, char **argv)
{
	const struct {
		const char *word;
		int args; /* at least */
	} words[] = { { "tcp", 1 },	  { "udp", 1 },	     { "ask-tcp", 2 }, { "ask-udp", 3 },
		      { "shm-write", 2 }, { "shm-read", 1 }, { "mq-send", 2 }, { "mq-receive", 1 } };
	size_t i = 0;

	while (argc > 1 && i < sizeof(words) / sizeof(*words) && strcmp(words[i].word, argv[1]))
		i++;
	if (argc < 2 || i == sizeof(words) / sizeof(*words) || argc - 2 < words[i].args)
		errx(2, "usage: probe WORD ARG… (see its source)");
	signal(SIGTERM, _exit);
	if (i < 2)
		return serve(i ? SOCK_DGRAM : SOCK_STREAM, argv + 2);
	if (i < 4)
		return ask(i == 3 ? SOCK_DGRAM : SOCK_STREAM, argv + 2);
	return i < 6 ? shared_memory(argv + 2) : message_queue(argv + 2);
}
