/*
 * oom: was a container killed for want of memory? Its exit code says only that SIGKILL ended it. The kernel
 * counts its own kills in memory.events (cgroups(7)), but of any process of the group: when a child was
 * killed, its parent lived on and somebody else killed that later, the count alone would tell a lie. So
 * the supervisor hears of each kill (the file wakes poll(2)), and who is alive a second
 * later was not the one. Lesson 22.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kern/cgroup.h"
#include "pod/kubelet.h"

#define DYING SECOND /* how long a process that was killed may take to be gone */

static int64_t count(const struct ctr *ctr)
{
	cleanup_free char *group = plan_group(&ctr->pod->facts, &ctr->pod->record, ctr->record.id);

	return group ? cgroup_count(group, "memory.events", "oom_kill") : -1;
}

static void event_ready(struct pod *pod, struct watch *watch, unsigned events)
{
	struct ctr *ctr = watch->owner;
	char text[256];

	(void)pod;
	(void)events;
	if (pread(watch->fd, text, sizeof(text), 0) < 0) /* reading is what ends the event */
		watch_close(ctr->pod, watch);
	ctr->oom.heard = count(ctr);
	ctr->oom.ask_at = supervisor_now() + DYING;
}

void oom_begin(struct ctr *ctr, bool born_now)
{
	struct pod *pod = ctr->pod;
	cleanup_free char *group = NULL;
	cleanup_fd int dir = -1;
	char text[256];

	if (!ctr->record.spec.limits.memory && !pod->record.spec.limits.memory)
		return;
	group = plan_group(&pod->facts, &pod->record, ctr->record.id);
	dir = group ? cgroup_open(group, NULL) : -1;
	if (dir < 0)
		return;
	ctr->oom.watch = (struct watch){ .fd = openat(dir, "memory.events", O_RDONLY | O_CLOEXEC),
					 .ready = event_ready,
					 .owner = ctr };
	ctr->oom.survived = born_now ? 0 : count(ctr); /* its group is as old as itself */
	if (ctr->oom.watch.fd < 0 || pread(ctr->oom.watch.fd, text, sizeof(text), 0) < 0)
		return; /* no such controller; and what was never read counts as changed */
	watch_add(pod, &ctr->oom.watch, EPOLLPRI);
}

void oom_tick(struct ctr *ctr, int64_t now)
{
	if (!ctr->oom.ask_at || ctr->oom.ask_at > now)
		return;
	ctr->oom.ask_at = 0;
	ctr->oom.survived = ctr->oom.heard;
}

bool oom_end(struct ctr *ctr)
{
	int64_t survived = ctr->oom.survived;

	watch_close(ctr->pod, &ctr->oom.watch);
	ctr->oom.survived = ctr->oom.ask_at = 0;
	return !ctr->state->stopped_by_user && ctr->main.exit_code == EXIT_SIGNAL_BASE + SIGKILL &&
	       count(ctr) > survived;
}
