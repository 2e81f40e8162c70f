/*
 * handpod: a pod, by hand: pause holds the namespaces, containers join it.
 *
 * Build: gcc -I../.. -o handpod lab.c
 *
 *	handpod PAUSE COMMAND [ARG...] [-- COMMAND [ARG...]]...
 *
 * The same as `docker run --net=container:p --ipc=container:p
 * --pid=container:p` for each COMMAND, with PAUSE (a program) as p. Prints the
 * PID of each; when the last COMMAND has ended, the pod ends. See
 * namespaces(7), clone(2), setns(2).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lesson.h"

/* What the pod shares, and the user namespace that owns it all. */
#define SHARED (CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWPID)

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die("write %s", path);
	close(fd);
}

static void become_root(uid_t uid, gid_t gid)
{
	char map[64];

	write_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", gid);
	write_file("/proc/self/gid_map", map);
	snprintf(map, sizeof(map), "0 %u 1", uid);
	write_file("/proc/self/uid_map", map);
}

/* Starts PAUSE in new namespaces, and returns when it runs. Returns a descriptor of the process. */
static int start_pause(char *program, pid_t *ret_pid)
{
	char *arguments[] = { program, NULL };
	int pidfd = -1, ready[2];
	uid_t uid = geteuid();
	gid_t gid = getegid();
	char nothing;

	if (pipe2(ready, O_CLOEXEC) < 0)
		die("pipe");
	struct clone_args args = {
		.flags = SHARED | CLONE_PIDFD,
		.pidfd = (__u64)&pidfd,
		.exit_signal = SIGCHLD,
	};

	*ret_pid = syscall(SYS_clone3, &args, sizeof(args));
	if (*ret_pid < 0)
		die("clone3");
	if (*ret_pid == 0) {
		become_root(uid, gid);
		execv(program, arguments);
		die("run %s", program);
	}
	close(ready[1]);
	/* The other end is close-on-exec: the pipe ends when pause runs. */
	if (read(ready[0], &nothing, 1) != 0)
		die("wait for %s", program);
	close(ready[0]);
	return pidfd;
}

/* In the container: what it has for itself, a proc of the pod's processes, then the command. */
static void become(char **command)
{
	if (unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWCGROUP) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("proc", "/proc", "proc", MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL) < 0)
		die("mount proc for %s", command[0]);
	execvp(command[0], command);
	die("run %s", command[0]);
}

/* Starts one container: a helper joins what pause holds; its child, made by clone3, is ours. */
static void start_container(int pause, char **command)
{
	pid_t helper = fork(), pid;
	int status;

	if (helper < 0)
		die("fork");
	if (helper == 0) {
		struct clone_args args = { .flags = CLONE_PARENT };

		if (setns(pause, SHARED) < 0)
			die("join pause");
		pid = syscall(SYS_clone3, &args, sizeof(args));
		if (pid == 0)
			become(command);
		if (pid < 0)
			die("clone3");
		printf("%d %s\n", pid, command[0]);
		fflush(stdout);
		_exit(0);
	}
	if (waitpid(helper, &status, 0) < 0 || status != 0)
		exit(1); /* the helper said why */
}

int main(int argc, char **argv)
{
	int pausefd, containers = 0;
	pid_t pause, dead;

	if (argc < 3) {
		fprintf(stderr, "usage: handpod PAUSE COMMAND [ARG...] [-- COMMAND [ARG...]]...\n");
		return 2;
	}
	pausefd = start_pause(argv[1], &pause);
	printf("%d pause\n", pause);
	fflush(stdout);
	for (char **command = argv + 2, **end = command;; end++) {
		if (*end && strcmp(*end, "--") != 0)
			continue;
		argc = *end != NULL; /* whether another command follows */
		*end = NULL;
		start_container(pausefd, command);
		containers++;
		if (!argc)
			break;
		command = end + 1;
	}
	while (containers > 0 && (dead = wait(NULL)) > 0)
		containers -= dead != pause;
	kill(pause, SIGKILL);
	waitpid(pause, NULL, 0);
	return 0;
}
