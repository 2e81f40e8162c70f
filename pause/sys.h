/*
 * sys.h: what a program needs when there is no C library below it: a place to
 * start (_start), a way into the kernel (one instruction), and a typed
 * function for each system call used. Lesson 01 builds it.
 *
 * Three levels, from the metal up:
 *
 *	syscall4(number, a, b, c, d)   the instruction; the result is what the kernel left in the register
 *	sys_kill(pid, signal)          typed; a useful value, or -errno as the kernel itself returns it
 *	main(argc, argv, envp)         ordinary C; the only place that decides anything
 *
 * There is no errno variable: the kernel never had one, it returns -2 and the
 * C library turns that into "-1 and errno = 2" (see syscall(2)). Everything
 * here is inlined, so an unused call costs no byte. The file includes nothing:
 * the numbers below are the kernel's ABI and will never change.
 */
#ifndef PAUSE_SYS_H
#define PAUSE_SYS_H

#define NULL ((void *)0)

/* Error numbers, see errno(3). The kernel returns them negated. */
#define ENOENT 2

/* Signals, see signal(7); these numbers hold for x86 and ARM. */
#define SIGHUP	1
#define SIGINT	2
#define SIGTERM 15
#define SIGCHLD 17

#define SIG_DFL		       NULL
#define SIG_SETMASK	       2
#define WNOHANG		       1
#define MADV_DONTNEED	       4
#define PR_SET_NAME	       15
#define PR_SET_CHILD_SUBREAPER 36

/* 64 signals, one bit each. glibc's sigset_t has room for 1024; the kernel's has not. */
typedef unsigned long sigset;

/* Every signal; the kernel itself leaves SIGKILL and SIGSTOP out. */
static const sigset all_signals = ~0UL;

/* What sigaction(2) hands the kernel. All zero means SIG_DFL: no handler, no flags, no mask. */
struct sigaction {
	void *handler;
	unsigned long flags;
	void *restorer;
	sigset mask;
};

/* Who sent a signal, and how, see sigaction(2). The kernel writes 128 bytes; three words are read here. */
struct siginfo {
	int signal;
	int error;
	int code; /* 0 or below: sent by a process. Above: sent by the kernel itself */
	int other[29];
};

#define inlined static inline __attribute__((always_inline))

/*
 * DOC: syscall-instruction
 * Number and arguments go into the registers that syscall(2) lists, then one
 * instruction changes to kernel mode. The "memory" clobber tells the compiler
 * that the kernel may read and write what the arguments point at.
 */
#if defined(__x86_64__)

enum {
	NR_write = 1,
	NR_rt_sigaction = 13,
	NR_rt_sigprocmask = 14,
	NR_madvise = 28,
	NR_clone = 56,
	NR_execve = 59,
	NR_wait4 = 61,
	NR_kill = 62,
	NR_rt_sigtimedwait = 128,
	NR_prctl = 157,
	NR_exit_group = 231,
};

inlined long syscall4(long number, long a, long b, long c, long d)
{
	register long r10 __asm__("r10") = d; /* not rcx: the instruction overwrites rcx and r11 */
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
			 : "rcx", "r11", "memory");
	return result;
}

/* The kernel jumps here. There is no return address on the stack, so nothing may return: it would
 * jump to argc and die of SIGSEGV. The frame pointer is cleared to tell debuggers that this is the end. */
__asm__(".globl _start\n"
	"_start:\n"
	"	xor %ebp, %ebp\n"
	"	mov %rsp, %rdi\n"
	"	call start\n");

#elif defined(__aarch64__)

enum {
	NR_write = 64,
	NR_exit_group = 94,
	NR_kill = 129,
	NR_rt_sigaction = 134,
	NR_rt_sigprocmask = 135,
	NR_rt_sigtimedwait = 137,
	NR_prctl = 167,
	NR_clone = 220,
	NR_execve = 221,
	NR_madvise = 233,
	NR_wait4 = 260,
};

inlined long syscall4(long number, long a, long b, long c, long d)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a; /* also the result */
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;

	__asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
	return x0;
}

/* As above; here the return address would be in x30. */
__asm__(".globl _start\n"
	"_start:\n"
	"	mov x29, #0\n"
	"	mov x30, #0\n"
	"	mov x0, sp\n"
	"	bl start\n");

#else
#error "pause knows the system calls of x86-64 and aarch64"
#endif

/* Typed calls. Each is described by the man page of its name, in section 2. */

inlined _Noreturn void sys_exit(int code)
{
	syscall4(NR_exit_group, code, 0, 0, 0);
	__builtin_unreachable(); /* a promise to the compiler: nothing need follow */
}

inlined long sys_write(int fd, const void *data, long size)
{
	return syscall4(NR_write, fd, (long)data, size, 0);
}

inlined int sys_sigprocmask(int how, const sigset *set, sigset *ret_old)
{
	return syscall4(NR_rt_sigprocmask, how, (long)set, (long)ret_old, sizeof(*set));
}

inlined int sys_sigaction(int signal, const struct sigaction *action)
{
	return syscall4(NR_rt_sigaction, signal, (long)action, 0, sizeof(action->mask));
}

/* Takes one pending signal of set, or sleeps until there is one (no time limit). ret_info may be NULL.
 * Returns the signal's number, or -EINTR after the process was stopped or frozen meanwhile. */
inlined int sys_sigwait(const sigset *set, struct siginfo *ret_info)
{
	return syscall4(NR_rt_sigtimedwait, (long)set, (long)ret_info, 0, sizeof(*set));
}

inlined int sys_kill(int pid, int signal)
{
	return syscall4(NR_kill, pid, signal, 0, 0);
}

/* Collects one dead child, whichever; never waits. Returns its PID, 0 when all live, -ECHILD when there is none. */
inlined int sys_reap(int *ret_status)
{
	return syscall4(NR_wait4, -1, (long)ret_status, WNOHANG, 0);
}

/* fork(2) is clone(2) with no flags but the signal to send at death; the null stack means "a copy of mine".
 * aarch64 never had a fork of its own. */
inlined int sys_fork(void)
{
	return syscall4(NR_clone, SIGCHLD, 0, 0, 0);
}

/* Returns only when it failed. */
inlined int sys_execve(const char *path, char **argv, char **envp)
{
	return syscall4(NR_execve, (long)path, (long)argv, (long)envp, 0);
}

inlined int sys_madvise(unsigned long address, unsigned long size, int advice)
{
	return syscall4(NR_madvise, address, size, advice, 0);
}

inlined int sys_prctl(int option, long argument)
{
	return syscall4(NR_prctl, option, argument, 0, 0);
}

/*
 * DOC: start
 * What the kernel leaves on a new program's stack, lowest address first:
 * argc, the arguments, NULL, the environment, NULL (and the auxiliary vector,
 * see getauxval(3), for which we have no use).
 */
static int main(int argc, char **argv, char **envp);

__attribute__((used)) static _Noreturn void start(long *stack)
{
	int argc = stack[0];
	char **argv = (char **)(stack + 1);

	sys_exit(main(argc, argv, argv + argc + 1));
}

#endif
