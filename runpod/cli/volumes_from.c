/*
 * volumes_from: copies the mounts of a container's record; volumes_from.h tells which.
 */
#include "cli/volumes_from.h"

#include <string.h>

#include "base/cleanup.h"
#include "spec/fields.h"
#include "store/names.h"
#include "store/record.h"

static bool taken(const struct mount_list *mounts, const char *target)
{
	for (size_t i = 0; i < mounts->n; i++)
		if (text_equal(mounts->v[i].target, target))
			return true;
	return false;
}

static void add(const struct mount_list *from, bool read_only, struct mount_list *mounts)
{
	for (size_t i = 0; i < from->n; i++) {
		struct mount_spec *mount;

		if (taken(mounts, from->v[i].target) || text_equal(from->v[i].type, "tmpfs"))
			continue; /* a tmpfs is one container's own */
		mount = fields_append(&mount_spec_shape, mounts);
		fields_copy(&mount_spec_shape, &from->v[i], mount);
		mount->read_only |= read_only;
	}
}

static int add_one(const struct store *store, const char *name, bool read_only, struct mount_list *mounts,
		   struct err *err)
{
	struct ctr_record ctr = { 0 };
	struct pod_record pod = { 0 };
	struct name_ref ref;
	int code = name_find(store, NAME_CTR, name, &ref, err);

	if (!code)
		code = record_read_ctr(store, ref.pod_id, ref.ctr_id, &ctr, err);
	if (!code)
		code = record_read_pod(store, ref.pod_id, &pod, err);
	if (!code) {
		add(&ctr.spec.mounts, read_only, mounts);
		add(&pod.spec.mounts, read_only, mounts);
	}
	ctr_record_free(&ctr);
	pod_record_free(&pod);
	return code;
}

int volumes_from(const struct store *store, const struct strv *ctrs, struct mount_list *mounts,
		 struct err *err)
{
	int code = 0;

	for (size_t i = 0; i < ctrs->n && !code; i++) {
		size_t length = strcspn(ctrs->v[i], ":");
		cleanup_free char *name = text_ndup(ctrs->v[i], length);
		const char *option = ctrs->v[i][length] ? ctrs->v[i] + length + 1 : "rw";

		if (strcmp(option, "ro") && strcmp(option, "rw") && strcasecmp(option, "z"))
			return err_set(err, 0, "invalid options \"%s\", can only specify 'ro', 'rw', and 'z'",
				       option);
		code = add_one(store, name, !strcmp(option, "ro"), mounts, err);
	}
	return code;
}
