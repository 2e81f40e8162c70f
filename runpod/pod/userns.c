/*
 * userns: find it or make it; userns.h tells the rules.
 */
#include "pod/userns.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/tool.h"
#include "kern/explain.h"
#include "kern/join.h"
#include "kern/mount.h"
#include "kern/pidfd.h"
#include "kern/sys.h"
#include "store/lock.h"
#include "store/record.h"

/* A pidfd of any process of a pod of ours that lives, or -ESRCH. */
static int find_member(const struct store *store)
{
	struct strv pods = { 0 };
	int found = -ESRCH;

	if (record_list_pods(store, &pods, NULL))
		return -ESRCH;
	for (size_t i = 0; i < pods.n && found < 0; i++) {
		struct pod_state state = { 0 };

		if (record_read_state(store, pods.v[i], &state, NULL))
			continue;
		found = pidfd_open_exact((pid_t)state.supervisor_pid, state.supervisor_ticks);
		for (size_t j = 0; j < state.ctrs.n && found < 0; j++)
			found = pidfd_open_exact((pid_t)state.ctrs.v[j].pid, state.ctrs.v[j].start_ticks);
		pod_state_free(&state);
	}
	strv_free(&pods);
	return found;
}

/* Our name in /etc/passwd, read as a file: the C library's own look-up would load modules. */
static void user_name(char *ret_name, size_t size)
{
	FILE *file = fopen("/etc/passwd", "re");
	struct passwd *user = NULL;

	ret_name[0] = '\0';
	while (file && (user = fgetpwent(file)) && user->pw_uid != getuid())
		;
	if (user)
		snprintf(ret_name, size, "%s", user->pw_name);
	if (file)
		fclose(file);
}

/* The range that /etc/subuid or /etc/subgid gives the user: "name:first:count" or "uid:…". */
static bool find_range(const char *file, char *ret_first, char *ret_count)
{
	struct buf text = { 0 };
	char wanted[2][64];
	bool found = false;

	snprintf(wanted[0], sizeof(wanted[0]), "%u", getuid());
	user_name(wanted[1], sizeof(wanted[1]));
	if (io_read_file(AT_FDCWD, file, 1 << 20, &text, NULL))
		return false;
	for (char *line = strtok(text.data, "\n"); line && !found; line = strtok(NULL, "\n")) {
		char name[64];

		found = sscanf(line, "%63[^:]:%15[0-9]:%15[0-9]", name, ret_first, ret_count) == 3 &&
			(!strcmp(name, wanted[0]) || !strcmp(name, wanted[1]));
	}
	buf_free(&text);
	return found;
}

/* Runs newuidmap or newgidmap PID 0 OWN 1 1 FIRST COUNT. */
static int run_mapper(const char *tool, pid_t pid, unsigned own, const char *first, const char *count)
{
	char pid_text[16], own_text[16];
	int status = -1;
	pid_t child;

	snprintf(pid_text, sizeof(pid_text), "%d", (int)pid);
	snprintf(own_text, sizeof(own_text), "%u", own);
	child = fork();
	if (!child) {
		execl(tool, tool, pid_text, "0", own_text, "1", "1", first, count, NULL);
		_exit(EXIT_NOT_FOUND);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0 || status)
		return -EPERM;
	return 0;
}

/* Many ids, when the machine gives the user some and has the tools. */
static int map_ranges(pid_t pid)
{
	char first_uid[16], uids[16], first_gid[16], gids[16];
	char uid_tool[256], gid_tool[256];

	if (!tool_find("newuidmap", uid_tool, sizeof(uid_tool)) ||
	    !tool_find("newgidmap", gid_tool, sizeof(gid_tool)) ||
	    !find_range("/etc/subuid", first_uid, uids) || !find_range("/etc/subgid", first_gid, gids))
		return -ENOENT;
	if (run_mapper(uid_tool, pid, getuid(), first_uid, uids))
		return -EPERM;
	return run_mapper(gid_tool, pid, getgid(), first_gid, gids);
}

/* One id: our own becomes 0. setgroups must be denied first (EPERM otherwise): who could drop a group could pass
 * where that group was kept out. */
