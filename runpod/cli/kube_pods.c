/*
 * kube_pods: finding pods and containers in kubectl's way.
 */
#include "cli/kube_pods.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pod/phase.h"

int kubectl_pod(struct cli *cli, const char *typed, struct pod_view *ret_pod, struct err *err)
{
	const char *slash = strchr(typed, '/');
	struct name_ref ref;
	int code = cli_store(cli, err);

	if (code)
		return code;
	if (name_find(&cli->store, NAME_POD, slash ? slash + 1 : typed, &ref, NULL) ||
	    pod_view_read(&cli->store, ref.pod_id, ret_pod, NULL)) {
		err_set(err, 0, "pods \"%s\" not found", slash ? slash + 1 : typed);
		return err_status(err, -ENOENT, 1);
	}
	code = pod_view_load(&cli->store, ret_pod, err);
	if (code)
		pod_view_free(ret_pod);
	return code;
}

struct ctr_view *kubectl_container(struct pod_view *pod, const char *typed, struct err *err)
{
	for (size_t i = 0; i < pod->n; i++) {
		struct ctr_view *ctr = &pod->ctrs[i];

		if (!ctr->infra && (!strcmp(phase_short_name(pod->name, ctr->now.name), typed) ||
				    !strcmp(ctr->now.name, typed)))
			return ctr;
	}
	err_set(err, 0, "container %s is not valid for pod %s", typed, pod->name);
	err_status(err, 0, 1);
	return NULL;
}

struct ctr_view *kubectl_default_container(struct pod_view *pod, struct err *err)
{
	const char *wish = strv_get(&pod->record.spec.annotations, "kubectl.kubernetes.io/default-container");
	struct ctr_view *first = NULL;
	struct buf others = { 0 };
	int n = 0;

	if (wish)
		return kubectl_container(pod, wish, err);
	for (size_t i = 0; i < pod->n; i++) {
		struct ctr_view *ctr = &pod->ctrs[i];

		if (ctr->infra || ctr->now.role)
			continue;
		first = first ? first : ctr;
		buf_format(&others, "%s%s", n++ ? ", " : "", phase_short_name(pod->name, ctr->now.name));
	}
	if (n > 1)
		fprintf(stderr, "Defaulted container \"%s\" out of: %s\n",
			phase_short_name(pod->name, first->now.name), others.data);
	buf_free(&others);
	if (!first)
		err_set(err, 0, "pod %s has no containers", pod->name);
	return first;
}
