/*
 * process: what /proc tells of a process (proc_pid_stat(5), proc_pid_status(5)),
 * and whether it lives in a certain pid namespace.
 *
 * Rule: a process has one number in each pid namespace from the one that this
 * /proc belongs to down to its own; the line NSpid lists them in that order. So
 * the number that a container sees stands at the place of its namespace's depth
 * (pid_namespaces(7)). Lesson 09.
 */
#ifndef RUNPOD_KERN_PROCESS_H
#define RUNPOD_KERN_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/text.h"

#define PROCESS_LEVELS 33 /* pid namespaces nest at most 32 deep */

enum process_caps {
	CAPS_INHERITABLE,
	CAPS_PERMITTED,
	CAPS_EFFECTIVE,
	CAPS_BOUNDING,
	CAPS_AMBIENT,
	CAPS_KINDS
};

struct process {
	pid_t pid, ppid; /* as our /proc numbers them */
	char name[64];	 /* the program's, as the kernel keeps it: cut to 15 characters */
	char state;	 /* R S D Z T t X I */
	int tty;	 /* device number of its terminal; 0: none */
	int nice;
	int threads;			  /* how many it has */
	int64_t user_ticks, system_ticks; /* CPU time, in clock ticks (sysconf(3), _SC_CLK_TCK) */
	int64_t children_ticks;		  /* the same of its children that it has waited for */
	int64_t start_ticks;		  /* since boot */
	int64_t vsz;			  /* bytes */
	int64_t rss_kib;		  /* KiB; 0 where it has no memory of its own */
	uid_t ruid, uid;		  /* real and effective, as we see them */
	gid_t rgid, gid;
	struct strv groups;		 /* supplementary, as decimal numbers */
	pid_t pids[PROCESS_LEVELS];	 /* NSpid: ours first, its own last */
	pid_t groups_of[PROCESS_LEVELS]; /* NSpgid: its process group in each */
	int levels;			 /* how many of these */
	uint64_t caps[CAPS_KINDS];	 /* masks */
	int seccomp;			 /* 0 none, 1 strict, 2 filter; -1 unknown */
};

/* Takes the text of /proc/PID/stat and of /proc/PID/status apart. Returns 0 or -EINVAL; ret_process is to be freed
 * in either case. */
int process_parse(const char *stat, const char *status, struct process *ret_process);

/* Reads both of a process. Returns 0, or -ESRCH when it has gone; ret_process is to be freed after 0 only. */
int process_read(pid_t pid, struct process *ret_process);
void process_free(struct process *process);

/* Its command line, words separated by blanks; "" where it has none (a zombie, a thread of the kernel). */
char *process_args(pid_t pid);

/* The numbers of all processes that our /proc shows, in rising order. Returns how many; the list is to be freed. */
size_t process_list(pid_t **ret_pids);

/* Whether process pid lives in the pid namespace of process of, or in one below it. false also where we may not look. */
bool process_under(pid_t pid, pid_t of);

#endif
