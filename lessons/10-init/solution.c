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
	int status;
	pid_t pid;

	/* Many deaths may come as one SIGCHLD: signals are not counted. Hence the loop. */
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == command)
			result = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
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
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, &before); /* before the fork: none may be lost */
	command = start(argv + 1, &before);

	while ((result = reap(command)) < 0) {
		signal = sigwaitinfo(&signals, NULL);
		if (signal == SIGTERM || signal == SIGINT)
			kill(command, signal);
	}
	return result; /* and what is still in the namespace ends with us */
}
