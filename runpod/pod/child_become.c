/*
 * child_become: from a copy of the supervisor to the container's program: its
 * terminal, limits, user, power, place, and at last execve.
 *
 * The order is the security: groups and user change while the capabilities for it
 * are there; the bounding set is cut while CAP_SETPCAP is there; no_new_privs
 * comes before the filter; nothing between the filter and execve needs what it
 * forbids. See credentials(7), capabilities(7), seccomp(2). Lessons 18 and 19.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"
#include "kern/capability.h"
#include "kern/devices.h"
#include "kern/path.h"
#include "kern/oomscore.h"
#include "kern/rlimit.h"
#include "kern/sys.h"
#include "pod/child.h"
#include "pod/environ.h"

int child_who(struct child *child, struct err *err)
{
	const char *user = child->exec && child->exec->user ? child->exec->user : child->ctr->user;
	int code = credentials_find(child->root, user, &child->ctr->spec.group_add, &child->who, err);

	if (code)
		return err_status(err, code, EXIT_NOT_INVOKED);
	if (child->ctr->spec.run_as_non_root && !child->exec && !child->who.uid)
		return environ_config_failure(err_set(
			err, 0, "container has runAsNonRoot and image will run as root (container: %s)",
			child->ctr->spec.name));
	strv_copy(&child->env, child->given_env);
	if (child->exec && child->exec->tty && !strv_get(&child->env, "TERM"))
		strv_add(&child->env, "TERM=xterm");
	if (child->exec)
		for (size_t i = 0; i < child->exec->env.n; i++)
			strv_set(&child->env, child->exec->env.v[i]);
	if (!strv_get(&child->env, "HOME")) {
		cleanup_free char *home = text_format("HOME=%s", child->who.home);

		strv_add(&child->env, home);
	}
	return 0;
}

/* The user writes to its own terminal and pipes also when it opens /dev/stdout anew. */
static void give_to_user(struct child *child, int fd)
{
	struct stat stat;

	if (!fstat(fd, &stat) && (S_ISFIFO(stat.st_mode) || S_ISCHR(stat.st_mode)) &&
	    stat.st_uid != child->who.uid &&
	    stat.st_rdev != 0x103 /* not /dev/null, 1:3, which is everybody's */)
		if (fchown(fd, child->who.uid, (gid_t)-1) < 0)
			return; /* an id that the namespace does not map: it can still use the descriptor */
}

/* DOC: terminal */
int child_terminal(struct child *child, struct err *err)
{
	bool tty = child->exec ? child->exec->tty : child->ctr->spec.tty;
	struct child_report report = { 0 };
	cleanup_fd int master = -1, slave = -1;
	int unlock = 0;

	setsid();
	if (!tty)
		return 0;
	/* from the container's own devpts, so that ttyname(3) finds it in there */
	master = io_open(AT_FDCWD, "/dev/pts/ptmx", O_RDWR | O_NOCTTY, err);
	if (master < 0)
		return master;
	if (ioctl(master, TIOCSPTLCK, &unlock) < 0)
		return err_set(err, errno, "unlock the terminal");
	/* TIOCGPTPEER opens the other end without a path that someone could have replaced */
	slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0)
		return err_set(err, errno, "open the terminal");
	if (ioctl(slave, TIOCSCTTY, 0) < 0)
		return err_set(err, errno, "make the terminal ours");
	give_to_user(child, slave);
	if (child->dev >= 0) {
		int code = devices_bind(child->dev, "console", slave, err);

		if (code)
			return code;
	}
	for (int i = 0; i < 3; i++)
		child->stdio[i] = fcntl(slave, F_DUPFD_CLOEXEC, 3);
	return io_send(child->talk, &report, sizeof(report), &master, 1);
}

int child_score(struct child *child, struct err *err)
{
	const struct limits *limits = &child->ctr->spec.limits;

	return limits->oom_score_adj_set ? oomscore_set((int)limits->oom_score_adj, err) : 0;
}

int child_limits(struct child *child, struct err *err)
{
	const struct ctr_spec *spec = &child->ctr->spec;
	struct rlimit_setting setting;
	int code;

	for (size_t i = 0; i < spec->ulimits.n; i++) {
		code = rlimit_parse(spec->ulimits.v[i], &setting, err);
		if (!code && setting.resource >= 0)
			code = rlimit_apply(0, &setting, err);
		if (code)
			return code;
	}
	umask(spec->umask ? (mode_t)strtoul(spec->umask, NULL, 8) : 022);
	return 0;
}

int child_stdio(struct child *child, struct err *err)
{
	for (int i = 0; i < 3; i++) {
		if (child->stdio[i] < 0)
			continue;
		give_to_user(child, child->stdio[i]);
		if (dup2(child->stdio[i], i) < 0)
			return err_set(err, errno, "set descriptor %d", i);
	}
	return 0;
}

