/*
 * inherit: what a helper process (publisher, pasta) must not keep of the
 * supervisor that it was copied from: its signal mask and dispositions, and
 * its descriptors.
 *
 * Kernel rule: a child has both (fork(2)), and even execve(2) keeps what is
 * blocked or ignored (signal(7)). Lesson 19.
 */
#ifndef RUNPOD_KERN_INHERIT_H
#define RUNPOD_KERN_INHERIT_H

/* No signal is blocked, ignored or handled any more. */
void inherit_no_signals(void);

/* Points standard input, output and error to /dev/null and closes all other descriptors but keep[0..n-1],
 * which it sorts. Returns 0 or -errno. See close_range(2). */
int inherit_only(int *keep, int n);

#endif
