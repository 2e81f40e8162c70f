/*
 * kube_describe_volume: a pod's volumes as describe prints them.
 */
#include <stdio.h>

#include "cli/kube_describe.h"

/* Each kind of volume, what describe calls it, and the member that says which one it is. */
static const struct {
	const char *member, *kind, *which, *title;
} volumes[] = {
	{ "configMap", "ConfigMap (a volume populated by a ConfigMap)", "name", "Name" },
	{ "downwardAPI", "DownwardAPI (a volume populated by information about the pod)", NULL, NULL },
	{ "emptyDir", "EmptyDir (a temporary directory that shares a pod's lifetime)", "medium", "Medium" },
	{ "hostPath", "HostPath (bare host directory volume)", "path", "Path" },
	{ "persistentVolumeClaim", "PersistentVolumeClaim (a reference to a volume of that name)",
	  "claimName", "ClaimName" },
	{ "projected", "Projected (a volume that contains injected data from multiple sources)", NULL, NULL },
	{ "secret", "Secret (a volume populated by a Secret)", "secretName", "SecretName" },
};

void kube_describe_volumes(const json_t *pod)
{
	const json_t *list = json_object_get(json_object_get(pod, "spec"), "volumes");
	json_t *one;
	size_t i;

	if (!json_array_size(list))
		kubectl_line(0, "Volumes", "<none>");
	else
		puts("Volumes:");
	json_array_foreach((json_t *)list, i, one)
	{
		printf("  %s:\n", kubectl_text(one, "name"));
		for (size_t j = 0; j < sizeof(volumes) / sizeof(*volumes); j++) {
			const json_t *volume = json_object_get(one, volumes[j].member);

			if (!volume)
				continue;
			kubectl_line(4, "Type", "%s", volumes[j].kind);
			if (volumes[j].which)
				kubectl_line(4, volumes[j].title, "%s",
					     kubectl_text(volume, volumes[j].which)
						     ? kubectl_text(volume, volumes[j].which)
						     : "");
		}
	}
}
