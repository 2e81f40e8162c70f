/*
 * pod_filter: which pods `pod ps --filter` shows.
 */
#include "cli/pod_filter.h"

#include <stdlib.h>
#include <strings.h>

#include "cli/filter.h"

const char pod_filters[] =
	"id name label label! network status until ctr-ids ctr-names ctr-number ctr-status";

static bool status_is(const char *value, const void *pod)
{
	return !strcasecmp(value, pod_view_status(pod));
}

static bool any_ctr_id(const char *value, const void *pod)
{
	const struct pod_view *view = pod;
	bool found = false;

	for (size_t i = 0; i < view->n; i++)
		found |= filter_id(value, view->ctrs[i].now.id);
	return found;
}

static bool any_ctr_name(const char *value, const void *pod)
{
	const struct pod_view *view = pod;
	bool found = false;

	for (size_t i = 0; i < view->n; i++)
		found |= filter_name(value, view->ctrs[i].now.name);
	return found;
}

static bool any_ctr_status(const char *value, const void *pod)
{
	const struct pod_view *view = pod;
	bool found = false;

	for (size_t i = 0; i < view->n; i++)
		found |= text_equal(value, view->ctrs[i].now.status);
	return found;
}

static bool ctr_number(const char *value, const void *pod)
{
	return strtoul(value, NULL, 10) == ((const struct pod_view *)pod)->n;
}

static bool network_is(const char *value, const void *pod)
{
	return text_equal(((const struct pod_view *)pod)->state.network, value);
}

bool pod_wanted(const struct store *store, struct pod_view *pod, const struct strv *asked)
{
	int64_t until;

	if (filter_time(asked, "until", &until, NULL) || (until && pod->created >= until))
		return false;
	if ((filter_has(asked, "label") || filter_has(asked, "label!")) && pod_view_load(store, pod, NULL))
		return false;
	return filter_any(asked, "id", filter_id, pod->id) &&
	       filter_any(asked, "name", filter_name, pod->name) &&
	       filter_any(asked, "status", status_is, pod) && filter_any(asked, "ctr-ids", any_ctr_id, pod) &&
	       filter_any(asked, "ctr-names", any_ctr_name, pod) &&
	       filter_any(asked, "ctr-status", any_ctr_status, pod) &&
	       filter_any(asked, "ctr-number", ctr_number, pod) &&
	       filter_any(asked, "network", network_is, pod) &&
	       filter_all(asked, "label", filter_label, &pod->record.spec.labels) &&
	       filter_all(asked, "label!", filter_no_label, &pod->record.spec.labels);
}
