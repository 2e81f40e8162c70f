/*
 * processes: from /proc to the rows of top; processes.h tells of which. Nothing
 * of the image takes part: it need not have a ps.
 *
 * Rule: what a container sees in its /proc are the processes of its pid
 * namespace and of those below. We see the same ones under other numbers, and
 * NSpid gives both (pid_namespaces(7)). Lesson 09.
 */
#include "pod/processes.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"
#include "kern/capability.h"
#include "kern/nstab.h"
#include "kern/process.h"
#include "pod/idnames.h"

#define SECOND INT64_C(1000000000)
#define PTS_MAJOR                                                                                            \
	136 /* the first of eight majors that pseudo-terminals have: Documentation/admin-guide/devices.txt */
#define PTS_MAJORS  8
#define TTY_MAJOR   4
#define SERIAL_FROM 64 /* minors of TTY_MAJOR from here on are serial lines */

/* What all rows of one container are made with. */
struct view {
	int depth;	    /* the place of the container's pid namespace in NSpid */
	bool in_host;	    /* that is ours */
	ino_t first_mounts; /* the mount namespace of its first process */
	struct idnames inside, host;
	ino_t mounts;	   /* the mount namespace whose names inside holds */
	int64_t now, boot; /* nanoseconds since 1970, of now and of the machine's start */
};

static char *tty_name(int device)
{
	unsigned major = major((dev_t)(unsigned)device), minor = minor((dev_t)(unsigned)device);

	if (major >= PTS_MAJOR && major < PTS_MAJOR + PTS_MAJORS)
		return text_format("pts/%u", (major - PTS_MAJOR) * 256 + minor);
	if (major == TTY_MAJOR)
		return minor < SERIAL_FROM ? text_format("tty%u", minor)
					   : text_format("ttyS%u", minor - SERIAL_FROM);
	return text_dup("?");
}

static char *label_of(pid_t pid)
{
	struct buf text = { 0 };
	char path[64], *label;

	snprintf(path, sizeof(path), "/proc/%d/attr/current", (int)pid);
	if (io_read_file(AT_FDCWD, path, 4096, &text, NULL) || !text.len)
		label = text_dup("?"); /* the kernel has no such module */
	else
		label = text_ndup(text.data, strcspn(text.data, "\n"));
	buf_free(&text);
	return label;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names without CAP_, sorted; "none", or "full" for all that this machine gives. */
static char *caps_text(uint64_t set)
{
	struct strv names = { 0 }, plain = { 0 };
	uint64_t all = 0;
	char *text;

	if (!set)
		return text_dup("none");
	if (!capability_parse("ALL", &all, NULL) && (set & all) == all)
		return text_dup("full");
	capability_names(set, &names);
	for (size_t i = 0; i < names.n; i++)
		strv_add(&plain, names.v[i] + strlen("CAP_"));
	if (plain.n)
		qsort(plain.v, plain.n, sizeof(*plain.v), by_text);
	text = strv_join(&plain, ",");
	strv_free(&names);
	strv_free(&plain);
	return text;
}

static char *groups_text(const struct idnames *names, const struct strv *groups)
{
	struct strv list = { 0 };
	char *text;

	for (size_t i = 0; i < groups->n; i++)
		strv_take(&list, idnames_name(names, ID_GROUP, strtoll(groups->v[i], NULL, 10)));
	text = strv_join(&list, ",");
	strv_free(&list);
	return text;
}

static void fill_ids(const struct view *view, const struct process *process, struct process_row *row)
{
	row->uid = idnames_inside(&view->inside, ID_USER, process->uid);
	row->host_uid = process->uid;
	row->user = idnames_name(&view->inside, ID_USER, process->uid);
	row->real_user = idnames_name(&view->inside, ID_USER, process->ruid);
	row->group = idnames_name(&view->inside, ID_GROUP, process->gid);
	row->real_group = idnames_name(&view->inside, ID_GROUP, process->rgid);
	row->groups = groups_text(&view->inside, &process->groups);
	row->host_user = idnames_name(&view->host, ID_USER, process->uid);
	row->host_group = idnames_name(&view->host, ID_GROUP, process->gid);
	row->host_groups = strv_join(&process->groups, ",");
}

static void fill_times(const struct view *view, const struct process *process, struct process_row *row)
{
	int64_t tick = SECOND / sysconf(_SC_CLK_TCK);

	row->started = view->boot + process->start_ticks * tick;
	row->elapsed = view->now > row->started ? view->now - row->started : 0;
	row->cpu = (process->user_ticks + process->system_ticks) * tick;
}

static void add_row(const struct view *view, const struct process *process, struct processes *processes)
{
	static const enum process_caps kinds[SETS] = { CAPS_INHERITABLE, CAPS_PERMITTED, CAPS_EFFECTIVE,
						       CAPS_BOUNDING, CAPS_AMBIENT };
	struct process_row row = { .pid = process->pids[view->depth],
				   .pgid = process->groups_of[view->depth],
				   .host_pid = process->pid,
				   .ppid = process->ppid, /* to be translated: inner_parents() */
				   .name = text_dup(process->name),
				   .args = process_args(process->pid),
				   .tty = tty_name(process->tty),
				   .label = label_of(process->pid),
				   .state = process->state,
				   .nice = process->nice,
				   .seccomp = process->seccomp,
				   .vsz = process->vsz / 1024,
				   .rss = process->rss_kib };

	if (!*row.args)
		text_replace(&row.args, text_format("[%s]", row.name));
	for (int set = 0; set < SETS; set++)
		row.caps[set] = caps_text(process->caps[kinds[set]]);
	fill_ids(view, process, &row);
	fill_times(view, process, &row);
	processes->v = mem_realloc(processes->v, (processes->n + 1) * sizeof(row));
	processes->v[processes->n++] = row;
}

/* ppid holds the host's number: the row that has it tells the container's. A parent outside is 0, as the kernel shows it. */
static void inner_parents(struct process_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int64_t parent = 0;

		for (size_t j = 0; j < n; j++)
			if (rows[j].host_pid == rows[i].ppid)
				parent = rows[j].pid;
		rows[i].ppid = parent;
	}
}

