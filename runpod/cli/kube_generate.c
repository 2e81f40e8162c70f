/*
 * kube_generate: kube generate: a pod as YAML that Kubernetes takes. One that was made from a
 * manifest gives that manifest, so that playing it again gives the same pod; one that was made with
 * flags is put into Kubernetes' words. Lesson 21.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "cli/kube_export.h"
#include "cli/kube_objects.h"
#include "cli/verbs.h"
#include "pod/status.h"
#include "spec/fields.h"
#include "spec/kube.h"

struct generate_flags {
	bool service;
	char *file;
};

static const struct opt options[] = {
	{ "filename", 'f', OPT_TEXT, offsetof(struct generate_flags, file), "file",
	  "Write into this new file instead of to the terminal", NULL, NULL },
	{ "service", 's', OPT_BOOL, offsetof(struct generate_flags, service), NULL,
	  "A Service for the pod's ports too", NULL, NULL },
	{ 0 },
};

/* The pod's own containers, or with only set that one. */
static int gather(struct cli *cli, struct pod_view *view, const char *only, struct ctr_specs *ret_ctrs,
		  struct err *err)
{
	int code = pod_view_load(&cli->store, view, err);

	for (size_t i = 0; i < view->n && !code; i++) {
		struct ctr_view *ctr = &view->ctrs[i];

		if (ctr->infra || (only[0] && strcmp(ctr->now.id, only)))
			continue;
		code = ctr_view_load(&cli->store, ctr, err);
		if (code)
			break;
		ret_ctrs->v = mem_realloc(ret_ctrs->v, (ret_ctrs->n + 1) * sizeof(*ret_ctrs->v));
		ret_ctrs->v[ret_ctrs->n] = (struct ctr_spec){ 0 };
		fields_copy(&ctr_spec_shape, &ctr->record.spec, &ret_ctrs->v[ret_ctrs->n++]);
	}
	return code;
}

/* A container without a pod becomes a pod of one, with its ports and network. */
static void as_pod(const struct ctr_spec *ctr, struct pod_spec *pod)
{
	struct pod_spec lone = { .ports = ctr->ports,
				 .net = ctr->net,
				 .pid = ctr->pid,
				 .ipc = ctr->ipc,
				 .labels = ctr->labels,
				 .restart = ctr->restart,
				 .names = ctr->names,
				 .hostname = ctr->hostname,
				 .sysctls = ctr->sysctls };
	cleanup_free char *name = text_format("%s-pod", ctr->name);

	lone.name = name;
	fields_free(&pod_spec_shape, pod);
	fields_copy(&pod_spec_shape, &lone, pod);
}

static json_t *export(struct cli *cli, struct pod_view *view, const char *only, struct strv *notes,
		      struct err *err)
{
	struct ctr_specs ctrs = { 0 };
	json_t *pod = NULL;

	if (!gather(cli, view, only, &ctrs, err)) {
		if (view->hidden && ctrs.n)
			as_pod(&ctrs.v[0], &view->record.spec);
		pod = view->record.spec.manifest && !only[0] ? json_loads(view->record.spec.manifest, 0, NULL)
							     : kube_export(&view->record.spec, &ctrs, notes);
		if (!pod)
			err_set(err, 0, "the manifest of pod %s cannot be read", view->name);
	}
	ctr_specs_free(&ctrs);
	return pod;
}

json_t *kube_manifest_of(struct cli *cli, struct pod_view *pod, struct strv *ret_notes, struct err *err)
{
	struct strv notes = { 0 };
	json_t *value = export(cli, pod, "", ret_notes ? ret_notes : &notes, err);

	strv_free(&notes);
	return value;
}

static int find(struct cli *cli, const char *name, struct name_ref *ret_ref, struct err *err)
{
	*ret_ref = (struct name_ref){ 0 };
	if (!name_find(&cli->store, NAME_POD, name, ret_ref, NULL) ||
	    !name_find(&cli->store, NAME_CTR, name, ret_ref, NULL))
		return 0;
	return err_status(err, err_set(err, 0, "no pod or container with name or ID \"%s\" found", name),
			  125);
}

static int generate_one(struct cli *cli, const struct generate_flags *flags, const char *name,
			struct buf *text, struct err *err)
{
	struct strv notes = { 0 };
	struct pod_view view;
	struct name_ref ref;
	json_t *pod = NULL, *service;
	int code = find(cli, name, &ref, err);

	if (!code)
		code = pod_view_read(&cli->store, ref.pod_id, &view, err);
	if (!code) {
		pod = export(cli, &view, ref.ctr_id, &notes, err);
		code = pod ? 0 : -EINVAL;
		pod_view_free(&view);
	}
	service = pod && flags->service ? kube_export_service(pod) : NULL;
	if (service) {
		buf_text(text, "---\n");
		yaml_write(service, text);
	}
	if (pod) {
		buf_text(text, "---\n");
		yaml_write(pod, text);
	}
	cli_warn(cli, &notes);
	json_decref(service);
	json_decref(pod);
	strv_free(&notes);
	return code;
}

static int write_file(const char *file, const struct buf *text, struct err *err)
{
	cleanup_fd int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	int code;

	if (fd < 0 && errno == EEXIST)
		return err_set(err, 0, "cannot write to %s: file exists", file);
	if (fd < 0)
		return err_set(err, errno, "make file %s", file);
	code = io_write_all(fd, text->data, text->len);
	return code ? err_set(err, -code, "write file %s", file) : 0;
}

static int generate(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct generate_flags *flags = target;
	struct buf text = { 0 };
	int code = cli_store(cli, err);

	buf_format(&text, "# Made by `%s`. Kubernetes takes it: kubectl apply -f FILE\n", cli->path);
	for (size_t i = 0; i < args->n && !code; i++)
		code = generate_one(cli, flags, args->v[i], &text, err);
	if (!code && flags->file)
		code = write_file(flags->file, &text, err);
	else if (!code)
		fputs(text.data, stdout);
	buf_free(&text);
	return code;
}

const struct verb verb_kube_generate = {
	.usage = "[options] POD|CONTAINER [POD|CONTAINER...]",
	.description = "Writes pods and containers as YAML that Kubernetes takes.",
	.examples = "kube generate web\nkube generate -s -f web.yaml web",
	.options = options,
	.flags_size = sizeof(struct generate_flags),
	.min_args = 1,
	.max_args = -1,
	.run = generate,
};

struct explain_flags {
	bool recursive;
};

static const struct opt explain_options[] = {
	{ "recursive", 0, OPT_BOOL, offsetof(struct explain_flags, recursive), NULL,
	  "The fields of the fields too", NULL, NULL },
	{ 0 },
};

static int explain(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct explain_flags *flags = target;
	struct buf text = { 0 };
	int code = kube_explain(args->v[0], flags->recursive, &text, err);

	(void)cli;
	if (!code)
		fputs(text.data, stdout);
	buf_free(&text);
	return code;
}

const struct verb verb_kube_explain = {
	.usage = "[options] KIND[.FIELD...]",
	.description =
		"Tells what a field of a manifest means and whether it has an effect here, from the table\n"
		"  that manifests are read by.",
	.examples = "explain pod\nexplain pod.spec.containers.livenessProbe\nexplain pod.spec --recursive",
	.options = explain_options,
	.flags_size = sizeof(struct explain_flags),
	.min_args = 1,
	.max_args = 1,
	.run = explain,
};
