/*
 * deploy_update: `apply` of a manifest that has changed. Replaced is only what must
 * be: what is merely written on a pod changes in place; a container whose part changed
 * goes alone, and its neighbours, address and volumes stay; the rest concerns everybody.
 * Lesson 21.
 */
#include "pod/deploy.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "pod/actions.h"
#include "pod/client.h"
#include "spec/fields.h"
#include "store/lock.h"

/* Whether both ask for the same pod, but for what is only written on it. */
static bool same_pod(const struct pod_spec *a, const struct pod_spec *b)
{
	struct pod_spec copies[2] = { 0 };
	bool same;

	fields_copy(&pod_spec_shape, a, &copies[0]);
	fields_copy(&pod_spec_shape, b, &copies[1]);
	for (int i = 0; i < 2; i++) {
		strv_free(&copies[i].labels);
		strv_free(&copies[i].annotations);
		text_replace(&copies[i].manifest, NULL);
	}
	same = fields_equal(&pod_spec_shape, &copies[0], &copies[1]);
	fields_free(&pod_spec_shape, &copies[0]);
	fields_free(&pod_spec_shape, &copies[1]);
	return same;
}

static const struct ctr_spec *find(const struct ctr_specs *ctrs, const char *name)
{
	for (size_t i = 0; i < ctrs->n; i++)
		if (text_equal(ctrs->v[i].name, name))
			return &ctrs->v[i];
	return NULL;
}

/* The same for a container; its labels are the pod's. */
static bool same_ctr(const struct ctr_spec *a, const struct ctr_spec *b)
{
	struct ctr_spec copies[2] = { 0 };
	bool same;

	if (!a || !b)
		return false;
	fields_copy(&ctr_spec_shape, a, &copies[0]);
	fields_copy(&ctr_spec_shape, b, &copies[1]);
	strv_free(&copies[0].labels);
	strv_free(&copies[1].labels);
	same = fields_equal(&ctr_spec_shape, &copies[0], &copies[1]);
	fields_free(&ctr_spec_shape, &copies[0]);
	fields_free(&ctr_spec_shape, &copies[1]);
	return same;
}

/* Init containers and sidecars come before the others: when one of them changes, all begins anew. */
static bool same_inits(const struct ctr_specs *from, const struct ctr_specs *to)
{
	size_t i = 0;

	for (; i < from->n && from->v[i].init_ctr; i++)
		if (i >= to->n || !same_ctr(&from->v[i], &to->v[i]))
			return false;
	return i >= to->n || !to->v[i].init_ctr;
}

/* It has its grace period, as when the pod ends. */
static int remove_one(const struct store *store, const char *name, struct err *err)
{
	struct action stop = { .op = "stop", .timeout = -1 };
	struct name_ref ref;
	int code;

	if (name_find(store, NAME_CTR, name, &ref, NULL))
		return 0; /* it has gone already */
	code = ctr_act(store, &ref, &stop, NULL, err);
	return code ? code : ctr_remove(store, &ref, true, false, true, -1, err);
}

/*
 * The containers of a pod stand in the order of their making. A new one takes its place from the manifest: it counts as
 * made just after the one before it there, or (before NULL) after the pod itself.
 */
static int take_place(const struct store *store, const struct name_ref *ref, const char *before,
		      struct err *err)
{
	struct ctr_record ctr = { 0 }, other = { 0 };
	struct pod_record pod = { 0 };
	struct name_ref found;
	int code = record_read_ctr(store, ref->pod_id, ref->ctr_id, &ctr, err);

	if (!code && !before)
		code = record_read_pod(store, ref->pod_id, &pod, err);
	if (!code && before)
		code = name_find(store, NAME_CTR, before, &found, err);
	if (!code && before)
		code = record_read_ctr(store, found.pod_id, found.ctr_id, &other, err);
	if (!code) {
		ctr.created = (before ? other.created : pod.created) + 1;
		code = record_write_ctr(store, &ctr, err);
	}
	pod_record_free(&pod);
	ctr_record_free(&other);
	ctr_record_free(&ctr);
	return code;
}

static int put_one(const struct store *store, const char *pod_id, const struct ctr_spec *ctr,
		   const char *before, const struct deploy_options *options, struct err *err)
{
	struct action start = { .op = "start" };
	struct name_ref ref;
	int code = remove_one(store, ctr->name, err);

	if (!code)
		code = ctr_make(store, ctr, pod_id, options->create_command, false, &ref, err);
	if (!code)
		code = take_place(store, &ref, before, err);
	if (!code && options->start)
		code = ctr_act(store, &ref, &start, NULL, err);
	return code;
}

