/*
 * explain: the narrator. With --explain, every call of kern/ that makes a pod
 * prints one line about itself: the call as strace(1) would show it, what it
 * is for, and the lesson that builds it.
 *
 *	setns(pidfd 4711, NEWNET|NEWIPC|NEWUTS) = 0      web joins them      lesson 05
 *
 * It is emitted by the call itself, after it returned, with its real
 * arguments and result; also from the child on its way to execve, which has
 * only system calls left: hence one write(2) a line and no allocation.
 */
#ifndef RUNPOD_KERN_EXPLAIN_H
#define RUNPOD_KERN_EXPLAIN_H

/* Where the lines go; -1 (the default): nowhere. Inherited by children. */
extern int explain_fd;

/*
 * Prints "FORMAT = result" (or "= -1 EPERM (Operation not permitted)" for a
 * result of -errno), then purpose and "lesson NN" (lesson below 0: none). Returns result.
 */
int explain_call(int result, const char *purpose, int lesson, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* For argument lists: the CLONE_NEW… bits of flags as "NEWNET|NEWIPC", written to text
 * (size bytes) and returned. Other bits are named where known, else printed in hex. */
const char *explain_flags(unsigned long flags, char *text, int size);

#endif
