/*
 * kube_export_volume: mounts as volumes of the pod. A directory of the host is a hostPath, a named
 * volume a claim, a tmpfs and an anonymous volume an emptyDir. Lesson 21.
 */
#include "spec/kube_export.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "spec/kube_tree.h"

/* An anonymous volume's name is an id. */
static bool is_anonymous(const char *source)
{
	return !source || (strlen(source) == 64 && strspn(source, "0123456789abcdef") == 64);
}

/* What the volume is, and (ret_base) what it might be called. */
static json_t *volume_source(struct kube_writer *writer, const struct mount_spec *mount, char **ret_base)
{
	const char *slash = mount->source ? strrchr(mount->source, '/') : NULL;
	json_t *empty = json_object();
	char *claim;

	if (!strcmp(mount->type, "bind")) {
		json_decref(empty);
		*ret_base = kube_label_of(slash ? slash + 1 : "host");
		return json_pack("{s:{s:s}}", "hostPath", "path", mount->source);
	}
	if (!strcmp(mount->type, "volume") && !is_anonymous(mount->source)) {
		json_decref(empty);
		claim = kube_label_of(mount->source);
		if (strcmp(claim, mount->source))
			strv_addf(writer->notes,
				  "volume %s is called %s: Kubernetes takes small letters, "
				  "digits and '-'",
				  mount->source, claim);
		*ret_base = claim;
		return json_pack("{s:{s:s}}", "persistentVolumeClaim", "claimName", claim);
	}
	*ret_base = kube_label_of(mount->target);
	if (!strcmp(mount->type, "tmpfs")) {
		cleanup_free char *size = mount->size > 0 ? kube_size_text(mount->size) : NULL;

		kube_set_text(empty, "medium", "Memory");
		kube_set_text(empty, "sizeLimit", size);
	}
	return json_pack("{s:o}", "emptyDir", empty);
}

static bool is_taken(const json_t *volumes, const char *name)
{
	const json_t *volume;
	size_t i;

	json_array_foreach((json_t *)volumes, i, volume)
	{
		if (text_equal(kube_text(volume, "name"), name))
			return true;
	}
	return false;
}

/* The volume for mount: one that is there already where two containers mean the same, or a new one. */
static const char *find_volume(struct kube_writer *writer, const struct mount_spec *mount)
{
	json_t *volumes = json_object_get(writer->spec, "volumes"), *volume, *source;
	cleanup_free char *base = NULL, *name = NULL;
	const char *key;
	json_t *value;
	size_t i;

	if (!volumes) {
		volumes = json_array();
		json_object_set_new(writer->spec, "volumes", volumes);
	}
	source = volume_source(writer, mount, &base);
	json_object_foreach(source, key, value)
	{
		json_array_foreach(volumes, i, volume)
		{
			if (strcmp(key, "emptyDir") && json_equal(value, json_object_get(volume, key))) {
				json_decref(source);
				return kube_text(volume, "name");
			}
		}
	}
	name = text_dup(base);
	for (int n = 2; is_taken(volumes, name); n++)
		text_replace(&name, text_format("%.*s-%d", 58, base, n));
	volume = json_pack("{s:s}", "name", name);
	json_object_update(volume, source);
	json_decref(source);
	json_array_append_new(volumes, volume);
	return kube_text(volume, "name");
}

static void add_mount(struct kube_writer *writer, const struct mount_spec *mount, json_t *list)
{
	json_t *to = json_object();

	kube_set_text(to, "name", find_volume(writer, mount));
	kube_set_text(to, "mountPath", mount->target);
	kube_set_text(to, "subPath", mount->subpath);
	if (mount->read_only)
		json_object_set_new(to, "readOnly", json_true());
	if (text_equal(mount->propagation, "rslave") || text_equal(mount->propagation, "slave"))
		kube_set_text(to, "mountPropagation", "HostToContainer");
	if (text_equal(mount->propagation, "rshared") || text_equal(mount->propagation, "shared"))
		strv_addf(writer->notes, "%s: shared propagation is for privileged containers: left out",
			  mount->target);
	if (mount->noexec)
		strv_addf(writer->notes, "%s: noexec has no words in Kubernetes: left out", mount->target);
	json_array_append_new(list, to);
}

void kube_export_mounts(struct kube_writer *writer, const struct ctr_spec *ctr, json_t *to)
{
	const struct mount_list *lists[] = { &writer->pod->mounts, &ctr->mounts };
	json_t *list = json_array();

	for (int which = 0; which < 2; which++)
		for (size_t i = 0; i < lists[which]->n; i++)
			add_mount(writer, &lists[which]->v[i], list);
	if (json_array_size(list))
		json_object_set(to, "volumeMounts", list);
	json_decref(list);
}
