/*
 * inspect_find: finds a thing of one kind by what the user typed, and makes its JSON.
 */
#include <errno.h>

#include "cli/inspect.h"

int inspect_ctr_ref(struct cli *cli, const struct name_ref *ref, json_t **ret_object, struct err *err)
{
	struct pod_view pod;
	struct ctr_view *ctr;
	int code = pod_view_read(&cli->store, ref->pod_id, &pod, err);

	if (code)
		return code;
	ctr = pod_view_ctr(&pod, ref->ctr_id);
	code = ctr ? ctr_view_load(&cli->store, ctr, err) : err_set(err, ENOENT, "container %s", ref->ctr_id);
	if (!code)
		*ret_object = inspect_ctr(&cli->store, &pod, ctr);
	pod_view_free(&pod);
	return code;
}

int inspect_pod_ref(struct cli *cli, const struct name_ref *ref, json_t **ret_object, struct err *err)
{
	struct pod_view pod;
	int code = pod_view_read(&cli->store, ref->pod_id, &pod, err);

	if (code)
		return code;
	code = pod_view_load(&cli->store, &pod, err);
	if (!code)
		*ret_object = inspect_pod(&pod);
	pod_view_free(&pod);
	return code;
}

int inspect_find_ctr(struct cli *cli, const char *name, json_t **ret_object, struct err *err)
{
	struct name_ref ref;
	int code = name_find(&cli->store, NAME_CTR, name, &ref, err);

	return code ? code : inspect_ctr_ref(cli, &ref, ret_object, err);
}

int inspect_find_pod(struct cli *cli, const char *name, json_t **ret_object, struct err *err)
{
	struct name_ref ref;
	int code = name_find(&cli->store, NAME_POD, name, &ref, err);

	return code ? code : inspect_pod_ref(cli, &ref, ret_object, err);
}

int inspect_find_image(struct cli *cli, const char *name, json_t **ret_object, struct err *err)
{
	struct image image = { 0 };
	int code = image_find(&cli->store, name, &image, err);

	if (!code)
		*ret_object = inspect_image(&image);
	image_free(&image);
	return code;
}

int inspect_find_volume(struct cli *cli, const char *name, json_t **ret_object, struct err *err)
{
	struct volume volume = { 0 };
	int code = volume_find(&cli->store, name, &volume, err);

	if (!code)
		*ret_object = inspect_volume(&cli->store, &volume);
	volume_free(&volume);
	return code;
}
