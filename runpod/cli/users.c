/*
 * users: looks through the records of all containers; users.h says what for. A
 * pod's own volumes reach all of its containers and count as its infra's.
 */
#include "cli/users.h"

#include "pod/status.h"

/* As a claim of a manifest. */
static bool claims(const struct pod_volume_list *list, const char *volume)
{
	for (size_t i = 0; i < list->n; i++)
		if (text_equal(list->v[i].kind, "claim") && text_equal(list->v[i].path, volume))
			return true;
	return false;
}

static bool mounts(const struct mount_list *list, const char *volume)
{
	for (size_t i = 0; i < list->n; i++)
		if (text_equal(list->v[i].type, "volume") && text_equal(list->v[i].source, volume))
			return true;
	return false;
}

/* Adds the containers of one pod that use the image, or the volume (the other is NULL). */
static void add_users(const struct store *store, struct pod_view *pod, const char *image, const char *volume,
		      struct strv *ret_users)
{
	bool of_pod = volume && !pod_view_load(store, pod, NULL) &&
		      (mounts(&pod->record.spec.mounts, volume) || claims(&pod->record.spec.volumes, volume));

	for (size_t i = 0; i < pod->n; i++) {
		struct ctr_view *ctr = &pod->ctrs[i];

		if (ctr_view_load(store, ctr, NULL))
			continue;
		if ((image && text_equal(ctr->record.image_id, image)) ||
		    (volume && mounts(&ctr->record.spec.mounts, volume)) || (of_pod && ctr->infra))
			strv_add(ret_users, ctr->now.id);
	}
}

static int all_users(const struct store *store, const char *image, const char *volume, struct strv *ret_users,
		     struct err *err)
{
	struct pod_views pods = { 0 };
	int code = pod_views_read(store, &pods, NULL, err);

	for (size_t i = 0; !code && i < pods.n; i++)
		add_users(store, &pods.v[i], image, volume, ret_users);
	pod_views_free(&pods);
	return code;
}

int users_of_image(const struct store *store, const char *id, struct strv *ret_users, struct err *err)
{
	return all_users(store, id, NULL, ret_users, err);
}

int users_of_volume(const struct store *store, const char *name, struct strv *ret_users, struct err *err)
{
	return all_users(store, NULL, name, ret_users, err);
}
