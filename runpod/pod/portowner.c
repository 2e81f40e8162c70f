/*
 * portowner: from a port to its socket's inode (/proc/net/tcp), from the inode
 * to a process (/proc/PID/fd); see proc(5). Names both files of a port: IPv4's
 * and IPv6's, since a dual-stack listener stands in the latter only.
 */
#include "pod/portowner.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

#define TCP_STATE_LISTEN 0x0a

/* The inode of the socket with that local port in one table, or 0. */
static unsigned long find_inode(const char *table, bool udp, uint16_t port)
{
	FILE *file = fopen(table, "re");
	unsigned long inode = 0, found = 0;
	unsigned local, state;
	char line[512];

	if (!file)
		return 0;
	while (!found && fgets(line, sizeof(line), file))
		if (sscanf(line, " %*u: %*[0-9A-F]:%x %*s %x %*s %*s %*s %*u %*u %lu", &local, &state,
			   &inode) == 3 &&
		    local == port && (udp || state == TCP_STATE_LISTEN))
			found = inode;
	fclose(file);
	return found;
}

/* Whether one of the process's descriptors is that link ("socket:[1234]"). */
static bool process_has(const char *pid, const char *link)
{
	cleanup_free char *path = text_format("/proc/%s/fd", pid);
	DIR *entries = opendir(path);
	struct dirent *entry;
	bool has = false;
	char target[64];

	if (!entries)
		return false;
	while (!has && (entry = readdir(entries))) {
		ssize_t length = readlinkat(dirfd(entries), entry->d_name, target, sizeof(target) - 1);

		target[length < 0 ? 0 : length] = '\0';
		has = !strcmp(target, link);
	}
	closedir(entries);
	return has;
}

/* "nginx, pid 4711" */
static void describe(const char *pid, char *ret_text, size_t size)
{
	cleanup_free char *path = text_format("/proc/%s/comm", pid);
	FILE *file = fopen(path, "re");
	char name[32] = "a process";

	if (file) {
		if (fgets(name, sizeof(name), file))
			name[strcspn(name, "\n")] = '\0';
		fclose(file);
	}
	snprintf(ret_text, size, "%s, pid %s", name, pid);
}

int portowner_find(bool udp, uint16_t port, char *ret_text, size_t size)
{
	const char *tables[] = { "/proc/self/net/tcp", "/proc/self/net/tcp6", "/proc/self/net/udp",
				 "/proc/self/net/udp6" };
	unsigned long inode = find_inode(tables[udp ? 2 : 0], udp, port);
	cleanup_free char *link = NULL;
	int code = -ENOENT;
	struct dirent *entry;
	DIR *processes;

	if (!inode)
		inode = find_inode(tables[udp ? 3 : 1], udp, port);
	processes = inode ? opendir("/proc") : NULL;
	if (!processes)
		return -ENOENT;
	link = text_format("socket:[%lu]", inode);
	while (code && (entry = readdir(processes))) {
		if (!isdigit((unsigned char)entry->d_name[0]) || !process_has(entry->d_name, link))
			continue;
		describe(entry->d_name, ret_text, size);
		code = 0;
	}
	closedir(processes);
	return code;
}
