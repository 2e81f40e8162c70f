/*
 * podorder: what runs before, what runs beside, and how it all ends.
 *
 * Build: gcc -I../.. -o podorder lab.c
 *
 *	podorder VOLUME {init|sidecar|main}:COMMAND...
 *
 * VOLUME is an empty directory; all containers find a file system there that
 * they share, and nobody else sees. In the order given, init commands run to
 * their end, one by one, and sidecars are started. Then all main commands are
 * started; when the last has ended, sidecars are stopped, the youngest first.
 * The pod ends as the first main command that failed, or with 0.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lesson.h"

#define MAX_STEPS     64
#define GRACE_SECONDS 2

static pid_t mains[MAX_STEPS], sidecars[MAX_STEPS];
static int n_mains, n_sidecars;

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die("write %s", path);
	close(fd);
}

/* A file system in memory, in a mount namespace of the pod's own (lessons 02 and 08). */
static void make_volume(const char *directory)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	char map[64];

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		die("unshare");
	write_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", gid);
	write_file("/proc/self/gid_map", map);
	snprintf(map, sizeof(map), "0 %u 1", uid);
	write_file("/proc/self/uid_map", map);
	if (mount("volume", directory, "tmpfs", MS_NOSUID | MS_NODEV, NULL) < 0 || chdir(directory) < 0)
		die("mount a volume on %s", directory);
}

/* Starts a container, in a process group of its own: its PID is the group's number. */
static pid_t start(const char *kind, const char *command)
{
	pid_t child;

	fprintf(stderr, "%s: %s\n", kind, command);
	child = fork();
	if (child < 0)
		die("fork");
	if (child == 0) {
		setpgid(0, 0);
		execl("/bin/sh", "sh", "-c", command, NULL);
		die("run /bin/sh");
	}
	setpgid(child, child); /* also here: nobody knows which of us is first */
	return child;
}

static int wait_for(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) < 0)
		die("wait");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* SIGTERM; SIGKILL if that is not enough. Then collects it. */
static void stop(pid_t child)
{
	struct pollfd process = { .fd = pidfd_open(child, 0), .events = POLLIN };

	/*
	 * TODO 2: Send SIGTERM to its process group (kill(2) with -child). Wait for its end with
	 * poll(2) on the descriptor, GRACE_SECONDS at most; poll returns 0 when the time is up.
	 * In any case send SIGKILL to the group then: something may be left of it.
	 */
	kill(child, SIGKILL);
	close(process.fd);
	fprintf(stderr, "sidecar stopped: exit status %d\n", wait_for(child));
}

/* Ends all sidecars that run. */
static void stop_sidecars(void)
{
	/*
	 * TODO 3: The youngest first: it may still need the older ones.
	 */
	for (int i = 0; i < n_sidecars; i++)
		stop(sidecars[i]);
}

/* Runs an init command to its end. When it fails, the pod does not start. */
static void run_init(const char *command)
{
	/*
	 * TODO 1: Start it ("init"), and wait for it. When its status is not 0, say "init failed: …"
	 * on standard error, stop what already runs, and exit(1).
	 */
	start("init", command);
}

/* Returns what comes behind "KIND:", or NULL when it is of another kind. */
static const char *command_of(const char *step, const char *kind)
{
	size_t size = strlen(kind);

	return strncmp(step, kind, size) == 0 && step[size] == ':' ? step + size + 1 : NULL;
}

int main(int argc, char **argv)
{
	const char *command;
	int status, result = 0;

	if (argc < 3 || argc > MAX_STEPS) {
		fprintf(stderr, "usage: podorder VOLUME {init|sidecar|main}:COMMAND...\n");
		return 2;
	}
	make_volume(argv[1]);
	for (int i = 2; i < argc; i++)
		if ((command = command_of(argv[i], "init")))
			run_init(command);
		else if ((command = command_of(argv[i], "sidecar")))
			sidecars[n_sidecars++] = start("sidecar", command);
	for (int i = 2; i < argc; i++)
		if ((command = command_of(argv[i], "main")))
			mains[n_mains++] = start("main", command);
	for (int i = 0; i < n_mains; i++) {
		status = wait_for(mains[i]);
		result = result ? result : status;
	}
	stop_sidecars();
	return result;
}
