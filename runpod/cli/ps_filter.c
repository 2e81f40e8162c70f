/*
 * ps_filter: the filters of containers, one function each; ps_filter.h says where they count.
 */
#include "cli/ps_filter.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "cli/filter.h"

static const char all_known[] = "ancestor annotation before command exited id label label! name network pod "
				"restart-policy should-start-on-boot since status until volume";

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

	return !strcmp(strcmp(value, "none") ? value : "no", policy ? policy : "no");
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

static bool starts_on_boot(const char *value, const void *ctr)
{
	const char *policy = ((const struct ctr_view *)ctr)->record.spec.restart.name;

	return (text_equal(policy, "always") || text_equal(policy, "unless-stopped")) ==
	       !strcmp(value, "true");
}

/* Docker writes names with a slash in front, and its users' expressions may have it. */
static bool called(const char *value, const void *name)
{
	cleanup_free char *slashed = text_format("/%s", (const char *)name);

	return filter_name(value, name) || filter_name(value, slashed);
}

static bool runs_command(const char *value, const void *ctr)
{
	const struct strv *args = &((const struct ctr_view *)ctr)->record.args;

	return args->n && filter_regex(value, args->v[0]);
}

static bool in_network(const char *value, const void *pod)
{
	return text_equal(((const struct pod_view *)pod)->state.network, value);
}

/* A value that there is none of would only look as if nothing were there. */
static int check_values(const struct strv *filters, struct err *err)
{
	static const char known[] =
		"configured created exited initialized paused removing running stopped stopping unknown";
	struct strv states = { 0 };
	int code = 0;

	strv_split(&states, known, ' ');
	for (size_t i = 0; i < filters->n && !code; i++) {
		const char *policy =
			text_starts(filters->v[i], "restart-policy=") ? strchr(filters->v[i], '=') + 1 : "no";

		if (strcmp(policy, "no") && strcmp(policy, "none") && strcmp(policy, "always") &&
		    strcmp(policy, "on-failure") && strcmp(policy, "unless-stopped"))
			code = err_set(err, 0, "%s invalid restart policy", policy);
		else if (text_starts(filters->v[i], "status=") &&
			 !strv_has(&states, filters->v[i] + strlen("status=")))
			code = err_set(err, 0, "unknown container state: %s: invalid argument",
				       filters->v[i] + strlen("status="));
	}
	strv_free(&states);
	return code;
}

/* When the container that the last filter of that key names was made; 0 without one. */
static int resolve_time(struct cli *cli, const struct strv *filters, const char *key, int64_t *ret_when,
			struct err *err)
{
	const char *typed = strv_get(filters, key);
	struct ctr_record record = { 0 };
	struct name_ref ref;
	int code;

	if (!typed)
		return 0;
	code = name_find(&cli->store, NAME_CTR, typed, &ref, err);
	if (!code)
		code = record_read_ctr(&cli->store, ref.pod_id, ref.ctr_id, &record, err);
	*ret_when = record.created;
	ctr_record_free(&record);
	return code;
}

int ps_filter_read(struct cli *cli, const struct strv *asked, const char *known, struct ps_filter *ret_filter,
		   struct err *err)
{
	int code = filter_check(asked, known ? known : all_known, err);

	*ret_filter = (struct ps_filter){ .asked = asked };
	if (!code)
		code = check_values(asked, err);
	if (!code)
		code = filter_time(asked, "until", &ret_filter->until, err);
	if (!code)
		code = cli_store(cli, err);
	if (!code)
		code = resolve_time(cli, asked, "before", &ret_filter->before, err);
	return code ? code : resolve_time(cli, asked, "since", &ret_filter->since, err);
}

bool ps_filter_fits(const struct ps_filter *filter, const struct pod_view *pod, const struct ctr_view *ctr)
{
	const struct strv *asked = filter->asked;
	int64_t created = ctr->record.created;

	if ((filter->before && created >= filter->before) || (filter->since && created <= filter->since) ||
	    (filter->until && created >= filter->until))
		return false;
	return filter_any(asked, "id", filter_id, ctr->now.id) &&
	       filter_any(asked, "name", called, ctr->now.name) &&
	       filter_any(asked, "status", status_is, ctr) && filter_any(asked, "exited", exited_with, ctr) &&
	       filter_any(asked, "pod", pod_is, ctr) &&
	       filter_any(asked, "restart-policy", restart_is, ctr) &&
	       filter_any(asked, "should-start-on-boot", starts_on_boot, ctr) &&
	       filter_any(asked, "volume", has_volume, ctr) && filter_any(asked, "ancestor", of_image, ctr) &&
	       filter_any(asked, "command", runs_command, ctr) &&
	       filter_any(asked, "network", in_network, pod) &&
	       filter_all(asked, "annotation", filter_label, &ctr->record.spec.annotations) &&
	       filter_all(asked, "label", filter_label, &ctr->record.spec.labels) &&
	       filter_all(asked, "label!", filter_no_label, &ctr->record.spec.labels);
}

bool ps_filter_fits_ref(struct cli *cli, const struct ps_filter *filter, const struct name_ref *ref)
{
	struct ctr_view *ctr;
	struct pod_view pod;
	bool fits;

	if (pod_view_read(&cli->store, ref->pod_id, &pod, NULL))
		return false;
	ctr = pod_view_ctr(&pod, ref->ctr_id);
	fits = ctr && !ctr_view_load(&cli->store, ctr, NULL) && ps_filter_fits(filter, &pod, ctr);
	pod_view_free(&pod);
	return fits;
}