/* The inode number of a namespace of process pid; 0 where it cannot be had. */
static ino_t inode_of(pid_t pid, const char *kind)
{
	ino_t inode = 0;

	return pid > 0 && !ns_inode(pid, ns_find(kind), &inode, NULL) ? inode : 0;
}

/* Reads the names where the process lives: in a pod that shares its pid namespace each container has its own. */
static void names_for(struct view *view, pid_t pid)
{
	ino_t mounts = inode_of(pid, "mnt");

	if (!mounts || mounts == view->mounts)
		return;
	idnames_free(&view->inside);
	idnames_read(pid, &view->inside);
	view->mounts = mounts;
}

/* Whether process pid is of the container. One in the host's pid namespace (an infra, --pid host) is who lives in its
 * mount namespace: the host's own processes are not its. */
static bool belongs(const struct view *view, pid_t pid, pid_t first)
{
	return view->in_host ? inode_of(pid, "mnt") == view->first_mounts : process_under(pid, first);
}

int processes_of(const struct ctr_view *ctr, struct processes *processes, struct err *err)
{
	struct view view = { .now = clock_wall(), .boot = clock_wall() - clock_boot() };
	pid_t first = (pid_t)ctr->now.pid, *pids;
	struct process process;
	size_t n, before = processes->n;

	if (!first || process_read(first, &process))
		return err_set(err, ESRCH, "look at the processes of %s", ctr->now.name);
	view.depth = process.levels - 1;
	view.in_host = inode_of(first, "pid") == inode_of(getpid(), "pid");
	view.first_mounts = inode_of(first, "mnt");
	process_free(&process);
	idnames_read(0, &view.host);
	n = process_list(&pids);
	for (size_t i = 0; i < n; i++) {
		if (!belongs(&view, pids[i], first) || process_read(pids[i], &process))
			continue;
		names_for(&view, pids[i]);
		if (process.levels > view.depth)
			add_row(&view, &process, processes);
		process_free(&process);
	}
	inner_parents(processes->v + before, processes->n - before);
	free(pids);
	idnames_free(&view.inside);
	idnames_free(&view.host);
	return 0;
}

bool processes_shared(const struct ctr_view *a, const struct ctr_view *b)
{
	ino_t inode = inode_of((pid_t)a->now.pid, "pid");

	return inode && inode == inode_of((pid_t)b->now.pid, "pid") && inode != inode_of(getpid(), "pid");
}

static void free_row(struct process_row *row)
{
	char *const texts[] = { row->user,   row->real_user, row->group,      row->real_group,
				row->groups, row->host_user, row->host_group, row->host_groups,
				row->name,   row->args,	     row->tty,	      row->label };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		free(texts[i]);
	for (int set = 0; set < SETS; set++)
		free(row->caps[set]);
}

void processes_free(struct processes *processes)
{
	for (size_t i = 0; i < processes->n; i++)
		free_row(&processes->v[i]);
	free(processes->v);
	*processes = (struct processes){ 0 };
}
