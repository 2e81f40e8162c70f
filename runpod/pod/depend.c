/*
 * depend: links in the donor's directory; depend.h says what for. A link whose
 * container has gone means nothing. Lesson 06.
 */
#include "pod/depend.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "pod/actions.h"

#define PREFIX "joined-"

static int note_one(const struct store *store, const char *donor, const char *joiner, struct err *err)
{
	cleanup_free char *path = NULL;
	struct name_ref ref;
	int code;

	if (!donor)
		return 0;
	code = name_find(store, NAME_CTR, donor, &ref, err);
	if (code)
		return code;
	path = text_format("pods/%s/ctr/%s/" PREFIX "%s", ref.pod_id, ref.ctr_id, joiner);
	return symlinkat("joined", store->root_fd, path) < 0 && errno != EEXIST
		       ? err_set(err, errno, "create %s", path)
		       : 0;
}

int depend_note(const struct store *store, const struct ctr_record *ctr, struct err *err)
{
	const char *const donors[] = { ctr->net_donor, ctr->ipc_donor, ctr->pid_donor, ctr->uts_donor,
				       ctr->cgroup_donor };
	int code = 0;

	for (size_t i = 0; i < sizeof(donors) / sizeof(*donors) && !code; i++)
		code = note_one(store, donors[i], ctr->id, err);
	for (size_t i = 0; i < ctr->spec.depends_on.n && !code; i++)
		code = note_one(store, ctr->spec.depends_on.v[i], ctr->id, err);
	return code;
}

/* A pod starts whole and by itself: what its containers need must be in it. */
int depend_resolve(const struct store *store, struct ctr_spec *ctr, const char *pod_id, struct err *err)
{
	for (size_t i = 0; i < ctr->depends_on.n; i++) {
		struct name_ref ref;
		int code = name_find(store, NAME_CTR, ctr->depends_on.v[i], &ref, err);

		if (code)
			return code;
		if (pod_id && strcmp(ref.pod_id, pod_id))
			return err_set(err, 0,
				       "container %s is not in pod %s: a container of a pod can only require "
				       "others of it",
				       ctr->depends_on.v[i], pod_id);
		text_replace(&ctr->depends_on.v[i], text_dup(ref.ctr_id));
	}
	return 0;
}

int depend_start(const struct store *store, const struct name_ref *ref, struct err *err)
{
	static const struct action start = { .op = "start" };
	struct ctr_record ctr = { 0 };
	int code = record_read_ctr(store, ref->pod_id, ref->ctr_id, &ctr, err);

	for (size_t i = 0; i < ctr.spec.depends_on.n && !code; i++) {
		struct name_ref needed;

		code = name_find(store, NAME_CTR, ctr.spec.depends_on.v[i], &needed, err);
		if (!code) /* it was there before this one was made: so there is no circle */
			code = depend_start(store, &needed, err);
		if (!code)
			code = ctr_act(store, &needed, &start, NULL, err);
	}
	ctr_record_free(&ctr);
	return code;
}

void depend_list(const struct store *store, const struct name_ref *donor, struct strv *ret_ids)
{
	int fd = record_open_ctr_dir(store, donor->pod_id, donor->ctr_id, NULL);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	struct name_ref ref;

	while (entries && (entry = readdir(entries)))
		if (text_starts(entry->d_name, PREFIX) &&
		    !name_find(store, NAME_CTR, entry->d_name + strlen(PREFIX), &ref, NULL))
			strv_add(ret_ids, ref.ctr_id);
	if (entries)
		closedir(entries);
}
