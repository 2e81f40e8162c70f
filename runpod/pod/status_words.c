/*
 * status_words: what a pod is, in one word, from what its containers are. (Kubernetes'
 * words are phase.h's.)
 */
#include "pod/status.h"

/* An init container that has done its work is no sign of a pod that has fallen apart. */
static bool counts(const struct ctr_view *view)
{
	const char *role = view->now.role;

	return !role || text_equal(role, "sidecar");
}

bool ctr_view_alive(const struct ctr_view *view)
{
	static const char *const alive[] = { "running", "stopping", "paused" };

	for (size_t i = 0; i < sizeof(alive) / sizeof(*alive); i++)
		if (text_equal(view->now.status, alive[i]))
			return true;
	return false;
}

/* How many containers are in that state. */
static size_t count(const struct pod_view *view, const char *status)
{
	size_t n = 0;

	for (size_t i = 0; i < view->n; i++)
		n += counts(&view->ctrs[i]) && text_equal(view->ctrs[i].now.status, status);
	return n;
}

const char *pod_view_status(const struct pod_view *view)
{
	size_t running = count(view, "running") + count(view, "stopping");
	size_t paused = count(view, "paused"), exited = count(view, "exited");
	size_t created = count(view, "created") + count(view, "initialized"), all = 0;

	for (size_t i = 0; i < view->n; i++)
		all += counts(&view->ctrs[i]);
	if (!all)
		return "Created";
	if (running == all)
		return "Running";
	if (running)
		return "Degraded";
	if (paused == all)
		return "Paused";
	if (exited == all)
		return "Exited";
	if (exited)
		return "Stopped";
	return created + paused == all ? "Created" : "Error";
}
