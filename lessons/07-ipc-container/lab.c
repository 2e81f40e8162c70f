/*
 * letterbox: leaves a text in a message queue, or takes one out.
 *
 * Build: gcc -I../.. -o letterbox lab.c
 *
 *	letterbox [--ipc=container:PID] put KEY TEXT	System V queue number KEY
 *	letterbox [--ipc=container:PID] get KEY
 *	letterbox [--ipc=container:PID] post NAME TEXT	POSIX queue /NAME
 *	letterbox [--ipc=container:PID] fetch NAME
 *
 * Both kinds belong to the IPC namespace. See ipc_namespaces(7), sysvipc(7) and
 * mq_overview(7).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <unistd.h>

#include "lesson.h"

#define TEXT_SIZE 256

/* A System V message begins with a number above 0; the text follows. */
struct letter {
	long type;
	char text[TEXT_SIZE];
};

/* Into the IPC namespace of a process, through its user namespace. */
static void join_ipc(const char *pid)
{
	/* TODO 1: the user namespace, then the ipc namespace of that process. */
	(void)pid;
}

/* System V: a queue is found by a number, its key; all of it lives in the kernel. */
static void put(int key, const char *text)
{
	/* TODO 2: msgget(2) with IPC_CREAT makes the queue or finds it; msgsnd(2). */
	(void)key;
	(void)text;
}

static void get(int key)
{
	struct letter letter = { .text = "" };
	/* TODO 3: msgget(2) without IPC_CREAT only finds; msgrcv(2) with IPC_NOWAIT; both may fail. */
	(void)key;
	printf("%.*s\n", TEXT_SIZE, letter.text);
}

/* POSIX: a queue is found by a name. It looks like a file's, and is looked up in the IPC namespace. */
static void post(const char *name, const char *text)
{
	struct mq_attr attributes = { .mq_maxmsg = 4, .mq_msgsize = TEXT_SIZE };
	mqd_t queue = mq_open(name, O_CREAT | O_WRONLY | O_NONBLOCK, 0600, &attributes);

	if (queue < 0)
		die("make queue %s", name);
	if (mq_send(queue, text, strlen(text) + 1, 0) < 0)
		die("post to queue %s", name);
}

static void fetch(const char *name)
{
	char text[TEXT_SIZE] = "";
	mqd_t queue = mq_open(name, O_RDONLY | O_NONBLOCK);

	if (queue < 0)
		die("find queue %s", name);
	if (mq_receive(queue, text, TEXT_SIZE, NULL) < 0)
		die("fetch from queue %s", name);
	printf("%.*s\n", TEXT_SIZE, text);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strncmp(argv[1], "--ipc=container:", 16)) {
		join_ipc(argv[1] + 16);
		argc--;
		argv++;
	}
	if (argc == 4 && !strcmp(argv[1], "put"))
		put(atoi(argv[2]), argv[3]);
	else if (argc == 3 && !strcmp(argv[1], "get"))
		get(atoi(argv[2]));
	else if (argc == 4 && !strcmp(argv[1], "post"))
		post(argv[2], argv[3]);
	else if (argc == 3 && !strcmp(argv[1], "fetch"))
		fetch(argv[2]);
	else
		return fprintf(stderr,
			       "usage: letterbox [--ipc=container:PID] put|get|post|fetch KEY [TEXT]\n"),
		       2;
	return 0;
}
