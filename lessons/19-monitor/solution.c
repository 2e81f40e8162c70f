/*
 * monitor: stays with a container when the program that started it has gone.
 *
 * Build: gcc -I../.. -o monitor lab.c
 *
 *	monitor [-t] DIRECTORY COMMAND [ARG...]
 *
 * Prints the command's PID and returns at once. Behind it stays a monitor that
 * copies what the command writes to DIRECTORY/log, and when it has ended
 * writes its exit code to DIRECTORY/exit. With -t the command has a terminal.
 * See setsid(2), pidfd_open(2), pty(7).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lesson.h"

/* Where the command writes to (theirs), and where we read it (ours): a pipe, or a terminal. */
static void make_channel(int terminal, int *ours, int *theirs)
{
	int ends[2] = { -1, -1 };

	if (terminal) {
		ends[0] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
		if (ends[0] >= 0 && unlockpt(ends[0]) == 0)
			ends[1] = ioctl(ends[0], TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	}
	if (terminal ? ends[1] < 0 : pipe2(ends, O_CLOEXEC) < 0)
		die("open a %s", terminal ? "terminal" : "pipe");
	*ours = ends[0];
	*theirs = ends[1];
}

static pid_t start(int terminal, int theirs, char **command)
{
	pid_t child = fork();

	if (child != 0)
		return child;
	setsid();
	if (terminal && (ioctl(theirs, TIOCSCTTY, 0) < 0 || dup2(theirs, 0) < 0))
		die("take the terminal");
	dup2(theirs, 1);
	dup2(theirs, 2);
	execvp(command[0], command);
	complain("run %s", command[0]);
	_exit(127);
}

/* Copies what is there. Returns 0 when there will be nothing more; a terminal says that with EIO. */
static int copy(int ours, int log)
{
	char text[4096];
	ssize_t size = read(ours, text, sizeof(text));

	if (size <= 0)
		return 0;
	if (write(log, text, size) != size)
		die("write the log");
	return 1;
}

/* Until the command has ended, and all that it wrote is read: waits for output and for the process, both. */
static void watch(pid_t child, int ours, int log)
{
	struct pollfd wait[] = {
		{ .fd = ours, .events = POLLIN },
		{ .fd = pidfd_open(child, 0), .events = POLLIN },
	};

	if (wait[1].fd < 0)
		die("pidfd_open %d", child);
	while (poll(wait, 2, -1) > 0 && (wait[0].revents || !wait[1].revents))
		if (!copy(ours, log))
			wait[0].fd = -1; /* poll(2) passes over it */
}

/* Writes the exit code as a shell would say it, to a file that is whole or not there. */
static void record_end(pid_t child)
{
	int status = 0, code;
	FILE *file = fopen("exit.new", "we");

	if (!file || waitpid(child, &status, 0) < 0)
		die("record the end of process %d", child);
	code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	fprintf(file, "%d\n", code);
	fclose(file);
	rename("exit.new", "exit");
}

static void monitor(int terminal, const char *directory, char **command, int report)
{
	int ours, theirs, log, null = open("/dev/null", O_RDWR | O_CLOEXEC);
	pid_t child;

	if (null < 0 || chdir(directory) < 0)
		die("go to %s", directory);
	log = open("log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (log < 0)
		die("open the log");
	make_channel(terminal, &ours, &theirs);
	dup2(null, 0);
	child = start(terminal, theirs, command);
	if (child < 0)
		die("fork");
	close(theirs); /* or our end would never end */
	dprintf(report, "%d\n", child);
	close(report);
	dup2(null, 1); /* the caller's pipes must not stay open because of us */
	dup2(null, 2);
	watch(child, ours, log);
	record_end(child);
}

int main(int argc, char **argv)
{
	int terminal = argc > 1 && strcmp(argv[1], "-t") == 0;
	int report[2];
	char line[32];
	ssize_t size;

	if (argc < 3 + terminal || pipe2(report, O_CLOEXEC) < 0) {
		fprintf(stderr, "usage: monitor [-t] DIRECTORY COMMAND [ARG...]\n");
		return 2;
	}
	if (fork() == 0) {
		setsid();
		if (fork() == 0)
			monitor(terminal, argv[1 + terminal], argv + 2 + terminal, report[1]);
		_exit(0);
	}
	wait(NULL);
	close(report[1]);
	size = read(report[0], line, sizeof(line));
	if (size <= 0)
		return 1; /* the monitor said why */
	fwrite(line, 1, size, stdout);
	return 0;
}
