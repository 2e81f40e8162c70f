/*
 * kube_objects: ConfigMaps, Secrets and claims, on their way between manifest, store and pods.
 */
#include "cli/kube_objects.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/users.h"
#include "pod/pod_volumes.h"
#include "store/object.h"
#include "store/volume.h"

static const struct {
	const char *kind, *words;
} kinds[] = {
	{ "Pod", "po pod pods" },
	{ "ConfigMap", "cm configmap configmaps" },
	{ "Secret", "secret secrets" },
	{ "PersistentVolumeClaim", "pvc persistentvolumeclaim persistentvolumeclaims" },
};

const char *kubectl_kind(const char *word)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct strv words = { 0 };
		bool is;

		strv_split(&words, kinds[i].words, ' ');
		is = strv_has(&words, word);
		strv_free(&words);
		if (is)
			return kinds[i].kind;
	}
	return NULL;
}

const char *kubectl_name(const json_t *object)
{
	const char *name = json_string_value(json_object_get(json_object_get(object, "metadata"), "name"));

	return name ? name : "";
}

char *kubectl_title(const char *kind, const char *name)
{
	char *title = text_format("%s%s/%s", kind,
				  !strcmp(kind, "Deployment") ? ".apps"
				  : !strcmp(kind, "Job")      ? ".batch"
							      : "",
				  name);

	for (char *at = title; *at && *at != '/'; at++)
		*at = (char)tolower((unsigned char)*at);
	return title;
}

/* A claim is a named volume: made when it is missing, and left as it is when not. */
static int put_claim(struct cli *cli, const char *name, const char **ret_done, struct err *err)
{
	struct volume volume = { 0 };
	bool there = !volume_find(&cli->store, name, &volume, NULL) && text_equal(volume.name, name);
	int code;

	volume_free(&volume);
	code = volume_ensure(&cli->store, name, &volume, err);
	volume_free(&volume);
	*ret_done = there ? "unchanged" : "created";
	return code;
}

int kube_object_put(struct cli *cli, const struct kube_object *object, const char **ret_done, struct err *err)
{
	const char *kind = object_kind(object->kind), *done = NULL;
	struct object value = { 0 };
	int code = 0;

	if (!strcmp(object->kind, "PersistentVolumeClaim"))
		code = put_claim(cli, object->name, &done, err);
	if (kind) {
		code = object_from_json(object->value, &value, err);
		if (!code)
			code = object_put(&cli->store, &value, false, &done, err);
		if (!code && strcmp(done, "unchanged"))
			pods_refresh(&cli->store, kind, object->name);
		object_free(&value);
	}
	if (ret_done)
		*ret_done = done;
	return code;
}

int kube_object_drop(struct cli *cli, const struct kube_object *object, bool volumes,
		     struct strv *ret_secrets, struct strv *ret_volumes)
{
	const char *kind = object_kind(object->kind);
	struct err err = { 0 };
	int code;

	if (kind) {
		code = object_remove(&cli->store, kind, object->name, NULL);
		if (!code && ret_secrets && !strcmp(object->kind, "Secret"))
			strv_add(ret_secrets, object->name);
		return code;
	}
	if (strcmp(object->kind, "PersistentVolumeClaim") || !volumes)
		return 0;
	code = volume_remove(&cli->store, object->name, users_of_volume, &err);
	if (!code && ret_volumes)
		strv_add(ret_volumes, object->name);
	if (code && code != -ENOENT)
		cli_fail(cli, &err);
	return code;
}
