/*
 * inspect_ctr: a container as JSON: what was asked for (its record), with what
 * came of it (its state). The keys are podman's, so that scripts find them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/inspect.h"
#include "cli/show.h"

static json_t *state_of(const struct pod_view *pod, const struct ctr_view *ctr)
{
	const struct ctr_state *now = &ctr->now;
	json_t *state = json_object();

	json_object_set_new(state, "Status", show_text(now->status));
	json_object_set_new(
		state, "Running",
		json_boolean(text_equal(now->status, "running") || text_equal(now->status, "stopping")));
	json_object_set_new(state, "Paused", json_boolean(text_equal(now->status, "paused")));
	json_object_set_new(state, "Restarting", json_false());
	json_object_set_new(state, "OOMKilled", json_boolean(now->oom_killed));
	json_object_set_new(state, "Dead", json_false());
	json_object_set_new(state, "Pid", json_integer(now->pid));
	json_object_set_new(state, "ConmonPid",
			    json_integer(ctr_view_alive(ctr) ? pod->state.supervisor_pid : 0));
	json_object_set_new(state, "ExitCode", json_integer(now->exit_code));
	json_object_set_new(state, "Error", show_text(now->error));
	json_object_set_new(state, "StartedAt", show_time(now->started));
	json_object_set_new(state, "FinishedAt", show_time(now->finished));
	json_object_set_new(state, "StoppedByUser", json_boolean(now->stopped_by_user));
	json_object_set_new(state, "CgroupPath", show_text(pod->state.cgroup));
	return state;
}

static json_t *mounts_of(const struct store *store, const struct mount_list *mounts)
{
	json_t *list = json_array();

	for (size_t i = 0; i < mounts->n; i++) {
		const struct mount_spec *mount = &mounts->v[i];
		bool volume = text_equal(mount->type, "volume");
		json_t *entry, *options = json_array();

		if (text_equal(mount->type, "tmpfs"))
			continue; /* podman shows them in HostConfig.Tmpfs */
		if (mount->noexec)
			json_array_append_new(options, json_string("noexec"));
		if (mount->nosuid)
			json_array_append_new(options, json_string("nosuid"));
		if (mount->nodev)
			json_array_append_new(options, json_string("nodev"));
		if (!volume)
			json_array_append_new(options, json_string(mount->recursive ? "rbind" : "bind"));
		entry = json_pack("{s:o, s:o, s:o, s:o, s:s, s:s, s:o, s:b, s:s}", "Type",
				  show_text(mount->type), "Name", show_text(volume ? mount->source : NULL),
				  "Source",
				  volume && mount->source ? show_take(volume_data_path(store, mount->source))
							  : show_text(mount->source),
				  "Destination", show_text(mount->target), "Driver", volume ? "local" : "",
				  "Mode", "", "Options", options, "RW", !mount->read_only, "Propagation",
				  mount->propagation ? mount->propagation : "rprivate");
		json_array_append_new(list, entry);
	}
	return list;
}

static json_t *config_of(const struct ctr_view *ctr)
{
	const struct ctr_record *record = &ctr->record;
	const struct ctr_spec *spec = &record->spec;
	json_t *config = json_object();

	json_object_set_new(config, "Hostname",
			    show_text(spec->hostname ? spec->hostname
				      : ctr->hidden  ? NULL
						     : ctr->pod_name));
	if (!spec->hostname && ctr->hidden)
		json_object_set_new(config, "Hostname", show_take(show_id(record->id, false)));
	json_object_set_new(config, "User", show_text(record->user));
	json_object_set_new(config, "AttachStdin", json_false());
	json_object_set_new(config, "Tty", json_boolean(spec->tty));
	json_object_set_new(config, "OpenStdin", json_boolean(spec->interactive));
	json_object_set_new(config, "Env", show_list(&record->env));
	json_object_set_new(config, "Cmd", show_list(&spec->command));
	json_object_set_new(config, "Image", show_text(record->image_name));
	json_object_set_new(config, "WorkingDir", show_text(record->workdir));
	json_object_set_new(config, "Entrypoint", show_list(&spec->entrypoint));
	json_object_set_new(config, "Labels", show_map(&spec->labels));
	json_object_set_new(config, "Annotations", show_map(&spec->annotations));
	json_object_set_new(config, "StopSignal", show_text(record->stop_signal));
	json_object_set_new(config, "StopTimeout",
			    json_integer(spec->stop_timeout < 0 ? 10 : spec->stop_timeout));
	json_object_set_new(config, "Timezone", show_text(spec->timezone));
	json_object_set_new(config, "Umask", show_text(spec->umask ? spec->umask : "0022"));
	json_object_set_new(config, "Timeout", json_integer(spec->timeout));
	json_object_set_new(config, "CreateCommand", show_list(&record->create_command));
	return config;
}

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
	json_object_set_new(config, "CgroupMode",
			    mode_of(pod, ctr, "cgroup", &record->spec.cgroupns, NULL, "private"));
	json_object_set_new(config, "UsernsMode", show_text(record->spec.userns.mode));
}

