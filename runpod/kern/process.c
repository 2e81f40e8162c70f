/*
 * process: reading /proc/PID; process.h tells the rule. Everything may vanish
 * between two lines here: a process that has gone is no error, it is not there.
 */
#include "kern/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"

#define FILE_MAX (1 << 20) /* status of one with 65,536 groups is less */

/* Bytes that would break a line of a table, a NUL between words among them, become blanks. */
static void make_plain(char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			text[i] = ' ';
}

static int parse_stat(const char *text, struct process *process)
{
	const char *open = strchr(text, '('), *close = strrchr(text, ')'); /* the name may hold anything */
	long long user, system, children_user, children_system, start, nice, ppid;
	unsigned long long vsz;

	if (!open || !close || close < open)
		return -EINVAL;
	snprintf(process->name, sizeof(process->name), "%.*s", (int)(close - open - 1), open + 1);
	make_plain(process->name, strlen(process->name));
	if (sscanf(close + 1,
		   " %c %lld %*s %*s %d %*s %*s %*s %*s %*s %*s %lld %lld %lld %lld %*s %lld %d %*s %lld "
		   "%llu",
		   &process->state, &ppid, &process->tty, &user, &system, &children_user, &children_system,
		   &nice, &process->threads, &start, &vsz) != 11)
		return -EINVAL;
	process->pid = (pid_t)strtol(text, NULL, 10);
	process->ppid = (pid_t)ppid;
	process->nice = (int)nice;
	process->user_ticks = user;
	process->system_ticks = system;
	process->children_ticks = children_user + children_system;
	process->start_ticks = start;
	process->vsz = (int64_t)vsz;
	return 0;
}

/* Reads the numbers of a line into a list of levels; how many there were. */
static int read_levels(const char *text, pid_t *levels)
{
	int n = 0, used;

	while (n < PROCESS_LEVELS && sscanf(text, "%d%n", &levels[n], &used) == 1) {
		text += used;
		n++;
	}
	return n;
}

static void read_groups(const char *text, struct strv *groups)
{
	size_t length;

	for (; *(text += strspn(text, " \t")); text += length) {
		length = strcspn(text, " \t");
		strv_take(groups, text_ndup(text, length));
	}
}

/* One line "Key:\tvalue" of status. */
static void take_line(const char *key, const char *value, struct process *process)
{
	static const char *const caps[CAPS_KINDS] = { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" };

	if (!strcmp(key, "Uid"))
		sscanf(value, "%u %u", &process->ruid, &process->uid);
	else if (!strcmp(key, "Gid"))
		sscanf(value, "%u %u", &process->rgid, &process->gid);
	else if (!strcmp(key, "Groups"))
		read_groups(value, &process->groups);
	else if (!strcmp(key, "NSpid"))
		process->levels = read_levels(value, process->pids);
	else if (!strcmp(key, "NSpgid"))
		read_levels(value, process->groups_of);
	else if (!strcmp(key, "VmRSS"))
		process->rss_kib = strtoll(value, NULL, 10);
	else if (!strcmp(key, "Seccomp"))
		process->seccomp = (int)strtol(value, NULL, 10);
	for (int kind = 0; kind < CAPS_KINDS; kind++)
		if (!strcmp(key, caps[kind]))
			process->caps[kind] = strtoull(value, NULL, 16);
}

int process_parse(const char *stat, const char *status, struct process *ret_process)
{
	cleanup_free char *copy = text_dup(status);
	char *line, *rest = copy;
	int code;

	*ret_process = (struct process){ .seccomp = -1 };
	code = parse_stat(stat, ret_process);
	while (!code && (line = strsep(&rest, "\n"))) {
		char *colon = strchr(line, ':');

		if (!colon)
			continue;
		*colon = '\0';
		take_line(line, colon + 1 + strspn(colon + 1, " \t"), ret_process);
	}
	return code || ret_process->levels ? code : -EINVAL;
}

static int read_proc(pid_t pid, const char *file, struct buf *ret_text)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	return io_read_file(AT_FDCWD, path, FILE_MAX, ret_text, NULL);
}

int process_read(pid_t pid, struct process *ret_process)
{
	struct buf stat = { 0 }, status = { 0 };
	int code = -ESRCH;

	if (!read_proc(pid, "stat", &stat) && !read_proc(pid, "status", &status) && stat.len && status.len) {
		code = process_parse(stat.data, status.data, ret_process) ? -ESRCH : 0;
		if (code)
			process_free(ret_process);
	}
	buf_free(&stat);
	buf_free(&status);
	return code;
}

void process_free(struct process *process)
{
	strv_free(&process->groups);
}

char *process_args(pid_t pid)
{
	struct buf text = { 0 };
	char *args;

	buf_text(&text, "");
	read_proc(pid, "cmdline", &text);
	while (text.len && !text.data[text.len - 1])
		text.len--;
	make_plain(text.data, text.len);
	args = text_ndup(text.data, text.len);
	buf_free(&text);
	return args;
}

static int by_number(const void *a, const void *b)
{
	return (*(const pid_t *)a > *(const pid_t *)b) - (*(const pid_t *)a < *(const pid_t *)b);
}

size_t process_list(pid_t **ret_pids)
{
	DIR *directory = opendir("/proc");
	struct dirent *entry;
	size_t n = 0;

	*ret_pids = NULL;
	while (directory && (entry = readdir(directory))) {
		uint64_t pid;

		if (num_u64(entry->d_name, INT32_MAX, &pid))
			continue;
		if (!(n & (n - 1))) /* room for the next power of two */
			*ret_pids = mem_realloc(*ret_pids, (n ? 2 * n : 1) * sizeof(**ret_pids));
		(*ret_pids)[n++] = (pid_t)pid;
	}
	if (directory)
		closedir(directory);
	if (n)
		qsort(*ret_pids, n, sizeof(**ret_pids), by_number);
	return n;
}

static int open_pid_namespace(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/pid", (int)pid);
	return open(path, O_RDONLY | O_CLOEXEC);
}

bool process_under(pid_t pid, pid_t of)
{
	cleanup_fd int wanted = open_pid_namespace(of), at = open_pid_namespace(pid);
	struct stat top, here;

	if (wanted < 0 || fstat(wanted, &top))
		return false;
	while (at >= 0 && !fstat(at, &here)) {
		int parent;

		if (here.st_ino == top.st_ino && here.st_dev == top.st_dev)
			return true;
		parent = ioctl(at, NS_GET_PARENT); /* see ioctl_nsfs(2); EPERM above our own */
		close(at);
		at = parent;
	}
	return false;
}