static int replace_ctrs(const struct store *store, const char *pod_id, const struct ctr_specs *from,
			const struct ctr_specs *to, const struct deploy_options *options,
			struct strv *ret_replaced, struct err *err)
{
	int code = 0;

	for (size_t i = 0; i < from->n && !code; i++) {
		if (find(to, from->v[i].name))
			continue;
		code = remove_one(store, from->v[i].name, err);
		strv_addf(ret_replaced, "container %s", from->v[i].name);
	}
	for (size_t i = 0; i < to->n && !code; i++) {
		if (same_ctr(find(from, to->v[i].name), &to->v[i]))
			continue;
		code = put_one(store, pod_id, &to->v[i], i ? to->v[i - 1].name : NULL, options, err);
		strv_addf(ret_replaced, "container %s", to->v[i].name);
	}
	return code;
}

static int relabel(const struct store *store, const char *pod_id, const struct ctr_spec *to, struct err *err)
{
	struct ctr_record ctr = { 0 };
	struct name_ref ref;
	int code;

	if (name_find(store, NAME_CTR, to->name, &ref, NULL) || strcmp(ref.pod_id, pod_id))
		return 0;
	code = record_read_ctr(store, pod_id, ref.ctr_id, &ctr, err);
	if (!code) {
		strv_free(&ctr.spec.labels);
		strv_copy(&ctr.spec.labels, &to->labels);
		code = record_write_ctr(store, &ctr, err);
	}
	ctr_record_free(&ctr);
	return code;
}

static int rewrite_records(const struct store *store, const char *pod_id, const struct pod_spec *to,
			   const struct ctr_specs *to_ctrs, struct err *err)
{
	cleanup_fd int lock = lock_pod(store, pod_id, 30000, err);
	struct pod_record pod = { 0 };
	int code = lock < 0 ? lock : record_read_pod(store, pod_id, &pod, err);

	if (!code) {
		fields_free(&pod_spec_shape, &pod.spec);
		fields_copy(&pod_spec_shape, to, &pod.spec);
		code = record_write_pod(store, &pod, err);
	}
	for (size_t i = 0; i < to_ctrs->n && !code; i++)
		code = relabel(store, pod_id, &to_ctrs->v[i], err);
	pod_record_free(&pod);
	return code;
}

/* What is written on the pod, in its records; its supervisor reads that again. */
static int rewrite(const struct store *store, const char *pod_id, const struct pod_spec *to,
		   const struct ctr_specs *to_ctrs, struct err *err)
{
	int code = rewrite_records(store, pod_id, to, to_ctrs, err);

	if (!code && pod_alive(store, pod_id))
		code = client_call(store, pod_id, client_request("reload", NULL), NULL, NULL, NULL, err);
	return code;
}

/* The new one could not be started and its predecessor has gone: that one is made again. */
static void restore(const struct store *store, const struct pod_spec *from, const struct ctr_specs *from_ctrs,
		    const struct deploy_options *options, struct err *err)
{
	struct deployed deployed = { 0 };

	if (!deploy_pod(store, from, from_ctrs, options, &deployed, NULL))
		err_hint(err, -EINVAL, "the pod was made again as it was before");
	deployed_free(&deployed);
}

int deploy_update(const struct store *store, const char *pod_id, const struct pod_spec *from,
		  const struct ctr_specs *from_ctrs, const struct pod_spec *to,
		  const struct ctr_specs *to_ctrs, const struct deploy_options *options,
		  struct strv *ret_replaced, struct err *err)
{
	struct deploy_options again = *options;
	const struct action stop = { .op = "stop", .timeout = -1 };
	struct deployed deployed = { 0 };
	int code;

	if (same_pod(from, to) && same_inits(from_ctrs, to_ctrs)) {
		code = deploy_ready(store, to, to_ctrs, err);
		if (!code)
			code = replace_ctrs(store, pod_id, from_ctrs, to_ctrs, options, ret_replaced, err);
		return code ? code : rewrite(store, pod_id, to, to_ctrs, err);
	}
	again.replace = true;
	code = deploy_ready(store, to, to_ctrs, err);
	if (!code)
		code = pod_act(store, pod_id, &stop, NULL, err); /* the old one gets its grace */
	if (!code) {
		code = deploy_pod(store, to, to_ctrs, &again, &deployed, err);
		if (code)
			restore(store, from, from_ctrs, options, err);
	}
	deployed_free(&deployed);
	strv_addf(ret_replaced, "pod %s", to->name);
	return code;
}
