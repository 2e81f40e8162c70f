/*
 * pidfd: opening, signalling and asking; pidfd.h tells the rules.
 */
#include "kern/pidfd.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/explain.h"
#include "kern/sys.h"

/* From <linux/pidfd.h> of Linux 6.15; older headers lack it. Field for field the kernel's. */
struct pidfd_info_615 {
	uint64_t mask;
	uint64_t cgroupid;
	uint32_t pid, tgid, ppid;
	uint32_t ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
	int32_t exit_code;
};
#define PIDFD_GET_INFO_615  _IOWR(0xFF, 11, struct pidfd_info_615)
#define PIDFD_INFO_EXIT_615 (UINT64_C(1) << 3)

int pidfd_start_ticks(pid_t pid, int64_t *ret_ticks)
{
	char path[32], text[512], state;
	cleanup_fd int fd = -1;
	ssize_t n;
	char *end;
	long long ticks;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -ESRCH;
	n = read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return -ESRCH;
	text[n] = '\0';
	end = strrchr(text, ')'); /* the name before it may hold anything */
	if (!end || sscanf(end + 1,
			   " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %lld",
			   &state, &ticks) != 2)
		return -ESRCH;
	if (state == 'Z' || state == 'X')
		return -ESRCH;
	*ret_ticks = ticks;
	return 0;
}

int pidfd_open_exact(pid_t pid, int64_t ticks)
{
	int pidfd = pid > 0 ? sys_pidfd_open(pid, 0) : -ESRCH;
	int64_t now;

	if (pidfd < 0)
		return pidfd == -EINVAL ? -ESRCH : pidfd;
	/* DOC: same-process - open first, look afterwards: what we hold can no longer change */
	if (pidfd_start_ticks(pid, &now) || now != ticks) {
		close(pidfd);
		return -ESRCH;
	}
	return pidfd;
}

int pidfd_kill(int pidfd, int signal)
{
	int code = sys_pidfd_send_signal(pidfd, signal);

	return explain_call(code, "to this process and no other", 19, "pidfd_send_signal(%d, SIG%s)", pidfd,
			    signal ? sigabbrev_np(signal) ? sigabbrev_np(signal) : "RT" : "0");
}

int pidfd_wait(int pidfd, int timeout_ms)
{
	struct pollfd poll_for = { .fd = pidfd, .events = POLLIN };
	int ready;

	do
		ready = poll(&poll_for, 1, timeout_ms);
	while (ready < 0 && errno == EINTR);
	return ready < 0 ? -errno : ready > 0;
}

/* A shell's exit code of a wait status (wait(2)). */
static int shell_code(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SIGNAL_BASE + WTERMSIG(status);
}

/* The PID behind a pidfd, as fdinfo tells; -1 once it has been reaped. */
static pid_t pid_of(int pidfd)
{
	char path[40];
	struct buf text = { 0 };
	int pid = -1;
	char *line;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
	if (!io_read_file(AT_FDCWD, path, 4096, &text, NULL) && (line = strstr(text.data, "\nPid:")))
		sscanf(line, "\nPid: %d", &pid);
	buf_free(&text);
	return pid;
}

/* Somebody else's child that ended and was not reaped yet: /proc/PID/stat shows its status to those who might
 * trace it (field 52, proc(5)). */
static int zombie_status(int pidfd, int *ret_status)
{
	char path[32], state;
	struct buf text = { 0 };
	pid_t pid = pid_of(pidfd);
	char *end;
	int code = -ESRCH;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (pid > 0 && !io_read_file(AT_FDCWD, path, 4096, &text, NULL) && (end = strrchr(text.data, ')')) &&
	    sscanf(end + 1, " %c", &state) == 1 && state == 'Z' &&
	    sscanf(strrchr(end, ' '), " %d", ret_status) == 1 &&
	    pid_of(pidfd) == pid) /* still the same: nobody reaped it meanwhile */
		code = 0;
	buf_free(&text);
	return code;
}

int pidfd_exit_code(int pidfd, int *ret_code)
{
	struct pidfd_info_615 info = { .mask = PIDFD_INFO_EXIT_615 };
	siginfo_t ended = { 0 };
	int status;

	/* __WALL: a child born by a helper of ours has no exit signal, and counts as a "clone child" */
	if (!waitid(P_PIDFD, (id_t)pidfd, &ended, WEXITED | WNOHANG | __WALL)) {
		if (!ended.si_pid)
			return -EAGAIN; /* it lives */
		*ret_code =
			ended.si_code == CLD_EXITED ? ended.si_status : EXIT_SIGNAL_BASE + ended.si_status;
		return 0;
	}
	if (!zombie_status(pidfd, &status)) {
		*ret_code = shell_code(status);
		return 0;
	}
	/* DOC: exit-code-of-a-stranger */
	if (ioctl(pidfd, PIDFD_GET_INFO_615, &info) < 0 || !(info.mask & PIDFD_INFO_EXIT_615))
		return -ESRCH;
	*ret_code = shell_code(info.exit_code);
	return 0;
}