static void default_signals(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* DOC: less-power */
int child_become(struct child *child, struct err *err)
{
	bool gains = child->ctr->spec.allow_new_privileges || child->ctr->spec.privileged;
	int code = capability_bound(child->capabilities, err); /* while we have CAP_SETPCAP */

	if (!code && gains && child->filter.count)
		code = seccomp_install(&child->filter, err); /* while we have CAP_SYS_ADMIN */
	if (!code)
		code = credentials_apply(&child->who, err); /* while we have CAP_SETGID and CAP_SETUID */
	if (!code)
		code = capability_limit(child->capabilities, err);
	if (!code && !gains)
		code = capability_no_new_privs(err);
	if (!code && !gains && child->filter.count)
		code = seccomp_install(&child->filter, err);
	default_signals();
	return code;
}

int child_workdir(struct child *child, struct err *err)
{
	const char *path = child->exec && child->exec->workdir ? child->exec->workdir : child->ctr->workdir;
	cleanup_fd int root = -1, dir = -1;

	if (!path)
		path = "/";
	root = io_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY, err);
	if (root < 0)
		return root;
	/* PATH_IN_ROOT passes no magic link: /proc/self/fd/N cannot lead out to the host (CVE-2024-21626) */
	dir = path_open(root, path, PATH_IN_ROOT, O_PATH | O_DIRECTORY, err);
	if (dir == -ENOENT || dir == -ENOTDIR) {
		err_set(err, 0, "workdir \"%s\" does not exist on container %s", path, child->ctr->id);
		return err_status(err, dir, EXIT_NOT_INVOKED);
	}
	if (dir < 0)
		return err_context(err, dir, "use working directory %s", path);
	return fchdir(dir) < 0 ? err_set(err, errno, "enter working directory %s", path) : 0;
}

/* Tries argv[0] in each directory of $PATH, as execvp(3) does; returns -errno of the most telling failure. */
static int execute_from_path(const struct strv *args, const struct strv *env)
{
	const char *search = strv_get(env, "PATH");
	struct strv directories = { 0 };
	int worst = -ENOENT;

	strv_split(&directories,
		   search ? search : "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", ':');
	for (size_t i = 0; i < directories.n; i++) {
		cleanup_free char *path = text_format("%s/%s", directories.v[i], args->v[0]);

		if (!access(path, F_OK)) /* a failing execve costs ten times as much as this look */
			execve(path, args->v, env->v);
		if (errno != ENOENT && errno != ENOTDIR)
			worst = -errno;
	}
	return worst;
}

/* The words and exit statuses that scripts know: 127 not found, 126 not executable. */
static int cannot_execute(const char *program, int code, struct err *err)
{
	if (code == -ENOENT) {
		err_set(err, ENOENT,
			strchr(program, '/') ? "executable file `%s` not found"
					     : "executable file `%s` not found in $PATH",
			program);
		return err_status(err, code, EXIT_NOT_FOUND);
	}
	err_set(err, -code, "execute `%s`", program);
	return err_status(err, code, EXIT_NOT_INVOKED);
}

/* --init: `init -- PATH ARG…`, which starts the command as its child and must be given a path. */
static int execute_init(struct child *child, const struct strv *args)
{
	const char *search = strv_get(&child->env, "PATH");
	struct strv directories = { 0 }, line = { 0 };
	cleanup_free char *found = NULL;

	strv_split(&directories, search && !strchr(args->v[0], '/') ? search : "", ':');
	for (size_t i = 0; i < directories.n && !found; i++) {
		cleanup_free char *path = text_format("%s/%s", directories.v[i], args->v[0]);

		if (!access(path, X_OK))
			found = take_ptr(path);
	}
	if (!found && !strchr(args->v[0], '/'))
		return -ENOENT;
	if (!found && access(args->v[0], X_OK))
		return -errno;
	strv_add(&line, "/dev/init");
	strv_add(&line, "--");
	strv_add(&line, found ? found : args->v[0]);
	for (size_t i = 1; i < args->n; i++)
		strv_add(&line, args->v[i]);
	return sys_execveat(child->program, "", line.v, child->env.v, AT_EMPTY_PATH);
}

/* The number becomes one that nothing else here will need. */
static int move_away(int *fd, int from)
{
	if (*fd < 0 || *fd >= from)
		return 0;
	*fd = fcntl(*fd, F_DUPFD_CLOEXEC, from);
	return *fd < 0 ? -errno : 0;
}

/* --preserve-fds: the program finds them from 3 on; all others are closed when it begins. */
static int place_passed(struct child *child, struct err *err)
{
	int end = 3 + child->n_passed, code = move_away(&child->program, end);

	if (!code)
		code = move_away(&child->talk, end);
	for (int i = 0; i < child->n_passed && !code; i++)
		code = move_away(&child->passed[i], end);
	for (int i = 0; i < child->n_passed && !code; i++)
		if (dup2(child->passed[i], 3 + i) < 0)
			code = -errno;
	sys_close_range((unsigned)end, ~0U, CLOSE_RANGE_CLOEXEC); /* whatever a caller of ours left open */
	return code ? err_set(err, -code, "hand %d descriptors on", child->n_passed) : 0;
}

int child_execute(struct child *child, struct err *err)
{
	const struct strv *args = child->exec ? &child->exec->args : child->args;
	const char *program = args->n ? args->v[0] : "";
	int code = place_passed(child, err);

	if (code)
		return code;
	if (!child->env.v)
		strv_take(&child->env, text_dup("PATH=/"));
	if (child->program >= 0 && child->ctr->spec.init && args->n) {
		code = execute_init(child, args);
	} else if (child->program >= 0) {
		code = sys_execveat(child->program, "", args->v, child->env.v, AT_EMPTY_PATH);
	} else if (strchr(program, '/')) {
		execve(program, args->v, child->env.v);
		code = -errno;
	} else {
		code = *program ? execute_from_path(args, &child->env) : -ENOENT;
	}
	return cannot_execute(program, code, err);
}