static int map_one(pid_t pid, struct err *err)
{
	cleanup_free char *uid_path = text_format("/proc/%d/uid_map", (int)pid);
	cleanup_free char *gid_path = text_format("/proc/%d/gid_map", (int)pid);
	cleanup_free char *groups_path = text_format("/proc/%d/setgroups", (int)pid);
	cleanup_free char *uids = text_format("0 %u 1", getuid()), *gids = text_format("0 %u 1", getgid());
	int code = io_write_kernel(AT_FDCWD, uid_path, uids, err);

	if (!code)
		code = io_write_kernel(AT_FDCWD, groups_path, "deny", err);
	return code ? code : io_write_kernel(AT_FDCWD, gid_path, gids, err);
}

/* The mapper: a child that stays outside and writes the maps of its parent, which has gone in. */
static int write_maps(pid_t of)
{
	int code = map_ranges(of);

	return code ? map_one(of, NULL) : 0;
}

/* DOC: rootless */
static int make_namespace(struct err *err)
{
	pid_t own = getpid(), mapper;
	int go[2], status;
	char byte = 0;

	if (pipe2(go, O_CLOEXEC) < 0)
		return err_set(err, errno, "make a pipe");
	mapper = fork(); /* before unshare: it must stay in the parent namespace to have the right to map */
	if (mapper < 0)
		return err_set(err, errno, "fork");
	if (!mapper) {
		close(go[1]);
		_exit(read(go[0], &byte, 1) == 1 ? -write_maps(own) : 0);
	}
	close(go[0]);
	status = unshare(CLONE_NEWUSER) ? -errno : 0;
	explain_call(status, "in here, we are root", 2, "unshare(NEWUSER)");
	if (status) {
		close(go[1]);
		waitpid(mapper, NULL, 0);
		return err_hint(err, err_set(err, -status, "make a user namespace"),
				"sysctl kernel.unprivileged_userns_clone=1, "
				"kernel.apparmor_restrict_unprivileged_userns=0, "
				"user.max_user_namespaces above 0; `make doctor` tells which");
	}
	if (write(go[1], &byte, 1) != 1)
		return err_set(err, errno, "speak to the mapper");
	close(go[1]);
	if (waitpid(mapper, &status, 0) < 0 || status)
		return err_set(err, WIFEXITED(status) ? WEXITSTATUS(status) : EPERM,
			       "map user ids into the user namespace");
	return 0;
}

int userns_enter(const struct store *store, int *ret_lock, struct err *err)
{
	int member, code;

	*ret_lock = lock_named(store, "userns", err);
	if (*ret_lock < 0)
		return *ret_lock;
	member = find_member(store);
	if (member >= 0) {
		code = join_self(member, CLONE_NEWUSER, "the user namespace of our other pods", err);
		close(member);
	} else {
		prctl(PR_SET_DUMPABLE, 1); /* so that the mapper may write our maps */
		code = make_namespace(err);
	}
	if (!code && (setresgid(0, 0, 0) || setresuid(0, 0, 0)))
		code = err_set(err, errno, "become root of the user namespace");
	if (code)
		return code;
	code = (int)sys_result(unshare(CLONE_NEWNS));
	explain_call(code, "mounts of our own, where we may mount", 12, "unshare(NEWNS)");
	return code ? err_set(err, -code, "make a mount namespace") : mount_private_tree(err);
}

int userns_call(const struct store *store, int (*fn)(void *arg, struct err *err), void *arg, struct err *err)
{
	struct {
		int code;
		struct err err;
	} answer = { .code = -ECHILD };
	int ends[2], lock;
	pid_t child;

	if (!store->rootless || !geteuid())
		return fn(arg, err);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return err_set(err, errno, "make a socket pair");
	child = fork();
	if (!child) {
		answer.code = userns_enter(store, &lock, &answer.err);
		if (!answer.code)
			answer.code = fn(arg, &answer.err);
		_exit(io_send(ends[1], &answer, sizeof(answer), NULL, 0) ? 1 : 0);
	}
	close(ends[1]);
	if (child < 0 || io_receive(ends[0], &answer, sizeof(answer), NULL, NULL) < (ssize_t)sizeof(answer))
		answer.code = err_set(&answer.err, ECHILD, "work inside the user namespace");
	close(ends[0]);
	if (child > 0)
		waitpid(child, NULL, 0);
	if (err && answer.code)
		*err = answer.err;
	return answer.code;
}
