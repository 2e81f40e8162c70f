/*
 * nsview: the matrix of processes and namespaces.
 *
 * Build: gcc -I../.. -o nsview lab.c
 *
 *	nsview PID...    one row a process
 *	nsview           all processes that are in /proc
 *
 * A row shows the last five digits of each namespace's number, with "=" before
 * it when a row above is in the same namespace, or "?" where the kernel does
 * not let us look. See namespaces(7) and proc(5).
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "lesson.h"

#define MAX_ROWS 4096

/* The links in /proc/PID/ns that we look at. */
static const char *const kinds[] = { "user", "cgroup", "ipc", "net", "uts", "pid", "mnt" };
#define KINDS 7

static unsigned long matrix[MAX_ROWS][KINDS]; /* numbers of namespaces; 0: could not be read */
static int rows;
static int unreadable; /* processes of which at least one link could not be read */

/* The number of a namespace of a process, or 0 with errno set. The link reads "net:[4026531840]". */
static unsigned long namespace_number(const char *pid, const char *kind)
{
	char path[64], target[64];
	ssize_t size;

	snprintf(path, sizeof(path), "/proc/%s/ns/%s", pid, kind);
	size = readlink(path, target, sizeof(target) - 1);
	if (size < 0)
		return 0;
	target[size] = '\0';
	return strtoul(strchr(target, '[') + 1, NULL, 10);
}

/* Whether a row above this one has the same number in that column. */
static int seen_above(int row, int column)
{
	for (int above = 0; above < row; above++)
		if (matrix[above][column] == matrix[row][column])
			return 1;
	return 0;
}

/* The name of the program, from /proc/PID/comm. Returns 0, or -1 when there is no such process. */
static int read_name(const char *pid, char *name, int size)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	file = fopen(path, "re");
	if (!file)
		return -1;
	if (!fgets(name, size, file))
		name[0] = '\0';
	name[strcspn(name, "\n")] = '\0';
	fclose(file);
	return 0;
}

static void show(const char *pid)
{
	char name[16] = "";
	int failed = 0;

	if (read_name(pid, name, sizeof(name)) < 0) {
		complain("look at process %s", pid);
		return;
	}
	printf("%7s %-12.12s", pid, name);
	for (int column = 0; column < KINDS; column++) {
		unsigned long number = namespace_number(pid, kinds[column]);

		matrix[rows][column] = number;
		failed |= !number;
		if (!number)
			printf("       ?");
		else
			printf("  %c%05lu", seen_above(rows, column) ? '=' : ' ', number % 100000);
	}
	printf("\n");
	unreadable += failed;
	rows++;
}

/* All processes: the entries of /proc that are numbers. */
static void show_all(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (!proc)
		die("open /proc");
	while ((entry = readdir(proc)) && rows < MAX_ROWS)
		if (isdigit((unsigned char)entry->d_name[0]))
			show(entry->d_name);
	closedir(proc);
}

int main(int argc, char **argv)
{
	printf("%7s %-12s", "PID", "COMMAND");
	for (int column = 0; column < KINDS; column++)
		printf("%8s", kinds[column]);
	printf("\n");
	for (int i = 1; i < argc && rows < MAX_ROWS; i++)
		show(argv[i]);
	if (argc == 1)
		show_all();
	if (unreadable)
		printf("? = not ours to see: %d of %d rows\n", unreadable, rows);
	return rows ? 0 : 1;
}
