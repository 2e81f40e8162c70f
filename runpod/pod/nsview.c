/*
 * nsview: which namespace each container of a pod is in; nsview.h tells what for.
 *
 * Kernel rule: /proc/PID/ns/KIND is a link whose target's inode number is the
 * same for all processes in one namespace (see namespaces(7)); reading it of a
 * process of another user needs the right to trace it (PTRACE_MODE_READ). Lesson 00.
 */
#include "pod/nsview.h"

#include <stdlib.h>
#include <unistd.h>

#include "kern/nstab.h"

const char *const nsview_kinds[NSVIEW_KINDS] = { "net", "ipc", "uts", "pid", "mnt", "cgroup", "user" };

/* The inode number of one kind, 0 when it cannot be had. */
static ino_t inode_of(pid_t pid, const char *kind)
{
	const struct ns_kind *row = ns_find(kind);
	ino_t inode = 0;

	return row && pid > 0 && !ns_inode(pid, row, &inode, NULL) ? inode : 0;
}

static void add_row(struct nsview *view, const struct ctr_view *ctr)
{
	struct nsview_row *row = &view->v[view->n++];

	row->ctr = ctr;
	for (size_t kind = 0; kind < NSVIEW_KINDS; kind++) {
		row->inode[kind] = inode_of((pid_t)ctr->now.pid, nsview_kinds[kind]);
		row->host[kind] =
			row->inode[kind] && row->inode[kind] == inode_of(getpid(), nsview_kinds[kind]);
	}
}

/* Marks what two rows have in common. The first row is the infra's if there is one: then only it counts. */
static void mark_shared(struct nsview *view)
{
	size_t donors = view->n && view->v[0].ctr->infra ? 1 : view->n;

	for (size_t a = 0; a < donors; a++) {
		for (size_t b = a + 1; b < view->n; b++) {
			for (size_t kind = 0; kind < NSVIEW_KINDS; kind++) {
				ino_t inode = view->v[a].inode[kind];

				if (!inode || inode != view->v[b].inode[kind])
					continue;
				view->v[a].shared[kind] = view->v[b].shared[kind] = true;
			}
		}
	}
}

void nsview_read(const struct pod_view *pod, struct nsview *ret_view)
{
	struct nsview view = { .v = mem_zalloc(pod->n * sizeof(*view.v)) };

	for (size_t i = 0; i < pod->n; i++)
		if (pod->ctrs[i].infra)
			add_row(&view, &pod->ctrs[i]);
	for (size_t i = 0; i < pod->n; i++)
		if (!pod->ctrs[i].infra)
			add_row(&view, &pod->ctrs[i]);
	mark_shared(&view);
	*ret_view = view;
}

void nsview_free(struct nsview *view)
{
	free(view->v);
	*view = (struct nsview){ 0 };
}
