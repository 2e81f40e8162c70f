/*
 * alive: whether a pod, its supervisor and its containers are there, as readers ask: from the
 * record, and where that may be stale from /proc.
 *
 * Rule: a number is a process only together with its start time, for numbers are used again. See
 * proc_pid_stat(5). Lesson 19.
 */
#include <fcntl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kern/pidfd.h"
#include "pod/actions.h"

/* Whether the process of that number and start time is there. To look into /proc costs as much as reading two records, so for a
 * pod that is supervised nobody does: its supervisor sees its containers end, and writes it down. */
static bool same_process(int64_t pid, int64_t ticks)
{
	int64_t now;

	return pid > 0 && !pidfd_start_ticks((pid_t)pid, &now) && now == ticks;
}

/* A process that has just gone is "stopping" while its supervisor lives, who is about to write how it ended. */
void state_verify(struct pod_state *state)
{
	for (size_t i = 0; !state->supervised && i < state->ctrs.n; i++) {
		struct ctr_state *ctr = &state->ctrs.v[i];
		bool supervised;

		if (!ctr->pid || same_process(ctr->pid, ctr->start_ticks))
			continue;
		supervised = same_process(state->supervisor_pid, state->supervisor_ticks);
		ctr->pid = 0;
		if (!supervised)
			ctr->exit_code = EXIT_UNKNOWN;
		text_replace(&ctr->status, text_dup(supervised ? "stopping" : "exited"));
	}
}

bool state_orphaned(const struct pod_state *state)
{
	return !state->supervised && state->supervisor_pid &&
	       !same_process(state->supervisor_pid, state->supervisor_ticks);
}

/* Whether anything of the pod lives, or was left by a supervisor that was killed: one that leaves in good
 * order takes its number out of the record, and its socket away. The socket is there before the record:
 * from the moment on that a command makes a supervisor. */
bool pod_alive(const struct store *store, const char *pod_id)
{
	cleanup_free char *control = text_format("pods/%s/control", pod_id);
	struct pod_state state = { 0 };
	bool alive = !faccessat(store->run_fd, control, F_OK, 0);

	if (alive || record_read_state(store, pod_id, &state, NULL))
		return alive;
	alive = state.supervisor_pid != 0;
	for (size_t i = 0; i < state.ctrs.n && !alive; i++)
		alive = state.ctrs.v[i].pid != 0;
	pod_state_free(&state);
	return alive;
}

/* Whether a process of the pod's is in the record: somebody has started it again. */
bool pod_has_process(const struct store *store, const char *pod_id)
{
	struct pod_state state = { 0 };
	bool found = false;

	if (record_read_state(store, pod_id, &state, NULL))
		return false;
	for (size_t i = 0; i < state.ctrs.n && !found; i++)
		found = state.ctrs.v[i].pid != 0;
	pod_state_free(&state);
	return found;
}
