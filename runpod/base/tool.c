/*
 * tool: finding and running other programs; tool.h tells the promises.
 *
 * Input and complaints travel in memory files (see memfd_create(2)) instead of
 * pipes: neither side can block or be killed by SIGPIPE when the other ends.
 */
#include "base/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/io.h"

#define COMPLAINT_MAX (64 * 1024)

const char *tool_find(const char *name, char *ret_path, size_t size)
{
	const char *path = getenv("PATH"),
		   *system = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin";
	struct strv directories = { 0 };
	const char *found = NULL;

	if (path)
		strv_split(&directories, path, ':');
	strv_split(&directories, system, ':');
	for (size_t i = 0; i < directories.n && !found; i++) {
		int length = snprintf(ret_path, size, "%s/%s", directories.v[i], name);

		if (directories.v[i][0] == '/' && length < (int)size && !access(ret_path, X_OK))
			found = ret_path;
	}
	strv_free(&directories);
	return found;
}

/* Starts it with those two files as standard input and error. Returns 0 or -errno. */
static int start(char *const argv[], int input, int complaint, pid_t *ret_pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none;
	int code;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, input, 0);
	posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&files, complaint, 2);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes,
				 POSIX_SPAWN_SETSIGMASK); /* ours may be blocked for a signalfd */
	posix_spawnattr_setsigmask(&attributes, &none);
	code = posix_spawn(ret_pid, argv[0], &files, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	return -code;
}

/* The last line of what the program wrote, without its newline. */
static void complain(struct err *err, int code, int complaint)
{
	struct buf text = { 0 };
	char *line;

	if (lseek(complaint, 0, SEEK_SET) == 0 && !io_read_all(complaint, COMPLAINT_MAX, &text)) {
		while (text.len && text.data[text.len - 1] == '\n')
			text.data[--text.len] = '\0';
		line = strrchr(text.data, '\n');
		if (text.len)
			err_hint(err, code, "it says: %s", line ? line + 1 : text.data);
	}
	buf_free(&text);
}

int tool_run(char *const argv[], const char *input, struct err *err)
{
	cleanup_fd int in = memfd_create("input", MFD_CLOEXEC), out = memfd_create("complaint", MFD_CLOEXEC);
	int status, code;
	pid_t pid;

	if (in < 0 || out < 0)
		return err_set(err, errno, "make a memory file for %s", argv[0]);
	code = io_write_all(in, input, strlen(input));
	if (!code && lseek(in, 0, SEEK_SET) < 0)
		code = -errno;
	if (!code)
		code = start(argv, in, out, &pid);
	if (code)
		return err_set(err, -code, "start %s", argv[0]);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_set(err, errno, "wait for %s", argv[0]);
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	if (WIFSIGNALED(status))
		err_set(err, 0, "%s was ended by signal %d", argv[0], WTERMSIG(status));
	else
		err_set(err, 0, "%s ended with status %d", argv[0], WEXITSTATUS(status));
	complain(err, -EIO, out);
	return -EIO;
}
