/*
 * kube_apply: apply: what a manifest says is made so, and what is so already is left alone.
 * Lesson 21.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/kube_file.h"
#include "cli/kube_objects.h"
#include "cli/kube_sync.h"
#include "cli/verbs.h"
#include "pod/actions.h"
#include "pod/deploy.h"
#include "pod/status.h"
#include "spec/fields.h"

/* The Pod that the pod was made from; NULL: it was made with flags, or by play with other ports. */
static json_t *present_manifest(struct cli *cli, const char *pod_id, struct err *err)
{
	struct pod_record pod = { 0 };
	json_t *manifest = NULL;

	if (!record_read_pod(&cli->store, pod_id, &pod, err) && pod.spec.manifest)
		manifest = json_loads(pod.spec.manifest, 0, NULL);
	if (!manifest)
		err_hint(err, err_set(err, 0, "pod %s was not made from a manifest", pod.spec.name),
			 "remove it first, or kube play --replace");
	pod_record_free(&pod);
	return manifest;
}

struct side { /* one Pod and what it asks for */
	struct pod_spec pod;
	struct ctr_specs ctrs;
};

static void side_free(struct side *side)
{
	fields_free(&pod_spec_shape, &side->pod);
	ctr_specs_free(&side->ctrs);
}

/* What the manifest asks for, with where it came from written on the pod. */
static int read_side(struct cli *cli, const json_t *value, const char *source, struct side *ret_side,
		     struct err *err)
{
	int code = kube_file_specs(cli, value, &ret_side->pod, &ret_side->ctrs, err);

	if (!code && source)
		strv_addf(&ret_side->pod.annotations, KUBE_SOURCE "=%s", source);
	return code;
}

static int update(struct cli *cli, const char *pod_id, const json_t *from, const json_t *to,
		  const char *source, struct kube_synced *synced, struct err *err)
{
	struct deploy_options options = { .start = true, .detach = true };
	struct side old = { 0 }, new = { 0 };
	int code = kube_pod_specs(from, deploy_capacity(), &old.pod, &old.ctrs, NULL, err);

	if (!code)
		code = read_side(cli, to, source, &new, err);
	if (!code)
		code = deploy_update(&cli->store, pod_id, &old.pod, &old.ctrs, &new.pod, &new.ctrs, &options,
				     &synced->replaced, err);
	side_free(&old);
	side_free(&new);
	return code;
}

static int make(struct cli *cli, const json_t *value, const char *source, struct err *err)
{
	struct strv command = { 0 };
	struct deploy_options options = { .start = true, .detach = true, .create_command = &command };
	struct deployed deployed;
	struct side side = { 0 };
	int code = read_side(cli, value, source, &side, err);

	for (int i = 0; i < cli->argc; i++)
		strv_add(&command, cli->argv[i]);
	if (!code)
		code = deploy_pod(&cli->store, &side.pod, &side.ctrs, &options, &deployed, err);
	if (!code)
		deployed_free(&deployed);
	strv_free(&command);
	side_free(&side);
	return code;
}

/* Two files with a pod of one name would take it from each other for ever. */
static int check_source(struct cli *cli, const char *pod_id, const char *source, struct err *err)
{
	struct pod_record pod = { 0 };
	int code = source ? record_read_pod(&cli->store, pod_id, &pod, err) : 0;
	const char *from = strv_get(&pod.spec.annotations, KUBE_SOURCE);

	if (!code && source && !text_equal(from, source)) {
		err_set(err, 0, "a pod of that name is there already, %s%s", from ? "from " : "made by hand",
			from ? from : "");
		code = -EEXIST;
	}
	pod_record_free(&pod);
	return code;
}

static int sync_pod(struct cli *cli, const json_t *value, const char *source, struct kube_synced *synced,
		    struct err *err)
{
	struct name_ref ref;
	json_t *from;
	int code = 0;

	if (name_find(&cli->store, NAME_POD, kubectl_name(value), &ref, NULL)) {
		synced->done = "created";
		return make(cli, value, source, err);
	}
	code = check_source(cli, ref.pod_id, source, err);
	from = code ? NULL : present_manifest(cli, ref.pod_id, err);
	if (!from)
		return -EEXIST;
	kube_diff(from, value, &synced->changes);
	synced->done = synced->changes.n ? "configured" : "unchanged";
	if (synced->changes.n)
		code = update(cli, ref.pod_id, from, value, source, synced, err);
	json_decref(from);
	return code;
}

int kube_sync(struct cli *cli, const struct kube_object *object, const char *source,
	      struct kube_synced *synced, struct err *err)
{
	json_t *pod = kube_file_pod(object);
	int code;

	*synced = (struct kube_synced){ 0 };
	if (pod)
		code = sync_pod(cli, pod, source, synced, err);
	else
		code = kube_object_put(cli, object, &synced->done, err);
	json_decref(pod);
	return code;
}

void kube_synced_free(struct kube_synced *synced)
{
	strv_free(&synced->changes);
	strv_free(&synced->replaced);
}

/* kubectl's line; what changed stands below it. */
static void tell(const struct kube_object *object, const struct kube_synced *synced)
{
	cleanup_free char *title = kubectl_title(object->kind, object->name);

	printf("%s %s\n", title, synced->done);
	for (size_t i = 0; i < synced->changes.n; i++)
		printf("  %s\n", synced->changes.v[i]);
	for (size_t i = 0; i < synced->replaced.n; i++)
		printf("  replaced %s\n", synced->replaced.v[i]);
	fflush(stdout);
}

struct apply_flags {
	struct strv files;
	bool skip_unsupported;
};

static const struct opt apply_options[] = {
	{ "filename", 'f', OPT_STRV, offsetof(struct apply_flags, files), "path",
	  "The manifest: a file, a directory or -", NULL, NULL },
	{ "skip-unsupported", 0, OPT_BOOL, offsetof(struct apply_flags, skip_unsupported), NULL,
	  "Pass over kinds that are not known here", NULL, NULL },
	{ 0 },
};

static int apply(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct apply_flags *flags = target;
	struct kube_options options = { .skip_unsupported = flags->skip_unsupported };
	struct kube_objects objects = { 0 };
	int code = cli_store(cli, err);

	strv_copy(&flags->files, args); /* podman's kube apply FILE */
	if (!code && !flags->files.n)
		code = err_set(err, 0, "must specify one of -f and FILE");
	if (!code)
		code = kube_files_read(cli, &flags->files, &options, &objects, err);
	for (int pods = 0; pods < 2; pods++)			  /* objects first: pods name them */
		for (size_t i = 0; i < objects.n && !code; i++) { /* one that fails keeps nobody back */
			json_t *pod = kube_file_pod(&objects.v[i]);
			struct kube_synced synced = { 0 };

			if (!!pod == pods) {
				struct err failed = { 0 };

				if (kube_sync(cli, &objects.v[i], NULL, &synced, &failed))
					cli_fail(cli, &failed);
				else
					tell(&objects.v[i], &synced);
			}
			kube_synced_free(&synced);
			json_decref(pod);
		}
	kube_objects_free(&objects);
	return code;
}

const struct verb verb_kube_apply = {
	.usage = "[options] [KUBEFILE]",
	.description =
		"Makes what a manifest says so: creates what is not there, and replaces only what must be\n"
		"  where it differs. Says what changed.",
	.examples = "apply -f pod.yaml\napply -f directory/\napply -f - <pod.yaml",
	.options = apply_options,
	.flags_size = sizeof(struct apply_flags),
	.max_args = 1,
	.run = apply,
};
