/*
 * program: a child that needs no namespaces. Its output goes to a memory file
 * (see memfd_create(2)), so nobody has to read while it runs.
 *
 * Lives by posix_spawn(3) and waitpid(2). Lesson 19.
 */
#include "store/program.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"

#define OUTPUT_MAX (1 << 20)

int program_start(char *const argv[], int input, struct program *ret_program, struct err *err)
{
	cleanup_fd int output = memfd_create("output", MFD_CLOEXEC);
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none;
	int code;

	if (output < 0)
		return err_set(err, errno, "make a memory file for %s", argv[0]);
	sigemptyset(&none); /* ours may be blocked for a signalfd */
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
	code = posix_spawn(&ret_program->pid, argv[0], &files, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	if (code)
		return err_set(err, code, "start %s", argv[0]);
	ret_program->output = take_fd(&output);
	return 0;
}

int program_wait(struct program *program, struct buf *ret_output, struct err *err)
{
	cleanup_fd int output = take_fd(&program->output);
	int status, code;

	while (waitpid(program->pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_set(err, errno, "wait for process %d", (int)program->pid);
	code = lseek(output, 0, SEEK_SET) < 0 ? -errno : io_read_all(output, OUTPUT_MAX, ret_output);
	if (code)
		return err_set(err, -code, "read the output of process %d", (int)program->pid);
	return WIFSIGNALED(status) ? EXIT_SIGNAL_BASE + WTERMSIG(status) : WEXITSTATUS(status);
}
