/*
 * status_words: what a pod is, in one word, from what its containers are.
 */
#include "pod/status.h"

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
		n += text_equal(view->ctrs[i].now.status, status);
	return n;
}

const char *pod_view_status(const struct pod_view *view)
{
	size_t running = count(view, "running") + count(view, "stopping");
	size_t paused = count(view, "paused"), exited = count(view, "exited");
	size_t created = count(view, "created") + count(view, "initialized");

	if (!view->n)
		return "Created";
	if (running == view->n)
		return "Running";
	if (running)
		return "Degraded";
	if (paused == view->n)
		return "Paused";
	if (exited == view->n)
		return "Exited";
	if (exited)
		return "Stopped";
	return created + paused == view->n ? "Created" : "Error";
}
