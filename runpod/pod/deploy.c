/*
 * deploy: making and starting the pod of a manifest, whole or not at all.
 * Kubernetes spreads this over an API server, a kubelet and a runtime; here it is a
 * list of calls. Lesson 21 builds it.
 */
#include "pod/deploy.h"

#include <errno.h>
#include <string.h>
#include <sys/sysinfo.h>

#include "base/cleanup.h"
#include "pod/actions.h"
#include "pod/merge.h"
#include "pod/pod_volumes.h"
#include "spec/check.h"
#include "spec/fields.h"

int64_t deploy_capacity(void)
{
	struct sysinfo info;

	return sysinfo(&info) ? 0 : (int64_t)info.totalram * info.mem_unit;
}

void deployed_free(struct deployed *deployed)
{
	strv_free(&deployed->ctrs);
	*deployed = (struct deployed){ 0 };
}

/* DOC: ready-before-start - every image, volume and object is looked up before anything is made */
int deploy_ready(const struct store *store, const struct pod_spec *pod, const struct ctr_specs *ctrs,
		 struct err *err)
{
	int code = pod_volumes_ready(store, pod, ctrs, err);

	for (size_t i = 0; i < ctrs->n && !code; i++) {
		struct ctr_record trial = { 0 };

		fields_copy(&ctr_spec_shape, &ctrs->v[i], &trial.spec);
		code = check_member(&trial.spec, pod, err);
		if (!code)
			code = merge_image(store, &trial, err);
		if (code)
			err_context(err, code, "container %s", trial.spec.name);
		ctr_record_free(&trial);
	}
	return code;
}

static int make_all(const struct store *store, const struct pod_spec *pod, const struct ctr_specs *ctrs,
		    const struct deploy_options *options, struct deployed *deployed, struct err *err)
{
	int code = pod_make(store, pod, options->create_command, options->replace, deployed->pod_id, err);

	if (code)
		deployed->pod_id[0] = '\0';
	for (size_t i = 0; i < ctrs->n && !code; i++) {
		struct name_ref ref;

		code = ctr_make(store, &ctrs->v[i], deployed->pod_id, options->create_command, false, &ref,
				err);
		if (!code)
			strv_add(&deployed->ctrs, ref.ctr_id);
	}
	return code;
}

int deploy_pod(const struct store *store, const struct pod_spec *pod, const struct ctr_specs *ctrs,
	       const struct deploy_options *options, struct deployed *ret_deployed, struct err *err)
{
	struct action start = { .op = "start", .detach = options->detach && ctrs->n && ctrs->v[0].init_ctr };
	int code = deploy_ready(store, pod, ctrs, err);

	*ret_deployed = (struct deployed){ 0 };
	if (!code)
		code = make_all(store, pod, ctrs, options, ret_deployed, err);
	if (!code && options->start)
		code = pod_act(store, ret_deployed->pod_id, &start, NULL, err);
	if (!code)
		return 0;
	if (ret_deployed->pod_id[0])
		pod_remove(store, ret_deployed->pod_id, true, 0, NULL);
	deployed_free(ret_deployed);
	return err_context(err, code, "deploy pod %s", pod->name);
}
