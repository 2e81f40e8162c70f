/*
 * events: what the journal is told of a pod and its containers: who, called what, of which image, in
 * which pod, with which labels. events.h names the actions; store/journal.h says where they go. Lesson 22.
 */
#include "pod/events.h"

#include <stdio.h>

#include "store/journal.h"

/* Three that are always there, so that whoever reads knows where the labels begin. */
static void note(const struct store *store, const struct ctr_record *ctr, const char *action,
		 const char *exit_code)
{
	struct strv attributes = { 0 };

	strv_addf(&attributes, "image=%s", ctr->image_name ? ctr->image_name : "");
	strv_addf(&attributes, "podId=%s", ctr->hidden_pod ? "" : ctr->pod_id);
	strv_addf(&attributes, "containerExitCode=%s", exit_code);
	strv_copy(&attributes, &ctr->spec.labels);
	journal_add(store, "container", action, ctr->id, ctr->spec.name, &attributes);
	strv_free(&attributes);
}

void events_ctr(const struct store *store, const struct ctr_record *ctr, const char *action)
{
	note(store, ctr, action, "");
}

void events_died(const struct store *store, const struct ctr_record *ctr, const char *action, int exit_code)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", exit_code);
	note(store, ctr, action, text);
}

void events_pod(const struct store *store, const struct pod_record *pod, const char *action)
{
	if (!pod->spec.hidden)
		journal_add(store, "pod", action, pod->id, pod->spec.name, &pod->spec.labels);
}
