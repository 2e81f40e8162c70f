/*
 * pods_refresh: after a ConfigMap or Secret changed, from the command that changed it to the pods that show it. Each
 * pod's own supervisor writes its files; a pod in which nothing runs reads the object at its next start. Lesson 21.
 */
#include <string.h>

#include "pod/actions.h"
#include "pod/client.h"
#include "pod/pod_volumes.h"

static bool shows(const struct pod_spec *pod, const char *kind, const char *name)
{
	for (size_t i = 0; i < pod->volumes.n; i++) {
		const struct projection_list *sources = &pod->volumes.v[i].sources;

		for (size_t j = 0; j < sources->n; j++)
			if (text_equal(sources->v[j].kind, kind) && text_equal(sources->v[j].object, name))
				return true;
	}
	return false;
}

static bool pod_shows(const struct store *store, const char *pod_id, const char *kind, const char *name)
{
	struct pod_record pod = { 0 };
	bool found = !record_read_pod(store, pod_id, &pod, NULL) && shows(&pod.spec, kind, name);

	pod_record_free(&pod);
	return found;
}

void pods_refresh(const struct store *store, const char *kind, const char *name)
{
	struct strv ids = { 0 };

	if (record_list_pods(store, &ids, NULL))
		return;
	for (size_t i = 0; i < ids.n; i++)
		if (pod_shows(store, ids.v[i], kind, name) && pod_alive(store, ids.v[i]))
			client_call(store, ids.v[i], client_request("refresh", NULL), NULL, NULL, NULL, NULL);
	strv_free(&ids);
}
