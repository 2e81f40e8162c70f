/*
 * ps_rows: a container as a row of ps; ps_rows.h tells of which parts.
 */
#include "cli/ps_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "cli/filter.h"
#include "cli/show.h"
#include "cli/when.h"
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

/* What is shown of the times. */
static void add_times(json_t *row, const struct ctr_view *ctr)
{
	json_object_set_new(row, "CreatedAt", show_take(when_go(ctr->record.created)));
	json_object_set_new(row, "Created", show_take(when_ago(ctr->record.created)));
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

json_t *ps_row(const struct cli *cli, const struct ps_entry *entry, bool whole)
{
	struct ctr_view *ctr = entry->ctr;
	const struct ctr_record *record = &ctr->record;
	json_t *row = json_object();

	json_object_set_new(row, "ID", show_take(show_id(ctr->now.id, whole)));
	json_object_set_new(row, "Image", show_text(record->image_name));
	json_object_set_new(row, "ImageID", show_take(show_id(record->image_id, whole)));
	json_object_set_new(row, "Command", show_take(command_text(record, whole)));
	add_times(row, ctr);
	json_object_set_new(row, "Status", show_take(show_status(&ctr->now)));
	json_object_set_new(row, "State", show_text(ctr->now.status));
	json_object_set_new(row, "Ports", show_take(ports_text(show_ports(&cli->store, entry->pod, ctr))));
	json_object_set_new(row, "Names", show_text(ctr->now.name));
	json_object_set_new(row, "Pod", show_take(show_id(ctr->hidden ? NULL : ctr->pod_id, whole)));
	json_object_set_new(row, "PodName", show_text(ctr->hidden ? NULL : ctr->pod_name));
	json_object_set_new(row, "Pid", json_integer(ctr->now.pid));
	json_object_set_new(row, "Restarts", json_integer(ctr->now.restarts));
	json_object_set_new(row, "IsInfra", json_boolean(ctr->infra));
	json_object_set_new(row, "AutoRemove", json_boolean(record->spec.auto_remove));
	json_object_set_new(row, "Mounts", mounts_of(record));
	json_object_set_new(row, "Networks", networks_of(entry));
	json_object_set_new(row, "Labels", show_labels(&record->spec.labels));
	json_object_set_new(row, "_labels", show_map(&record->spec.labels));
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
	json_t *row = ps_row(cli, entry, true);

	json_object_set_new(row, "Id", show_text(ctr->now.id));
	json_object_del(row, "ID");
	json_object_set_new(row, "Names", json_pack("[o]", show_text(ctr->now.name)));
	json_object_set_new(row, "Command", show_list(&ctr->record.args));
	json_object_set_new(row, "Created", json_integer(ctr->record.created / SECOND));
	json_object_set_new(row, "Labels", show_map(&ctr->record.spec.labels));
	json_object_set_new(row, "Ports", ports_json(show_ports(&cli->store, entry->pod, ctr)));
	json_object_del(row, "_labels");
	json_object_del(row, "RunningFor");
	return row;
}

const char ps_filters[] = "ancestor before exited id label name pod restart-policy since status volume";

static bool status_is(const char *value, const void *ctr)
{
	const char *status = ((const struct ctr_view *)ctr)->now.status;

	return text_equal(value, status) || (!strcmp(value, "stopped") && text_equal(status, "exited"));
}

static bool exited_with(const char *value, const void *ctr)
{
	const struct ctr_view *view = ctr;
	int64_t code;

	return text_equal(view->now.status, "exited") && !num_i64(value, -1, 255, &code) &&
	       code == view->now.exit_code;
}

static bool pod_is(const char *value, const void *ctr)
{
	const struct ctr_view *view = ctr;

	return !view->hidden && (filter_id(value, view->pod_id) || text_equal(value, view->pod_name));
}

static bool restart_is(const char *value, const void *ctr)
{
	const char *policy = ((const struct ctr_view *)ctr)->record.spec.restart.name;

	return !strcmp(value, policy ? policy : "no");
}

static bool has_volume(const char *value, const void *ctr)
{
	const struct mount_list *mounts = &((const struct ctr_view *)ctr)->record.spec.mounts;

	for (size_t i = 0; i < mounts->n; i++)
		if (text_equal(mounts->v[i].source, value) || text_equal(mounts->v[i].target, value))
			return true;
	return false;
}

static bool of_image(const char *value, const void *ctr)
{
	const struct ctr_record *record = &((const struct ctr_view *)ctr)->record;

	return (record->image_id && text_starts(record->image_id, value)) ||
	       (record->image_name && strstr(record->image_name, value)) ||
	       text_equal(record->spec.image, value);
}

bool ps_wanted(const struct ps_entry *entry, const struct strv *filters, int64_t before, int64_t since)
{
	const struct ctr_view *ctr = entry->ctr;

	if ((before && ctr->record.created >= before) || (since && ctr->record.created <= since))
		return false;
	return filter_any(filters, "id", filter_id, ctr->now.id) &&
	       filter_any(filters, "name", filter_name, ctr->now.name) &&
	       filter_any(filters, "status", status_is, ctr) &&
	       filter_any(filters, "exited", exited_with, ctr) && filter_any(filters, "pod", pod_is, ctr) &&
	       filter_any(filters, "restart-policy", restart_is, ctr) &&
	       filter_any(filters, "volume", has_volume, ctr) &&
	       filter_any(filters, "ancestor", of_image, ctr) &&
	       filter_all(filters, "label", filter_label, &ctr->record.spec.labels);
}
