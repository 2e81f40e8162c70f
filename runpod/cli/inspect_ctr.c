/*
 * inspect_ctr: a container as JSON: what was asked for (its record), with what
 * came of it (its state). The keys are podman's, so that scripts find them.
 */
#include <inttypes.h>
#include <string.h>

#include "cli/inspect.h"
#include "cli/show.h"
#include "store/image.h"

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

/* Where the writable layer lies, as overlayfs names it. */
static json_t *graph_of(const struct store *store, const struct ctr_record *record)
{
	char *directory = text_format("%s/pods/%s/ctr/%s", store->root, record->pod_id, record->id);
	json_t *graph = json_pack("{s:s, s:{s:o, s:o}}", "Name", "overlay", "Data", "UpperDir",
				  show_take(text_format("%s/upper", directory)), "WorkDir",
				  show_take(text_format("%s/work", directory)));

	text_replace(&directory, NULL);
	return graph;
}

/* Ids of the containers that must be there before this one: infra, donors of namespaces, what --requires names. */
static json_t *dependencies_of(const struct store *store, struct pod_view *pod, const struct ctr_view *ctr)
{
	const struct ctr_record *record = &ctr->record;
	const struct ctr_view *infra = pod_view_infra(pod);
	const char *const donors[] = { infra && infra != ctr ? infra->now.id : NULL,
				       record->net_donor,
				       record->ipc_donor,
				       record->pid_donor,
				       record->uts_donor,
				       record->cgroup_donor };
	struct strv ids = { 0 };
	json_t *list;

	for (size_t i = 0; i < sizeof(donors) / sizeof(*donors); i++)
		if (donors[i] && !strv_has(&ids, donors[i]))
			strv_add(&ids, donors[i]);
	for (size_t i = 0; i < record->spec.depends_on.n; i++) {
		struct name_ref ref;

		if (!name_find(store, NAME_CTR, record->spec.depends_on.v[i], &ref, NULL) &&
		    !strv_has(&ids, ref.ctr_id))
			strv_add(&ids, ref.ctr_id);
	}
	list = show_list(&ids);
	strv_free(&ids);
	return list;
}

/* The digest that the image has in its registry, as `image inspect` shows it; "" when it is no more, or never was. */
static json_t *digest_of(const struct store *store, const struct ctr_record *record)
{
	struct image image = { 0 };
	char *text = NULL;

	if (record->image_id && !image_find(store, record->image_id, &image, NULL))
		text = text_format("sha256:%s", image.digest ? image.digest : image.id);
	image_free(&image);
	return show_take(text);
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
	json_object_set_new(object, "ImageDigest", digest_of(store, record));
	json_object_set_new(object, "ImageName", show_text(record->image_name));
	json_object_set_new(object, "Rootfs", show_text(record->spec.rootfs));
	json_object_set_new(object, "Pod", show_text(ctr->hidden ? NULL : ctr->pod_id));
	json_object_set_new(object, "Name", show_text(ctr->now.name));
	json_object_set_new(object, "RestartCount", json_integer(ctr->now.restarts));
	json_object_set_new(object, "Driver", json_string("overlay"));
	json_object_set_new(object, "GraphDriver", graph_of(store, record));
	json_object_set_new(object, "OCIRuntime", json_string("runpod"));
	json_object_set_new(object, "Namespace", json_string(""));
	json_object_set_new(
		object, "StaticDir",
		show_take(text_format("%s/pods/%s/ctr/%s", store->root, record->pod_id, record->id)));
	json_object_set_new(object, "IsInfra", json_boolean(ctr->infra));
	json_object_set_new(object, "Mounts", mounts_of(store, &record->spec.mounts));
	json_object_set_new(object, "Dependencies", dependencies_of(store, pod, ctr));
	json_object_set_new(object, "NetworkSettings", network_of(store, pod, ctr));
	json_object_set_new(object, "ExecIDs", show_list(&ctr->now.execs));
	json_object_set_new(object, "Config", config_of(ctr));
	json_object_set_new(object, "HostConfig", inspect_host_config(store, pod, ctr));
	return object;
}
