/*
 * cgroup: directories and small files under the cgroup2 mount; cgroup.h tells
 * the rules. Everything is a path below that mount: there is no state here.
 */
#include "kern/cgroup.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"
#include "kern/explain.h"
#include "kern/sys.h"

#define PATIENCE_MS 10000 /* how long the kernel may take to freeze or empty a group */

const char *cgroup_mount(void)
{
	static char *found;
	static bool looked;
	struct buf text = { 0 };

	if (looked)
		return found;
	looked = true;
	if (io_read_file(AT_FDCWD, "/proc/self/mountinfo", 1 << 22, &text, NULL))
		return NULL;
	for (char *line = strtok(text.data, "\n"); line && !found; line = strtok(NULL, "\n")) {
		char path[4096];

		/* ID PARENT MAJOR:MINOR ROOT MOUNTPOINT OPTIONS… - TYPE … */
		if (strstr(line, " - cgroup2 ") && sscanf(line, "%*s %*s %*s %*s %4095s", path) == 1)
			found = text_dup(path);
	}
	buf_free(&text);
	return found;
}

static char *path_of(const char *group, const char *file)
{
	return text_format("%s/%s%s%s", cgroup_mount() ? cgroup_mount() : "/sys/fs/cgroup", group,
			   file ? "/" : "", file ? file : "");
}

/* Our own group as the kernel names it, without the leading slash. */
static char *own_group(void)
{
	struct buf text = { 0 };
	char *group = NULL;

	if (io_read_file(AT_FDCWD, "/proc/self/cgroup", 65536, &text, NULL))
		return NULL;
	for (char *line = strtok(text.data, "\n"); line; line = strtok(NULL, "\n"))
		if (text_starts(line, "0::/"))
			text_replace(&group, text_dup(line + 4));
	buf_free(&text);
	return group;
}

char *cgroup_base(void)
{
	char *group;

	if (!cgroup_mount())
		return NULL;
	if (!geteuid()) { /* root of a user namespace has no more than what was delegated to its user */
		cleanup_free char *top = path_of("", NULL);

		if (!access(top, W_OK))
			return text_dup("");
	}
	for (group = own_group(); group && *group;) {
		cleanup_free char *threads = path_of(group, "cgroup.procs");
		cleanup_free char *directory = path_of(group, NULL);
		char *slash = strrchr(group, '/');

		*(slash ? slash : group) =
			'\0'; /* never our own group: we are a member, so it can be no parent */
		free(take_ptr(directory));
		free(take_ptr(threads));
		directory = path_of(group, NULL);
		threads = path_of(group, "cgroup.procs");
		if (*group && !access(directory, W_OK) && !access(threads, W_OK))
			return group;
	}
	free(group);
	return NULL;
}

/* Passes every controller that group has on to its children. */
static void pass_on(const char *group)
{
	struct buf have = { 0 }, passed = { 0 };
	cleanup_free char *path = path_of(group, "cgroup.subtree_control");
	struct buf wish = { 0 };

	if (cgroup_get(group, "cgroup.controllers", &have, NULL) ||
	    cgroup_get(group, "cgroup.subtree_control", &passed, NULL))
		goto out;
	for (char *name = strtok(have.data, " \n"); name; name = strtok(NULL, " \n"))
		if ((!strcmp(name, "cpu") || !strcmp(name, "memory") || !strcmp(name, "pids") ||
		     !strcmp(name, "io") || !strcmp(name, "cpuset")) &&
		    !strstr(passed.data, name))
			buf_format(&wish, "%s+%s", wish.len ? " " : "", name);
	if (wish.len) {
		int code = io_write_kernel(AT_FDCWD, path, wish.data, NULL);

		explain_call(code, "controllers for the groups below", 15, "write(\"%s\", \"%s\")", path,
			     wish.data);
	}
out:
	buf_free(&have);
	buf_free(&passed);
	buf_free(&wish);
}

int cgroup_make(const char *group, struct err *err)
{
	cleanup_free char *path = path_of(group, NULL);
	const char *mount = cgroup_mount();
	char *slash;
	int code;

	if (!mount)
		return err_hint(err, err_set(err, 0, "no cgroup2 file system is mounted"),
				"mount -t cgroup2 none /sys/fs/cgroup");
	code = mkdir(path, 0755) ? -errno : 0;
	if (!code)
		explain_call(code, "a cgroup is a directory", 14, "mkdir(\"%s\")", path);
	if (code == -EEXIST)
		return 0;
	if (!code || code == -ENOENT) {
		cleanup_free char *parent = text_dup(group);

		slash = strrchr(parent, '/');
		if (slash)
			*slash = '\0';
		if (code && slash) {
			code = cgroup_make(parent, err);
			if (code)
				return code;
			code = mkdir(path, 0755) && errno != EEXIST ? -errno : 0;
			explain_call(code, "a cgroup is a directory", 14, "mkdir(\"%s\")", path);
		}
		if (!code)
			pass_on(slash ? parent : "");
	}
	if (code)
		return err_hint(err, err_set(err, -code, "make cgroup %s", path), "is it writable for us?");
	return 0;
}

