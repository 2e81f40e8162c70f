/*
 * program: a child that needs no namespaces. What it says goes to a memory file
 * (see memfd_create(2)), so nobody has to read while it runs.
 *
 * It dies with us (PR_SET_PDEATHSIG, see prctl(2)): a download or an unpacking that nobody waits
 * for any more would go on writing where the next command sweeps. Lesson 19.
 */
#include "store/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"

#define OUTPUT_MAX (1 << 20)

/* The child's way to its program. */
static void become(char *const argv[], int input, int output, int said, pid_t parent)
{
	sigset_t none;

	sigemptyset(&none); /* ours may be blocked for a signalfd */
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent) /* it was too late for that */
		_exit(EXIT_NOT_INVOKED);
	if (dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 &&
	    dup2(said, STDERR_FILENO) >= 0)
		execv(argv[0], argv);
	_exit(EXIT_NOT_INVOKED);
}

int program_start(char *const argv[], int input, int output, struct program *ret_program, struct err *err)
{
	cleanup_fd int said = memfd_create("output", MFD_CLOEXEC), in = -1, out = -1;
	pid_t parent = getpid();

	if (said < 0)
		return err_set(err, errno, "make a memory file for %s", argv[0]);
	/* off the numbers that dup2(2) is about to fill: it would overwrite one before it is read */
	in = fcntl(input, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	out = fcntl(output < 0 ? said : output, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	ret_program->pid = in < 0 || out < 0 ? -1 : fork();
	if (ret_program->pid < 0)
		return err_set(err, errno, "start %s", argv[0]);
	if (!ret_program->pid)
		become(argv, in, out, said, parent);
	ret_program->said = take_fd(&said);
	return 0;
}

int program_wait(struct program *program, struct buf *ret_said, struct err *err)
{
	cleanup_fd int said = take_fd(&program->said);
	int status, code;

	while (waitpid(program->pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_set(err, errno, "wait for process %d", (int)program->pid);
	code = lseek(said, 0, SEEK_SET) < 0 ? -errno : io_read_all(said, OUTPUT_MAX, ret_said);
	if (code)
		return err_set(err, -code, "read the output of process %d", (int)program->pid);
	return WIFSIGNALED(status) ? EXIT_SIGNAL_BASE + WTERMSIG(status) : WEXITSTATUS(status);
}
