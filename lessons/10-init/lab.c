/*
 * init: PID 1 for a command that was not written to be one.
 *
 * Build: gcc -I../.. -o init lab.c
 *
 *	pidbox init COMMAND [ARG...]	ends as the command ended: its status, or 128 + signal
 *
 * It collects every process that dies, its own child or not, and hands SIGTERM
 * and SIGINT on to the command. See pid_namespaces(7) and wait(2).
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lesson.h"

/* Starts the command as a child; with the signal mask that we were given, for it is inherited. */
static pid_t start(char **command, const sigset_t *mask)
{
	pid_t child = fork();

	if (child < 0)
		die("fork");
	if (child == 0) {
		sigprocmask(SIG_SETMASK, mask, NULL);
		execvp(command[0], command);
		die("run %s", command[0]);
	}
	return child;
}

/*
 * Collects all that are dead now, whoever they are. Returns how the command
 * ended, when it is among them, else -1.
 */
static int reap(pid_t command)
{
	int result = -1;
	/*
	 * TODO 2: waitpid(2) for -1, any child, with WNOHANG, until there is none to collect. Many deaths
	 * may come as one SIGCHLD. For the command itself, note how it ended (lesson 09).
	 */
	(void)command;
	return result;
}

int main(int argc, char **argv)
{
	sigset_t signals, before;
	int signal, result;
	pid_t command;

	if (argc < 2) {
		fprintf(stderr, "usage: init COMMAND [ARG...]\n");
		return 2;
	}
	sigemptyset(&signals);
	/* TODO 1: for which signals shall we wait? One tells of a death, two ask us to end. */
	sigprocmask(SIG_BLOCK, &signals, &before); /* before the fork: none may be lost */
	command = start(argv + 1, &before);

	while ((result = reap(command)) < 0) {
		/*
		 * TODO 3: sleep until one of the signals comes: sigwaitinfo(2) returns its number. SIGTERM and
		 * SIGINT are for the command: kill(2).
		 */
		signal = 0;
		(void)signal;
		return 0;
	}
	return result; /* and what is still in the namespace ends with us */
}
