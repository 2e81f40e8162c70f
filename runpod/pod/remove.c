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
#include "pod/events.h"
#include "pod/merge.h"
#include "pod/pod.h"
#include "pod/userns.h"
#include "store/lock.h"

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
	if (ctr->spec.name)
		events_ctr(store, ctr, "remove");
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

/* What a command left that was killed between its records: a pod without one, or a hidden one around nothing. */
void remove_abandoned(const struct store *store, const char *pod_id)
{
	cleanup_fd int lock = lock_pod(store, pod_id, 0, NULL);
	struct pod_record pod = { 0 };
	struct ctr_record ctr = { 0 };
	struct strv ids = { 0 };
	bool whole;

	if (lock < 0 || pod_alive(store, pod_id))
		return; /* it is being made, or removed */
	whole = !record_read_pod(store, pod_id, &pod, NULL) && !pod.spec.hidden;
	if (!whole && pod.id)
		record_list_ctrs(store, pod_id, &ids, NULL);
	for (size_t i = 0; i < ids.n && !whole; i++) {
		whole = record_read_ctr(store, pod_id, ids.v[i], &ctr, NULL) != -ENOENT;
		ctr_record_free(&ctr);
	}
	if (!whole)
		remove_pod_files(store, pod_id, NULL);
	pod_record_free(&pod);
	strv_free(&ids);
}

int remove_pod_files(const struct store *store, const char *pod_id, struct err *err)
{
	struct pod_record pod = { 0 };
	struct removal removal = { store, pod_id, NULL };
	bool known = !record_read_pod(store, pod_id, &pod, NULL);
	int code = remove_members(store, pod_id, err);

	if (!code)
		code = failpoint("remove-pod", err);
	if (!code)
		code = remove_as_root(&removal, err);
	if (!code && !known)
		release_all(store, NAME_POD, pod_id, "");
	else if (!code && !pod.spec.hidden)
		name_release_stale(store, pod.spec.name);
	if (!code)
		name_release_stale(store, pod_id);
	if (!code && known)
		events_pod(store, &pod, "remove");
	pod_record_free(&pod);
	return code;
}
