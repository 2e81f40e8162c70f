/*
 * remove: takes away what a container or a pod has on disk. Each step works also
 * when the one before it was done by a command that was killed, so that removing
 * again always ends in nothing left.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/failpoint.h"
#include "pod/actions.h"
#include "pod/merge.h"
#include "pod/pod.h"
#include "pod/userns.h"

struct removal {
	const struct store *store;
	const char *pod_id;
	const char *ctr_id; /* NULL: the pod's directory */
};

static int remove_tree(void *arg, struct err *err)
{
	struct removal *removal = arg;

	return removal->ctr_id ? record_remove_ctr(removal->store, removal->pod_id, removal->ctr_id, err)
			       : record_remove_pod(removal->store, removal->pod_id, err);
}

/* Files of a container's users belong to ids that only root of the user namespace may touch. */
static int remove_as_root(struct removal *removal, struct err *err)
{
	int code = remove_tree(removal, err);

	if (code == -EACCES || code == -EPERM)
		code = userns_call(removal->store, remove_tree, removal, err);
	return code;
}

/* For what a killed command left without a record: nobody knows what it was called. */
static void release_all(const struct store *store, enum name_kind kind, const char *pod_id,
			const char *ctr_id)
{
	struct name_ref ref = { .kind = kind };

	strcpy(ref.pod_id, pod_id);
	strcpy(ref.ctr_id, ctr_id);
	name_release_all(store, &ref);
}

/* The names last: one that leads nowhere any more may be taken by anybody. */
int remove_ctr_files(const struct store *store, const struct ctr_record *ctr, bool volumes, struct err *err)
{
	struct removal removal = { store, ctr->pod_id, ctr->id };
	int code = failpoint("remove", err);

	if (!code)
		code = remove_as_root(&removal, err);
	if (code)
		return code;
	if (volumes)
		remove_anonymous_volumes(store, ctr);
	if (ctr->spec.name)
		name_release_stale(store, ctr->spec.name);
	else
		release_all(store, NAME_CTR, ctr->pod_id, ctr->id);
	name_release_stale(store, ctr->id);
	return 0;
}

static int remove_members(const struct store *store, const char *pod_id, struct err *err)
{
	struct strv ids = { 0 };
	int code = 0;

	if (record_list_ctrs(store, pod_id, &ids, NULL))
		return 0;
	for (size_t i = 0; i < ids.n && !code; i++) {
		struct ctr_record ctr = { 0 };

		if (record_read_ctr(store, pod_id, ids.v[i], &ctr, NULL)) {
			ctr = (struct ctr_record){ .id = text_dup(ids.v[i]), .pod_id = text_dup(pod_id) };
		}
		code = remove_ctr_files(store, &ctr, true, err);
		ctr_record_free(&ctr);
	}
	strv_free(&ids);
	return code;
}

int remove_pod_files(const struct store *store, const char *pod_id, struct err *err)
{
	struct pod_record pod = { 0 };
	struct removal removal = { store, pod_id, NULL };
	cleanup_free char *name = NULL;
	bool hidden, known = !record_read_pod(store, pod_id, &pod, NULL);
	int code;

	hidden = known && pod.spec.hidden;
	if (known && !hidden)
		name = text_dup(pod.spec.name);
	pod_record_free(&pod);
	code = remove_members(store, pod_id, err);
	if (!code)
		code = failpoint("remove-pod", err);
	if (!code)
		code = remove_as_root(&removal, err);
	if (code)
		return code;
	if (name)
		name_release_stale(store, name);
	else if (!hidden)
		release_all(store, NAME_POD, pod_id, "");
	name_release_stale(store, pod_id);
	return 0;
}