int cgroup_open(const char *group, struct err *err)
{
	cleanup_free char *path = path_of(group, NULL);

	return io_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, err);
}

int cgroup_set(const char *group, const char *file, const char *value, struct err *err)
{
	cleanup_free char *path = path_of(group, file);
	int code = io_write_kernel(AT_FDCWD, path, value, err);

	explain_call(code, "what the group may use", 15, "write(\"%s\", \"%s\")", path, value);
	if (code == -ENOENT || code == -EACCES)
		return err_hint(err, code,
				"the %.*s controller of cgroup v2 is not available here: on a hybrid host it "
				"belongs to "
				"cgroup v1, for an ordinary user it must be delegated; `make lab` has it",
				(int)strcspn(file, "."), file);
	return code;
}

int cgroup_get(const char *group, const char *file, struct buf *ret_text, struct err *err)
{
	cleanup_free char *path = path_of(group, file);

	return io_read_file(AT_FDCWD, path, 1 << 20, ret_text, err);
}

int64_t cgroup_count(const char *group, const char *file, const char *key)
{
	struct buf text = { 0 };
	int64_t number = -1;

	if (!cgroup_get(group, file, &text, NULL))
		for (char *line = strtok(text.data, "\n"); line; line = strtok(NULL, "\n"))
			if (text_starts(line, key) && line[strlen(key)] == ' ')
				num_i64(line + strlen(key) + 1, 0, INT64_MAX, &number);
	buf_free(&text);
	return number;
}

int cgroup_enter(const char *group, int pid, struct err *err)
{
	cleanup_free char *path = path_of(group, "cgroup.procs");
	char text[16];

	snprintf(text, sizeof(text), "%d", pid);
	return io_write_kernel(AT_FDCWD, path, text, err);
}

/* Waits until key in cgroup.events reads wanted; the kernel wakes a poll(2) of that file at each change. */
static int wait_event(const char *group, const char *key, int64_t wanted, struct err *err)
{
	cleanup_free char *path = path_of(group, "cgroup.events");
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	int64_t deadline = clock_boot() + PATIENCE_MS * INT64_C(1000000);
	char text[128];

	if (fd < 0)
		return errno == ENOENT ? 0 : err_set(err, errno, "open %s", path);
	while (cgroup_count(group, "cgroup.events", key) == !wanted) {
		struct pollfd change = { .fd = fd, .events = POLLPRI };

		if (clock_boot() > deadline)
			return err_set(err, ETIMEDOUT, "wait until %s of %s is %d", key, path, (int)wanted);
		if (pread(fd, text, sizeof(text), 0) < 0)
			break; /* the group has gone */
		if (cgroup_count(group, "cgroup.events", key) == !wanted)
			poll(&change, 1, 20);
	}
	return 0;
}

int cgroup_freeze(const char *group, bool frozen, struct err *err)
{
	int code = cgroup_set(group, "cgroup.freeze", frozen ? "1" : "0", err);

	return code ? code : wait_event(group, "frozen", frozen, err);
}

int cgroup_kill(const char *group, struct err *err)
{
	cleanup_free char *path = path_of(group, "cgroup.kill");
	int code = io_write_kernel(AT_FDCWD, path, "1", err);

	explain_call(code, "SIGKILL to all in the group at once", 14, "write(\"%s\", \"1\")", path);
	return code == -ENOENT ? 0 : code;
}

bool cgroup_populated(const char *group)
{
	return cgroup_count(group, "cgroup.events", "populated") == 1;
}

/* Removes the groups below path, deepest first, then path. */
static int remove_groups(const char *path)
{
	DIR *entries;
	struct dirent *entry;

	if (!rmdir(path) || errno == ENOENT)
		return 0;
	if (errno != ENOTEMPTY && errno != EBUSY)
		return -errno;
	entries = opendir(path);
	if (!entries)
		return errno == ENOENT ? 0 : -errno;
	while ((entry = readdir(entries))) {
		cleanup_free char *below = text_format("%s/%s", path, entry->d_name);

		if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
			remove_groups(below);
	}
	closedir(entries);
	return rmdir(path) && errno != ENOENT ? -errno : 0;
}

int cgroup_remove(const char *group, struct err *err)
{
	cleanup_free char *path = path_of(group, NULL);
	int code = remove_groups(path);

	if (code == -EBUSY) { /* somebody lives there, perhaps frozen: SIGKILL ends also those */
		code = cgroup_kill(group, err);
		if (!code)
			code = wait_event(group, "populated", 0, err);
		if (code)
			return code;
		code = remove_groups(path);
	}
	explain_call(code, "an empty group goes", 14, "rmdir(\"%s\")", path);
	return code ? err_set(err, -code, "remove cgroup %s", path) : 0;
}

void cgroup_remove_empty(const char *group)
{
	cleanup_free char *path = path_of(group, NULL);

	rmdir(path);
}
