/*
 * inspect_host: HostConfig, the part of a container's JSON that says what of the host it was given: namespaces, mounts,
 * devices, limits.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/inspect.h"
#include "cli/show.h"
#include "cli/usage_text.h"

/* How a namespace was got: container:ID of the donor or of the pod's infra, or what was asked for. */
static json_t *mode_of(struct pod_view *pod, const struct ctr_view *ctr, const char *kind,
		       const struct ns_choice *choice, const char *donor, const char *usual)
{
	const struct ctr_view *infra = pod_view_infra(pod);

	if (donor)
		return show_take(text_format("container:%s", donor));
	if (!choice->mode && infra && infra != ctr && pod->loaded && strv_has(&pod->record.spec.share, kind))
		return show_take(text_format("container:%s", infra->now.id));
	if (choice->mode && choice->arg)
		return show_take(text_format("%s:%s", choice->mode, choice->arg));
	return show_text(choice->mode ? choice->mode : usual);
}

static void add_modes(json_t *config, struct pod_view *pod, const struct ctr_view *ctr)
{
	const struct ctr_record *record = &ctr->record;
	const char *network = pod->state.network ? pod->state.network : "bridge";

	json_object_set_new(config, "NetworkMode",
			    mode_of(pod, ctr, "net", &record->spec.net, record->net_donor, network));
	json_object_set_new(config, "IpcMode",
			    mode_of(pod, ctr, "ipc", &record->spec.ipc, record->ipc_donor, "shareable"));
	json_object_set_new(config, "PidMode",
			    mode_of(pod, ctr, "pid", &record->spec.pid, record->pid_donor, "private"));
	json_object_set_new(config, "UTSMode",
			    mode_of(pod, ctr, "uts", &record->spec.uts, record->uts_donor, "private"));
	json_object_set_new(
		config, "CgroupMode",
		mode_of(pod, ctr, "cgroup", &record->spec.cgroupns, record->cgroup_donor, "private"));
	json_object_set_new(config, "UsernsMode", show_text(record->spec.userns.mode));
}

static json_t *ulimits_of(const struct strv *ulimits)
{
	json_t *list = json_array();

	for (size_t i = 0; i < ulimits->n; i++) {
		char name[32] = "";
		long long soft = 0, hard = 0;
		int n = sscanf(ulimits->v[i], "%31[^=]=%lld:%lld", name, &soft, &hard);

		for (char *letter = name; *letter; letter++)
			*letter = (char)toupper((unsigned char)*letter);
		if (n >= 2)
			json_array_append_new(list, json_pack("{s:o, s:I, s:I}", "Name",
							      show_take(text_format("RLIMIT_%s", name)),
							      "Soft", (json_int_t)soft, "Hard",
							      (json_int_t)(n == 3 ? hard : soft)));
	}
	return list;
}

static json_t *log_of(const struct store *store, const struct ctr_record *record)
{
	const struct log_spec *log = &record->spec.log;
	const char *driver = log->driver ? log->driver : "k8s-file";
	char *path = log->path		       ? text_dup(log->path)
		     : !strcmp(driver, "none") ? NULL
					       : text_format("%s/pods/%s/ctr/%s/ctr.log", store->root,
							     record->pod_id, record->id);

	return json_pack("{s:s, s:n, s:o, s:s, s:o}", "Type", driver, "Config", "Path", show_take(path),
			 "Tag", "", "Size", show_take(usage_size(log->max_size)));
}

/* {"/tmp": "rw,nosuid,nodev"}: each tmpfs with its options. */
static json_t *tmpfs_of(const struct mount_list *mounts)
{
	json_t *object = json_object();

	for (size_t i = 0; i < mounts->n; i++) {
		const struct mount_spec *mount = &mounts->v[i];
		struct buf options = { 0 };

		if (!text_equal(mount->type, "tmpfs"))
			continue;
		buf_text(&options, mount->read_only ? "ro" : "rw");
		buf_format(&options, "%s%s%s", mount->nosuid ? ",nosuid" : "", mount->nodev ? ",nodev" : "",
			   mount->noexec ? ",noexec" : "");
		if (mount->size)
			buf_format(&options, ",size=%" PRId64, mount->size);
		if (mount->mode)
			buf_format(&options, ",mode=%" PRIo64, mount->mode);
		json_object_set_new(object, mount->target, show_text(options.data));
		buf_free(&options);
	}
	return object;
}

/* ["/data:/data:rw,rbind"]: binds and volumes in the form of -v. */
static json_t *binds_of(const struct mount_list *mounts)
{
	json_t *list = json_array();

	for (size_t i = 0; i < mounts->n; i++)
		if (!text_equal(mounts->v[i].type, "tmpfs") && mounts->v[i].source)
			json_array_append_new(
				list,
				show_take(text_format("%s:%s:%s", mounts->v[i].source, mounts->v[i].target,
						      mounts->v[i].read_only ? "ro" : "rw")));
	return list;
}

json_t *inspect_host_config(const struct store *store, struct pod_view *pod, const struct ctr_view *ctr)
{
	const struct ctr_spec *spec = &ctr->record.spec;
	json_t *config = json_object();

	json_object_set_new(config, "LogConfig", log_of(store, &ctr->record));
	add_modes(config, pod, ctr);
	json_object_set_new(config, "PortBindings", show_port_map(show_ports(store, pod, ctr)));
	json_object_set_new(config, "RestartPolicy",
			    json_pack("{s:s, s:I}", "Name", spec->restart.name ? spec->restart.name : "no",
				      "MaximumRetryCount", (json_int_t)spec->restart.tries));
	json_object_set_new(config, "AutoRemove", json_boolean(spec->auto_remove));
	json_object_set_new(config, "CapAdd", show_list(&spec->cap_add));
	json_object_set_new(config, "CapDrop", show_list(&spec->cap_drop));
	json_object_set_new(config, "Dns", show_list(&spec->names.servers));
	json_object_set_new(config, "DnsOptions", show_list(&spec->names.options));
	json_object_set_new(config, "DnsSearch", show_list(&spec->names.search));
	json_object_set_new(config, "ExtraHosts", show_list(&spec->names.hosts));
	json_object_set_new(config, "GroupAdd", show_list(&spec->group_add));
	json_object_set_new(config, "Init", json_boolean(spec->init));
	json_object_set_new(config, "Privileged", json_boolean(spec->privileged));
	json_object_set_new(config, "ReadonlyRootfs", json_boolean(spec->read_only));
	json_object_set_new(config, "ShmSize", json_integer(spec->shm_size ? spec->shm_size : 64 << 20));
	json_object_set_new(config, "Binds", binds_of(&spec->mounts));
	json_object_set_new(config, "Tmpfs", tmpfs_of(&spec->mounts));
	json_object_set_new(config, "Devices", show_list(&spec->devices));
	json_object_set_new(config, "Sysctls", show_map(&spec->sysctls));
	json_object_set_new(config, "CgroupParent", show_text(spec->cgroup_parent));
	json_object_set_new(config, "Ulimits", ulimits_of(&spec->ulimits));
	inspect_limits(config, &spec->limits);
	return config;
}
