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
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/text.h"
#include "kern/cgroup.h"
#include "pod/pasta.h"

#define FILE_MAX 65536

/* The words of a one-line file; none when it cannot be read. */
static json_t *words_of(const char *path)
{
	json_t *list = json_array();
	struct buf text = { 0 };
	struct strv words = { 0 };

	if (!io_read_file(AT_FDCWD, path, FILE_MAX, &text, NULL)) {
		if (text.len && text.data[text.len - 1] == '\n')
			text.data[text.len - 1] = '\0';
		strv_split(&words, text.data, ' ');
	}
	for (size_t i = 0; i < words.n; i++)
		json_array_append_new(list, json_string(words.v[i]));
	strv_free(&words);
	buf_free(&text);
	return list;
}

/* The value of NAME=value in /etc/os-release, without quotes. */
static json_t *os_release(const char *name)
{
	struct buf text = { 0 };
	struct strv lines = { 0 };
	json_t *value = NULL;

	if (!io_read_file(AT_FDCWD, "/etc/os-release", FILE_MAX, &text, NULL))
		strv_split(&lines, text.data, '\n');
	if (strv_get(&lines, name)) {
		const char *start = strv_get(&lines, name);

		start += *start == '"';
		value = json_stringn(start, strcspn(start, "\""));
	}
	strv_free(&lines);
	buf_free(&text);
	return value ? value : json_string("unknown");
}

/* Where a program is in PATH; "" when it is not installed. */
static json_t *program_path(const char *name)
{
	struct strv directories = { 0 };
	const char *path = getenv("PATH");
	json_t *found = NULL;

	strv_split(&directories, path ? path : "", ':');
	strv_add(&directories, "/usr/sbin"); /* an ordinary user's PATH often lacks it */
	for (size_t i = 0; !found && i < directories.n; i++) {
		char *file = text_format("%s/%s", directories.v[i], name);

		if (!access(file, X_OK))
			found = json_string(file);
		free(file);
	}
	strv_free(&directories);
	return found ? found : json_string("");
}

static json_t *programs(void)
{
	static const char *const names[] = { "skopeo", "nft", "newuidmap", "newgidmap", "linux.uml" };
	const char *pasta = pasta_tool();
	json_t *object = json_object();

	json_object_set_new(object, "pasta", json_string(pasta ? pasta : ""));
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		json_object_set_new(object, names[i], program_path(names[i]));
	return object;
}

static void add_cgroup(json_t *host)
{
	const char *mount = cgroup_mount();
	char *file = text_format("%s/cgroup.controllers", mount ? mount : "/nonexistent");
	json_t *controllers = words_of(file);
	bool whole = mount && !strcmp(mount, "/sys/fs/cgroup");

	json_object_set_new(host, "cgroupVersion", json_string(whole ? "v2" : mount ? "hybrid" : "none"));
	json_object_set_new(host, "cgroupMount", json_string(mount ? mount : ""));
	json_object_set_new(host, "cgroupControllers", controllers);
	free(file);
}

json_t *hostinfo_read(const struct store *store)
{
	json_t *host = json_object();
	struct sysinfo system = { 0 };
	struct utsname names;

	uname(&names);
	sysinfo(&system);
	json_object_set_new(host, "arch", json_string(names.machine));
	add_cgroup(host);
	json_object_set_new(host, "cpus", json_integer(sysconf(_SC_NPROCESSORS_ONLN)));
	json_object_set_new(host, "distribution",
			    json_pack("{s:o, s:o}", "distribution", os_release("ID"), "version",
				      os_release("VERSION_ID")));
	json_object_set_new(host, "hostname", json_string(names.nodename));
	json_object_set_new(host, "kernel", json_string(names.release));
	json_object_set_new(host, "memFree", json_integer((json_int_t)system.freeram * system.mem_unit));
	json_object_set_new(host, "memTotal", json_integer((json_int_t)system.totalram * system.mem_unit));
	json_object_set_new(host, "os", json_string("linux"));
	json_object_set_new(host, "programs", programs());
	json_object_set_new(host, "security",
			    json_pack("{s:b, s:b}", "rootless", store->rootless, "seccompEnabled", 1));
	json_object_set_new(host, "uptime", json_integer(system.uptime));
	return host;
}