static json_t *ulimits_of(const struct strv *ulimits)
{
	json_t *list = json_array();

	for (size_t i = 0; i < ulimits->n; i++) {
		char name[32] = "";
		long long soft = 0, hard = 0;
		int n = sscanf(ulimits->v[i], "%31[^=]=%lld:%lld", name, &soft, &hard);

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
			 "Tag", "", "Size", show_take(text_format("%" PRId64 "B", log->max_size)));
}

static json_t *host_config_of(const struct store *store, struct pod_view *pod, const struct ctr_view *ctr)
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
	json_object_set_new(config, "Ulimits", ulimits_of(&spec->ulimits));
	inspect_limits(config, &spec->limits);
	return config;
}

static json_t *network_of(const struct store *store, struct pod_view *pod, const struct ctr_view *ctr)
{
	const char *name = pod->state.network;
	json_t *networks = json_object();
	json_t *settings = json_pack("{s:o, s:i, s:o}", "IPAddress", show_text(pod->state.ip), "IPPrefixLen",
				     name && !strcmp(name, "bridge") ? 16 : 0, "Ports",
				     show_port_map(show_ports(store, pod, ctr)));

	if (name && !strcmp(name, "bridge"))
		json_object_set_new(
			networks, name,
			json_pack("{s:s, s:o}", "NetworkID", name, "IPAddress", show_text(pod->state.ip)));
	json_object_set_new(settings, "SandboxKey",
			    ctr->now.pid ? show_take(text_format("/proc/%" PRId64 "/ns/net", ctr->now.pid))
					 : json_string(""));
	json_object_set_new(settings, "Networks", networks);
	return settings;
}

json_t *inspect_ctr(const struct store *store, struct pod_view *pod, struct ctr_view *ctr)
{
	const struct ctr_record *record = &ctr->record;
	struct strv rest = { .v = record->args.n ? record->args.v + 1 : NULL,
			     .n = record->args.n ? record->args.n - 1 : 0 };
	json_t *object = json_object();

	pod_view_load(store, pod, NULL); /* for what the pod shares; without it, only that is missing */
	json_object_set_new(object, "Id", show_text(record->id));
	json_object_set_new(object, "Created", show_time(record->created));
	json_object_set_new(object, "Path", show_text(record->args.n ? record->args.v[0] : NULL));
	json_object_set_new(object, "Args", show_list(&rest));
	json_object_set_new(object, "State", state_of(pod, ctr));
	json_object_set_new(object, "Image", show_text(record->image_id));
	json_object_set_new(object, "ImageName", show_text(record->image_name));
	json_object_set_new(object, "Rootfs", show_text(record->spec.rootfs));
	json_object_set_new(object, "Pod", show_text(ctr->hidden ? NULL : ctr->pod_id));
	json_object_set_new(object, "Name", show_text(ctr->now.name));
	json_object_set_new(object, "RestartCount", json_integer(ctr->now.restarts));
	json_object_set_new(object, "Driver", json_string("overlay"));
	json_object_set_new(object, "IsInfra", json_boolean(ctr->infra));
	json_object_set_new(object, "Mounts", mounts_of(store, &record->spec.mounts));
	json_object_set_new(object, "Dependencies", show_list(&record->spec.depends_on));
	json_object_set_new(object, "NetworkSettings", network_of(store, pod, ctr));
	json_object_set_new(object, "ExecIDs", json_array());
	json_object_set_new(object, "Config", config_of(ctr));
	json_object_set_new(object, "HostConfig", host_config_of(store, pod, ctr));
	return object;
}
