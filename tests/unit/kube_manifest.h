/*
 * kube_manifest: what tests of manifests share.
 */
#ifndef RUNPOD_TESTS_KUBE_MANIFEST_H
#define RUNPOD_TESTS_KUBE_MANIFEST_H

#include <glob.h>

#include "base/io.h"
#include "spec/fields.h"
#include "spec/kube.h"

/* Lines 1 to 7 of a good Pod; what is added stands in its first container (4 blanks) or in spec (2). */
#define POD                                                                                                  \
	"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    image: i\n"

/* Reads a manifest that must be good. Free objects. */
static inline void manifest_read(const char *yaml, struct kube_objects *objects)
{
	struct diags diags = { 0 };

	if (kube_read(yaml, strlen(yaml), NULL, objects, &diags)) {
		for (size_t i = 0; i < diags.n; i++)
			print_message("%d:%d: %s\n", diags.v[i].line, diags.v[i].column, diags.v[i].text);
		fail_msg("must be good:\n%s", yaml);
	}
	diags_free(&diags);
}

/* The Pod of an object: itself or its template's; NULL when it has none. A new reference. */
static inline json_t *manifest_pod(const struct kube_object *object)
{
	if (!strcmp(object->kind, "Pod"))
		return json_incref(object->value);
	return !strcmp(object->kind, "Deployment") || !strcmp(object->kind, "Job") ? kube_template_pod(object)
										   : NULL;
}

/* A whole file. The caller frees. */
static inline char *manifest_file(const char *path)
{
	struct buf text = { 0 };
	struct err err;

	if (io_read_file(AT_FDCWD, path, 4 << 20, &text, &err))
		fail_msg("%s", err.text);
	buf_add(&text, "", 0);
	return text.data;
}

/* Whether the manifests of others are there to be tried. Prints why not. */
static inline bool manifest_glob(glob_t *found)
{
	if (!glob("../shared/manifests/*.yaml", 0, NULL, found))
		return true;
	print_message("skipped: data: ../shared/manifests is not there\n");
	return false;
}

#endif
