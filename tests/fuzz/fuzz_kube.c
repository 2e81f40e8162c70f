/*
 * Whatever a manifest says is either refused with a word, or is a pod that can be asked for, written and
 * read again as the same.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "spec/fields.h"
#include "spec/kube.h"

static void need(int good)
{
	if (!good)
		abort();
}

static json_t *pod_of(const struct kube_object *object)
{
	if (!strcmp(object->kind, "Pod"))
		return json_incref(object->value);
	return !strcmp(object->kind, "Deployment") || !strcmp(object->kind, "Job") ? kube_template_pod(object)
										   : NULL;
}

static void check_pod(const struct kube_object *object)
{
	struct ctr_specs ctrs = { 0 };
	struct pod_spec pod = { 0 };
	struct strv notes = { 0 };
	json_t *tree = pod_of(object), *service;
	struct err err;

	if (!tree)
		return;
	need(kube_pod_specs(tree, (int64_t)1 << 32, &pod, &ctrs, &notes, &err) == 0 && ctrs.n > 0);
	service = kube_export_service(tree);
	json_decref(service);
	free(pod.manifest);
	pod.manifest = NULL; /* as if it had been made with flags */
	json_decref(kube_export(&pod, &ctrs, &notes));
	json_decref(tree);
	strv_free(&notes);
	ctr_specs_free(&ctrs);
	fields_free(&pod_spec_shape, &pod);
}

static void check_again(const struct kube_object *object)
{
	struct kube_objects again = { 0 };
	struct diags diags = { 0 };
	struct strv lines = { 0 };
	struct buf yaml = { 0 };

	yaml_write(object->value, &yaml);
	need(kube_read(yaml.data, yaml.len, NULL, &again, &diags) == 0 && again.n == 1);
	kube_diff(object->value, again.v[0].value, &lines);
	need(lines.n == 0);
	kube_objects_free(&again);
	buf_free(&yaml);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* half of the inputs go on where a good Pod has its first container */
	static const char head[] = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n"
				   "  - name: c\n    image: i\n";
	struct kube_options options = { .skip_unsupported = size % 2 };
	struct kube_objects objects = { 0 };
	struct diags diags = { 0 };
	struct buf input = { 0 }, text = { 0 };
	int code;

	if (size && *data == ' ')
		buf_text(&input, head);
	buf_add(&input, data, size);
	code = kube_read(input.data, input.len, &options, &objects, &diags);

	need(code ? diags.n > 0 : !diags.n);
	for (size_t i = 0; !code && i < objects.n; i++) {
		check_pod(&objects.v[i]);
		check_again(&objects.v[i]);
	}
	diags_print(&diags, "f", input.data, &text);
	buf_free(&input);
	buf_free(&text);
	diags_free(&diags);
	kube_objects_free(&objects);
	return 0;
}
