/*
 * ps_rows: a container as a row of ps; ps_rows.h tells of which parts.
 */
#include "cli/ps_rows.h"

#include <stdlib.h>
#include <string.h>

#include "cli/show.h"
#include "cli/when.h"
#include "pod/nsview.h"
#include "spec/ports.h"

#define COMMAND_WIDTH 20
#define SECOND	      INT64_C(1000000000)

static char *command_text(const struct ctr_record *record, bool whole)
{
	char *text = strv_join(&record->args, " ");

	if (!whole && strlen(text) > COMMAND_WIDTH)
		strcpy(text + COMMAND_WIDTH - 3, "...");
	return text;
}

/* What is shown of the times, beside how long ago it was made. */
static void add_times(json_t *row, const struct ctr_view *ctr)
{
	json_object_set_new(row, "CreatedAt", show_take(when_go(ctr->record.created)));
	json_object_set_new(row, "CreatedHuman", show_take(when_ago(ctr->record.created)));
	json_object_set_new(row, "RunningFor", show_take(when_ago(ctr->record.created)));
	json_object_set_new(row, "StartedAt", json_integer(ctr->now.started / SECOND));
	json_object_set_new(row, "ExitedAt", json_integer(ctr->now.finished / SECOND));
	json_object_set_new(row, "ExitCode", json_integer(ctr->now.exit_code));
	json_object_set_new(row, "Exited", json_boolean(text_equal(ctr->now.status, "exited")));
}

static json_t *mounts_of(const struct ctr_record *record)
{
	json_t *list = json_array();

	for (size_t i = 0; i < record->spec.mounts.n; i++)
		json_array_append_new(list, show_text(record->spec.mounts.v[i].target));
	return list;
}

/* The network that the container is in, as a list of names. */
static json_t *networks_of(const struct ps_entry *entry)
{
	const char *name = entry->pod->state.network;

	return name && !strcmp(name, "bridge") ? json_pack("[s]", name) : json_array();
}

/* The numbers of its namespaces, under podman's names. */
static void add_namespaces(json_t *row, const struct ps_entry *entry)
{
	static const char *const names[NSVIEW_KINDS] = { "NET", "IPC",	    "UTS",   "PIDNS",
							 "MNT", "CGROUPNS", "USERNS" };
	struct nsview view;

	nsview_read(entry->pod, &view);
	for (size_t i = 0; i < view.n; i++)
		for (size_t kind = 0; view.v[i].ctr == entry->ctr && kind < NSVIEW_KINDS; kind++)
			json_object_set_new(
				row, names[kind],
				view.v[i].inode[kind]
					? show_take(text_format("%llu",
								(unsigned long long)view.v[i].inode[kind]))
					: json_string(""));
	nsview_free(&view);
}

static void add_rest(json_t *row, const struct ps_entry *entry, bool whole)
{
	struct ctr_view *ctr = entry->ctr;
	const struct ctr_record *record = &ctr->record;

	json_object_set_new(row, "ImageID", show_take(show_id(record->image_id, whole)));
	add_times(row, ctr);
	json_object_set_new(row, "State", show_text(ctr->now.status));
	json_object_set_new(row, "Pid", json_integer(ctr->now.pid));
	json_object_set_new(row, "Restarts", json_integer(ctr->now.restarts));
	json_object_set_new(row, "IsInfra", json_boolean(ctr->infra));
	json_object_set_new(row, "AutoRemove", json_boolean(record->spec.auto_remove));
	json_object_set_new(row, "Mounts", mounts_of(record));
	json_object_set_new(row, "Networks", networks_of(entry));
	json_object_set_new(row, "Labels", show_labels(&record->spec.labels));
	json_object_set_new(row, "_labels", show_map(&record->spec.labels));
}

json_t *ps_row(const struct cli *cli, const struct ps_entry *entry, bool whole, enum ps_fields fields)
{
	struct ctr_view *ctr = entry->ctr;
	json_t *row = json_object();

	json_object_set_new(row, "ID", show_take(show_id(ctr->now.id, whole)));
	json_object_set_new(row, "Image", show_text(ctr->record.image_name));
	json_object_set_new(row, "Command", show_take(command_text(&ctr->record, whole)));
	json_object_set_new(row, "Created", show_take(when_ago(ctr->record.created)));
	json_object_set_new(row, "Status", show_take(show_status(&ctr->now)));
	json_object_set_new(row, "Ports", show_take(ports_text(show_ports(&cli->store, entry->pod, ctr))));
	json_object_set_new(row, "Names", show_text(ctr->now.name));
	json_object_set_new(row, "Pod", show_take(show_id(ctr->hidden ? NULL : ctr->pod_id, whole)));
	json_object_set_new(row, "PodName", show_text(ctr->hidden ? NULL : ctr->pod_name));
	if (fields >= PS_ALL)
		add_rest(row, entry, whole);
	if (fields >= PS_NAMESPACES)
		add_namespaces(row, entry);
	return row;
}

static json_t *ports_json(const struct port_list *ports)
{
	json_t *list = ports->n ? json_array() : json_null();

	for (size_t i = 0; i < ports->n; i++)
		json_array_append_new(list, json_pack("{s:s, s:I, s:I, s:i, s:s}", "host_ip",
						      ports->v[i].host_ip ? ports->v[i].host_ip : "",
						      "container_port", (json_int_t)ports->v[i].ctr_port,
						      "host_port", (json_int_t)ports->v[i].host_port, "range",
						      1, "protocol",
						      ports->v[i].protocol ? ports->v[i].protocol : "tcp"));
	return list;
}

json_t *ps_json(const struct cli *cli, const struct ps_entry *entry)
{
	const struct ctr_view *ctr = entry->ctr;
	json_t *row = ps_row(cli, entry, true, PS_ALL);

	json_object_set_new(row, "Id", show_text(ctr->now.id));
	json_object_del(row, "ID");
	json_object_set_new(row, "Names", json_pack("[o]", show_text(ctr->now.name)));
	json_object_set_new(row, "Command", show_list(&ctr->record.args));
	json_object_set_new(row, "Created", json_integer(ctr->record.created / SECOND));
	json_object_set_new(row, "Labels", show_map(&ctr->record.spec.labels));
	json_object_set_new(row, "Ports", ports_json(show_ports(&cli->store, entry->pod, ctr)));
	json_object_del(row, "_labels");
	json_object_del(row, "RunningFor");
	json_object_del(row, "CreatedHuman");
	return row;
}
