/*
 * kube_file: from the name of a manifest to decoded objects, or to a list of all that is wrong
 * in it. Nothing is carried out of a file that has one error. Lesson 21.
 */
#include "cli/kube_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "cli/pull.h"
#include "pod/deploy.h"
#include "pod/phase.h"

#define LARGEST (INT64_C(3) << 20) /* what an API server takes */

/* Each error with its line and a ^ below the place: one failure each. */
static int tell(struct cli *cli, const char *file, const char *source, struct diags *diags, struct err *err)
{
	for (size_t i = 0; i < diags->n; i++) {
		struct diags one = { .v = &diags->v[i], .n = 1 };
		struct buf text = { 0 };

		diags_print(&one, file, source, &text);
		while (text.len && text.data[text.len - 1] == '\n')
			text.data[--text.len] = '\0';
		strv_take(&cli->failures, text.data);
	}
	return err_set(err, 0, "%s: nothing of it was carried out", file);
}

/* Moves the objects of one file to the end of the list. Their nodes stay behind. */
static void append(struct kube_objects *all, struct kube_objects *more)
{
	all->v = mem_realloc(all->v, (all->n + more->n + 1) * sizeof(*all->v));
	for (size_t i = 0; i < more->n; i++) {
		all->v[all->n] = more->v[i];
		all->v[all->n++].node = NULL;
	}
	more->n = 0;
}

static int read_text(struct cli *cli, const char *file, const struct buf *text,
		     const struct kube_options *options, struct kube_objects *all, struct err *err)
{
	struct kube_objects objects = { 0 };
	struct diags diags = { 0 };
	int code = kube_read(text->data ? text->data : "", text->len, options, &objects, &diags);

	if (code || diags.n)
		code = tell(cli, file, text->data, &diags, err);
	cli_warn(cli, &objects.warnings);
	if (!code)
		append(all, &objects);
	kube_objects_free(&objects);
	diags_free(&diags);
	return code;
}

static int read_file(struct cli *cli, const char *file, const struct kube_options *options,
		     struct kube_objects *all, struct err *err)
{
	struct buf text = { 0 };
	int code;

	if (strstr(file, "://"))
		return err_hint(err, err_set(err, 0, "%s: runpod fetches nothing by itself", file),
				"curl -sS %s | %s -", file, cli->path);
	if (!strcmp(file, "-")) {
		code = io_read_all(STDIN_FILENO, LARGEST, &text);
		if (code < 0)
			err_set(err, -code, "read standard input");
	} else {
		code = io_read_file(AT_FDCWD, file, LARGEST, &text, err);
	}
	if (code >= 0)
		code = read_text(cli, !strcmp(file, "-") ? "<stdin>" : file, &text, options, all, err);
	buf_free(&text);
	return code;
}

bool kube_is_manifest(const char *name)
{
	return name[0] != '.' &&
	       (text_ends(name, ".yaml") || text_ends(name, ".yml") || text_ends(name, ".json"));
}

static int is_manifest(const struct dirent *entry)
{
	return kube_is_manifest(entry->d_name);
}

int kube_directory(const char *path, struct strv *ret_names, struct err *err)
{
	struct dirent **entries;
	int n = scandir(path, &entries, is_manifest, alphasort);

	if (n < 0)
		return err_set(err, errno, "read directory %s", path);
	for (int i = 0; i < n; i++) {
		strv_add(ret_names, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return 0;
}

static int read_directory(struct cli *cli, const char *path, const struct kube_options *options,
			  struct kube_objects *all, struct err *err)
{
	struct strv names = { 0 };
	int code = kube_directory(path, &names, err);

	for (size_t i = 0; i < names.n; i++) {
		cleanup_free char *file = text_format("%s/%s", path, names.v[i]);
		int one = read_file(cli, file, options, all, err);

		code = code ? code : one; /* all errors of all files */
	}
	strv_free(&names);
	return code;
}

int kube_file_read(struct cli *cli, const char *path, const struct kube_options *options,
		   struct kube_objects *ret_objects, struct err *err)
{
	struct stat st;

	if (strcmp(path, "-") && !stat(path, &st) && S_ISDIR(st.st_mode))
		return read_directory(cli, path, options, ret_objects, err);
	return read_file(cli, path, options, ret_objects, err);
}

int kube_files_read(struct cli *cli, const struct strv *paths, const struct kube_options *options,
		    struct kube_objects *ret_objects, struct err *err)
{
	int code = 0;

	for (size_t i = 0; i < paths->n; i++) {
		int one = kube_file_read(cli, paths->v[i], options, ret_objects, err);

		code = code ? code : one;
	}
	if (!code && !ret_objects->n)
		return err_set(err, 0, "no objects in %s", paths->n ? paths->v[0] : "no file");
	return code;
}

int kube_file_specs(struct cli *cli, const json_t *pod, struct pod_spec *ret_pod, struct ctr_specs *ret_ctrs,
		    struct err *err)
{
	struct strv notes = { 0 };
	int code = kube_pod_specs(pod, deploy_capacity(), ret_pod, ret_ctrs, &notes, err);

	cli_warn(cli, &notes);
	strv_free(&notes);
	for (size_t i = 0; i < ret_ctrs->n && !code; i++) {
		const struct ctr_spec *ctr = &ret_ctrs->v[i];

		code = pull_image(cli, ctr->image, ctr->pull, -1, false, NULL, err);
		if (code)
			err_context(err, code, "deploy pod %s: container %s", ret_pod->name,
				    phase_short_name(ret_pod->name, ctr->name));
	}
	return code;
}

json_t *kube_file_pod(const struct kube_object *object)
{
	if (!strcmp(object->kind, "Pod"))
		return json_incref(object->value);
	if (!strcmp(object->kind, "Deployment") || !strcmp(object->kind, "Job"))
		return kube_template_pod(object);
	return NULL;
}
