/*
 * hostinfo: asks the kernel and the file system what this machine can do;
 * nothing here fails, what is missing reads as missing.
 *
 * Rule: a controller can belong to cgroup v1 or v2 but never to both (see
 * cgroups(7)); those that the cgroup2 mount lacks cannot limit a pod. Lesson 14.
 */
#include "pod/hostinfo.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/cgroup.h"
#include "pod/pasta.h"

#define FILE_MAX 65536

/* Adds the words of a one-line file; none when it cannot be read. */
static void add_words(const char *path, struct strv *ret_words)
{
	struct buf text = { 0 };

	if (!io_read_file(AT_FDCWD, path, FILE_MAX, &text, NULL)) {
		if (text.len && text.data[text.len - 1] == '\n')
			text.data[text.len - 1] = '\0';
		strv_split(ret_words, text.data, ' ');
	}
	buf_free(&text);
}

/* The value of NAME=value in /etc/os-release, without quotes. */
static char *os_release(const char *name)
{
	struct buf text = { 0 };
	struct strv lines = { 0 };
	const char *value = NULL;
	char *copy;

	if (!io_read_file(AT_FDCWD, "/etc/os-release", FILE_MAX, &text, NULL))
		strv_split(&lines, text.data, '\n');
	value = strv_get(&lines, name);
	if (value)
		value += *value == '"';
	copy = value ? text_ndup(value, strcspn(value, "\"")) : text_dup("unknown");
	strv_free(&lines);
	buf_free(&text);
	return copy;
}

/* Adds NAME=PATH for where the program is in PATH. */
static void add_program(const char *name, struct strv *ret_programs)
{
	struct strv directories = { 0 };
	const char *path = getenv("PATH");
	char *found = NULL;

	strv_split(&directories, path ? path : "", ':');
	strv_add(&directories, "/usr/sbin"); /* an ordinary user's PATH often lacks it */
	for (size_t i = 0; !found && i < directories.n; i++) {
		found = text_format("%s/%s", directories.v[i], name);
		if (access(found, X_OK))
			text_replace(&found, NULL);
	}
	strv_addf(ret_programs, "%s=%s", name, found ? found : "");
	free(found);
	strv_free(&directories);
}

static void find_programs(struct strv *ret_programs)
{
	static const char *const names[] = { "skopeo", "nft", "newuidmap", "newgidmap", "linux.uml" };
	const char *pasta = pasta_tool();

	strv_addf(ret_programs, "pasta=%s", pasta ? pasta : "");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		add_program(names[i], ret_programs);
}

static void find_cgroups(struct hostinfo *info)
{
	const char *mount = cgroup_mount();
	cleanup_free char *file = text_format("%s/cgroup.controllers", mount ? mount : "");

	info->cgroup_mount = mount ? mount : "";
	if (!mount)
		info->cgroup_version = "none";
	else
		info->cgroup_version = strcmp(mount, "/sys/fs/cgroup") ? "hybrid" : "v2";
	if (mount)
		add_words(file, &info->controllers);
}

void hostinfo_read(struct hostinfo *ret_info)
{
	struct hostinfo info = { 0 };
	struct sysinfo system = { 0 };

	uname(&info.names);
	sysinfo(&system);
	info.distribution = os_release("ID");
	info.distribution_version = os_release("VERSION_ID");
	info.cpus = sysconf(_SC_NPROCESSORS_ONLN);
	info.memory_free = (int64_t)system.freeram * system.mem_unit;
	info.memory_total = (int64_t)system.totalram * system.mem_unit;
	info.swap_free = (int64_t)system.freeswap * system.mem_unit;
	info.swap_total = (int64_t)system.totalswap * system.mem_unit;
	info.uptime = system.uptime;
	find_cgroups(&info);
	find_programs(&info.programs);
	*ret_info = info;
}

void hostinfo_free(struct hostinfo *info)
{
	free(info->distribution);
	free(info->distribution_version);
	strv_free(&info->controllers);
	strv_free(&info->programs);
	*info = (struct hostinfo){ 0 };
}
