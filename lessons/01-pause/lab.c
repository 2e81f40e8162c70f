/*
 * pause: sleeps, so that something stays.
 *
 * Build: gcc -nostdlib -static -o pause lab.c
 *
 * There is no C library in it: the two headers below only give numbers their
 * names. It blocks all signals and takes them one by one; SIGTERM and SIGINT
 * end it. See signal(7) and syscall(2).
 */
#include <signal.h>
#include <sys/syscall.h>

/* One bit for each of the kernel's 64 signals. */
typedef unsigned long kernel_sigset;

/*
 * The way into the kernel: the number of the call and its arguments in the
 * registers that syscall(2) lists, then one instruction. The result is what the
 * kernel left in the first register: a value, or an error number negated.
 */
static long call(long number, long a, long b, long c, long d)
{
#if defined(__x86_64__)
	register long r10 __asm__("r10") = d;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
			 : "rcx", "r11", "memory");
	return result;
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
	return x0;
#else
#error "this lesson knows x86-64 and aarch64"
#endif
}

/* The end: of all threads, with an exit status. It does not return. */
static void leave(int status)
{
	/* TODO 1: SYS_exit_group with one argument, the status. The other three are 0. */
	(void)status;
	(void)call;
}

/* From now on no signal does anything by itself (SIGKILL and SIGSTOP excepted): each stays pending. */
static void block(const kernel_sigset *signals)
{
	/*
	 * TODO 2: SYS_rt_sigprocmask: SIG_SETMASK, the address of the set, 0 (where the old mask would be
	 * put), and the size of the set in bytes. An address is a number too: cast it to long.
	 */
	(void)signals;
}

/* Sleeps until one of the signals is pending, takes it, and returns its number. */
static long wait_for(const kernel_sigset *signals)
{
	/*
	 * TODO 3: SYS_rt_sigtimedwait: the set, 0 (who sent it), 0 (no time limit), the size of the set.
	 */
	(void)signals;
	return SIGTERM;
}

/* Here the kernel jumps to. There is no main: a C library would call it, and there is none. */
void _start(void)
{
	kernel_sigset all = ~0UL;
	long signal;

	block(&all);
	do
		signal = wait_for(&all);
	while (signal != SIGTERM && signal != SIGINT);
	leave(0);
}
